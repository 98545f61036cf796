/**
 * The side of a hash join kept in memory: rows, and for each key the chain of its rows.
 *
 * I1  A chain lists a key's rows in input order.
 * I2  Rows with a NULL in a key that is not null-safe are kept (outer joins need them) but are in no chain.
 */
import type { SqlType } from '../../types/sql-type.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { type Batch, FEW_ROWS } from '../batch.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { GroupTable } from '../keys/group-table.ts';
import { hasNullKey, KeyEncoder } from '../keys/key-encoder.ts';
import { projectProgram } from '../operators/operator.ts';
import type { Expr, Slot } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { CodeSet, RowOfCode } from './code-map.ts';
import { KeyFilter, plainKeys, type SlotFilter } from './key-filter.ts';
import { LateRowStore } from './late-rows.ts';

const noRows = new Int32Array(0);
/** Part of the budget for an array of rows by key. */
const TABLE_SHARE = 8;

export class BuildTable {
  readonly rows: RowStore;
  /** A key row was NULL. */
  hasNull = false;
  /** No key has two rows. */
  isUnique = true;
  /** First row of each group, and the next row of each row; -1 ends. */
  head: Int32Array = noRows;
  link: Int32Array = noRows;
  /** One integer key in a small range: its rows by value. */
  private direct: RowOfCode | null = null;
  /** By key, where its values are integers in a small range: which occur. */
  private occurring: readonly (CodeSet | null)[] = [];
  private readonly table: GroupTable;
  private readonly encoder: KeyEncoder;
  private readonly nullSafe: readonly boolean[] | undefined;
  private readonly program: ProjectProgram;
  private rowGroups: Int32Array = new Int32Array(FEW_ROWS);
  private chained = 0;
  private tableBytes = 0;
  private readonly context: ExecContext;

  constructor(
    slots: readonly Slot[],
    keys: readonly Expr[],
    keyTypes: readonly SqlType[],
    nullSafe: readonly boolean[] | undefined,
    context: ExecContext,
    expected = 0,
    isLate = false,
  ) {
    this.context = context;
    const { memory } = context.statement;
    this.rows = isLate ? new LateRowStore(slots, memory) : new RowStore(slots, memory);
    this.table = new GroupTable(keys.length, expected, memory.limits.workBytes / TABLE_SHARE);
    this.encoder = new KeyEncoder(keyTypes);
    this.nullSafe = nullSafe;
    this.program = projectProgram(keys);
  }

  append(batch: Batch): void {
    const { count } = batch;
    const start = this.rows.count;
    const codes = this.codesOf(this.program, batch, true);
    this.rows.append(batch);
    this.reserve(start + count);
    const { rowGroups } = this;
    const groups = new Int32Array(count);
    this.table.insert(codes, count, groups, new Int32Array(count));
    for (let i = 0; i < count; i++) {
      const isNull = hasNullKey(codes, i, this.nullSafe);
      if (isNull) this.hasNull = true;
      else this.chained++;
      rowGroups[start + i] = isNull ? -1 : groups[i]!;
    }
  }

  /** Bytes held once `more` rows like those so far have come and the chains are linked. */
  memoryBytesWith(more: number): number {
    const rows = this.rows.count + more;
    const keys = this.table.memoryBytes() + this.encoder.memoryBytes();
    const perRow = this.rows.count === 0 ? 1 : rows / this.rows.count;
    const chains = Math.max(rows, this.rowGroups.length) * 4 + rows * 4 + this.table.count * 4;
    return this.rows.memoryBytesWith(more) + keys * perRow + chains;
  }

  /** Tells the statement's memory what is held now. */
  report(): void {
    this.rows.report();
    this.reportKeys();
  }

  /** Bytes reported. */
  get heldBytes(): number {
    return this.rows.heldBytes + this.tableBytes;
  }

