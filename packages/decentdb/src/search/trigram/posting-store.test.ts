import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { createTree, Tree } from '../../tree/tree.ts';
import { verifyTree } from '../../tree/verify-tree.ts';
import { openStorage } from '../../txn/open-storage.ts';
import type { ReadView, WriteView } from '../../txn/page-view.ts';
import { FaultyVfs } from '../../vfs/faulty/faulty-vfs.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';
import { noteSchema } from '../note-tree.ts';
import type { PostingChanges, ValuesOf } from '../posting-changes.ts';
import { type BuildSource, POSTING_SCHEMA, PostingStore } from './posting-store.ts';
import { atLeast, intersect, type RowSet, union } from './row-set.ts';
import { TrigramChanges } from './trigram-changes.ts';
import { textCodesOf, trigramsOf } from './trigram-code.ts';
import { likeQuery, satisfies } from './trigram-query.ts';

const seed = Number(process.env['SEED'] ?? 7);
const WORDS = ['Blue', 'moon', 'Über', 'night', 'train', 'rain', '日本語', 'a', ''];

function title(prng: Prng): string {
  return Array.from({ length: 1 + prng.below(4) }, () => prng.pick(WORDS)).join(' ');
}

/** The rows the index must offer: those whose text satisfies the query. */
function expected(rows: Map<number, string>, pattern: string): number[] {
  const query = likeQuery(pattern, '\\');
  return [...rows].filter(([, text]) => satisfies(textCodesOf(text), query)).map(([rowId]) => rowId);
}

function checkQueries(
  store: PostingStore,
  view: ReadView,
  rows: Map<number, string>,
  isExact: boolean,
): void {
  for (const pattern of [
    '%moon%',
    '%blue m%',
    'night%',
    '%rain',
    '%über%',
    '%日本語%',
    '%zzz%',
    '%ain%',
    '%mo%',
    '%IN%',
    '%zq%',
  ]) {
    const found = store.candidates(view, 0, likeQuery(pattern, '\\'));
    assert.ok(found !== null);
    const wanted = expected(rows, pattern);
    for (const rowId of wanted) assert.ok(found.includes(rowId), `${pattern} misses row ${rowId}`);
    checkWindows(store, view, pattern, wanted);
    if (isExact) {
      for (const rowId of found) assert.ok(rows.has(rowId), `${pattern} offers row ${rowId}, which is gone`);
    }
  }
}

/** Windows ascend, and with the noted rows hold all that must be found. */
function checkWindows(store: PostingStore, view: ReadView, pattern: string, wanted: readonly number[]): void {
  const query = likeQuery(pattern, '\\');
  const lists = store.listsOf(view, 0, query);
  if (query.kind === 'pair') {
    assert.deepEqual(lists, []);
    return;
  }
  const windows = store.windows(view, 0, lists);
  const found: number[] = [];
  const next = (): RowSet | null => windows.next(1 + found.length * 3);
  for (let rows = next(); rows !== null; rows = next()) found.push(...rows);
  for (let i = 1; i < found.length; i++) assert.ok(found[i]! > found[i - 1]!, `${pattern}: rows ascend`);
  const all = new Set([...found, ...store.pendingIds(view)]);
  for (const rowId of wanted) assert.ok(all.has(rowId), `windows of ${pattern} miss row ${rowId}`);
}

test('PERF-001 AC-P1.4: candidates cover every match under random changes, merges, rollbacks and snapshots', (t) => {
  t.diagnostic(`seed ${seed}`);
  const { engine, close } = openStorage('t.ddb', { pageSize: 1024, vfs: new MemoryVfs() });
  const prng = new Prng(seed);
  let txn = engine.beginWrite();
  const postings = new Tree(createTree(txn, POSTING_SCHEMA), POSTING_SCHEMA, 'postings');
  const pending = new Tree(createTree(txn, noteSchema(1, true)), noteSchema(1, true), 'pending');
  const store = new PostingStore(postings, pending, textCodesOf);
  let rows = new Map<number, string>();
  txn.commit();
  for (let round = 0; round < 60; round++) {
    txn = engine.beginWrite();
    const before = new Map(rows);
    for (let change = 0; change < 20; change++) {
      const rowId = 1 + prng.below(150);
      store.noteChange(txn, rowId, [rows.get(rowId) ?? null]);
      if (prng.chance(0.3)) rows.delete(rowId);
      else rows.set(rowId, title(prng));
    }
    if (prng.chance(0.4)) mergeAll(store, txn, rows, prng);
    checkQueries(store, txn, rows, false);
    if (prng.chance(0.3)) {
      txn.rollback();
      rows = before;
    } else {
      txn.commit();
    }
    const read = engine.beginRead();
    checkQueries(store, read, rows, false);
    read.end();
  }
  txn = engine.beginWrite();
  mergeAll(store, txn, rows, new Prng(1));
  checkQueries(store, txn, rows, true);
  assert.equal(
    postings.rowCount(txn),
    [...rows.values()].reduce((sum, text) => sum + textCodesOf(text).length, 0),
  );
  txn.commit();
  close();
});

