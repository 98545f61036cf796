/**
 * Sequences while the database is open: values taken are not given out again, whatever becomes of the transaction that
 * took them (PostgreSQL 9.17), and taking one touches no page.
 *
 * I1  The catalogue's row of a sequence is written when a transaction that used it commits; after a crash values that no
 *     commit used may come again.
 * I2  What is remembered beyond a transaction counts only while the stored value is the one it was built on: another
 *     thread's commit, or a restored file, is never overruled.
 * I3  Whoever creates, restarts or drops a sequence says `forget`: those changes belong to their transaction.
 */
import type { CatalogMeta } from '../catalog/catalog-store.ts';
import type { SequenceDef } from '../catalog/schema.ts';
import { readSequence, type SequenceValue, steppedValue, writeSequence } from '../catalog/sequence-values.ts';
import type { ReadView } from '../txn/page-view.ts';
import type { WriteTxn } from '../txn/write-txn.ts';

interface Counter {
  /** What the catalogue had when this was looked up or last written. */
  stored: SequenceValue;
  /** What it has if the commit that was to store `stored` failed. */
  before: SequenceValue;
  value: SequenceValue;
  /** The write transaction that has looked at `stored`. */
  user: WriteTxn | null;
}

export class SequenceCounters {
  readonly #counters = new Map<number, Counter>();
  /** Counters that the open write transaction changed. */
  #changed: { readonly id: number; readonly counter: Counter }[] = [];
  #writer: WriteTxn | null = null;

  /** The value as it stands for a reader of `view`. */
  current(view: ReadView & { readonly meta: CatalogMeta }, sequence: SequenceDef): SequenceValue {
    const counter = this.#counters.get(sequence.id);
    const stored = readSequence(view, view.meta, sequence);
    return counter !== undefined && isBuiltOn(counter, stored) ? counter.value : stored;
  }

  /** Takes the next value; 2200H at the end of a sequence that does not cycle. */
  next(write: WriteTxn, sequence: SequenceDef): bigint {
    const counter = this.#counterOf(write, sequence);
    const value = steppedValue(sequence, counter.value);
    counter.value = { lastValue: value, isCalled: true };
    return value;
  }

  /** setval(). The value must be within the sequence's bounds. */
  set(write: WriteTxn, sequence: SequenceDef, value: SequenceValue): void {
    this.#counterOf(write, sequence).value = value;
  }

  forget(id: number): void {
    this.#counters.delete(id);
    this.#changed = this.#changed.filter((one) => one.id !== id);
  }

  /** Stores what the transaction took; called before it commits. `sequences` are those that exist then. */
  store(write: WriteTxn, sequences: { get(id: number): SequenceDef | undefined }): void {
    if (this.#writer !== write) return;
    for (const { id, counter } of this.#changed) {
      const sequence = sequences.get(id);
      if (sequence === undefined) continue;
      if (!isSame(counter.stored, counter.value)) writeSequence(write, sequence, counter.value);
      counter.before = counter.stored;
      counter.stored = counter.value;
      counter.user = null;
    }
    this.#changed = [];
    this.#writer = null;
  }

  #counterOf(write: WriteTxn, sequence: SequenceDef): Counter {
    const known = this.#counters.get(sequence.id);
    if (known !== undefined && known.user === write) return known;
    if (this.#writer !== write) {
      this.#writer = write;
      this.#changed = [];
    }
    const stored = readSequence(write, write.meta, sequence);
    const value = known !== undefined && isBuiltOn(known, stored) ? known.value : stored;
    const counter: Counter = { stored, before: stored, value, user: write };
    this.#counters.set(sequence.id, counter);
    this.#changed.push({ id: sequence.id, counter });
    return counter;
  }
}

function isBuiltOn(counter: Counter, stored: SequenceValue): boolean {
  return isSame(counter.stored, stored) || isSame(counter.before, stored);
}

function isSame(a: SequenceValue, b: SequenceValue): boolean {
  return a.lastValue === b.lastValue && a.isCalled === b.isCalled;
}