  private reportKeys(): void {
    let bytes = this.table.memoryBytes() + this.encoder.memoryBytes();
    bytes += this.rowGroups.byteLength + this.head.byteLength + this.link.byteLength;
    bytes += this.direct?.byteLength ?? 0;
    for (const set of this.occurring) bytes += set?.byteLength ?? 0;
    this.tableBytes = this.context.statement.memory.resize(this.tableBytes, bytes);
  }

  private codesOf(program: ProjectProgram, batch: Batch, isInsert: boolean): readonly Float64Array[] {
    const keys = program.run(batch, this.context);
    const vectors: Vector[] = program.exprs.map((_, i) => keys.column(i));
    return this.encoder.encode(vectors, keys.selection, batch.count, isInsert);
  }

  private reserve(rows: number): void {
    if (rows <= this.rowGroups.length) return;
    const grown = new Int32Array(Math.max(rows, this.rowGroups.length * 2));
    grown.set(this.rowGroups);
    this.rowGroups = grown;
  }

  /** Links the chains, once all rows are in. */
  finish(): void {
    const { count } = this.rows;
    this.head = new Int32Array(this.table.count).fill(-1);
    this.link = new Int32Array(count);
    const { head, link, rowGroups } = this;
    for (let row = count - 1; row >= 0; row--) {
      const group = rowGroups[row]!;
      if (group < 0) {
        link[row] = -1;
        continue;
      }
      link[row] = head[group]!;
      head[group] = row;
    }
    let groupsUsed = 0;
    for (let group = 0; group < head.length; group++) if (head[group]! >= 0) groupsUsed++;
    this.isUnique = groupsUsed === this.chained;
    this.indexCodes();
    this.report();
  }

  /** Small-range look-ups; a key that NULLs match is left to the table. */
  private indexCodes(): void {
    const { table, program, nullSafe } = this;
    const isPlain = program.exprs.map(
      (expr, k) => nullSafe?.[k] !== true && isIntegerKind(expr.type.physical),
    );
    if (isPlain.length === 1) this.direct = isPlain[0]! ? RowOfCode.of(table.codesOf(0), this.head) : null;
    else
      this.occurring = isPlain.map((plain, k) => (plain ? CodeSet.of(table.codesOf(k), table.count) : null));
  }

  /** For each probe key that is a plain column: which of its values occur here; null where that is not told. */
  keyFilters(program: ProjectProgram, probeRows: number): (SlotFilter | null)[] {
    return program.exprs.map((expr, k) => {
      const own = this.program.exprs[k]!;
      if (expr.kind !== 'slot' || this.nullSafe?.[k] === true || !isIntegerKind(own.type.physical))
        return null;
      const keys = this.occurring[k] ?? CodeSet.of(this.table.codesOf(k), this.table.count, probeRows);
      return keys === null ? null : { slot: expr.slot, keys: new KeyFilter(keys) };
    });
  }

  /**
   * First build row for each probe row into `first`: -1 no match, -2 a NULL key (which matches nothing).
   */
  probe(program: ProjectProgram, batch: Batch, first: Int32Array): void {
    const { count } = batch;
    const { direct } = this;
    const expr = program.exprs[0];
    if (direct !== null && expr?.kind === 'slot') {
      const vector = batch.column(expr.slot);
      const values = plainKeys(vector);
      if (values !== null) {
        direct.find(values, vector.nulls, batch.selection, count, first);
        return;
      }
    }
    const codes = this.codesOf(program, batch, false);
    this.table.find(codes, count, first);
    const { head } = this;
    for (let i = 0; i < count; i++) {
      const group = first[i]!;
      const row = group >= 0 ? head[group]! : -1;
      first[i] = row >= 0 ? row : hasNullKey(codes, i, this.nullSafe) ? -2 : -1;
    }
  }

  clear(): void {
    this.rows.clear();
    this.tableBytes = this.context.statement.memory.resize(this.tableBytes, 0);
  }
}

function isIntegerKind(physical: Physical): boolean {
  return physical === Physical.int32 || physical === Physical.int64;
}
