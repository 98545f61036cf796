/**
 * All trees of a damaged file, and which pages that nothing leads to belong to which.
 *
 * A page whose parent is lost is given back to a tree when
 *
 *     - it has the tree's shape, and its rows lie in a gap of the tree, in order;
 *     - no gap of another tree would take it, or the indexes say which one is right;
 *     - it must be in use (free list whole, catalogue whole), or an index has entries for its rows.
 *
 * I1  What is doubtful is never put into a table: it stays an orphan, and its rows go to lost_and_found.
 */

import { DecentDbError } from '../../base/errors.ts';
import type { PageNo } from '../../base/ids.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import { storedPosition } from '../../catalog/schema.ts';
import { indexTree, tableTree } from '../../exec/storage/stored-trees.ts';
import { compareKeys } from '../../tree/key-order.ts';
import type { Tree } from '../../tree/tree.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { Datum } from '../../types/vector.ts';
import { treesOf } from '../check.ts';
import type { CatalogSalvage, PartialTable } from './catalog-salvage.ts';
import type { PageCensus } from './page-census.ts';
import { type FoundLeaf, type Gap, SalvagedTree } from './tree-salvage.ts';

export interface FoundTable {
  readonly table: TableDef;
  readonly found: SalvagedTree;
}

export interface FoundPart {
  readonly partial: PartialTable;
  readonly found: SalvagedTree;
}

/** A tree that may take orphans; indexes are claimed so that their pages are not mistaken for rows. */
interface Owner {
  readonly found: SalvagedTree;
  readonly table: TableDef | null;
}

/** Rows of a page that are looked up in an index before it is believed. */
const SAMPLES_MAX = 8;

export class Forest {
  readonly tables: FoundTable[] = [];
  readonly partial: FoundPart[] = [];
  readonly #census: PageCensus;
  readonly #owners: Owner[] = [];
  readonly #isSure: boolean;
  readonly #indexes: SalvagedTree[] = [];

  constructor(census: PageCensus, salvage: CatalogSalvage, isCatalogWhole: boolean) {
    this.#census = census;
    this.#isSure = census.isFreeListWhole && isCatalogWhole;
    for (const table of salvage.catalog.tables.values()) {
      const found = new SalvagedTree(census, `table "${table.name}"`, table.root, tableTree(table)).walk();
      this.tables.push({ table, found });
      this.#owners.push({ found, table });
    }
    for (const partial of salvage.partial) {
      const found = new SalvagedTree(census, `table "${partial.name}"`, partial.root, null).walk();
      this.partial.push({ partial, found });
      for (const root of partial.indexRoots)
        this.#indexes.push(new SalvagedTree(census, `an index of "${partial.name}"`, root, null).walk());
    }
    for (const { table } of this.tables)
      for (const index of table.indexes)
        for (const tree of treesOf(table, index)) {
          const found = new SalvagedTree(census, `index "${index.name}"`, tree.root, tree).walk();
          this.#owners.push({ found, table: null });
          this.#indexes.push(found);
        }
  }

  /** Damage to indexes: nothing is lost by it, they are built anew. */
  indexGaps(): readonly { readonly name: string; readonly gap: Gap }[] {
    return this.#indexes.flatMap((found) => found.gaps.map((gap) => ({ name: found.name, gap })));
  }

