/**
 * Finds a small failing sublist of a failing list (delta debugging after Zeller and Hildebrandt, IEEE TSE 2002).
 *
 * I1  The result fails, and removing any single item of it makes it pass (unless `triesMax` ran out).
 */

/** Shrinks `items` while `fails` stays true. */
export function shrink<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => boolean,
  triesMax = 2000,
): readonly T[] {
  let current = items;
  let pieces = 2;
  let tries = 0;
  while (current.length > 1 && tries < triesMax) {
    const size = Math.ceil(current.length / pieces);
    let isSmaller = false;
    for (let from = 0; from < current.length && tries < triesMax; from += size) {
      const without = [...current.slice(0, from), ...current.slice(from + size)];
      tries++;
      if (without.length === current.length || !fails(without)) continue;
      current = without;
      isSmaller = true;
      from -= size;
    }
    if (isSmaller) pieces = Math.max(2, pieces - 1);
    else if (size === 1) break;
    else pieces = Math.min(current.length, pieces * 2);
  }
  return current;
}
