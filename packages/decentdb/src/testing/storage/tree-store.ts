/**
 * A small database without SQL: a few trees of (integer, text), whose roots stand in the meta's counters. What the storage
 * workloads, sweeps and simulations run on.
 *
 * I1  Every page is a header page, free, in exactly one tree, or in exactly one overflow chain (`check` accounts for each).
 */
import { DecentDbError } from '../../base/errors.ts';
import type { PageNo } from '../../base/ids.ts';
import { createTree, Tree } from '../../tree/tree.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import { verifyTree } from '../../tree/verify-tree.ts';
import { checkStorage, PageAccount } from '../../txn/check-storage.ts';
import type { StorageEngine } from '../../txn/engine.ts';
import type { StorageOptions } from '../../txn/engine-options.ts';
import { openStorage } from '../../txn/open-storage.ts';
import { overflowPages } from '../../txn/overflow-chain.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { ReadTxn } from '../../txn/read-txn.ts';
import type { WriteTxn } from '../../txn/write-txn.ts';
import { Physical } from '../../types/vector.ts';
import type { Vfs } from '../../vfs/vfs.ts';
import { logPaths } from '../../wal/log-file.ts';
import type { CrashSubject } from '../crash-run.ts';
import { entryText, TREES } from './store-model.ts';

export const STORE_PATH = 'store.ddb';

/** Everything a store may leave behind when it is closed. */
export const STORE_FILES: readonly string[] = [STORE_PATH];

/** Small pages, small log steps, a small cache: every boundary is met within a few commits. */
export const SMALL: StorageOptions = {
  pageSize: 512,
  walStepBytes: 1024,
  walBytesMax: 16 * 1024,
  cacheBytes: 64 * 1024,
  flushIntervalMs: 0,
};

const SCHEMA = {
  columns: [{ physical: Physical.int64 }, { physical: Physical.text }],
  keyCount: 1,
} as const;

export class TreeStore implements CrashSubject {
  readonly engine: StorageEngine;
  private readonly trees: Map<number, Tree> = new Map();
  private readonly giveBack: () => void;

  private constructor(engine: StorageEngine, giveBack: () => void) {
    this.engine = engine;
    this.giveBack = giveBack;
  }

  static open(vfs: Vfs, options: StorageOptions = {}): TreeStore {
    const pageSize = options.mode === 'open' ? undefined : (options.pageSize ?? SMALL.pageSize);
    const { engine, close } = openStorage(STORE_PATH, { ...SMALL, ...options, pageSize, vfs });
    return new TreeStore(engine, close);
  }

  /** For crash tests: the store on a crashed disk, or null when there is none. */
  static reopen(vfs: Vfs): TreeStore | null {
    return vfs.exists(STORE_PATH) ? TreeStore.open(vfs, { mode: 'open' }) : null;
  }

  /** Adds or replaces a row; makes the tree when it is not there yet. */
  put(txn: WriteTxn, tree: number, key: number, value: string): void {
    const target = this.treeOf(txn, tree) ?? this.makeTree(txn, tree);
    if (!target.update(txn, [key], [1], [value])) target.insert(txn, [key, value]);
    txn.relieve();
  }

  /** Inserts ascending rows whose keys are new, as one batch. */
  putAll(txn: WriteTxn, tree: number, keys: readonly number[], value: (key: number) => string): void {
    const target = this.treeOf(txn, tree) ?? this.makeTree(txn, tree);
    const rows = keys.length;
    const done = target.insertBatch(
      txn,
      [
        { physical: Physical.int64, values: Float64Array.from(keys), nulls: null },
        { physical: Physical.text, values: keys.map(value), nulls: null },
      ],
      rows,
    );
    if (done !== rows) throw new RangeError(`key ${keys[done]} is there already`);
  }

  delete(txn: WriteTxn, tree: number, key: number): boolean {
    const isFound = this.treeOf(txn, tree)?.delete(txn, [key]) ?? false;
    txn.relieve();
    return isFound;
  }

