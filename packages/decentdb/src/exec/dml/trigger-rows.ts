/**
 * Rows a statement changed, kept for its AFTER triggers: as they are while the budget lasts, then all of them in memory
 * columns and files.
 *
 *     one pair of rows a change, by table, event and triggers        runs: which of these, how many, in the order of the changes
 *
 * I1  Row triggers hear of changes in the order they were made, whatever tables they were made in.
 * I2  A row is what it was when it was noted.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { TableDef, TriggerDef } from '../../catalog/schema.ts';
import type { Datum } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import { datumBytes } from '../datum-bytes.ts';
import type { StatementMemory } from '../memory.ts';
import type { Slot } from '../physical.ts';
import type { TransitionRows } from '../services.ts';
import { Spool, type SpoolReader } from '../spill/spool.ts';
import { datumAt } from '../vectors.ts';

type Row = readonly Datum[];

/** As many changes are kept as they are, whatever the budget. */
const HELD_CHANGES_MIN = 512;
/** What a change held as it is takes beside its values, roughly. */
const CHANGE_BYTES = 96;
/** Growth is reported in steps. */
const REPORT_BYTES = 1 << 14;

export type RowEvent = 'insert' | 'update' | 'delete';

/** A change as a row trigger is told of it. */
export interface RowChange {
  readonly table: TableDef;
  readonly event: RowEvent;
  readonly triggers: readonly TriggerDef[];
  readonly oldRow: Row | null;
  readonly newRow: Row | null;
}

/** Changes of one kind. */
class ChangeKind {
  readonly table: TableDef;
  readonly event: RowEvent;
  readonly triggers: readonly TriggerDef[];
  readonly hasOld: boolean;
  readonly hasNew: boolean;
  readonly rows: Spool;
  private reader: SpoolReader | null = null;
  private batch: Batch | null = null;
  private at = 0;

  constructor(
    of: Omit<RowChange, 'oldRow' | 'newRow'>,
    hasOld: boolean,
    hasNew: boolean,
    memory: StatementMemory,
  ) {
    this.table = of.table;
    this.event = of.event;
    this.triggers = of.triggers;
    this.hasOld = hasOld;
    this.hasNew = hasNew;
    const slots: Slot[] = of.table.columns.map(({ type, typmod }) => ({ type, typmod }));
    this.rows = new Spool([...(hasOld ? slots : []), ...(hasNew ? slots : [])], memory);
  }

  is({ table, event, triggers }: Omit<RowChange, 'oldRow' | 'newRow'>): boolean {
    return (
      this.table === table &&
      this.event === event &&
      this.triggers.length === triggers.length &&
      this.triggers.every((one, i) => one === triggers[i])
    );
  }

  /** The next change in the order they were noted. */
  next(): RowChange {
    this.reader ??= this.rows.reader();
    while (this.batch === null || this.at >= this.batch.count) {
      this.batch = this.reader.next();
      this.at = 0;
    }
    const position = this.batch.position(this.at++);
    return {
      ...this.pick(this.batch, position),
      table: this.table,
      event: this.event,
      triggers: this.triggers,
    };
  }

  private pick(batch: Batch, position: number): { oldRow: Row | null; newRow: Row | null } {
    const width = this.table.columns.length;
    const rowAt = (first: number): Row => {
      const row: Datum[] = [];
      for (let i = 0; i < width; i++) row.push(datumAt(batch.column(first + i), position));
      return row;
    };
    return {
      oldRow: this.hasOld ? rowAt(0) : null,
      newRow: this.hasNew ? rowAt(this.hasOld ? width : 0) : null,
    };
  }

  *all(isOld: boolean): Iterable<Row> {
    if (!(isOld ? this.hasOld : this.hasNew)) return;
    const reader = this.rows.reader();
    for (let batch = reader.next(); batch !== null; batch = reader.next())
      for (let i = 0; i < batch.count; i++) {
        const { oldRow, newRow } = this.pick(batch, batch.position(i));
        yield (isOld ? oldRow : newRow)!;
      }
  }
}

