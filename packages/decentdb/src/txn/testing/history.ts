/**
 * Histories of transactions that append to lists and read them, and the proof that one order explains them (the idea of Elle,
 * Kingsbury and Alvaro, VLDB 2020: lists that only grow tell the order of their writers).
 *
 * I1  Appended values are unique in a history; so a value in a list names its writer.
 * I2  `check` knows nothing of the database: it takes what was read and finds contradictions.
 */

export interface HistoryTxn {
  readonly id: number;
  outcome: 'open' | 'committed' | 'aborted';
  /** Steps of the history at which it began and was acknowledged. */
  readonly begunAt: number;
  endedAt: number;
  /** Appended values by list; those taken back by a savepoint are removed. */
  readonly appends: Map<number, number[]>;
  readonly reads: { readonly list: number; readonly values: readonly number[]; readonly own: number }[];
}

export class History {
  readonly txns: HistoryTxn[] = [];
  private steps = 0;
  private values = 0;

  begin(): HistoryTxn {
    const txn: HistoryTxn = {
      id: this.txns.length,
      outcome: 'open',
      begunAt: ++this.steps,
      endedAt: Number.POSITIVE_INFINITY,
      appends: new Map(),
      reads: [],
    };
    this.txns.push(txn);
    return txn;
  }

  /** A value to append. */
  append(txn: HistoryTxn, list: number): number {
    const value = ++this.values;
    const appended = txn.appends.get(list);
    if (appended === undefined) txn.appends.set(list, [value]);
    else appended.push(value);
    return value;
  }

  read(txn: HistoryTxn, list: number, values: readonly number[]): void {
    txn.reads.push({ list, values, own: txn.appends.get(list)?.length ?? 0 });
  }

  end(txn: HistoryTxn, outcome: 'committed' | 'aborted'): void {
    txn.outcome = outcome;
    txn.endedAt = ++this.steps;
  }

  /** Everything that contradicts one order of the committed transactions that agrees with time. */
  check(): string[] {
    return new HistoryCheck(this.txns).run();
  }
}

class HistoryCheck {
  private readonly txns: readonly HistoryTxn[];
  private readonly problems: string[] = [];
  private readonly writers: Map<number, HistoryTxn> = new Map();
  /** Values of each list in the order they were appended, as far as anybody saw. */
  private readonly orders: Map<number, readonly number[]> = new Map();
  private readonly edges: Map<number, Set<number>> = new Map();

  constructor(txns: readonly HistoryTxn[]) {
    this.txns = txns;
    for (const txn of txns)
      for (const values of txn.appends.values()) for (const v of values) this.writers.set(v, txn);
  }

  run(): string[] {
    this.findOrders();
    for (const txn of this.txns) for (const read of txn.reads) this.checkRead(txn, read);
    this.addWrites();
    this.addTime();
    const cycle = this.findCycle();
    if (cycle !== undefined) this.problems.push(`no order explains transactions ${cycle.join(' -> ')}`);
    return this.problems;
  }

  /** What a read saw of others: its own appends stand at the end. */
  private othersOf(txn: HistoryTxn, read: HistoryTxn['reads'][number]): readonly number[] {
    const own = txn.appends.get(read.list)?.slice(0, read.own) ?? [];
    const tail = read.values.slice(read.values.length - own.length);
    if (own.some((value, i) => tail[i] !== value)) {
      this.problems.push(`transaction ${txn.id} does not see its own writes to list ${read.list}`);
    }
    return read.values.slice(0, read.values.length - own.length);
  }

  private findOrders(): void {
    for (const txn of this.txns) {
      for (const read of txn.reads) {
        const { list } = read;
        const seen = txn.outcome === 'committed' ? read.values : this.othersOf(txn, read);
        if (seen.length > (this.orders.get(list)?.length ?? -1)) this.orders.set(list, seen);
      }
    }
  }

  private checkRead(reader: HistoryTxn, read: HistoryTxn['reads'][number]): void {
    const others = this.othersOf(reader, read);
    const order = this.orders.get(read.list) ?? [];
    if (others.some((value, i) => order[i] !== value)) {
      this.problems.push(
        `list ${read.list} was read as ${read.values} and as ${order}: lost or reordered writes`,
      );
    }
    for (const value of others) {
      const writer = this.writers.get(value);
      if (writer === undefined) this.problems.push(`value ${value} was taken back or never written (G1a)`);
      else if (writer.outcome !== 'committed')
        this.problems.push(`${reader.id} read ${value} of ${writer.id}, which is not committed (G1a)`);
    }
    const last = others.at(-1);
    if (last !== undefined) {
      const writer = this.writers.get(last);
      if (writer !== undefined && writer !== reader) {
        this.edge(writer, reader); // wr
        if (writer.appends.get(read.list)?.at(-1) !== last) {
          this.problems.push(`${reader.id} read ${last}, which ${writer.id} had not finished (G1b)`);
        }
      }
    }
    const next = this.writers.get(order[others.length] ?? -1);
    if (next !== undefined && reader.outcome === 'committed') this.edge(reader, next); // rw
  }

  private addWrites(): void {
    for (const order of this.orders.values()) {
      for (let i = 1; i < order.length; i++) {
        const before = this.writers.get(order[i - 1]!);
        const after = this.writers.get(order[i]!);
        if (before !== undefined && after !== undefined) this.edge(before, after);
      }
    }
  }

  /** Who was acknowledged comes before who began later. */
  private addTime(): void {
    for (const a of this.txns) {
      if (a.outcome !== 'committed') continue;
      for (const b of this.txns) if (b.outcome === 'committed' && a.endedAt < b.begunAt) this.edge(a, b);
    }
  }

  private edge(from: HistoryTxn, to: HistoryTxn): void {
    if (from === to || from.outcome !== 'committed' || to.outcome !== 'committed') return;
    const targets = this.edges.get(from.id);
    if (targets === undefined) this.edges.set(from.id, new Set([to.id]));
    else targets.add(to.id);
  }

  private findCycle(): number[] | undefined {
    const done = new Set<number>();
    const path: number[] = [];
    const visit = (id: number): number[] | undefined => {
      const at = path.indexOf(id);
      if (at >= 0) return [...path.slice(at), id];
      if (done.has(id)) return undefined;
      path.push(id);
      for (const next of this.edges.get(id) ?? []) {
        const cycle = visit(next);
        if (cycle !== undefined) return cycle;
      }
      path.pop();
      done.add(id);
      return undefined;
    };
    for (const { id } of this.txns) {
      const cycle = visit(id);
      if (cycle !== undefined) return cycle;
    }
    return undefined;
  }
}