/** A store that merges a run in several parts. */
class PartsStore extends PostingStore {
  protected override newChanges(): PostingChanges {
    return new FewChanges(this.postings, this.codesOf);
  }
}

class FewChanges extends TrigramChanges {
  override get isFull(): boolean {
    return this.count >= 150;
  }
}

/** What the postings must be while a merge is half-way: those of the noted rows as of the merge before, or of the freezing. */
function checkPostings(store: PostingStore, view: ReadView, rows: Map<number, string>): void {
  const noted = store.notedState(view);
  const wanted: string[] = [];
  for (const rowId of new Set([...rows.keys(), ...noted.rows.keys()])) {
    const own = noted.rows.get(rowId);
    const now = [rows.get(rowId) ?? null];
    const add = (text: string | null, isMerged: boolean | null): void => {
      for (const code of text === null ? [] : textCodesOf(text))
        if (isMerged === null || noted.isMerged([0, code, rowId]) === isMerged)
          wanted.push(`${code} ${rowId}`);
    };
    if (own === undefined) add(now[0]!, null);
    else {
      add((own.merged ?? now)[0]!, true);
      add(own.behind[0]!, false);
    }
  }
  const found = Array.from(store.postingLists(view), ({ code, rowId }) => `${code} ${rowId}`);
  assert.deepEqual(found.sort(), wanted.sort());
}

test('PERF-001 AC-P1.4: merges in slices, across rollbacks and processes, between other changes', (t) => {
  t.diagnostic(`seed ${seed}`);
  const { engine, close } = openStorage('t.ddb', { pageSize: 1024, vfs: new MemoryVfs() });
  const prng = new Prng(seed);
  let txn = engine.beginWrite();
  const postings = createTree(txn, POSTING_SCHEMA);
  const pending = createTree(txn, noteSchema(1, true));
  const open = (): PostingStore =>
    new (prng.chance(0.7) ? PartsStore : PostingStore)(
      new Tree(postings, POSTING_SCHEMA, 'postings'),
      new Tree(pending, noteSchema(1, true), 'pending'),
      textCodesOf,
    );
  let store = open();
  let rows = new Map<number, string>();
  let merged = 0;
  txn.commit();
  const textsOf: ValuesOf = (rowIds) =>
    Array.from(rowIds, (rowId) => {
      const text = rows.get(rowId);
      return text === undefined ? null : [text];
    });
  for (let round = 0; round < 400; round++) {
    txn = engine.beginWrite();
    const before = new Map(rows);
    for (let change = prng.below(12); change > 0; change--) {
      const mark = txn.savepoint();
      const kept = new Map(rows);
      const rowId = 1 + prng.below(400);
      store.noteChange(txn, rowId, [rows.get(rowId) ?? null]);
      if (prng.chance(0.3)) rows.delete(rowId);
      else rows.set(rowId, title(prng));
      if (prng.chance(0.02)) {
        store.truncate(txn);
        rows.clear();
      }
      if (prng.chance(0.1)) {
        txn.rollbackTo(mark);
        rows = kept;
      }
      txn.release(mark);
    }
    if (!store.notes.state(txn).isMerging) {
      if (prng.chance(0.3)) store.merging.freeze(txn);
      else if (prng.chance(0.05)) mergeAll(store, txn, rows, prng);
    } else if (store.merging.advance(txn, textsOf, prng.pick([0.02, 0.1, 0.3, 1]))) merged++;
    if (prng.chance(0.2)) {
      txn.rollback();
      rows = before;
    } else {
      txn.commit();
    }
    if (prng.chance(0.1)) store = open();
    const read = engine.beginRead();
    checkPostings(store, read, rows);
    if (round % 10 === 0) checkQueries(store, read, rows, false);
    read.end();
  }
  assert.ok(merged > 10, `${merged} merges`);
  close();
});

