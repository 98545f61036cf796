/**
 * UNION, INTERSECT, EXCEPT, with and without ALL.
 *
 * I1  Rows compare as in DISTINCT: NULLs are equal.
 * I2  INTERSECT and EXCEPT read the right input first and count its rows; the left then passes row by row.
 *     intersect: a left row passes while the right count lasts (ALL) or once (not ALL);
 *     except: a left row passes unless the right count lasts (ALL), or if there is none and it is new (not ALL).
 * I3  Beyond the statement's memory, rows that the table does not know are put aside, left and right by the same hash, and
 *     each part is worked through as a whole of its own.
 */
import type { Vector } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';
import type { SetOpNode } from '../physical.ts';
import { spillSpecs } from '../spill/block-codec.ts';
import { PARTITION_LEVELS_MAX, PARTITION_ROWS_MIN, Partitions } from '../spill/partitions.ts';
import { DistinctStream } from './distinct.ts';
import { drain, type Operator } from './operator.ts';
import { emptyRow } from './sources.ts';

export class UnionOperator implements Operator {
  private readonly node: SetOpNode;
  private readonly make: (at: number) => Operator;
  private readonly inputs: (Operator | undefined)[];
  private context!: ExecContext;
  private distinct: DistinctStream | null = null;
  private current = -1;

  /** `make`: the operator of an input, asked for when it is read for the first time. */
  constructor(node: SetOpNode, make: (at: number) => Operator) {
    this.node = node;
    this.make = make;
    this.inputs = new Array<Operator | undefined>(node.inputs.length).fill(undefined);
  }

  open(context: ExecContext): void {
    this.context = context;
    this.current = -1;
    const { slots } = this.node;
    this.distinct = this.node.all ? null : new DistinctStream(slots, slots, null, context);
  }

  /** Inputs are opened one after the other. */
  next(): Batch | null {
    for (;;) {
      if (this.current >= this.inputs.length) return this.distinct?.rest() ?? null;
      const input = this.inputs[this.current];
      const batch = input === undefined ? null : input.next();
      if (batch === null) {
        input?.close();
        this.current = this.following();
        if (this.current >= this.inputs.length) return this.distinct?.rest() ?? null;
        this.inputs[this.current] ??= this.make(this.current);
        this.inputs[this.current]!.open(this.context);
        continue;
      }
      if (this.distinct === null) return batch;
      const kept = this.distinct.add(batch, true);
      if (kept !== null) return kept;
    }
  }

  /** The next input that is to be read. */
  private following(): number {
    const { guards } = this.node;
    let at = this.current + 1;
    if (guards === undefined) return at;
    for (; at < this.inputs.length; at++) {
      const guard = guards[at] ?? null;
      if (guard === null || evaluatorOf(guard)(emptyRow, 0, this.context) === true) break;
    }
    return at;
  }

  close(): void {
    this.inputs[this.current]?.close();
    this.current = this.inputs.length;
    this.distinct?.close();
    this.distinct = null;
  }
}

/** Rows put aside by each side. */
interface Aside {
  readonly left: Partitions;
  readonly right: Partitions;
}

export class IntersectExceptOperator implements Operator {
  private readonly node: SetOpNode;
  private readonly left: Operator;
  private readonly right: Operator;
  private readonly level: number;
  private context!: ExecContext;
  private encoder!: KeyEncoder;
  private table!: GroupTable;
  /** By group: right rows not yet used up; not ALL: -1 once the left row was output. */
  private counts: number[] = [];
  private isBuilt = false;
  private isEnded = false;
  private aside: Aside | null = null;
  private part = 0;
  private inner: IntersectExceptOperator | null = null;
  private reported = 0;

  constructor(node: SetOpNode, inputs: readonly Operator[], level = 0) {
    this.node = node;
    this.left = inputs[0]!;
    this.right = inputs[1]!;
    this.level = level;
  }

  open(context: ExecContext): void {
    this.context = context;
    this.forget();
    this.isBuilt = false;
    this.isEnded = false;
    this.part = 0;
    this.left.open(context);
    this.right.open(context);
  }

  private forget(): void {
    this.encoder = new KeyEncoder(this.node.slots.map((slot) => slot.type));
    this.table = new GroupTable(this.node.slots.length);
    this.counts = [];
    this.reported = this.context.statement.memory.resize(this.reported, 0);
  }

