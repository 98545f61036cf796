/** Values and random changes for storage workloads. */
import type { Prng } from '../../base/prng.ts';
import { TREES } from './store-model.ts';
import type { Change } from './store-session.ts';

/** A text of `length` characters that tells `label` at both ends. */
export function filled(label: string, length: number): string {
  const body = `${label}:`.repeat(Math.ceil(length / (label.length + 1)));
  return `${body.slice(0, Math.max(0, length - label.length))}${label}`;
}

/** Lengths around every boundary of a 512-byte page: within a row, a page, one and several overflow pages. */
const LENGTHS = [0, 3, 20, 60, 110, 121, 122, 123, 240, 400, 479, 480, 481, 960, 1500] as const;

export function randomValue(random: Prng, label: string): string {
  return filled(label, random.pick(LENGTHS));
}

/** A few random inserts, updates and deletes over a small range of keys. */
export function churn(change: Change, random: Prng, label: string, changes = 4, keys = 24): void {
  for (let i = 0; i < changes; i++) {
    const tree = random.below(TREES);
    const key = random.below(keys);
    if (change.model.tree(tree).has(key) && random.chance(0.4)) change.delete(tree, key);
    else change.put(tree, key, randomValue(random, `${label}.${i}`));
  }
}
