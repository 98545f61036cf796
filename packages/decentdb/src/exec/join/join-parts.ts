/**
 * Both sides of a hash join put aside by the hash of their keys: each pair of parts is a join of its own.
 *
 * I1  Rows that may match are in parts of the same number.
 * I2  A row with a NULL in a key that NULLs do not match has no partner: it is put aside only where it comes out all the same.
 */
import type { SqlType } from '../../types/sql-type.ts';
import { type Batch, identity } from '../batch.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { type Operator, projectProgram } from '../operators/operator.ts';
import { spillSpecs } from '../spill/block-codec.ts';
import { PARTITION_LEVELS_MAX, Partitions } from '../spill/partitions.ts';
import { isNullAt } from '../vectors.ts';
import type { ProbePlan } from './hash-probe.ts';

export class JoinParts {
  /** A build row with a NULL key was seen. */
  hasNull = false;
  private readonly build: Partitions;
  private readonly probe: Partitions;
  private readonly plan: ProbePlan;
  private readonly buildProgram: ProjectProgram;
  private readonly context: ExecContext;
  private readonly keepsBuild: boolean;
  private readonly keepsProbe: boolean;

  private constructor(
    plan: ProbePlan,
    build: Partitions,
    probe: Partitions,
    buildProgram: ProjectProgram,
    context: ExecContext,
  ) {
    this.plan = plan;
    this.build = build;
    this.probe = probe;
    this.buildProgram = buildProgram;
    this.context = context;
    this.keepsBuild = plan.buildRest === 'unmatched';
    this.keepsProbe = plan.kind !== 'inner' && plan.kind !== 'semi';
  }

  /** Null where rows have no stored form, or are split as far as they can be. */
  static of(
    plan: ProbePlan,
    types: readonly SqlType[],
    context: ExecContext,
    level: number,
  ): JoinParts | null {
    const { node, buildsLeft } = plan;
    const { memory } = context.statement;
    const buildSlots = buildsLeft ? node.left.slots : node.right.slots;
    const probeSlots = buildsLeft ? node.right.slots : node.left.slots;
    const buildSpecs = spillSpecs(buildSlots);
    const probeSpecs = spillSpecs(probeSlots);
    if (buildSpecs === null || probeSpecs === null || level >= PARTITION_LEVELS_MAX) return null;
    const build = new Partitions(buildSlots, buildSpecs, types, memory, level);
    const probe = new Partitions(probeSlots, probeSpecs, types, memory, level);
    return new JoinParts(
      plan,
      build,
      probe,
      projectProgram(buildsLeft ? node.leftKeys : node.rightKeys),
      context,
    );
  }

  addBuild(batch: Batch): void {
    const nulls = this.put(batch, this.buildProgram, this.build, this.keepsBuild);
    if (nulls > 0) this.hasNull = true;
  }

  addProbe(batch: Batch): void {
    this.put(batch, this.plan.program, this.probe, this.keepsProbe);
  }

  /** Returns the number of rows with a NULL key (I2). */
  private put(batch: Batch, program: ProjectProgram, to: Partitions, keepsNulls: boolean): number {
    const { count } = batch;
    const keys = program.run(batch, this.context);
    const vectors = program.exprs.map((_, i) => keys.column(i));
    const { nullSafe } = this.plan.node;
    const isStrict = vectors.map((vector, k) => vector.nulls !== null && nullSafe?.[k] !== true);
    const rows = new Int32Array(count);
    const keyRows = new Int32Array(count);
    let kept = 0;
    let nulls = 0;
    for (let i = 0; i < count; i++) {
      const at = keys.position(i);
      let isNull = false;
      for (let k = 0; k < vectors.length; k++) if (isStrict[k]! && isNullAt(vectors[k]!, at)) isNull = true;
      if (isNull) nulls++;
      if (isNull && !keepsNulls) continue;
      rows[kept] = batch.position(i);
      keyRows[kept++] = at;
    }
    if (kept > 0) to.add(batch, rows, vectors, keyRows, kept);
    return nulls;
  }

  finishBuild(): void {
    this.build.finish();
  }

  finishProbe(): void {
    this.probe.finish();
  }

  get count(): number {
    return this.build.count;
  }

  /** Build rows of all parts. */
  get buildTotal(): number {
    let rows = 0;
    for (let part = 0; part < this.build.count; part++) rows += this.build.rowsOf(part);
    return rows;
  }

  buildRows(part: number): number {
    return this.build.rowsOf(part);
  }

  probeRows(part: number): number {
    return this.probe.rowsOf(part);
  }

  /** Whether a part can have results. */
  isIdle(part: number): boolean {
    const [built, probed] = [this.buildRows(part), this.probeRows(part)];
    return (built === 0 && !this.keepsProbe) || (probed === 0 && !this.keepsBuild);
  }

  /** A part's rows, as the left and the right input of a join. */
  inputs(part: number): readonly [left: Operator, right: Operator] {
    const build = this.build.reader(part);
    const probe = this.probe.reader(part);
    return this.plan.buildsLeft ? [build, probe] : [probe, build];
  }

  close(): void {
    this.build.close();
    this.probe.close();
  }
}

/** All rows of a batch, some at a time: parts hold few rows before they write. */
export function* slicesOf(batch: Batch, rowsMax: number): Generator<Batch> {
  for (let from = 0; from < batch.count; from += rowsMax) {
    const to = Math.min(batch.count, from + rowsMax);
    yield batch.select(identity(from, to), to - from);
  }
}
