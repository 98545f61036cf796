/**
 * Loads NDJSON or JSON into a table, made to fit when it is not there.
 *
 * I1  All or nothing. A member that is missing is NULL; one that is no column of the table is an error.
 * I2  Objects and arrays become jsonb; a column whose values do not agree on a type becomes text (jsonb where one is an object).
 */
import type { Database } from 'decentdb';
import { plainName, quoted } from './identifier.ts';
import { type JsonRow, jsonOf, jsonRows } from './json-source.ts';
import type { LoadReport } from './load-csv.ts';

export interface JsonChoices {
  readonly table: string;
  readonly sniffRows: number;
  readonly types: ReadonlyMap<string, string>;
  readonly keepNames: boolean;
  readonly onProgress: (bytes: number) => void;
}

interface JsonColumn {
  readonly key: string;
  readonly name: string;
  readonly type: string;
}

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;

function typeOf(value: unknown): string | null {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'bigint':
      return value === BigInt.asIntN(64, value) ? 'bigint' : 'numeric';
    case 'number':
      if (!Number.isInteger(value)) return 'double precision';
      return value === (value | 0) ? 'integer' : 'bigint';
    case 'string':
      return TIMESTAMP.test(value) ? 'timestamptz' : 'text';
    default:
      return value === null || value === undefined ? null : 'jsonb';
  }
}

const NUMBERS = ['integer', 'bigint', 'double precision', 'numeric'];

function joined(a: string | null, b: string | null): string | null {
  if (a === null || a === b) return b;
  if (b === null) return a;
  if (NUMBERS.includes(a) && NUMBERS.includes(b))
    return NUMBERS[Math.max(NUMBERS.indexOf(a), NUMBERS.indexOf(b))] as string;
  return a === 'jsonb' || b === 'jsonb' ? 'jsonb' : 'text';
}

function columnsOf(rows: readonly JsonRow[], choices: JsonChoices): JsonColumn[] {
  const types = new Map<string, string | null>();
  for (const row of rows)
    for (const [key, value] of Object.entries(row))
      types.set(key, joined(types.get(key) ?? null, typeOf(value)));
  return [...types].map(([key, type], i) => {
    const name = choices.keepNames ? key : plainName(key, `column_${i + 1}`);
    return { key, name, type: choices.types.get(name) ?? type ?? 'text' };
  });
}

function parameterOf(value: unknown, type: string): unknown {
  if (value === undefined || value === null) return null;
  if (type === 'jsonb' || type === 'json') return jsonOf(value);
  if (type === 'text') return typeof value === 'string' ? value : jsonOf(value);
  return typeof value === 'object' ? jsonOf(value) : value;
}

async function* replayed<T>(ahead: readonly T[], rest: AsyncIterator<T>): AsyncGenerator<T> {
  yield* ahead;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

export async function loadJson(db: Database, path: string, choices: JsonChoices): Promise<LoadReport> {
  const source = jsonRows(path, choices.onProgress);
  const ahead: JsonRow[] = [];
  while (ahead.length < choices.sniffRows) {
    const next = await source.next();
    if (next.done === true) break;
    ahead.push(next.value);
  }
  const columns = columnsOf(ahead, choices);
  const existing =
    db.query<{ n: unknown }>('SELECT to_regclass($1) AS n', [quoted(choices.table)]).rows[0]?.n ?? null;
  const created = existing === null;
  const target = created
    ? columns
    : columns.map((column) => {
        const known = db.prepare(`SELECT * FROM ${quoted(choices.table)} LIMIT 0`).columns();
        return { ...column, type: known.find(({ name }) => name === column.name)?.type ?? column.type };
      });
  const known = new Map(target.map((column, i) => [column.key, i]));
  async function* parameters(): AsyncGenerator<unknown[] | Record<string, unknown>> {
    for await (const row of replayed(ahead, source)) {
      // A key that no row looked at had is an error of the load, which names it.
      const stranger = Object.keys(row).find((key) => !known.has(key));
      if (stranger !== undefined) yield { [stranger]: null };
      else yield target.map(({ key, type }) => parameterOf(row[key], type));
    }
  }
  db.exec('BEGIN');
  try {
    if (created)
      db.exec(
        `CREATE TABLE ${quoted(choices.table)} (${target.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ')})`,
      );
    let rows = 0;
    let batch: (unknown[] | Record<string, unknown>)[] = [];
    const names = target.map(({ name }) => name);
    const flush = (): void => {
      rows += db.bulkLoadSync(quoted(choices.table), batch, { columns: names }).rows;
      batch = [];
    };
    for await (const row of parameters()) if (batch.push(row) >= 2048) flush();
    if (batch.length > 0) flush();
    db.exec('COMMIT');
    return { table: choices.table, rows, created, columns: target.map(({ name, type }) => ({ name, type })) };
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
