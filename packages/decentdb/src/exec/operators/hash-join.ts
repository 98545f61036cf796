/**
 * Hash join: one side in a table, the other looked up.
 *
 * From the probe side a left join that builds right is "left", one that builds left is "inner" plus unmatched build rows
 * at the end. Semi and anti joins that build left output build rows at the end.
 *
 *     building -> one table, probed as rows come                 while the build rows fit their share of the budget
 *              -> parts of both sides on disk, a join each       beyond it, as long as that splits them
 *              -> table after table, all probe rows with each    a part that is little but one key
 *
 * I1  Nothing comes out before all build rows are in; probe rows are read once unless they are in a part.
 * I2  A join of parts knows of the build rows outside its part only whether a key of them is NULL (ProbePass).
 */
import { assert } from '../../base/assert.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { BATCH_ROWS, type Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import { BuildTable } from '../join/build-table.ts';
import { HashProbe, onlyPass, type ProbePlan, probePlan } from '../join/hash-probe.ts';
import { JoinParts, slicesOf } from '../join/join-parts.ts';
import { type KeyFilter, runFilters, type SlotFilter } from '../join/key-filter.ts';
import type { Expr, HashJoinNode } from '../physical.ts';
import { PARTITION_LEVELS_MAX, PARTITION_ROWS_MIN } from '../spill/partitions.ts';
import type { Operator } from './operator.ts';

/** A part that has more of its parent's rows than this has been split in vain. */
const SPLIT_SHARE_MAX = 0.9;
/** Build rows between looks at the memory they take. */
const LOOK_ROWS = 256;

/** Where in another join a join stands. */
interface Nesting {
  readonly level: number;
  readonly hasNull: boolean;
  readonly buildRows: number;
  readonly probeRows: number;
  readonly isSplitting: boolean;
}

export class HashJoinOperator implements Operator {
  private readonly node: HashJoinNode;
  private readonly plan: ProbePlan;
  private readonly build: Operator;
  private readonly probe: Operator;
  private readonly nesting: Nesting | null;
  private context!: ExecContext;
  private table: BuildTable | null = null;
  private pass: HashProbe | null = null;
  private isProbeDone = false;
  private filters: SlotFilter[] = [];
  private parts: JoinParts | null = null;
  private part = 0;
  private inner: HashJoinOperator | null = null;
  /** The first batch of the next table, when there is one. */
  private left: Batch | null = null;
  /** By probe row, what tables before this one have shown. */
  private known: Uint8Array | null = null;
  private looked = 0;

  constructor(node: HashJoinNode, left: Operator, right: Operator, nesting: Nesting | null = null) {
    this.node = node;
    this.plan = probePlan(node);
    this.nesting = nesting;
    const { buildsLeft } = this.plan;
    this.build = buildsLeft ? left : right;
    this.probe = buildsLeft ? right : left;
    const { join } = node;
    assert(!buildsLeft || (join !== 'mark' && join !== 'single'), 'mark and single joins build right');
    const isAware = node.nullAware === true;
    assert(
      !isAware || (node.residual === null && node.leftKeys.length === 1),
      'a null-aware join is on one key alone',
    );
    assert(!isAware || !buildsLeft, 'a null-aware join builds right');
  }

  open(context: ExecContext): void {
    this.context = context;
    this.table = null;
    this.pass = null;
    this.isProbeDone = false;
    this.filters = [];
    this.part = 0;
    this.left = null;
    this.build.open(context);
    this.probe.open(context);
  }

  private newTable(): BuildTable {
    const { node, nesting } = this;
    const { buildsLeft } = this.plan;
    const keys = buildsLeft ? node.leftKeys : node.rightKeys;
    const input = buildsLeft ? node.left : node.right;
    // Room for rows that come is only made where it leaves most of the budget.
    const expectedMax = this.context.statement.memory.limits.workBytes / 1024;
    const expected = Math.min(expectedMax, nesting?.buildRows ?? input.estimate?.rows ?? 0);
    const isLate = nesting === null && node.fetchesLate === true;
    return new BuildTable(input.slots, keys, keyTypes(node), node.nullSafe, this.context, expected, isLate);
  }

  /** Reads build rows into a table, or aside; of a part that cannot be split, as many as fit. */
  private buildTable(): void {
    const { statement } = this.context;
    const table = this.newTable();
    this.table = table;
    for (let batch = this.left ?? this.build.next(); batch !== null; batch = this.build.next()) {
      this.left = null;
      statement.checkCancel();
      if (this.parts !== null) {
        this.parts.addBuild(batch);
        continue;
      }
      if (this.isFull(table, batch.count)) {
        if (this.nesting?.isSplitting === false) {
          this.left = batch;
          break;
        }
        if (this.putAside(table)) {
          this.parts!.addBuild(batch);
          continue;
        }
      }
      table.append(batch);
    }
    this.parts?.finishBuild();
    if (this.parts === null) this.startPass(table);
  }

  /** Whether `more` rows would take more memory than the table may have. */
  private isFull(table: BuildTable, more: number): boolean {
    this.looked += more;
    if (this.looked < LOOK_ROWS) return false;
    this.looked = 0;
    table.report();
    if (table.rows.count < PARTITION_ROWS_MIN) return false;
    return table.memoryBytesWith(more) > this.context.statement.memory.shareOf(table.heldBytes);
  }