  /** The group of each row; with rows put aside, -1 for rows of groups not known, which join them. */
  private groupsOf(batch: Batch, side: keyof Aside): Int32Array {
    const groups = new Int32Array(batch.count);
    const vectors = this.node.slots.map((_, i) => batch.column(i));
    this.spillIfTight();
    if (this.aside !== null) {
      this.table.find(this.encoder.encode(vectors, batch.selection, batch.count, false), batch.count, groups);
      putAside(this.aside[side], batch, vectors, groups);
      return groups;
    }
    const codes = this.encoder.encode(vectors, batch.selection, batch.count, true);
    this.table.insert(codes, batch.count, groups, new Int32Array(batch.count));
    while (this.counts.length < this.table.count) this.counts.push(0);
    const bytes = this.encoder.memoryBytes() + this.table.memoryBytes() + this.counts.length * 8;
    this.reported = this.context.statement.memory.resize(this.reported, bytes);
    return groups;
  }

  private spillIfTight(): void {
    const { memory } = this.context.statement;
    if (this.aside !== null || !memory.wantsSpill || this.table.count < PARTITION_ROWS_MIN) return;
    const { slots } = this.node;
    const specs = spillSpecs(slots);
    if (specs === null || this.level >= PARTITION_LEVELS_MAX) return;
    const types = slots.map((slot) => slot.type);
    const make = (): Partitions => new Partitions(slots, specs, types, memory, this.level);
    this.aside = { left: make(), right: make() };
  }

  next(): Batch | null {
    if (!this.isBuilt) {
      drain(this.right, (batch) => {
        this.context.statement.checkCancel();
        for (const group of this.groupsOf(batch, 'right')) if (group >= 0) this.counts[group]!++;
      });
      this.isBuilt = true;
    }
    while (!this.isEnded) {
      const batch = this.left.next();
      if (batch === null) {
        this.isEnded = true;
        break;
      }
      this.context.statement.checkCancel();
      const groups = this.groupsOf(batch, 'left');
      const out = new Int32Array(batch.count);
      let kept = 0;
      for (let i = 0; i < batch.count; i++)
        if (groups[i]! >= 0 && this.passes(groups[i]!)) out[kept++] = batch.position(i);
      if (kept > 0) return batch.select(out, kept);
    }
    return this.aside === null ? null : this.nextOfParts(this.aside);
  }

  /** What the rows put aside give, part by part. */
  private nextOfParts(aside: Aside): Batch | null {
    for (;;) {
      if (this.inner === null) {
        if (this.part === 0) {
          aside.left.finish();
          aside.right.finish();
          this.forget();
        }
        while (this.part < aside.left.count && aside.left.isEmpty(this.part)) this.part++;
        if (this.part >= aside.left.count) return null;
        const inputs = [aside.left.reader(this.part), aside.right.reader(this.part)];
        this.part++;
        this.inner = new IntersectExceptOperator(this.node, inputs, this.level + 1);
        this.inner.open(this.context);
      }
      const batch = this.inner.next();
      if (batch !== null) return batch;
      this.inner.close();
      this.inner = null;
    }
  }

  private passes(group: number): boolean {
    const { counts } = this;
    const left = counts[group]!;
    const isIntersect = this.node.op === 'intersect';
    if (this.node.all) {
      if (left > 0) counts[group] = left - 1;
      return left > 0 === isIntersect;
    }
    if (left < 0) return false;
    const isOutput = left > 0 === isIntersect;
    if (isOutput) counts[group] = -1;
    return isOutput;
  }

  close(): void {
    this.inner?.close();
    this.inner = null;
    this.aside?.left.close();
    this.aside?.right.close();
    this.aside = null;
    this.counts = [];
    if (this.reported > 0) this.reported = this.context.statement.memory.resize(this.reported, 0);
    this.left.close();
    this.right.close();
  }
}

/** Rows whose group is -1. */
function putAside(to: Partitions, batch: Batch, vectors: readonly Vector[], groups: Int32Array): void {
  const rows = new Int32Array(batch.count);
  let count = 0;
  for (let i = 0; i < batch.count; i++) if (groups[i]! < 0) rows[count++] = batch.position(i);
  if (count > 0) to.add(batch, rows, vectors, rows, count);
}
