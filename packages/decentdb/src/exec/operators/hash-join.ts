/**
 * Hash join: one side in a table, the other looked up.
 *
 * From the probe side a left join that builds right is "left", one that builds left is "inner" plus unmatched build rows
 * at the end. Semi and anti joins that build left output build rows at the end.
 *
 * I1  Candidates share a key; the residual decides. Without one, and with unique build keys, each probe row has at most one
 *     partner and columns of the probe side pass through uncopied where most rows match.
 */
import { assert } from '../../base/assert.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { BATCH_ROWS, Batch } from '../batch.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { BuildTable } from '../join/build-table.ts';
import { type JoinSide, joinedBatch, noPositions } from '../join/joined-rows.ts';
import { type KeyFilter, runFilters, type SlotFilter } from '../join/key-filter.ts';
import { MatchCollector, type ProbeKind } from '../join/match-collector.ts';
import type { Expr, HashJoinNode } from '../physical.ts';
import { gather } from '../vectors.ts';
import { drain, type Operator, projectProgram } from './operator.ts';

export class HashJoinOperator implements Operator {
  private readonly node: HashJoinNode;
  private readonly build: Operator;
  private readonly probe: Operator;
  private readonly buildsLeft: boolean;
  private readonly kind: ProbeKind;
  /** Build rows are output at the end: unmatched ones, matched ones (semi), or none. */
  private readonly buildRest: 'unmatched' | 'matched' | null;
  private readonly probeProgram: ProjectProgram;
  private context!: ExecContext;
  private table: BuildTable | null = null;
  private collector!: MatchCollector;
  private matchedBuild: Uint8Array | null = null;
  private batch: Batch | null = null;
  private first: Int32Array = new Int32Array(0);
  private row = 0;
  private chain = -1;
  private isProbeDone = false;
  private isBuilt = false;
  /** Output already made, for the next call. */
  private pending: Batch | null = null;
  private filters: SlotFilter[] = [];

  constructor(node: HashJoinNode, left: Operator, right: Operator) {
    this.node = node;
    this.buildsLeft = node.build === 'left';
    this.build = this.buildsLeft ? left : right;
    this.probe = this.buildsLeft ? right : left;
    const { join } = node;
    assert(!this.buildsLeft || (join !== 'mark' && join !== 'single'), 'mark and single joins build right');
    const isAware = node.nullAware === true;
    assert(
      !isAware || (node.residual === null && node.leftKeys.length === 1),
      'a null-aware join is on one key alone',
    );
    assert(!isAware || !this.buildsLeft, 'a null-aware join builds right');
    this.kind = probeKind(join, this.buildsLeft);
    this.buildRest = restKind(join, this.buildsLeft);
    this.probeProgram = projectProgram(this.buildsLeft ? node.rightKeys : node.leftKeys);
  }

  open(context: ExecContext): void {
    const { node, buildsLeft } = this;
    this.context = context;
    const keys = buildsLeft ? node.leftKeys : node.rightKeys;
    const slots = buildsLeft ? node.left.slots : node.right.slots;
    const expected = (buildsLeft ? node.left : node.right).estimate?.rows ?? 0;
    this.table = new BuildTable(slots, keys, keyTypes(node), node.nullSafe, context, expected);
    this.collector = new MatchCollector(
      {
        kind: this.kind,
        condition: node.residual,
        probeIsLeft: !buildsLeft,
        isTwoValued: node.nullAware === false,
        probeSlots: buildsLeft ? node.right.slots : node.left.slots,
        otherSlots: slots,
      },
      context,
    );
    this.matchedBuild = null;
    this.batch = null;
    this.isProbeDone = false;
    this.isBuilt = false;
    this.pending = null;
    this.filters = [];
    this.build.open(context);
    this.probe.open(context);
  }

  private buildTable(): void {
    const table = this.table!;
    drain(this.build, (batch) => {
      this.context.statement.checkCancel();
      table.append(batch);
    });
    table.finish();
    if (this.buildRest !== null) this.matchedBuild = new Uint8Array(table.rows.count);
    this.isBuilt = true;
    if (this.kind === 'inner' || this.kind === 'semi') this.filterProbe(table);
  }

  /** Probe rows without a partner are nothing: the probe side is told the keys, and what it does not take is looked at here. */
  private filterProbe(table: BuildTable): void {
    const probeRows = (this.buildsLeft ? this.node.right : this.node.left).estimate?.rows ?? 0;
    for (const filter of table.keyFilters(this.probeProgram, probeRows)) {
      if (filter === null) continue;
      const isTaken =
        this.node.pushesKeys === true && this.probe.restrict?.(filter.slot, filter.keys) === true;
      // One key alone is looked up as quickly as it is filtered.
      if (!isTaken && this.probeProgram.exprs.length > 1) this.filters.push(filter);
    }
  }

