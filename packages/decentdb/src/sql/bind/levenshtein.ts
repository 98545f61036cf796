/**
 * Edit distance with a bound, for "perhaps you meant" hints.
 *
 * I1  The result is exact up to `distanceMax`; beyond it, any larger number.
 */
export function levenshteinAtMost(a: string, b: string, distanceMax: number): number {
  if (Math.abs(a.length - b.length) > distanceMax) return distanceMax + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const distance = Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1);
      current.push(distance);
      if (distance < best) best = distance;
    }
    if (best > distanceMax) return distanceMax + 1;
    previous = current;
  }
  return previous[b.length]!;
}
