/**
 * The probe side of a hash join at work: probe batches in, joined batches out, against one table of build rows.
 *
 *     pass = new HashProbe(plan, table, ...)    feed(batch), next() next() ... null, and again from feed    rest()
 *
 * I1  Candidates share a key; the residual decides. Without one, and with unique build keys, each probe row has at most one
 *     partner and columns of the probe side pass through uncopied where most rows match.
 * I2  Where the build rows come in several tables (a key with more rows than memory holds), each has a pass over all probe
 *     rows; what is known of them is handed from pass to pass, and rows without a partner come out in the last.
 */
import { BATCH_ROWS, Batch, batchRoom } from '../batch.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { projectProgram } from '../operators/operator.ts';
import type { HashJoinNode, Slot } from '../physical.ts';
import type { BuildTable } from './build-table.ts';
import { type JoinSide, joinedBatch, noPositions, SideRows } from './joined-rows.ts';
import { MatchCollector, type ProbeKind } from './match-collector.ts';

/** What a hash join does, seen from its probe side; the same for all executions. */
export interface ProbePlan {
  readonly node: HashJoinNode;
  readonly buildsLeft: boolean;
  readonly kind: ProbeKind;
  /** Build rows are output at the end: unmatched ones, matched ones (semi), or none. */
  readonly buildRest: 'unmatched' | 'matched' | null;
  readonly program: ProjectProgram;
}

/** The part of a join a pass is. */
export interface ProbePass {
  /** There are build rows besides those of the table, and whether one of their keys is NULL; null: there are none. */
  readonly others: { readonly hasNull: boolean } | null;
  /** By probe row of the whole input, what earlier passes found; null: there was none, and this is the last. */
  readonly known: Uint8Array | null;
  readonly isLast: boolean;
}

export const onlyPass: ProbePass = { others: null, known: null, isLast: true };

export function probePlan(node: HashJoinNode): ProbePlan {
  const buildsLeft = node.build === 'left';
  return {
    node,
    buildsLeft,
    kind: probeKind(node.join, buildsLeft),
    buildRest: restKind(node.join, buildsLeft),
    program: projectProgram(buildsLeft ? node.rightKeys : node.leftKeys),
  };
}

export class HashProbe {
  private readonly plan: ProbePlan;
  private readonly node: HashJoinNode;
  private readonly buildsLeft: boolean;
  private readonly kind: ProbeKind;
  private readonly table: BuildTable;
  private readonly pass: ProbePass;
  private readonly collector: MatchCollector;
  private readonly matchedBuild: Uint8Array | null;
  private batch: Batch | null = null;
  private first: Int32Array = new Int32Array(0);
  private row = 0;
  private chain = -1;
  /** Probe rows of the batches before. */
  private rowsBefore = 0;
  /** Build rows before it have been looked at for `rest`. */
  private restFrom = 0;
  /** Output already made, for the next call. */
  private pending: Batch | null = null;

  constructor(plan: ProbePlan, table: BuildTable, pass: ProbePass, context: ExecContext) {
    const { node, buildsLeft, kind } = plan;
    this.plan = plan;
    this.node = node;
    this.buildsLeft = buildsLeft;
    this.kind = kind;
    this.table = table;
    this.pass = pass;
    this.matchedBuild = plan.buildRest === null ? null : new Uint8Array(table.rows.count);
    this.collector = new MatchCollector(
      {
        kind,
        condition: node.residual,
        probeIsLeft: !buildsLeft,
        isTwoValued: node.nullAware === false,
        probeSlots: buildsLeft ? node.right.slots : node.left.slots,
        otherSlots: buildsLeft ? node.left.slots : node.right.slots,
      },
      context,
    );
  }

  private get buildSlots(): readonly Slot[] {
    return (this.buildsLeft ? this.node.left : this.node.right).slots;
  }

  /** No probe row can have a result here. */
  get isIdle(): boolean {
    return this.table.rows.count === 0 && (this.kind === 'inner' || this.kind === 'semi');
  }

  /** Joins a batch: what takes no stepping waits to be taken, the rest is stepped through by `next`. */
  feed(batch: Batch): void {
    const whole = this.start(batch);
    if (whole !== undefined) this.pending = whole;
  }

  /** Output of the batch fed last; null when there is no more. */
  next(): Batch | null {
    const { pending } = this;
    if (pending !== null) {
      this.pending = null;
      return pending;
    }
    while (this.batch !== null) {
      const output = this.step();
      if (output !== null) return output;
    }
    return null;
  }