  restrict(slot: number, keys: KeyFilter): boolean {
    const { buildsLeft, kind, buildRest } = this;
    if (buildRest !== null || this.isBuilt) return false;
    const width = this.node.left.slots.length;
    const isLeft = slot < width;
    const isProbe = isLeft !== buildsLeft;
    // Only an inner join loses nothing but the pairs when a build row goes.
    if (!isProbe && kind !== 'inner') return false;
    const side = isProbe ? this.probe : this.build;
    return side.restrict?.(isLeft ? slot : slot - width, keys) === true;
  }

  next(): Batch | null {
    if (this.pending !== null) {
      const { pending } = this;
      this.pending = null;
      return pending;
    }
    if (!this.isBuilt) this.buildTable();
    const table = this.table!;
    if (table.rows.count === 0 && (this.kind === 'inner' || this.kind === 'semi')) return null;
    while (!this.isProbeDone) {
      if (this.batch === null) {
        const batch = this.probe.next();
        if (batch === null) {
          this.isProbeDone = true;
          return this.restOfBuild();
        }
        this.context.statement.checkCancel();
        const rows = runFilters(this.filters, batch);
        if (rows === null) continue;
        const whole = this.start(rows, table);
        if (whole !== undefined) {
          if (whole !== null) return whole;
          continue;
        }
      }
      const output = this.step(table);
      if (output !== null) return output;
    }
    return null;
  }

  /** Looks a probe batch up; returns its whole output (null: none) where that takes no stepping, else undefined. */
  private start(batch: Batch, table: BuildTable): Batch | null | undefined {
    const { count } = batch;
    if (this.first.length < count) this.first = new Int32Array(Math.max(count, BATCH_ROWS));
    const { first } = this;
    table.probe(this.probeProgram, batch, first);
    if (this.node.residual === null) {
      if (this.kind === 'semi' || this.kind === 'anti' || this.kind === 'mark') {
        return this.decideByKey(batch, table);
      }
      if (table.isUnique && this.matchedBuild === null && (this.kind === 'inner' || this.kind === 'left')) {
        return this.joinUnique(batch, table);
      }
    }
    this.collector.begin(batch);
    this.batch = batch;
    this.row = 0;
    this.chain = first[0]!;
    return undefined;
  }

  /** semi, anti, mark without residual. */
  private decideByKey(batch: Batch, table: BuildTable): Batch | null {
    const { collector, first, node } = this;
    collector.begin(batch);
    const isNullAware = node.nullAware ?? (this.kind === 'mark' && node.leftKeys.length === 1);
    const isEmpty = table.rows.count === 0;
    for (let i = 0; i < batch.count; i++) {
      const found = first[i]!;
      if (found >= 0) collector.setMatched(i);
      else if (isNullAware && !isEmpty && (found === -2 || table.hasNull)) {
        // Unknown: NOT IN drops the row as a match would, a mark is NULL.
        if (this.kind === 'mark') collector.setUnknown(i);
        else collector.setMatched(i);
      }
    }
    return collector.end();
  }