test('a run whose freezing was lost with its group is prepared anew', async () => {
  const vfs = new FaultyVfs(new MemoryVfs());
  const { engine, close } = openStorage('t.ddb', { pageSize: 1024, vfs });
  let txn = engine.beginWrite();
  const store = new PostingStore(
    new Tree(createTree(txn, POSTING_SCHEMA), POSTING_SCHEMA, 'postings'),
    new Tree(createTree(txn, noteSchema(1, true)), noteSchema(1, true), 'pending'),
    textCodesOf,
  );
  txn.commit();
  const rows = new Map<number, string>();
  const textsOf: ValuesOf = (rowIds) => Array.from(rowIds, (id) => (rows.has(id) ? [rows.get(id)!] : null));
  const add = (rowId: number, text: string): void => {
    store.noteChange(txn, rowId, [null]);
    rows.set(rowId, text);
  };

  txn = engine.beginWrite({ onTip: true });
  for (let rowId = 1; rowId <= 200; rowId++) add(rowId, 'blue moon');
  store.merging.freeze(txn);
  const lost = txn.commitGrouped();
  txn = engine.beginWrite({ onTip: true });
  store.merging.advance(txn, textsOf, 0.3);
  vfs.arm({
    seed: 0,
    faults: [{ on: 'write', call: 0, effect: { kind: 'error', errno: 'ENOSPC' } }],
  });
  await assert.rejects(lost, { code: '53100' });
  vfs.arm({ seed: 0, faults: [] });
  assert.ok(!txn.isActive, 'what was built on the group is lost with it');

  rows.clear();
  txn = engine.beginWrite();
  for (let rowId = 150; rowId <= 350; rowId++) add(rowId, 'night train');
  store.merging.freeze(txn);
  txn.commit();
  txn = engine.beginWrite();
  assert.ok(store.merging.advance(txn, textsOf, 1));
  checkPostings(store, txn, rows);
  txn.commit();
  close();
});

function mergeAll(store: PostingStore, view: WriteView, rows: Map<number, string>, prng: Prng): void {
  const textsOf: ValuesOf = (rowIds) =>
    Array.from(rowIds, (rowId) => {
      const text = rows.get(rowId);
      return text === undefined ? null : [text];
    });
  const step = 5 + prng.below(50);
  while (store.merge(view, textsOf, step) === step);
  assert.equal(store.pendingRows(view), 0);
}

test('AC-P1.7: a build equals what incremental upkeep makes', () => {
  const { engine, close } = openStorage('t.ddb', { pageSize: 1024, vfs: new MemoryVfs() });
  const prng = new Prng(seed);
  const rows = new Map(Array.from({ length: 300 }, (_, i) => [i + 1, title(prng)] as const));
  const txn = engine.beginWrite();
  const make = (hasRuns: boolean): { store: PostingStore; postings: Tree } => {
    const postings = new Tree(createTree(txn, POSTING_SCHEMA), POSTING_SCHEMA, 'postings');
    const pending = new Tree(createTree(txn, noteSchema(1, hasRuns)), noteSchema(1, hasRuns), 'pending');
    return { store: new PostingStore(postings, pending, textCodesOf), postings };
  };
  const built = make(true);
  built.store.build(txn, sourceOf(rows));
  // Notes without runs are those of indexes made before there were any.
  for (const hasRuns of [true, false]) {
    const grown = make(hasRuns);
    for (const rowId of rows.keys()) grown.store.noteChange(txn, rowId, [null]);
    mergeAll(grown.store, txn, rows, prng);
    assert.equal(built.postings.rowCount(txn), grown.postings.rowCount(txn));
    for (const code of trigramsOf('Blue moon night rain über')) {
      const query = { kind: 'has', code } as const;
      assert.deepEqual(built.store.candidates(txn, 0, query), grown.store.candidates(txn, 0, query));
    }
  }
  txn.rollback();
  close();
});

/** Rows of one text each as an index build reads them. */
function sourceOf(rows: Map<number, string>, bytesMax?: number): BuildSource {
  return {
    columnCount: 1,
    feed: (collector) => {
      for (const [rowId, text] of rows) {
        collector.startRow(rowId);
        collector.addText(0, text);
      }
    },
    temporary: () => new MemoryVfs().openTemporary('t.ddb'),
    ...(bytesMax === undefined ? {} : { bytesMax }),
  };
}

