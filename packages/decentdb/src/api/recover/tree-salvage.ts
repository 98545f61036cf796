/**
 * One tree of a damaged file: its leaves as far as they can be reached, and the gaps where they cannot.
 *
 * I1  A page is taken only where its kind, level, shape and keys are what the link to it promises.
 * I2  Every gap has the bounds between which its rows must lie, so that pages found elsewhere can be judged (orphans.ts).
 */
import { DecentDbError } from '../../base/errors.ts';
import type { PageNo } from '../../base/ids.ts';
import { compareKeys } from '../../tree/key-order.ts';
import type { NodeSchema } from '../../tree/node-schema.ts';
import { keyOfRow } from '../../tree/separator.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeNode } from '../../tree/tree-node.ts';
import type { Datum } from '../../types/vector.ts';
import type { PageCensus } from './page-census.ts';
import { shapeOf } from './unknown-shape.ts';

export type Key = readonly Datum[];

/** A part of a tree that no page could be found for. */
export interface Gap {
  readonly page: number;
  /** Level of the page that should be there; -1 where that is not known. */
  readonly level: number;
  /** Its rows are at or above `lower` and below `upper`; null: no bound. */
  readonly lower: Key | null;
  readonly upper: Key | null;
  readonly problem: string;
  /** Rows believed there; -1 where nothing says. */
  readonly rows: number;
}

export interface FoundLeaf {
  readonly page: PageNo;
  readonly rows: number;
  readonly firstKey: Key | null;
  readonly lastKey: Key | null;
  /** Nothing led to it: it was taken for what fits a gap. */
  readonly isAdopted: boolean;
}

export class SalvagedTree {
  readonly name: string;
  readonly root: PageNo;
  readonly leaves: FoundLeaf[] = [];
  readonly gaps: Gap[] = [];
  /** Gaps that found pages have filled. */
  readonly filled: Set<Gap> = new Set();
  /** Null where the definition is lost: each page then says for itself what it is. */
  readonly tree: Tree | null;
  readonly #census: PageCensus;

  constructor(census: PageCensus, name: string, root: PageNo, tree: Tree | null) {
    this.#census = census;
    this.name = name;
    this.root = root;
    this.tree = tree;
  }

  /** Follows all links from the root. */
  walk(): this {
    this.#visit(this.root, -1, null, null, -1);
    return this;
  }

  /** The page as a node of this tree, all its columns read; or what is wrong with it. */
  nodeAt(page: PageNo): TreeNode | string {
    const image = this.#census.source.readPage(page);
    if (typeof image === 'string') return image;
    try {
      const node = TreeNode.decode(this.#schemaFor(image.payload, page), page, image.lsn, image.payload);
      if (node.kind !== image.kind) return 'the page is of another kind than it says';
      for (let i = 0; i < node.columnCount; i++) node.column(i);
      return node;
    } catch (error) {
      if (error instanceof DecentDbError) return error.message;
      throw error;
    }
  }

  /** Whether the rows of a node ascend and lie within bounds. */
  fits(node: TreeNode, lower: Key | null, upper: Key | null): boolean {
    const { schema } = node;
    const specs = schema.leaf;
    let last = lower;
    for (let row = node.level === 0 ? 0 : 1; row < node.count; row++) {
      const key = keyOfRow(node, row);
      if (last !== null) {
        const order = compareKeys(specs, last, key, schema.keyCount);
        if (order > 0 || (order === 0 && row > 0 && last !== lower)) return false;
      }
      last = key;
    }
    return (
      last === lower ||
      upper === null ||
      last === null ||
      compareKeys(specs, last, upper, schema.keyCount) < 0
    );
  }

  /** Takes an orphan (and what it leads to) into a gap. */
  adopt(page: PageNo, gap: Gap): void {
    this.filled.add(gap);
    this.#visit(page, -1, gap.lower, gap.upper, -1, true);
  }

  #schemaFor(payload: Uint8Array, page: PageNo): NodeSchema {
    return this.tree?.schema ?? shapeOf(payload, page);
  }

  #visit(
    page: PageNo,
    level: number,
    lower: Key | null,
    upper: Key | null,
    rows: number,
    isAdopted = false,
  ): void {
    const census = this.#census;
    const gap = (problem: string): void => {
      this.gaps.push({ page, level, lower, upper, problem, rows });
    };
    if (page < census.source.firstDataPage || page >= census.source.pageCount)
      return gap('a link leads outside the file');
    if (!census.claim(page)) return gap('the page belongs to another part of the database');
    const node = this.nodeAt(page);
    const problem =
      typeof node === 'string'
        ? node
        : level >= 0 && node.level !== level
          ? 'the page has another level than the link to it promises'
          : this.tree !== null && !this.fits(node, lower, upper)
            ? 'the keys of the page are out of order or out of place'
            : null;
    if (problem !== null || typeof node === 'string') {
      // What is readable but does not belong here may belong elsewhere.
      if (census.isReadable(page)) census.release(page);
      return gap(problem ?? '');
    }
    if (node.level > 0) this.#children(node, lower, upper, isAdopted);
    else
      this.leaves.push({
        page,
        rows: node.count,
        firstKey: node.count === 0 ? null : keyOfRow(node, 0),
        lastKey: node.count === 0 ? null : keyOfRow(node, node.count - 1),
        isAdopted,
      });
  }

  #children(node: TreeNode, lower: Key | null, upper: Key | null, isAdopted: boolean): void {
    const { keyCount } = node.schema;
    for (let i = 0; i < node.count; i++) {
      const child = Number(node.cell(keyCount, i));
      const from = i === 0 ? lower : keyOfRow(node, i);
      const to = i + 1 === node.count ? upper : keyOfRow(node, i + 1);
      const rows = Number(node.cell(keyCount + 1, i));
      this.#visit(child as PageNo, node.level - 1, from, to, rows, isAdopted);
    }
  }
}
