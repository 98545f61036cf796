/**
 * The rows of a table in two databases, compared in one walk through both.
 *
 * I1  Both sides come in the order of the key (of the whole row where there is none): memory does not grow with the tables.
 * I2  Values are compared as text, which says everything about them: 1.0 and 1.00 are two numerics here.
 */
import type { Database } from 'decentdb';
import { quoted } from '../import/identifier.ts';
import { type ColumnFacts, type TableFacts, tableSql } from './table-facts.ts';

export type TextRow = readonly (string | null)[];

/** A row that is in one database only has null for the other. */
export interface RowChange {
  readonly a: TextRow | null;
  readonly b: TextRow | null;
}

export interface ComparedTable {
  /** In the order of values in rows. A column that A does not have is NULL there. */
  readonly columns: readonly ColumnFacts[];
  readonly key: readonly string[];
}

/** The columns whose values are compared: all of B that are given values there; of A alone, its own. */
export function comparedTable(a: TableFacts | null, b: TableFacts): ComparedTable {
  const columns = b.columns.filter(({ generated }) => generated === '');
  const isKeyed =
    (a === null || (a.key.length > 0 && a.key.join('\0') === b.key.join('\0'))) &&
    b.key.every((name) => columns.some((column) => column.name === name));
  return { columns, key: isKeyed ? b.key : [] };
}

type Order = (a: string | null, b: string | null) => number;

/** Types whose order an index has and JavaScript can repeat; others are put in the order of their texts. */
const INTEGERS: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint']);
const TEXTS: ReadonlySet<string> = new Set(['text', 'character varying', 'uuid']);

const plain = ({ collation, baseType }: ColumnFacts): boolean =>
  collation === null && (INTEGERS.has(baseType) || TEXTS.has(baseType));

/** Whether a column of the key has that type and order in a table too: numbers here may be texts there. */
function isPlainIn(facts: TableFacts, name: string, columns: readonly ColumnFacts[]): boolean {
  const [own, compared] = [facts.columns, columns].map((all) => all.find((one) => one.name === name));
  return plain(own!) && plain(compared!) && INTEGERS.has(own!.baseType) === INTEGERS.has(compared!.baseType);
}

/** Goes through both tables; what is the same is not told of. Null: no such table there. */
export function* rowChanges(
  a: { readonly db: Database; readonly facts: TableFacts } | null,
  b: { readonly db: Database; readonly facts: TableFacts } | null,
  table: ComparedTable,
): Generator<RowChange> {
  const { columns, key } = table;
  const sides = [a, b].filter((side) => side !== null);
  const natural = new Set(key.filter((name) => sides.every(({ facts }) => isPlainIn(facts, name, columns))));
  const left = a === null ? [].values() : textRows(a.db, a.facts, table, natural);
  const right = b === null ? [].values() : textRows(b.db, b.facts, table, natural);
  const places =
    key.length === 0
      ? columns.map((_, i) => i)
      : key.map((name) => columns.findIndex((column) => column.name === name));
  const orders = places.map((i) => orderOf(columns[i]!, natural));
  try {
    let one = next(left);
    let other = next(right);
    while (one !== null || other !== null) {
      const order = one === null ? 1 : other === null ? -1 : compared(one, other, places, orders);
      if (order < 0) yield { a: one, b: null };
      else if (order > 0) yield { a: null, b: other };
      else if (one!.some((value, i) => value !== other![i])) yield { a: one, b: other };
      if (order <= 0) one = next(left);
      if (order >= 0) other = next(right);
    }
  } finally {
    left.return?.();
    right.return?.();
  }
}

function next(rows: Iterator<TextRow>): TextRow | null {
  const { done, value } = rows.next();
  return done === true ? null : value;
}

function compared(a: TextRow, b: TextRow, places: readonly number[], orders: readonly Order[]): number {
  for (let i = 0; i < places.length; i++) {
    const order = orders[i]!(a[places[i]!]!, b[places[i]!]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** `natural`: columns of the key that come in their own order; others in that of their texts. */
function textRows(
  db: Database,
  facts: TableFacts,
  { columns, key }: ComparedTable,
  natural: ReadonlySet<string>,
): Iterator<TextRow> {
  const own = new Map(facts.columns.map((column) => [column.name, column]));
  const valueOf = (column: ColumnFacts): string => {
    if (!own.has(column.name)) return 'NULL::text';
    const name = `t.${quoted(column.name)}`;
    // A cast to text takes blanks from the end of bpchar.
    return column.baseType === 'character' || column.baseType === 'bpchar'
      ? `CASE WHEN ${name} IS NOT NULL THEN concat(${name}) END`
      : `${name}::text`;
  };
  const order =
    key.length === 0
      ? columns.map((_, i) => `${i + 1} NULLS LAST`)
      : key.map((name) => `t.${quoted(name)}${natural.has(name) ? '' : '::text COLLATE "C"'}`);
  const list = columns.map((column, i) => `${valueOf(column)} COLLATE "C" AS "${i}"`).join(', ');
  const sql = `SELECT ${list} FROM ONLY ${tableSql(facts)} AS t${order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`}`;
  return (db.prepare(sql).raw().iterate() as Iterable<TextRow>)[Symbol.iterator]();
}

function orderOf({ name, baseType }: ColumnFacts, natural: ReadonlySet<string>): Order {
  const ofValues = natural.has(name) && INTEGERS.has(baseType) ? compareIntegers : compareTexts;
  return (a, b) => (a === null || b === null ? Number(a === null) - Number(b === null) : ofValues(a, b));
}

/** Integers of any length, as decimal text. */
export function compareIntegers(a: string, b: string): number {
  const isNegative = a.startsWith('-');
  if (isNegative !== b.startsWith('-')) return isNegative ? -1 : 1;
  const order = a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
  return isNegative ? -order : order;
}

/** By code points, as the collation "C" has it. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const one = a.charCodeAt(i);
    const other = b.charCodeAt(i);
    if (one === other) continue;
    // Halves of a pair stand for points beyond all that fit one unit.
    return rank(one) - rank(other);
  }
  return a.length - b.length;
}

const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