  /** Gives orphans back to their trees. Returns the leaves nobody could be found for. */
  adopt(): PageNo[] {
    const waiting = this.#orphanNodes();
    const levels = [...new Set(waiting.map(({ level }) => level))].sort((a, b) => b - a);
    for (const level of levels)
      for (const { page } of waiting.filter((one) => one.level === level))
        if (!this.#census.isClaimed(page)) this.#place(page);
    for (const { found } of this.tables) dropOverlaps(found, this.#census);
    return waiting
      .filter(({ page, level }) => level === 0 && !this.#census.isClaimed(page))
      .map(({ page }) => page);
  }

  #orphanNodes(): { page: PageNo; level: number }[] {
    const nodes: { page: PageNo; level: number }[] = [];
    for (const page of this.#census.orphans()) {
      const image = this.#census.source.readPage(page);
      if (typeof image !== 'string' && image.payload.length > 0)
        nodes.push({ page, level: image.payload[0]! });
    }
    return nodes;
  }

  #place(page: PageNo): void {
    const candidates: { owner: Owner; gap: Gap; node: TreeNode }[] = [];
    for (const owner of this.#owners) {
      if (owner.found.gaps.length === 0) continue;
      const node = owner.found.nodeAt(page);
      if (typeof node === 'string' || node.count === 0) continue;
      for (const gap of owner.found.gaps) {
        const isBelow = gap.level < 0 || node.level <= gap.level;
        if (isBelow && owner.found.fits(node, gap.lower, gap.upper)) candidates.push({ owner, gap, node });
      }
    }
    const judged = candidates.map((one) => ({ ...one, verdict: this.#evidence(one.owner, one.node) }));
    const proven = judged.filter(({ verdict }) => verdict === 'confirmed');
    const possible = judged.filter(({ verdict }) => verdict !== 'denied');
    const only = (list: typeof judged): (typeof judged)[number] | undefined =>
      new Set(list.map(({ owner }) => owner)).size === 1 ? list[0] : undefined;
    const chosen = only(proven) ?? (proven.length === 0 && this.#isSure ? only(possible) : undefined);
    chosen?.owner.found.adopt(page, chosen.gap);
  }

  /** What the indexes of a table say of a leaf: whether they have entries for its rows. */
  #evidence(owner: Owner, node: TreeNode): 'confirmed' | 'denied' | 'unknown' {
    const { table } = owner;
    if (table === null || node.level > 0) return 'unknown';
    let verdict: 'confirmed' | 'unknown' = 'unknown';
    for (const index of table.indexes) {
      if (index.method !== 'btree' || index.predicateSql !== null) continue;
      if (index.keys.some(({ column }) => column < 0 || table.columns[column]?.generated === 'virtual'))
        continue;
      const has = this.#hasEntries(table, index, owner.found, node);
      if (has === false) return 'denied';
      if (has === true) verdict = 'confirmed';
    }
    return verdict;
  }

  /** Whether an index has the entries of a leaf's rows; null where damage hides the answer. */
  #hasEntries(table: TableDef, index: IndexDef, found: SalvagedTree, node: TreeNode): boolean | null {
    const { source } = this.#census;
    const tree = indexTree(table, index);
    const rows = found.tree as Tree;
    const columns = [...index.keys.map(({ column }) => column), ...index.include];
    const step = Math.max(1, Math.floor(node.count / SAMPLES_MAX));
    try {
      for (let row = 0; row < node.count; row += step) {
        const key: Datum[] = columns.map((column) =>
          rows.datum(source, node, row, storedPosition(table, column)),
        );
        key.push(rows.datum(source, node, row, 0));
        if (!tree.get(source, key, new TreePosition())) return false;
      }
      return true;
    } catch (error) {
      if (error instanceof DecentDbError) return null;
      throw error;
    }
  }
}

/** Leaves in key order; adopted ones that overlap a neighbour are wrong, or the neighbour is: they go. */
function dropOverlaps(found: SalvagedTree, census: PageCensus): void {
  const { tree } = found;
  if (tree === null || !found.leaves.some(({ isAdopted }) => isAdopted)) return;
  const { leaf: specs, keyCount } = tree.schema;
  const sorted = found.leaves
    .filter(({ firstKey }) => firstKey !== null)
    .sort((a, b) => compareKeys(specs, a.firstKey ?? [], b.firstKey ?? [], keyCount));
  const kept: FoundLeaf[] = [];
  for (const leaf of sorted) {
    const last = kept.at(-1);
    const isClear =
      last === undefined || compareKeys(specs, last.lastKey ?? [], leaf.firstKey ?? [], keyCount) < 0;
    if (isClear) kept.push(leaf);
    else if (leaf.isAdopted) census.release(leaf.page);
    else if (last.isAdopted) {
      census.release(last.page);
      kept[kept.length - 1] = leaf;
    } else kept.push(leaf);
  }
  found.leaves.splice(0, found.leaves.length, ...kept);
}
