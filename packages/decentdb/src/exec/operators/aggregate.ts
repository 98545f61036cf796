/**
 * GROUP BY and aggregates.
 *
 * I1  Groups come out in order of first appearance, so sorted input gives sorted output ('sorted' plans rely on it).
 * I3  When memory is short, rows of groups not yet known are put aside by the hash of their keys and grouped part by part
 *     afterwards ('hash' plans; the order of their groups means nothing). Each grouping set has its own rows aside.
 * I4  Of sorted input, groups that have ended leave before the rest is read ('sorted' plans): what is kept is some groups.
 * I2  Several grouping sets are several tables filled from the same rows, output one after the other.
 */
import { GroupingSet, GroupKeys } from '../aggregates/grouping-set.ts';
import { SharedArguments } from '../aggregates/shared-arguments.ts';
import { BATCH_ROWS, type Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import type { KeyFilter } from '../join/key-filter.ts';
import type { AggregateNode } from '../physical.ts';
import { spillSpecs } from '../spill/block-codec.ts';
import { Partitions } from '../spill/partitions.ts';
import { drain, type Operator } from './operator.ts';

/** Deepest splitting of rows put aside: beyond it they are grouped in memory whatever it takes. */
const LEVELS_MAX = 5;
/** Bytes of the budget to a group that room is made for ahead. */
const ROOM_SHARE = 1024;
/** I4: groups that leave together, at first and later. */
const FIRST_GROUPS = 64;
const ENDED_GROUPS = 4096;

export class AggregateOperator implements Operator {
  private readonly node: AggregateNode;
  private readonly input: Operator;
  private context!: ExecContext;
  private outputs: Batch[] | null = null;
  private output = 0;
  private at = 0;
  private sets: GroupingSet[] = [];
  private shared!: SharedArguments;
  private reported = 0;
  private readonly level: number;
  /** By grouping set: rows put aside (I3). */
  private asides: (Partitions | null)[] = [];
  /** The part of a set's rows being worked through, and its operator. */
  private asideSet = 0;
  private part = 0;
  private inner: AggregateOperator | null = null;
  /** I4: rows of the batch at hand that are still to be grouped, and groups to come before some leave. */
  private remaining: Batch | null = null;
  private groupsWanted = FIRST_GROUPS;
  private isInputDone = false;
  private keys!: GroupKeys;

  /** `level`: how often the rows were put aside already. */
  constructor(node: AggregateNode, input: Operator, level = 0) {
    this.node = node;
    this.input = input;
    this.level = level;
  }

  open(context: ExecContext): void {
    this.context = context;
    this.outputs = null;
    this.output = 0;
    this.at = 0;
    this.asideSet = 0;
    this.part = 0;
    this.shared = new SharedArguments(this.node);
    this.sets = this.node.sets.map((set) => this.newSet(set));
    this.keys = new GroupKeys(this.node);
    this.remaining = null;
    this.groupsWanted = FIRST_GROUPS;
    this.isInputDone = false;
    this.asides = this.sets.map(() => null);
    this.input.open(context);
    // What is kept of a batch is copied: keys, sums, values.
    this.input.reuse?.();
  }

  private newSet(set: readonly number[]): GroupingSet {
    const { node, context, level } = this;
    // Room for groups that come is only made where it leaves most of the budget; of rows put aside there are few.
    const expectedMax = context.statement.memory.limits.workBytes / ROOM_SHARE;
    const expected = level > 0 ? 0 : Math.min(expectedMax, node.estimate?.rows ?? 0);
    return new GroupingSet(node, set, this.shared, expected, context);
  }

  /** Rows of groups nobody wants are not grouped. */
  restrict(slot: number, keys: KeyFilter): boolean {
    const { sets, groups } = this.node;
    const expr = groups[slot];
    if (expr?.kind !== 'slot' || sets.length !== 1 || !sets[0]!.includes(slot)) return false;
    return this.input.restrict?.(expr.slot, keys) === true;
  }

  next(): Batch | null {
    this.outputs ??= this.isStreaming ? this.collectEnded() : this.collect();
    for (;;) {
      const whole = this.outputs[this.output];
      if (whole === undefined) {
        if (!this.isStreaming || this.isInputDone) return this.nextOfParts();
        this.outputs = this.collectEnded();
        this.output = 0;
        continue;
      }
      const from = this.at;
      const to = Math.min(whole.count, from + (this.isShort ? BATCH_ROWS : BATCH_ROWS * 8));
      if (from < to) {
        this.at = to;
        return whole.slice(from, to);
      }
      this.output++;
      this.at = 0;
    }
  }

  /** Memory was short: whoever takes the groups has little of it, too. */
  private get isShort(): boolean {
    return this.level > 0 || this.asides.some((aside) => aside !== null);
  }

  private get isStreaming(): boolean {
    const { strategy, sets } = this.node;
    return strategy === 'sorted' && sets.length === 1 && sets[0]!.length > 0;
  }

  /** I4: reads until some groups have ended, and tells those; at the end of the input all. */
  private collectEnded(): Batch[] {
    const { context, node, keys } = this;
    let set = this.sets[0]!;
    if (set.hasEnded) {
      set.release(context);
      set = this.newSet(node.sets[0]!);
      this.sets = [set];
    }
    for (;;) {
      const batch = this.remaining ?? this.input.next();
      this.remaining = null;
      if (batch === null) {
        this.isInputDone = true;
        return [set.finish(context)];
      }
      context.statement.checkCancel();
      keys.load(batch, context, true);
      const ended = set.count < this.groupsWanted ? 0 : set.lastGroupStart(batch, keys);
      const rows = ended === 0 ? batch : batch.slice(0, ended);
      if (ended > 0) keys.load(rows, context, true);
      this.shared.load(rows, context);
      set.add(rows, keys, context);
      this.reported = context.statement.memory.resize(this.reported, set.memoryBytes());
      if (ended === 0) continue;
      this.remaining = batch.slice(ended, batch.count);
      this.groupsWanted = Math.min(ENDED_GROUPS, this.groupsWanted * 4);
      return [set.finish(context)];
    }
  }

  private collect(): Batch[] {
    const { memory } = this.context.statement;
    const groupKeys = this.keys;
    drain(this.input, (batch) => {
      this.context.statement.checkCancel();
      if (memory.wantsSpill) this.spill();
      const { asides, sets } = this;
      groupKeys.load(
        batch,
        this.context,
        asides.every((aside) => aside === null),
      );
      // Sets that know their groups compute arguments of their own rows alone: they come last.
      if (asides.includes(null)) this.shared.load(batch, this.context);
      for (let i = 0; i < sets.length; i++)
        if (asides[i] === null) sets[i]!.add(batch, groupKeys, this.context);
      for (let i = 0; i < sets.length; i++)
        if (asides[i]) sets[i]!.addKnown(batch, groupKeys, this.context, asides[i]!);
      let bytes = 0;
      for (const set of sets) bytes += set.memoryBytes();
      this.reported = memory.resize(this.reported, bytes);
    });
    for (const aside of this.asides) aside?.finish();
    return this.sets.map((set) => set.finish(this.context));
  }

  /** I3: sets of many groups take no more. */
  private spill(): void {
    for (let i = 0; i < this.sets.length; i++)
      if (this.asides[i] === null && this.sets[i]!.isLarge) this.asides[i] = this.makePartitions(i);
  }

  /** Null where it does not apply. */
  private makePartitions(index: number): Partitions | null {
    const { node, level } = this;
    const set = node.sets[index]!;
    if (node.strategy !== 'hash' || set.length === 0 || level >= LEVELS_MAX) return null;
    const specs = spillSpecs(node.input.slots);
    if (specs === null) return null;
    const types = set.map((one) => node.groups[one]!.type);
    return new Partitions(node.input.slots, specs, types, this.context.statement.memory, level);
  }

  /** Groups of the rows put aside; those in memory are through. */
  private nextOfParts(): Batch | null {
    const { asides, node } = this;
    if (this.sets.length > 0) this.releaseSets();
    for (; this.asideSet < asides.length; this.asideSet++, this.part = 0) {
      const aside = asides[this.asideSet]!;
      if (aside === null) continue;
      for (; this.part < aside.count; this.part++) {
        if (this.inner === null) {
          if (aside.isEmpty(this.part)) continue;
          const own = node.sets.length === 1 ? node : { ...node, sets: [node.sets[this.asideSet]!] };
          this.inner = new AggregateOperator(own, aside.reader(this.part), this.level + 1);
          this.inner.open(this.context);
        }
        const batch = this.inner.next();
        if (batch !== null) return batch;
        this.inner.close();
        this.inner = null;
      }
    }
    return null;
  }

  private releaseSets(): void {
    for (const set of this.sets) set.release(this.context);
    if (this.reported > 0) this.reported = this.context.statement.memory.resize(this.reported, 0);
    this.sets = [];
    this.outputs = [];
    this.output = 0;
  }

  close(): void {
    this.inner?.close();
    this.inner = null;
    for (const aside of this.asides) aside?.close();
    this.asides = [];
    this.releaseSets();
    this.outputs = null;
    this.remaining = null;
    this.input.close();
  }
}