  /** I1. */
  private joinUnique(batch: Batch, table: BuildTable): Batch | null {
    const { first } = this;
    const { count, selection } = batch;
    const isLeft = this.kind === 'left';
    const probeAt = new Int32Array(count);
    const buildAt = new Int32Array(count);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const found = first[i]!;
      if (found < 0 && !isLeft) continue;
      probeAt[kept] = selection === null ? i : selection[i]!;
      buildAt[kept++] = found < 0 ? -1 : found;
    }
    if (kept === 0) return null;
    const extent = kept === 0 ? 0 : maxOf(probeAt, kept) + 1;
    if (kept * 2 >= extent) return this.joinAligned(batch, table, probeAt, buildAt, kept, extent);
    return this.joined(batch, probeAt, table, buildAt, kept);
  }

  /** Probe columns stay as they are; build columns are gathered to the probe rows' positions. */
  private joinAligned(
    batch: Batch,
    table: BuildTable,
    probeAt: Int32Array,
    buildAt: Int32Array,
    kept: number,
    extent: number,
  ): Batch {
    const isDense = kept === extent && batch.selection === null;
    let aligned = buildAt;
    if (!isDense) {
      // Positions in between are never read; row 0 stands there so that no NULL mask is made for them.
      aligned = new Int32Array(extent);
      for (let i = 0; i < kept; i++) aligned[probeAt[i]!] = buildAt[i]!;
    }
    const probeWidth = batch.width;
    const buildWidth = table.rows.columns.length;
    const probeFrom = this.buildsLeft ? buildWidth : 0;
    const buildFrom = this.buildsLeft ? 0 : probeWidth;
    return Batch.lazy(probeWidth + buildWidth, kept, isDense ? null : probeAt, {
      load: (column) =>
        column >= buildFrom && column < buildFrom + buildWidth
          ? gather(table.rows.column(column - buildFrom), aligned, extent)
          : batch.column(column - probeFrom),
      origin: (column) =>
        column < buildFrom || column >= buildFrom + buildWidth || aligned.includes(-1)
          ? null
          : { vector: table.rows.column(column - buildFrom), positions: aligned },
    });
  }

  private joined(
    batch: Batch | null,
    probeAt: Int32Array,
    table: BuildTable,
    buildAt: Int32Array,
    count: number,
  ): Batch {
    const { node, buildsLeft } = this;
    const probeSide: JoinSide = {
      batch,
      slots: buildsLeft ? node.right.slots : node.left.slots,
      positions: probeAt,
    };
    const buildSide: JoinSide = {
      batch: table.rows.batch(),
      slots: buildsLeft ? node.left.slots : node.right.slots,
      positions: buildAt,
    };
    return buildsLeft ? joinedBatch(buildSide, probeSide, count) : joinedBatch(probeSide, buildSide, count);
  }

  /** Up to a batch of candidates of the probe batch at hand. */
  private step(table: BuildTable): Batch | null {
    const { collector, first } = this;
    const batch = this.batch!;
    const { link } = table;
    const capacity = Math.min(BATCH_ROWS, Math.max(64, batch.count * 2));
    const rows = new Int32Array(capacity);
    const at = new Int32Array(capacity);
    let count = 0;
    while (this.row < batch.count && count < capacity) {
      if (this.chain >= 0 && !collector.isDecided(this.row)) {
        rows[count] = this.row;
        at[count++] = this.chain;
        this.chain = link[this.chain]!;
      } else if (++this.row < batch.count) {
        this.chain = first[this.row]!;
      }
    }
    let output: Batch | null = null;
    if (count > 0) {
      output = collector.take(rows, table.rows.batch(), at, count, this.row);
      this.noteBuild();
      // Semi and anti joins that build left only mark their build rows here; those come out at the end.
      if (this.buildsLeft && (this.node.join === 'semi' || this.node.join === 'anti')) output = null;
    }
    if (this.row < batch.count) return output;
    this.batch = null;
    const rest = collector.end();
    if (rest === null) return output;
    if (output === null) return rest;
    this.pending = rest;
    return output;
  }

  private noteBuild(): void {
    const { matchedBuild } = this;
    if (matchedBuild === null) return;
    const { passed, passedCount } = this.collector;
    for (let i = 0; i < passedCount; i++) matchedBuild[passed[i]!] = 1;
  }

  private restOfBuild(): Batch | null {
    const { matchedBuild, buildRest } = this;
    const table = this.table!;
    if (buildRest === null || matchedBuild === null) return null;
    const wanted = buildRest === 'matched' ? 1 : 0;
    const rows = new Int32Array(matchedBuild.length);
    let count = 0;
    for (let row = 0; row < matchedBuild.length; row++) if (matchedBuild[row] === wanted) rows[count++] = row;
    if (count === 0) return null;
    const { join } = this.node;
    if (join === 'semi' || join === 'anti') return table.rows.batch(rows.subarray(0, count), count);
    return this.joined(null, noPositions(count), table, rows, count);
  }

  close(): void {
    this.table?.clear();
    this.table = null;
    this.matchedBuild = null;
    this.batch = null;
    this.pending = null;
    this.build.close();
    this.probe.close();
  }
}

function maxOf(values: Int32Array, count: number): number {
  let max = 0;
  for (let i = 0; i < count; i++) if (values[i]! > max) max = values[i]!;
  return max;
}

function probeKind(join: HashJoinNode['join'], buildsLeft: boolean): ProbeKind {
  if (join === 'full') return 'left';
  if (join === 'right') return buildsLeft ? 'left' : 'inner';
  if (!buildsLeft) return join;
  // Building left: what happens to left rows is decided at the end.
  return 'inner';
}

function restKind(join: HashJoinNode['join'], buildsLeft: boolean): 'unmatched' | 'matched' | null {
  if (join === 'full') return 'unmatched';
  if (buildsLeft)
    return join === 'semi' ? 'matched' : join === 'left' || join === 'anti' ? 'unmatched' : null;
  return join === 'right' ? 'unmatched' : null;
}

function keyTypes(node: HashJoinNode): SqlType[] {
  return node.leftKeys.map((left: Expr, i) => widerKey(left.type, node.rightKeys[i]!.type));
}

/** Integer keys of different widths share the wider type; otherwise both sides have one type. */
function widerKey(a: SqlType, b: SqlType): SqlType {
  return b.physical > a.physical ? b : a;
}
