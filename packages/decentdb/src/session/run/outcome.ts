/**
 * What comes out of a statement: columns, batches of rows, and at the end its command tag.
 */

import { Batch } from '../../exec/batch.ts';
import { ColumnStore } from '../../exec/column-store.ts';
import type { PlanRun } from '../../exec/execute.ts';
import type { ColumnId } from '../../exec/expr.ts';
import type { Slot } from '../../exec/physical.ts';
import type { OutputColumn } from '../../plan/logical.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { textType } from '../../types/text-types.ts';
import type { Datum } from '../../types/vector.ts';
import type { Compiled } from './compiled.ts';

/** Rows on their way to whoever asked: pulled, a batch at a time. A batch is valid until the next call. */
export interface RowStream {
  readonly columns: readonly OutputColumn[];
  next(): Batch | null;
  /** Notes the bytes that the rows made of it take so far; throws when there is no room for more. */
  holdResult?(bytes: number): void;
}

/** Takes what it wants of a statement's rows. */
export type Consumer<R> = (rows: RowStream) => R;

export interface Outcome<R> {
  readonly value: R;
  /** First words of PostgreSQL's command tag: `SELECT`, `INSERT`, `CREATE TABLE`, ... */
  readonly command: string;
  /** Rows changed; for statements that return rows, null: the consumer counted them. */
  readonly affected: number | null;
  readonly columns: readonly OutputColumn[];
}

const noColumns: readonly OutputColumn[] = [];

/** The rows of a statement that has none. */
export const noRows: RowStream = { columns: noColumns, next: () => null };

export function outputColumn(name: string, type: SqlType): OutputColumn {
  return { id: -1 as ColumnId, name, type, typmod: -1, origin: null };
}

export function textColumn(name: string): OutputColumn {
  return outputColumn(name, textType);
}

/** Rows that were made by hand: SHOW, EXPLAIN. */
export function rowsOf(columns: readonly OutputColumn[], rows: readonly (readonly Datum[])[]): RowStream {
  let isDone = rows.length === 0;
  return {
    columns,
    next(): Batch | null {
      if (isDone) return null;
      isDone = true;
      const vectors = columns.map((column, i) => {
        const store = new ColumnStore(column.type.physical);
        for (const row of rows) store.append(row[i] ?? null);
        return store.vector();
      });
      return Batch.of(vectors, rows.length);
    },
  };
}

/** Types of columns, as row stores want them. */
export function slotsOfColumns(columns: readonly OutputColumn[]): readonly Slot[] {
  return columns.map((c) => ({ type: c.type, typmod: c.typmod }));
}

/** The outcome of a statement whose plan gives a row for each one changed: shown if it returns rows, counted in any case. */
export function countedOutcome<R>(compiled: Compiled, run: PlanRun, consume: Consumer<R>): Outcome<R> {
  let affected = 0;
  const next = (): Batch | null => {
    const batch = run.next();
    affected += batch?.count ?? 0;
    return batch;
  };
  const { columns } = compiled;
  const value = consume(compiled.returnsRows ? { columns, next } : noRows);
  while (next() !== null);
  return { value, command: compiled.plan.command, affected, columns };
}