export class TriggerRows {
  private readonly memory: StatementMemory;
  /** All changes while the budget lasts; null when they are in `kinds`. */
  private held: RowChange[] | null = [];
  private heldBytes = 0;
  private readonly kinds: ChangeKind[] = [];
  private lastKind = -1;
  /** Numbers of kinds and of changes of that kind in a row, by turns (I1). */
  private runs = new Int32Array(16);
  private runCount = 0;
  private reported = 0;
  private isOver = false;

  constructor(memory: StatementMemory) {
    this.memory = memory;
  }

  note(change: RowChange): void {
    const { held } = this;
    if (held === null) {
      this.keep(change);
      return;
    }
    held.push(change);
    this.heldBytes += CHANGE_BYTES + bytesOf(change.oldRow) + bytesOf(change.newRow);
    if (this.heldBytes - this.reported < REPORT_BYTES) return;
    this.reported = this.memory.resize(this.reported, this.heldBytes);
    if (held.length >= HELD_CHANGES_MIN && this.heldBytes > this.memory.shareOf(this.heldBytes))
      this.store(held);
  }

  private store(changes: readonly RowChange[]): void {
    this.held = null;
    this.heldBytes = 0;
    this.reported = this.memory.resize(this.reported, 0);
    for (const change of changes) this.keep(change);
  }

  private keep(change: RowChange): void {
    let number = this.lastKind;
    if (!this.kinds[number]?.is(change)) number = this.kinds.findIndex((kind) => kind.is(change));
    const { oldRow, newRow } = change;
    if (number < 0)
      number = this.kinds.push(new ChangeKind(change, oldRow !== null, newRow !== null, this.memory)) - 1;
    this.lastKind = number;
    const row = oldRow === null ? newRow! : newRow === null ? oldRow : oldRow.concat(newRow);
    this.kinds[number]!.rows.appendRow(row);
    if (change.triggers.length > 0) this.noteRun(number);
  }

  private noteRun(number: number): void {
    const last = this.runCount - 2;
    if (last >= 0 && this.runs[last] === number) {
      this.runs[last + 1]!++;
      return;
    }
    if (this.runCount === this.runs.length) {
      const more = new Int32Array(this.runs.length * 2);
      more.set(this.runs);
      this.runs = more;
      this.reported = this.memory.resize(this.reported, more.byteLength);
    }
    this.runs[this.runCount++] = number;
    this.runs[this.runCount++] = 1;
  }

  /** The changes row triggers are told of, in their order; once. */
  *changes(): Iterable<RowChange> {
    for (const change of this.held ?? []) if (change.triggers.length > 0) yield change;
    for (let i = 0; i < this.runCount; i += 2) {
      const kind = this.kinds[this.runs[i]!]!;
      for (let left = this.runs[i + 1]!; left > 0; left--) yield kind.next();
    }
  }

  /** Rows of a table before or after the event; only while the statement runs. */
  transition(table: TableDef, event: string, isOld: boolean): TransitionRows {
    return {
      all: () => {
        if (this.isOver)
          throw new DecentDbError('55000', 'transition tables are there only while their trigger runs');
        return this.transitionRows(table.id, event, isOld);
      },
    };
  }

  private *transitionRows(tableId: number, event: string, isOld: boolean): Iterable<Row> {
    for (const { table, event: own, oldRow, newRow } of this.held ?? []) {
      const row = isOld ? oldRow : newRow;
      if (table.id === tableId && own === event && row !== null) yield row;
    }
    for (const kind of this.kinds)
      if (kind.table.id === tableId && kind.event === event) yield* kind.all(isOld);
  }

  clear(): void {
    this.isOver = true;
    this.held = [];
    this.heldBytes = 0;
    for (const { rows } of this.kinds) rows.clear();
    this.reported = this.memory.resize(this.reported, 0);
  }
}

function bytesOf(row: Row | null): number {
  let bytes = 0;
  if (row !== null) for (const value of row) bytes += datumBytes(value);
  return bytes;
}
