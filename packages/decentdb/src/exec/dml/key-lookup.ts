/**
 * Finds rows of a table by values of some columns, for foreign keys: by row id, by an index, or by one scan for all keys.
 *
 * I1  Reads go through the statement's view, so they see its own changes.
 */
import { type IndexDef, storedPosition, type TableDef } from '../../catalog/schema.ts';
import { compareKeys } from '../../tree/key-order.ts';
import { PrefixWalk } from '../../tree/prefix-walk.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import { identity } from '../batch.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';
import { sortRows } from '../sort/sort-rows.ts';
import { indexTree, tableTree } from '../storage/stored-trees.ts';
import { sortsAsStored } from '../type-traits.ts';
import { datumAt } from '../vectors.ts';
import type { KeyConversion } from './key-conversion.ts';
import { vectorsOfRows } from './row-batch.ts';

/** As many keys are looked for in the order of the index. */
const SORTED_KEYS_MIN = 64;

/** A row found, and which of the keys it has. */
export interface FoundRow {
  readonly rowId: Datum;
  readonly key: number;
}

/** Hears of a row found and of the number of the key it has; it changes nothing. */
export type TakeRow = (rowId: Datum, key: number) => void;

export class KeyLookup {
  private readonly table: TableDef;
  private readonly columns: readonly number[];
  private readonly view: ReadView;
  private readonly index: IndexDef | null;
  /** Which key value stands at each leading column of the index. */
  private readonly order: readonly number[];
  private readonly isRowId: boolean;

  private readonly conversion: KeyConversion | null;

  /** `conversion`: keys come from a table with other types. */
  constructor(
    table: TableDef,
    columns: readonly number[],
    view: ReadView,
    conversion: KeyConversion | null = null,
  ) {
    this.conversion = conversion;
    this.table = table;
    this.columns = columns;
    this.view = view;
    this.isRowId = columns.length === 1 && columns[0] === table.rowIdColumn;
    this.index = this.isRowId ? null : (table.indexes.find((one) => servesKey(one, columns)) ?? null);
    this.order = (this.index?.keys ?? []).slice(0, columns.length).map((key) => columns.indexOf(key.column));
  }

  /** Rows whose columns equal one of the keys (no NULLs among them). */
  find(keys: readonly (readonly Datum[])[]): FoundRow[] {
    const found: FoundRow[] = [];
    this.each(keys, (rowId, key) => {
      found.push({ rowId, key });
    });
    return found;
  }

  /** Tells of each row whose columns equal one of the keys: its id and the number of the key. */
  each(keys: readonly (readonly Datum[])[], take: TakeRow): void {
    const { conversion } = this;
    if (conversion === null) {
      this.eachOwn(keys, take);
      return;
    }
    const own: (readonly Datum[])[] = [];
    const at: number[] = [];
    keys.forEach((key, i) => {
      const converted = conversion.find(key);
      if (converted === null) return;
      own.push(converted);
      at.push(i);
    });
    this.eachOwn(own, (rowId, key) => take(rowId, at[key]!));
  }

  private eachOwn(keys: readonly (readonly Datum[])[], take: TakeRow): void {
    if (keys.length === 0) return;
    if (this.isRowId) this.eachRowId(keys, take);
    else if (this.index === null) this.eachByScan(keys, take);
    else this.eachByIndex(this.index, keys, take);
  }

  /** Numbers of the keys that some row has. */
  present(keys: readonly (readonly Datum[])[]): Set<number> {
    const { conversion, index } = this;
    if (conversion !== null || index === null || keys.length < SORTED_KEYS_MIN)
      return new Set(this.find(keys).map((one) => one.key));
    const tree = indexTree(this.table, index);
    const prefixes = keys.map((key) => this.order.map((at) => key[at]!));
    const walk = new PrefixWalk(tree, this.view);
    const present = new Set<number>();
    for (const i of this.sorted(index, prefixes)) if (walk.has(prefixes[i]!)) present.add(i);
    return present;
  }

  /** Numbers of the prefixes in the order of the index. */
  private sorted(index: IndexDef, prefixes: readonly (readonly Datum[])[]): Iterable<number> {
    const types = this.order.map((at) => this.table.columns[this.columns[at]!]!.type);
    if (types.every(sortsAsStored)) {
      const vectors = vectorsOfRows(
        types.map((type) => ({ type, typmod: -1 })),
        prefixes,
      );
      const columns = types.map((type, i) => {
        const { descending, nullsFirst } = index.keys[i]!;
        return { vector: vectors[i]!, type, descending, nullsFirst };
      });
      return sortRows(columns, prefixes.length);
    }
    const { leaf: specs } = indexTree(this.table, index).schema;
    const { length } = types;
    return Array.from(prefixes.keys()).sort((a, b) => compareKeys(specs, prefixes[a]!, prefixes[b]!, length));
  }

  has(key: readonly Datum[]): boolean {
    return this.find([key]).length > 0;
  }

  private eachRowId(keys: readonly (readonly Datum[])[], take: TakeRow): void {
    const tree = tableTree(this.table);
    keys.forEach((key, i) => {
      if (tree.get(this.view, [key[0]!], tree.duplicate)) take(key[0]!, i);
    });
  }

  private eachByIndex(index: IndexDef, keys: readonly (readonly Datum[])[], take: TakeRow): void {
    const tree = indexTree(this.table, index);
    const cursor = new TreeCursor(tree, this.view);
    keys.forEach((key, i) => {
      cursor.seekPrefix(this.order.map((at) => key[at]!));
      while (cursor.next()) {
        const ids = cursor.vector(tree.schema.leaf.length - 1);
        for (let row = cursor.from; row < cursor.to; row++) take(datumAt(ids, row), i);
      }
    });
  }

  private eachByScan(keys: readonly (readonly Datum[])[], take: TakeRow): void {
    const types = this.columns.map((column) => this.table.columns[column]!.type);
    const encoder = new KeyEncoder(types);
    const groups = new GroupTable(types.length);
    const slots = types.map((type) => ({ type, typmod: -1 }));
    const keyOf = new Int32Array(keys.length);
    const firstKey: number[] = [];
    const codes = encoder.encode(vectorsOfRows(slots, keys), null, keys.length, true);
    groups.insert(codes, keys.length, keyOf, new Int32Array(keys.length));
    keyOf.forEach((group, i) => {
      firstKey[group] ??= i;
    });
    const cursor = new TreeCursor(tableTree(this.table), this.view);
    cursor.seek(WHOLE_TREE);
    while (cursor.next()) {
      const count = cursor.to - cursor.from;
      const rows = identity(cursor.from, cursor.to);
      const vectors: Vector[] = this.columns.map((column) =>
        cursor.vector(storedPosition(this.table, column)),
      );
      const matches = new Int32Array(count);
      groups.find(encoder.encode(vectors, rows, count, false), count, matches);
      const ids = cursor.vector(0);
      for (let i = 0; i < count; i++)
        if (matches[i]! >= 0) take(datumAt(ids, cursor.from + i), firstKey[matches[i]!]!);
    }
  }
}

/** A whole btree index whose first columns are these, in any order. */
export function servesKey(index: IndexDef, columns: readonly number[]): boolean {
  if (index.method !== 'btree' || index.predicateSql !== null || index.keys.length < columns.length)
    return false;
  const leading = index.keys.slice(0, columns.length).map((key) => key.column);
  return columns.every((column) => leading.includes(column));
}