  /** Looks a probe batch up; returns its whole output (null: none) where that takes no stepping, else undefined. */
  private start(batch: Batch): Batch | null | undefined {
    const { table } = this;
    const { count } = batch;
    if (this.first.length < count) this.first = new Int32Array(batchRoom(count));
    const { first } = this;
    table.probe(this.plan.program, batch, first);
    if (this.node.residual === null) {
      if (this.kind === 'semi' || this.kind === 'anti' || this.kind === 'mark') {
        return this.decideByKey(batch);
      }
      if (
        table.isUnique &&
        this.matchedBuild === null &&
        this.pass.known === null &&
        (this.kind === 'inner' || this.kind === 'left')
      ) {
        return this.joinUnique(batch);
      }
    }
    this.begin(batch);
    this.batch = batch;
    this.row = 0;
    this.chain = first[0]!;
    return undefined;
  }

  private begin(batch: Batch): void {
    const { known, isLast } = this.pass;
    const from = this.rowsBefore;
    this.collector.begin(batch, known?.subarray(from, from + batch.count), isLast);
    this.rowsBefore += batch.count;
  }

  /** semi, anti, mark without residual. */
  private decideByKey(batch: Batch): Batch | null {
    const { collector, first, node, table } = this;
    const { others } = this.pass;
    this.begin(batch);
    const isNullAware = node.nullAware ?? (this.kind === 'mark' && node.leftKeys.length === 1);
    const isEmpty = table.rows.count === 0 && others === null;
    const hasNull = table.hasNull || others?.hasNull === true;
    for (let i = 0; i < batch.count; i++) {
      const found = first[i]!;
      if (found >= 0) collector.setMatched(i);
      else if (isNullAware && !isEmpty && (found === -2 || hasNull)) {
        // Unknown: NOT IN drops the row as a match would, a mark is NULL.
        if (this.kind === 'mark') collector.setUnknown(i);
        else collector.setMatched(i);
      }
    }
    return collector.end();
  }

  /** I1. */
  private joinUnique(batch: Batch): Batch | null {
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
    if (kept * 2 >= extent) return this.joinAligned(batch, probeAt, buildAt, kept, extent);
    return this.joined(batch, probeAt, buildAt, kept);
  }

  /** Probe columns stay as they are; build columns are gathered to the probe rows' positions. */
  private joinAligned(
    batch: Batch,
    probeAt: Int32Array,
    buildAt: Int32Array,
    kept: number,
    extent: number,
  ): Batch {
    const { table } = this;
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
    const build = new SideRows(
      { batch: table.rows.batch(), slots: this.buildSlots, positions: aligned },
      extent,
    );
    const isBuild = (column: number): boolean => column >= buildFrom && column < buildFrom + buildWidth;
    return Batch.lazy(probeWidth + buildWidth, kept, isDense ? null : probeAt, {
      load: (column) => (isBuild(column) ? build.load(column - buildFrom) : batch.column(column - probeFrom)),
      origin: (column) => (isBuild(column) ? build.origin(column - buildFrom) : null),
      isLasting: (column) =>
        isBuild(column) ? build.isLasting(column - buildFrom) : batch.isLate(column - probeFrom),
      at: (positions, count) => {
        const [built, probed] = [build.at(positions, count), batch.rowsAt(positions, count)];
        return {
          load: (column) =>
            isBuild(column) ? built.load(column - buildFrom) : probed.load(column - probeFrom),
        };
      },
    });
  }

  private joined(batch: Batch | null, probeAt: Int32Array, buildAt: Int32Array, count: number): Batch {
    const { node, buildsLeft } = this;
    const probeSide: JoinSide = {
      batch,
      slots: buildsLeft ? node.right.slots : node.left.slots,
      positions: probeAt,
    };
    const buildSide: JoinSide = {
      batch: this.table.rows.batch(),
      slots: this.buildSlots,
      positions: buildAt,
    };
    return buildsLeft ? joinedBatch(buildSide, probeSide, count) : joinedBatch(probeSide, buildSide, count);
  }

  /** Up to a batch of candidates of the probe batch at hand. */
  private step(): Batch | null {
    const { collector, first, table } = this;
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

  /** Build rows that come out when all probe rows have been seen, some of them a call. */
  rest(): Batch | null {
    const { matchedBuild, table } = this;
    if (matchedBuild === null) return null;
    const wanted = this.plan.buildRest === 'matched' ? 1 : 0;
    const rows = new Int32Array(Math.min(matchedBuild.length - this.restFrom, BATCH_ROWS * 4));
    let count = 0;
    let row = this.restFrom;
    for (; row < matchedBuild.length && count < rows.length; row++)
      if (matchedBuild[row] === wanted) rows[count++] = row;
    this.restFrom = row;
    if (count === 0) return null;
    const { join } = this.node;
    if (join === 'semi' || join === 'anti') return table.rows.batch(rows.subarray(0, count), count);
    return this.joined(null, noPositions(count), rows, count);
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