test('PERF-001 AC-P1.7: a build makes a sound tree of every posting, in memory or through sorted runs, gaps in row ids or none', (t) => {
  t.diagnostic(`seed ${seed}`);
  const { engine, close } = openStorage('t.ddb', { pageSize: 1024, vfs: new MemoryVfs() });
  const prng = new Prng(seed);
  const txn = engine.beginWrite();
  for (const [rowCount, gapMax, bytesMax] of [
    [0, 1, 1 << 20],
    [1, 1, 1 << 20],
    [40, 1, 1 << 20],
    [3000, 1, 1 << 20],
    [3000, 1, 5000],
    [3000, 2 ** 40, 1 << 20],
    [3000, 2 ** 40, 5000],
    [3000, 300, 20_000],
  ] as const) {
    const rows = new Map<number, string>();
    for (let i = 0, rowId = prng.below(3); i < rowCount; i++, rowId += 1 + prng.below(gapMax))
      rows.set(
        rowId,
        prng.chance(0.1)
          ? prng
              .below(2 ** 31)
              .toString(36)
              .repeat(2)
          : title(prng),
      );
    const postings = new Tree(createTree(txn, POSTING_SCHEMA), POSTING_SCHEMA, 'postings');
    const pending = new Tree(createTree(txn, noteSchema(1, true)), noteSchema(1, true), 'pending');
    const store = new PostingStore(postings, pending, textCodesOf);
    store.build(txn, sourceOf(rows, bytesMax));
    const wanted: string[] = [];
    for (const [rowId, text] of rows) for (const code of textCodesOf(text)) wanted.push(`${code} ${rowId}`);
    const found = Array.from(store.postingLists(txn), ({ code, rowId }) => `${code} ${rowId}`);
    assert.deepEqual(found.sort(), wanted.sort());
    assert.equal(verifyTree(postings, txn).rows, wanted.length);
    // It is a tree like any other: it can be changed, and emptied.
    if (wanted.length > 0) {
      const [code, rowId] = wanted[wanted.length >> 1]!.split(' ').map(Number);
      assert.ok(postings.delete(txn, [0, code!, rowId!]));
      assert.ok(postings.insert(txn, [0, code!, rowId!]));
      assert.equal(verifyTree(postings, txn).rows, wanted.length);
    }
    store.truncate(txn);
    assert.equal(postings.rowCount(txn), 0);
  }
  txn.rollback();
  close();
});

test('row sets: union and intersection equal those of Set', () => {
  const prng = new Prng(seed);
  for (let n = 0; n < 300; n++) {
    const make = (size: number): Float64Array =>
      Float64Array.from(new Set(Array.from({ length: prng.below(size) }, () => prng.below(200)))).sort();
    const [a, b] = [make(10), make(prng.pick([10, 300]))];
    assert.deepEqual(
      [...intersect(a, b)],
      [...a].filter((x) => b.includes(x)),
    );
    assert.deepEqual(
      [...union(a, b)],
      [...new Set([...a, ...b])].sort((x, y) => x - y),
    );
    const sets = [a, b, make(40), make(prng.pick([5, 100]))].map((set) =>
      prng.chance(0.5) ? set : set.map((row) => row * 1e9),
    );
    const count = 1 + prng.below(5);
    const times = new Map<number, number>();
    for (const set of sets) for (const row of set) times.set(row, (times.get(row) ?? 0) + 1);
    assert.deepEqual(
      [...atLeast(sets, count)],
      [...times]
        .filter(([, n]) => n >= count)
        .map(([row]) => row)
        .sort((x, y) => x - y),
    );
  }
});

test('how far a merge is must be readable: XX001 for anything else', () => {
  const { engine, close } = openStorage('t.ddb', { pageSize: 1024, vfs: new MemoryVfs() });
  const txn = engine.beginWrite();
  const postings = new Tree(createTree(txn, POSTING_SCHEMA), POSTING_SCHEMA, 'postings');
  const pending = new Tree(createTree(txn, noteSchema(1, true)), noteSchema(1, true), 'pending');
  const store = new PostingStore(postings, pending, textCodesOf);
  store.noteChange(txn, 1, ['moon']);
  store.merging.freeze(txn);
  const good = { run: 1, isMerging: true, batch: 0, upTo: 1, after: [0, 5, 1], isApplied: false };
  const write = (text: string | null): void => {
    pending.delete(txn, [-1, 0]);
    pending.insert(txn, [-1, 0, text]);
  };
  write(JSON.stringify(good));
  assert.deepEqual(store.notes.state(txn), good);
  const bad = [
    null,
    '',
    'null',
    '7',
    '{"run":1',
    ...[
      { run: 1.5 },
      { batch: 'x' },
      { upTo: {} },
      { after: [0, 5] },
      { after: [0, null, 1] },
      { isMerging: 1 },
      { isApplied: undefined },
    ].map((wrong) => JSON.stringify({ ...good, ...wrong })),
  ];
  for (const text of bad) {
    write(text);
    for (const read of [() => store.notes.state(txn), () => store.pendingIds(txn)])
      assert.throws(read, { code: 'XX001' }, String(text));
  }
  txn.rollback();
  close();
});
