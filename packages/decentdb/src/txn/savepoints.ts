/**
 * Physical savepoints: for each one, the private nodes as they were when it was set.
 *
 *     savepoint A ......... savepoint B .........
 *        |  first change of page p: p's node goes into A's layer, a copy is edited
 *                              |  first change of p again: that copy goes into B's layer
 *
 * I1  The layer of a savepoint holds, for each page changed since and before the next one, the node it had when the
 *     savepoint was set (undefined: it had no private node).
 * I2  Rolling back applies layers from the newest down to the mark; releasing hands what the layer below lacks to it.
 */
import { assert } from '../base/assert.ts';
import type { SavepointMark } from './page-view.ts';
import type { PrivateEntry } from './spilled-pages.ts';

/** What besides pages returns to its old value. */
export type MetaState = object;

interface Layer extends SavepointMark {
  readonly nodes: Map<number, PrivateEntry | undefined>;
  readonly meta: MetaState;
}

export class Savepoints {
  private readonly layers: Layer[] = [];

  get depth(): number {
    return this.layers.length;
  }

  /** Bytes of nodes kept for going back. */
  get nodeCount(): number {
    return this.layers.reduce((sum, layer) => sum + layer.nodes.size, 0);
  }

  set(meta: MetaState): SavepointMark {
    const layer: Layer = { depth: this.layers.length + 1, nodes: new Map(), meta };
    this.layers.push(layer);
    return layer;
  }

  /** Whether the page's node must be kept before it changes. */
  wants(page: number): boolean {
    const { layers } = this;
    return layers.length > 0 && !layers[layers.length - 1]!.nodes.has(page);
  }

  /** Keeps the node a page has before its first change since the newest savepoint. */
  keep(page: number, node: PrivateEntry | undefined): void {
    this.layers[this.layers.length - 1]!.nodes.set(page, node);
  }

  /** What the page had when `mark` was set; null when it has not changed since (undefined: it had no private node). */
  at(mark: SavepointMark, page: number): PrivateEntry | undefined | null {
    this.checked(mark);
    for (let i = mark.depth - 1; i < this.layers.length; i++) {
      const { nodes } = this.layers[i]!;
      if (nodes.has(page)) return nodes.get(page);
    }
    return null;
  }

  /** Puts the nodes of `mark` back through `restore`; the mark stays. Returns the meta it was set with. */
  rollbackTo(
    mark: SavepointMark,
    restore: (page: number, node: PrivateEntry | undefined) => void,
  ): MetaState {
    const target = this.checked(mark);
    for (let at = this.layers.length - 1; at >= mark.depth - 1; at--) {
      for (const [page, node] of this.layers[at]!.nodes) restore(page, node);
    }
    this.layers.length = mark.depth;
    target.nodes.clear();
    return target.meta;
  }

  release(mark: SavepointMark): void {
    this.checked(mark);
    const below = this.layers[mark.depth - 2];
    if (below !== undefined) {
      for (const layer of this.layers.slice(mark.depth - 1)) {
        for (const [page, node] of layer.nodes) if (!below.nodes.has(page)) below.nodes.set(page, node);
      }
    }
    this.layers.length = mark.depth - 1;
  }

  /** Replaces kept entries by what `change` makes of them: private nodes that are spilled. */
  replace(change: (page: number, entry: PrivateEntry) => PrivateEntry): void {
    for (const { nodes } of this.layers) {
      for (const [page, entry] of nodes) if (entry !== undefined) nodes.set(page, change(page, entry));
    }
  }

  clear(): void {
    this.layers.length = 0;
  }

  private checked(mark: SavepointMark): Layer {
    const layer = this.layers[mark.depth - 1];
    assert(layer !== undefined && layer === mark, 'savepoint is not set any more');
    return layer;
  }
}