  /** Removes the tree and all its pages. */
  drop(txn: WriteTxn, tree: number): void {
    this.treeOf(txn, tree)?.drop(txn);
    txn.setCounter(tree, 0);
  }

  /** A row as a view sees it. */
  get(view: ReadTxn | WriteTxn, tree: number, key: number): string | undefined {
    const target = this.treeOf(view, tree);
    if (target === undefined) return undefined;
    const position = new TreePosition();
    if (!target.get(view, [key], position)) return undefined;
    return target.datum(view, position.leaf!, position.index, 1) as string;
  }

  /** All rows of a view, as {@link StoreModel.fingerprint} writes them. */
  fingerprintOf(view: ReadTxn | WriteTxn): string {
    view.validate(); // An empty store reads no page that would notice.
    const texts: string[] = [];
    for (let tree = 0; tree < TREES; tree++) texts.push(this.rowsOf(view, tree).join(','));
    return texts.join('|');
  }

  fingerprint(): string {
    const read = this.engine.beginRead();
    try {
      return this.fingerprintOf(read);
    } finally {
      read.end();
    }
  }

  check(): readonly string[] {
    const problems = checkStorage(this.engine).problems.map(({ message }) => message);
    const read = this.engine.beginRead();
    try {
      const account = new PageAccount(this.engine, read);
      for (let tree = 0; tree < TREES; tree++) this.claimTree(read, tree, account);
      for (const { message } of account.finish()) problems.push(message);
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      problems.push(error.message);
    } finally {
      read.end();
    }
    return problems;
  }

  /** A commit that adds rows large and small, and one that takes them back. */
  writeProbe(): void {
    const probes = [-1, -2, -3];
    const adding = this.engine.beginWrite();
    for (const key of probes) this.put(adding, 0, key, 'probe'.repeat(key === -2 ? 200 : 1));
    adding.commit();
    const removing = this.engine.beginWrite();
    for (const key of probes) this.delete(removing, 0, key);
    removing.commit();
  }

  checkpoint(): void {
    this.engine.checkpoint();
  }

  close(): void {
    this.giveBack();
  }

  private rowsOf(view: ReadTxn | WriteTxn, number: number): string[] {
    const tree = this.treeOf(view, number);
    const rows: string[] = [];
    if (tree === undefined) return rows;
    const cursor = new TreeCursor(tree, view);
    cursor.seek(WHOLE_TREE);
    while (cursor.next()) {
      for (let row = cursor.from; row < cursor.to; row++) {
        const key = tree.datum(view, cursor.leaf!, row, 0) as number;
        rows.push(entryText(key, tree.datum(view, cursor.leaf!, row, 1) as string));
      }
    }
    return rows;
  }

  private claimTree(read: ReadTxn, number: number, account: PageAccount): void {
    const tree = this.treeOf(read, number);
    if (tree === undefined) return;
    const { pages, chains } = verifyTree(tree, read as ReadView);
    for (const page of pages) account.claim(page, `tree ${number}`);
    for (const chain of chains) {
      for (const page of overflowPages(read, chain)) account.claim(page, `a value of tree ${number}`);
    }
  }

  private treeOf(view: ReadTxn | WriteTxn, number: number): Tree | undefined {
    const root = view.meta.counters[number]! as PageNo;
    if (root === 0) return undefined;
    let tree = this.trees.get(root);
    if (tree === undefined) {
      tree = new Tree(root, SCHEMA, `tree at ${root}`);
      this.trees.set(root, tree);
    }
    return tree;
  }

  private makeTree(txn: WriteTxn, number: number): Tree {
    const root = createTree(txn, SCHEMA);
    txn.setCounter(number, root);
    return this.treeOf(txn, number)!;
  }
}

/** The database and its log files, for damage. */
export function storeFilePaths(): readonly string[] {
  return [STORE_PATH, ...logPaths(STORE_PATH)];
}
