/** Statements that bring the rows of a table from what they are in A to what they are in B. */
import type { Database } from 'decentdb';
import { sqlLiteral } from '../dump/copy-text.ts';
import { quoted } from '../import/identifier.ts';
import {
  type ComparedTable,
  comparedTable,
  type RowChange,
  rowChanges,
  type TextRow,
} from './row-changes.ts';
import type { TableChange } from './schema-plan.ts';
import type { TableFacts } from './table-facts.ts';

const ROWS_PER_INSERT = 100;

function changesOf(
  a: Database | null,
  b: Database,
  table: TableChange,
  compared: ComparedTable,
): Generator<RowChange> {
  return rowChanges(a === null ? null : { db: a, facts: table.a }, { db: b, facts: table.b }, compared);
}

/** Places of columns that differ. */
const differing = ({ a, b }: RowChange): number[] => b!.flatMap((value, i) => (value === a![i] ? [] : [i]));

/** Whether the row is deleted and inserted rather than updated. */
function isReplaced(change: RowChange, { columns }: ComparedTable, facts: TableFacts): boolean {
  if (change.a === null || change.b === null) return false;
  const { uniqueColumns } = facts;
  return (
    uniqueColumns === null ||
    differing(change).some((i) => columns[i]!.identity === 'a' || uniqueColumns.has(columns[i]!.name))
  );
}

/** Rows that are only in A, and those that others take the place of. */
export function* removedRows(a: Database, b: Database, table: TableChange): Generator<string> {
  const compared = comparedTable(table.a, table.b);
  for (const change of changesOf(a, b, table, compared)) {
    if (change.a === null || (change.b !== null && !isReplaced(change, compared, table.b))) continue;
    if (compared.key.length > 0) {
      yield `DELETE FROM ONLY ${table.relation} WHERE ${ofKey(change.a, compared)};\n`;
      continue;
    }
    // Without a key, one row of those that are alike. Columns that A did not have are NULL.
    const like = compared.columns.map(({ name, baseType }, i) =>
      alike(quoted(name), baseType, change.a![i]!),
    );
    const where = like.length === 0 ? 'true' : like.join(' AND ');
    yield `DELETE FROM ONLY ${table.relation} WHERE ctid IN (SELECT ctid FROM ONLY ${table.relation} WHERE ${where} LIMIT 1);\n`;
  }
}

export function* changedRows(a: Database, b: Database, table: TableChange): Generator<string> {
  const compared = comparedTable(table.a, table.b);
  if (compared.key.length === 0) return;
  for (const change of changesOf(a, b, table, compared)) {
    if (change.a === null || change.b === null || isReplaced(change, compared, table.b)) continue;
    const set = differing(change).map(
      (i) => `${quoted(compared.columns[i]!.name)} = ${sqlLiteral(change.b![i]!)}`,
    );
    yield `UPDATE ONLY ${table.relation} SET ${set.join(', ')} WHERE ${ofKey(change.b, compared)};\n`;
  }
}

export function* newRows(a: Database | null, b: Database, table: TableChange): Generator<string> {
  const compared = comparedTable(a === null ? null : table.a, table.b);
  const names = compared.columns.map(({ name }) => quoted(name)).join(', ');
  const head = `INSERT INTO ${table.relation} (${names}) OVERRIDING SYSTEM VALUE VALUES\n`;
  let rows: string[] = [];
  for (const change of changesOf(a, b, table, compared)) {
    if (change.b === null || (change.a !== null && !isReplaced(change, compared, table.b))) continue;
    if (change.b.length === 0) {
      yield `INSERT INTO ${table.relation} DEFAULT VALUES;\n`;
      continue;
    }
    rows.push(`(${change.b.map(sqlLiteral).join(', ')})`);
    if (rows.length < ROWS_PER_INSERT) continue;
    yield `${head}${rows.join(',\n')};\n`;
    rows = [];
  }
  if (rows.length > 0) yield `${head}${rows.join(',\n')};\n`;
}

function ofKey(row: TextRow, { columns, key }: ComparedTable): string {
  return key
    .map((name) => `${quoted(name)} = ${sqlLiteral(row[columns.findIndex((one) => one.name === name)]!)}`)
    .join(' AND ');
}

/** Text says which value it is even of types that have no equality. */
function alike(name: string, type: string, value: string | null): string {
  if (value === null) return `${name} IS NULL`;
  const text = type === 'character' || type === 'bpchar' ? `concat(${name})` : `${name}::text`;
  return `${text} = ${sqlLiteral(value)}`;
}
