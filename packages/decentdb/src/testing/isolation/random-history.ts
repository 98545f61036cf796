/**
 * Random histories of transactions on the real engine: readers at their snapshots, a writer with savepoints that spills, commits that
 * wait for others, checkpoints whose syncs run off the event loop.
 *
 * I1  A history is a function of its seed.
 * I2  What it did is told to a `History`, whose check knows nothing of the database.
 */
import type { PageNo } from '../../base/ids.ts';
import { Prng } from '../../base/prng.ts';
import { openStorage, type StorageHandle } from '../../txn/open-storage.ts';
import type { SavepointMark } from '../../txn/page-view.ts';
import type { ReadTxn } from '../../txn/read-txn.ts';
import { addPage, setText, textOf } from '../../txn/testing/bytes-node.ts';
import { History, type HistoryTxn } from '../../txn/testing/history.ts';
import type { WriteTxn } from '../../txn/write-txn.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';

const LISTS = 3;

const parse = (text: string): number[] => (text === '' ? [] : text.split(',').map(Number));

/** Runs one history; returns what contradicts snapshot isolation in it. */
export function runRandomHistory(seed: number, steps = 50): Promise<string[]> {
  return new RandomHistory(seed).run(steps);
}

class RandomHistory {
  private readonly random: Prng;
  private readonly disk = new MemoryDisk();
  private readonly deferred: (() => void)[] = [];
  private handle: StorageHandle;
  private readonly history = new History();
  private readonly lists: PageNo[] = [];
  private readonly readers: { txn: ReadTxn; entry: HistoryTxn }[] = [];
  private writer:
    | { txn: WriteTxn; entry: HistoryTxn; mark: SavepointMark | undefined; kept: Map<number, number> }
    | undefined;

  constructor(seed: number) {
    this.random = new Prng(seed);
    this.handle = this.open();
    const txn = this.handle.engine.beginWrite();
    for (let i = 0; i < LISTS; i++) this.lists.push(addPage(txn, ''));
    txn.commit();
  }

  async run(steps: number): Promise<string[]> {
    for (let i = 0; i < steps; i++) await this.step();
    if (this.writer !== undefined) this.abort();
    for (const { txn, entry } of this.readers) {
      txn.end();
      this.history.end(entry, 'committed');
    }
    await this.settle();
    const read = this.handle.engine.beginRead();
    const last = this.history.begin();
    for (let list = 0; list < LISTS; list++)
      this.history.read(last, list, parse(textOf(read, this.lists[list]!)));
    this.history.end(last, 'committed');
    read.end();
    this.handle.close();
    return this.history.check();
  }

  private open(): StorageHandle {
    return openStorage('h.ddb', {
      vfs: new MemoryVfs(this.disk),
      pageSize: 512,
      walBytesMax: 4096,
      cacheBytes: 4096,
      privateBytesMax: 600,
      defer: (action) => void this.deferred.push(action),
    });
  }

  private async settle(): Promise<void> {
    for (let i = 0; i < 20; i++) {
      for (const action of this.deferred.splice(0)) action();
      await Promise.resolve();
    }
  }

  private async step(): Promise<void> {
    const { engine } = this.handle;
    const { random, readers, history } = this;
    const list = random.below(LISTS);
    switch (random.below(11)) {
      case 0:
        if (readers.length < 3) readers.push({ entry: history.begin(), txn: engine.beginRead() });
        return;
      case 1: {
        const reader = readers.splice(random.below(readers.length + 1), 1)[0];
        reader?.txn.end();
        if (reader !== undefined) history.end(reader.entry, 'committed');
        return;
      }
      case 2:
      case 3:
        for (const { txn, entry } of readers)
          history.read(entry, list, parse(textOf(txn, this.lists[list]!)));
        return;
      case 4:
      case 5:
      case 6:
        this.write(list);
        return;
      case 7:
        if (this.writer !== undefined) this.commit();
        return;
      case 8:
        if (this.writer !== undefined && random.chance(0.5)) this.abort();
        else this.savepoint();
        return;
      case 9:
        if (this.writer !== undefined) return;
        if (random.chance(0.5)) engine.checkpointStep(2);
        else if (engine.checkpointer.offLoop.start()) engine.checkpointer.offLoop.advance(2);
        return;
      default:
        await this.settle();
    }
  }

  private write(list: number): void {
    if (this.writer === undefined) {
      const entry = this.history.begin();
      const txn = this.handle.engine.beginWrite({ onTip: this.random.chance(0.7) });
      this.writer = { txn, entry, mark: undefined, kept: new Map() };
    }
    const { txn, entry } = this.writer;
    const page = this.lists[list]!;
    const before = textOf(txn, page);
    this.history.read(entry, list, parse(before));
    const value = this.history.append(entry, list);
    setText(txn, page, before === '' ? `${value}` : `${before},${value}`);
    txn.relieve();
  }

  private savepoint(): void {
    const { writer } = this;
    if (writer === undefined) return;
    if (writer.mark === undefined) {
      writer.mark = writer.txn.savepoint();
      writer.kept = new Map([...writer.entry.appends].map(([list, values]) => [list, values.length]));
      return;
    }
    writer.txn.rollbackTo(writer.mark);
    writer.txn.release(writer.mark);
    writer.mark = undefined;
    for (const [list, values] of writer.entry.appends) {
      values.length = writer.kept.get(list) ?? 0;
      if (values.length === 0) writer.entry.appends.delete(list);
    }
    // What was read in between was of a state that never came to be.
    writer.entry.reads.length = 0;
  }

  private commit(): void {
    const { txn, entry } = this.writer!;
    this.writer = undefined;
    if (this.random.chance(0.3)) {
      txn.commit();
      this.history.end(entry, 'committed');
      return;
    }
    entry.outcome = 'committed'; // From here on readers may see it; it is acknowledged, and so before others, only later.
    txn.commitGrouped().then(() => this.history.end(entry, 'committed'));
  }

  private abort(): void {
    this.writer!.txn.rollback();
    this.history.end(this.writer!.entry, 'aborted');
    this.writer = undefined;
  }
}
