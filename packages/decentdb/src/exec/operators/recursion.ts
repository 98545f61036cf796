/**
 * WITH RECURSIVE: the non-recursive rows, then round after round the term's rows of the round before, until there are none.
 *
 * I3  Rows come step by step, as they are read: who stops reading stops the recursion.
 * I1  UNION (not ALL) drops rows already produced.
 * I2  A round of few rows through a term that looks at one row at a time goes row by row (RowChain): same rows, same order.
 */
import type { Datum } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import type { CteDefinition, Slot } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { SeenRows } from '../spill/seen-rows.ts';
import { Spool } from '../spill/spool.ts';
import { datumAt } from '../vectors.ts';
import { drain, type Operator } from './operator.ts';
import { RowChain } from './row-chain.ts';

/** Rounds of more rows go through the operators. */
const CHAIN_ROWS_MAX = 48;
/** Rounds of one step at most. */
const ROUNDS_MAX = 1024;
/** Rows between looks whether the statement was cancelled: few, since a row may be long work. */
const CHECK_ROWS = 64;

export class Recursion {
  private readonly slots: readonly Slot[];
  private readonly term: Operator;
  private readonly chain: RowChain | null;
  private readonly context: ExecContext;
  private readonly store: Spool;
  private readonly seen: SeenRows | null;
  private working: Spool;
  private next: Spool;
  private sinceCheck = 0;
  private isStarted = false;
  /** Rounds of the next step that goes row by row: few at first, for readers that stop early. */
  private roundsMax = 1;
  /** Rows of a round before those known are left out. */
  private scratch: RowStore | null = null;

  constructor(definition: CteDefinition, term: Operator, context: ExecContext, store: Spool) {
    const { recursive, plan } = definition;
    const { memory, counters } = context.statement;
    this.slots = plan.slots;
    this.term = term;
    this.context = context;
    this.store = store;
    this.seen = recursive!.all ? null : new SeenRows(plan.slots, memory);
    this.working = new Spool(plan.slots, memory);
    this.next = new Spool(plan.slots, memory);
    // Counted are operators' rows.
    this.chain = counters === null ? RowChain.of(recursive!.term) : null;
  }

  /**
   * One step: the first rows, then a round, or some where rounds are small. False when there is nothing more to come.
   * `setWorking` is told the table that the term reads.
   */
  advance(plan: Operator, setWorking: (rows: Spool | null) => void): boolean {
    if (!this.isStarted) {
      this.isStarted = true;
      this.collect(plan, this.working);
      return true;
    }
    if (this.working.count === 0) return false;
    this.context.statement.checkCancel();
    if (this.chain !== null && this.working.count <= CHAIN_ROWS_MAX) {
      this.runChain(this.chain);
      return true;
    }
    setWorking(this.working);
    try {
      this.collect(this.term, this.next);
    } finally {
      setWorking(null);
    }
    const last = this.working;
    this.working = this.next;
    this.next = last;
    last.rewind();
    return true;
  }

  close(): void {
    this.working.clear();
    this.next.clear();
    this.seen?.close();
    this.scratch?.clear();
    this.scratch = null;
  }

  private collect(source: Operator, into: Spool): void {
    const { store, seen } = this;
    try {
      source.open(this.context);
      drain(source, (batch) => {
        this.context.statement.checkCancel();
        const kept = seen === null ? batch : seen.add(batch, store);
        if (kept === null) return;
        store.append(kept);
        into.append(kept);
      });
    } finally {
      source.close();
    }
  }

  /** Some rounds row by row; ends when there are so many rows that operators do better. */
  private runChain(chain: RowChain): void {
    let rows: (readonly Datum[])[] = [];
    const reader = this.working.reader();
    for (let batch = reader.next(); batch !== null; batch = reader.next()) appendRowsOf(batch, rows);
    for (let i = 0; i < this.roundsMax && rows.length > 0 && rows.length <= CHAIN_ROWS_MAX; i++)
      rows = this.seen === null ? this.chainRound(chain, rows) : this.chainDistinct(chain, rows, this.seen);
    this.roundsMax = Math.min(ROUNDS_MAX, this.roundsMax * 2);
    this.working.rewind();
    for (const row of rows) this.working.appendRow(row);
  }

  private chainRound(chain: RowChain, rows: readonly (readonly Datum[])[]): (readonly Datum[])[] {
    const { context, store } = this;
    const made: (readonly Datum[])[] = [];
    for (let i = 0; i < rows.length; i++) {
      const row = chain.run(rows[i]!, context);
      if (row === null) continue;
      store.appendRow(row);
      made.push(row);
    }
    this.check(rows.length);
    return made;
  }

  private chainDistinct(
    chain: RowChain,
    rows: readonly (readonly Datum[])[],
    seen: SeenRows,
  ): (readonly Datum[])[] {
    const { context, store } = this;
    const { memory } = context.statement;
    this.scratch ??= new RowStore(this.slots, memory);
    const { scratch } = this;
    scratch.rewind();
    const made: (readonly Datum[])[] = [];
    for (let i = 0; i < rows.length; i++) {
      const row = chain.run(rows[i]!, context);
      if (row === null) continue;
      scratch.appendRow(row);
      made.push(row);
    }
    this.check(rows.length);
    if (made.length === 0) return made;
    const kept = seen.add(scratch.batch(), store);
    if (kept === null) return [];
    const fresh: (readonly Datum[])[] = [];
    for (let i = 0; i < kept.count; i++) {
      const row = made[kept.position(i)]!;
      store.appendRow(row);
      fresh.push(row);
    }
    return fresh;
  }

  private check(rows: number): void {
    this.sinceCheck += rows;
    if (this.sinceCheck < CHECK_ROWS) return;
    this.sinceCheck = 0;
    this.context.statement.checkCancel();
  }
}

function appendRowsOf(batch: Batch, rows: (readonly Datum[])[]): void {
  for (let i = 0; i < batch.count; i++) {
    const at = batch.position(i);
    rows.push(Array.from({ length: batch.width }, (_, column) => datumAt(batch.column(column), at)));
  }
}
