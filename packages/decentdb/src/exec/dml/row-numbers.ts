/** Numbers from..to-1, of their own: the shared ones of a batch would grow to the last of them and stay. */
export function consecutive(from: number, to: number): Int32Array {
  const numbers = new Int32Array(to - from);
  for (let i = 0; i < numbers.length; i++) numbers[i] = from + i;
  return numbers;
}
