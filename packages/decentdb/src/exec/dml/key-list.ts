/**
 * Keys that came to a table or left it, in the order they did, each with what it became; beyond a number of them in memory columns,
 * and beyond the budget in a file.
 *
 * I1  A key is there once among those held as they are; farther apart it may come again.
 */
import type { TableDef } from '../../catalog/schema.ts';
import type { Datum } from '../../types/vector.ts';
import type { StatementMemory } from '../memory.ts';
import { OuterKeys } from '../operators/outer-keys.ts';
import { KeptRows } from '../spill/kept-rows.ts';
import { datumAt } from '../vectors.ts';
import { vectorsOfRows } from './row-batch.ts';
import { consecutive } from './row-numbers.ts';

type Key = readonly Datum[];

/** Keys handled at once. */
export interface KeyChunk {
  readonly keys: readonly Key[];
  /** What each became; null where keys are gone or came. */
  readonly next: readonly Key[] | null;
}

const CHUNK_KEYS_MIN = 4096;
/** A key held as it is takes so much, roughly. */
const KEY_BYTES = 128;
/** Part of the budget for keys held as they are. */
const CHUNK_SHARE = 8;
const REPORT_KEYS = 512;

export class KeyList {
  private readonly table: TableDef;
  private readonly columns: readonly number[];
  private readonly hasNext: boolean;
  private readonly memory: StatementMemory;
  private readonly chunkKeys: number;
  private keys: Key[] = [];
  private next: Key[] = [];
  private ids: OuterKeys;
  private stored: KeptRows | null = null;
  private storedCount = 0;
  private reported = 0;

  constructor(table: TableDef, columns: readonly number[], hasNext: boolean, memory: StatementMemory) {
    this.table = table;
    this.columns = columns;
    this.hasNext = hasNext;
    this.memory = memory;
    this.chunkKeys = Math.max(CHUNK_KEYS_MIN, Math.floor(memory.limits.workBytes / CHUNK_SHARE / KEY_BYTES));
    this.ids = this.newIds();
  }

  private newIds(): OuterKeys {
    return new OuterKeys(
      this.columns.map((column) => this.table.columns[column]!.type),
      'equal',
    );
  }

  get isEmpty(): boolean {
    return this.keys.length === 0 && this.storedCount === 0;
  }

  /** Whether the key was new among those held (I1). */
  add(key: Key, next: Key | null): boolean {
    const id = this.ids.idOf(key, true);
    if (id < this.keys.length) return false;
    this.keys.push(key);
    if (next !== null) this.next.push(next);
    if (this.keys.length >= this.chunkKeys) this.store();
    else if (this.keys.length % REPORT_KEYS === 0) this.report();
    return true;
  }

  private report(): void {
    const width = this.hasNext ? 2 : 1;
    this.reported = this.memory.resize(this.reported, this.keys.length * KEY_BYTES * width);
  }

  private get slots() {
    const own = this.columns.map((column) => ({ type: this.table.columns[column]!.type, typmod: -1 }));
    return this.hasNext ? [...own, ...own] : own;
  }

  private store(): void {
    const { keys, next, slots } = this;
    this.stored ??= new KeptRows(slots, this.memory);
    const rows = this.hasNext ? keys.map((key, i) => [...key, ...next[i]!]) : keys;
    this.stored.appendVectors(vectorsOfRows(slots, rows), rows.length);
    this.storedCount += rows.length;
    this.keys = [];
    this.next = [];
    this.ids = this.newIds();
    this.report();
  }

  /** All keys, some at a time; none are added any more. */
  *chunks(): Iterable<KeyChunk> {
    const { stored } = this;
    if (stored !== null) {
      if (this.keys.length > 0) this.store();
      stored.finish();
      const width = this.columns.length;
      for (let from = 0; from < this.storedCount; from += this.chunkKeys) {
        const rows = consecutive(from, Math.min(this.storedCount, from + this.chunkKeys));
        const vectors = stored.rowsAt(rows);
        const keyAt = (row: number, first: number): Key =>
          this.columns.map((_, i) => datumAt(vectors[first + i]!, row));
        const indexes = Array.from(rows.keys());
        const keys = indexes.map((row) => keyAt(row, 0));
        yield { keys, next: this.hasNext ? indexes.map((row) => keyAt(row, width)) : null };
      }
      return;
    }
    if (this.keys.length > 0) yield { keys: this.keys, next: this.hasNext ? this.next : null };
  }

  clear(): void {
    this.keys = [];
    this.next = [];
    this.report();
    this.stored?.clear();
    this.stored = null;
    this.storedCount = 0;
  }
}
