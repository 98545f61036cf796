/**
 * The model that a store of trees must agree with: maps from integers to texts, copied at each commit.
 *
 * I1  `fingerprint` of a model and of the store in the same state are equal texts.
 */

/** Trees of a store. */
export const TREES = 3;

export class StoreModel {
  readonly trees: readonly Map<number, string>[];

  constructor(trees?: readonly Map<number, string>[]) {
    this.trees = trees ?? Array.from({ length: TREES }, () => new Map<number, string>());
  }

  clone(): StoreModel {
    return new StoreModel(this.trees.map((tree) => new Map(tree)));
  }

  tree(number: number): Map<number, string> {
    return this.trees[number]!;
  }

  /** Rows of all trees. */
  get size(): number {
    return this.trees.reduce((sum, tree) => sum + tree.size, 0);
  }

  fingerprint(): string {
    return this.trees
      .map((tree) => {
        const keys = [...tree.keys()].sort((a, b) => a - b);
        return keys.map((key) => entryText(key, tree.get(key)!)).join(',');
      })
      .join('|');
  }
}

/** One row in a fingerprint; long values by length and both ends (they are made from a seed, so that is enough to tell). */
export function entryText(key: number, value: string): string {
  if (value.length <= 24) return `${key}=${value}`;
  return `${key}=${value.length}:${value.slice(0, 12)}~${value.slice(-8)}`;
}