  /** From one table to parts; false where rows cannot be put aside. */
  private putAside(table: BuildTable): boolean {
    const parts = JoinParts.of(this.plan, keyTypes(this.node), this.context, this.nesting?.level ?? 0);
    if (parts === null) return false;
    this.parts = parts;
    for (const rows of slicesOf(table.rows.batch(), BATCH_ROWS)) parts.addBuild(rows);
    table.clear();
    this.table = null;
    return true;
  }

  private startPass(table: BuildTable): void {
    const { nesting, plan } = this;
    table.finish();
    const isLast = this.left === null;
    if (!isLast && this.known === null && plan.kind !== 'inner') {
      const rows = nesting!.probeRows;
      this.context.statement.memory.resize(0, rows);
      this.known = new Uint8Array(rows);
    }
    const pass =
      nesting === null ? onlyPass : { others: { hasNull: nesting.hasNull }, known: this.known, isLast };
    this.pass = new HashProbe(plan, table, pass, this.context);
    if (nesting === null && (plan.kind === 'inner' || plan.kind === 'semi')) this.filterProbe(table);
  }

  /** Probe rows without a partner are nothing: the probe side is told the keys, and what it does not take is looked at here. */
  private filterProbe(table: BuildTable): void {
    const { node } = this;
    const { buildsLeft, program } = this.plan;
    const probeRows = (buildsLeft ? node.right : node.left).estimate?.rows ?? 0;
    for (const filter of table.keyFilters(program, probeRows)) {
      if (filter === null) continue;
      const isTaken = node.pushesKeys === true && this.probe.restrict?.(filter.slot, filter.keys) === true;
      // One key alone is looked up as quickly as it is filtered.
      if (!isTaken && program.exprs.length > 1) this.filters.push(filter);
    }
  }

  restrict(slot: number, keys: KeyFilter): boolean {
    const { buildsLeft, kind, buildRest } = this.plan;
    if (buildRest !== null || this.table !== null || this.parts !== null) return false;
    const width = this.node.left.slots.length;
    const isLeft = slot < width;
    const isProbe = isLeft !== buildsLeft;
    // Only an inner join loses nothing but the pairs when a build row goes.
    if (!isProbe && kind !== 'inner') return false;
    const side = isProbe ? this.probe : this.build;
    return side.restrict?.(isLeft ? slot : slot - width, keys) === true;
  }

  next(): Batch | null {
    if (this.table === null && this.parts === null) this.buildTable();
    if (this.parts !== null) return this.nextOfParts(this.parts);
    for (;;) {
      const pass = this.pass!;
      if (pass.isIdle) return null;
      const output = this.isProbeDone ? pass.rest() : this.nextOfPass(pass);
      if (output !== null) return output;
      if (this.left === null) return null;
      this.nextTable();
    }
  }

  private nextOfPass(pass: HashProbe): Batch | null {
    for (;;) {
      const output = pass.next();
      if (output !== null) return output;
      const batch = this.probe.next();
      if (batch === null) {
        this.isProbeDone = true;
        return pass.rest();
      }
      this.context.statement.checkCancel();
      const rows = runFilters(this.filters, batch);
      if (rows !== null) pass.feed(rows);
    }
  }

  /** The next table of a part that has several, and its probe rows from the start. */
  private nextTable(): void {
    this.table!.clear();
    this.probe.close();
    this.probe.open(this.context);
    this.isProbeDone = false;
    this.buildTable();
  }

  private nextOfParts(parts: JoinParts): Batch | null {
    if (!this.isProbeDone) {
      for (let batch = this.probe.next(); batch !== null; batch = this.probe.next()) {
        this.context.statement.checkCancel();
        parts.addProbe(batch);
      }
      parts.finishProbe();
      this.isProbeDone = true;
    }
    for (; this.part < parts.count; this.part++) {
      if (this.inner === null) {
        if (parts.isIdle(this.part)) continue;
        this.inner = this.joinOfPart(parts, this.part);
        this.inner.open(this.context);
      }
      const batch = this.inner.next();
      if (batch !== null) return batch;
      this.inner.close();
      this.inner = null;
    }
    return null;
  }

  private joinOfPart(parts: JoinParts, part: number): HashJoinOperator {
    const { nesting } = this;
    const buildRows = parts.buildRows(part);
    const level = (nesting?.level ?? 0) + 1;
    const [left, right] = parts.inputs(part);
    return new HashJoinOperator(this.node, left, right, {
      level,
      hasNull: parts.hasNull || nesting?.hasNull === true,
      buildRows,
      probeRows: parts.probeRows(part),
      isSplitting: level < PARTITION_LEVELS_MAX && buildRows <= parts.buildTotal * SPLIT_SHARE_MAX,
    });
  }

  close(): void {
    this.inner?.close();
    this.inner = null;
    this.parts?.close();
    this.parts = null;
    this.table?.clear();
    this.table = null;
    this.pass = null;
    this.left = null;
    if (this.known !== null) this.context.statement.memory.resize(this.known.length, 0);
    this.known = null;
    this.build.close();
    this.probe.close();
  }
}

function keyTypes(node: HashJoinNode): SqlType[] {
  return node.leftKeys.map((left: Expr, i) => widerKey(left.type, node.rightKeys[i]!.type));
}

/** Integer keys of different widths share the wider type; otherwise both sides have one type. */
function widerKey(a: SqlType, b: SqlType): SqlType {
  return b.physical > a.physical ? b : a;
}
