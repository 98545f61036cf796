/**
 * Random tables. Small ones: few rows, few distinct values and many NULLs, so that joins meet and edge cases are common. Large ones:
 * one table of some leaves and batches beside small ones, some of its columns with many distinct values.
 *
 * I1  A schema is a function of the generator's state: the seed rebuilds it.
 */
import type { Prng } from 'decentdb/testing';

export const COLUMN_TYPES = [
  'int4',
  'int8',
  'numeric',
  'float8',
  'text',
  'bool',
  'date',
  'timestamp',
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export interface GeneratedColumn {
  readonly name: string;
  readonly type: ColumnType;
}
export interface GeneratedTable {
  readonly name: string;
  readonly columns: readonly GeneratedColumn[];
}
export interface GeneratedSchema {
  readonly tables: readonly GeneratedTable[];
  /** Statements that build it, indexes last. */
  readonly statements: readonly string[];
}

const TEXTS = [
  '',
  'a',
  'A',
  'b',
  'ab',
  'aB',
  'abc',
  'zz top',
  'x%y',
  'x_y',
  "it''s",
  'é',
  'Ünï',
  '日本',
  '10',
  '9',
  ' a',
  'a ',
];
const INTS = [
  '0',
  '1',
  '-1',
  '2',
  '3',
  '7',
  '10',
  '42',
  '-5',
  '100',
  '255',
  '256',
  '1000',
  '65536',
  '-32768',
  '500',
  '1500',
];
const NUMERICS = [
  '0',
  '0.00',
  '1',
  '1.0',
  '1.50',
  '-1.5',
  '2.25',
  '3.14159',
  '100',
  '99.995',
  '-0.001',
  '12345.6789',
];
const FLOATS = ['0', '1', '-1', '0.5', '2.5', '-2.5', '3.25', '1e10', '-1e-3', '100.125', '0.1'];
const DATES = [
  '2000-01-01',
  '1999-12-31',
  '2024-02-29',
  '1970-01-01',
  '2023-06-15',
  '0044-03-15',
  '2100-03-01',
];
const TIMES = [
  '2000-01-01 00:00:00',
  '2024-02-29 23:59:59.999999',
  '1970-01-01 12:34:56',
  '2023-06-15 08:00:00.5',
];

/** Tables of fewer rows have few distinct values in every column. */
const SPREAD_ROWS_MIN = 50;

/** The n-th of many values of the type. */
function spreadLiteral(type: ColumnType, n: number): string {
  switch (type) {
    case 'int4':
      return String(n - 100);
    case 'int8':
      return String(n * 4_000_000_001);
    case 'numeric':
      return `${n / 8}`;
    case 'float8':
      return `${n / 4}`;
    case 'text':
      return `'k${n} ${TEXTS[n % TEXTS.length]}'`;
    case 'bool':
      return n % 2 === 0 ? 'true' : 'false';
    case 'date':
      return `date '2000-01-01' + ${n}`;
    case 'timestamp':
      return `timestamp '2000-01-01' + ${n} * interval '7 hours 1.5 seconds'`;
  }
}

/** A literal of the type, never NULL. */
export function literal(type: ColumnType, prng: Prng): string {
  switch (type) {
    case 'int4':
      return prng.pick(INTS);
    case 'int8':
      return `${prng.pick([...INTS, '9007199254740993', '-9007199254740993', '4294967296'])}::int8`;
    case 'numeric':
      return `${prng.pick(NUMERICS)}::numeric`;
    case 'float8':
      return `${prng.pick(FLOATS)}::float8`;
    case 'text':
      return `'${prng.pick(TEXTS)}'`;
    case 'bool':
      return prng.pick(['true', 'false']);
    case 'date':
      return `date '${prng.pick(DATES)}'`;
    case 'timestamp':
      return `timestamp '${prng.pick(TIMES)}'`;
  }
}

/** What expressions are cast to beside the types of columns. */
const TYPES = [
  "CREATE TYPE level AS ENUM ('low', 'middle', 'high')",
  'CREATE DOMAIN positive AS int CHECK (VALUE > 0)',
];

export type SchemaSize = 'small' | 'large';

export function generateSchema(prng: Prng, size: SchemaSize = 'small'): GeneratedSchema {
  const statements: string[] = [...TYPES];
  const tables: GeneratedTable[] = [];
  for (let t = 0; t < 3; t++) {
    const table = generateTable(`t${t}`, prng);
    tables.push(table);
    const rowCount = size === 'small' ? prng.pick([0, 1, 8, 20, 30, 40]) : LARGE_ROW_COUNTS[t]!(prng);
    statements.push(...tableStatements(table, rowCount, prng));
  }
  if (size === 'large') statements.push('ANALYZE');
  return { tables, statements };
}

/** More than a batch of rows and several leaves; a table to join with; one of a handful. */
const LARGE_ROW_COUNTS: readonly ((prng: Prng) => number)[] = [
  (prng) => 1200 + prng.below(2500),
  (prng) => 100 + prng.below(300),
  (prng) => prng.below(12),
];

function generateTable(name: string, prng: Prng): GeneratedTable {
  const columns: GeneratedColumn[] = [{ name: 'id', type: 'int4' }];
  const count = 3 + prng.below(4);
  for (let c = 0; c < count; c++) columns.push({ name: `c${c}`, type: prng.pick(COLUMN_TYPES) });
  return { name, columns };
}

function tableStatements(table: GeneratedTable, rowCount: number, prng: Prng): string[] {
  const definitions = table.columns.map(({ name, type }) =>
    name === 'id' ? 'id int4 PRIMARY KEY' : `${name} ${type}`,
  );
  const statements = [`CREATE TABLE ${table.name} (${definitions.join(', ')})`];
  const rows: string[] = [];
  const isSpread = table.columns.map(() => rowCount > SPREAD_ROWS_MIN && prng.chance(0.5));
  for (let r = 1; r <= rowCount; r++) {
    const values = table.columns.map(({ name, type }, at) => {
      if (name === 'id') return String(r);
      if (prng.chance(isSpread[at] ? 0.05 : 0.2)) return 'NULL';
      return isSpread[at] ? spreadLiteral(type, prng.below(2 * rowCount)) : literal(type, prng);
    });
    rows.push(`(${values.join(', ')})`);
  }
  if (rows.length > 0) statements.push(`INSERT INTO ${table.name} VALUES ${rows.join(', ')}`);
  const indexed = table.columns.filter(() => prng.chance(0.3));
  for (const [index, { name }] of indexed.entries()) {
    const second = prng.chance(0.3) ? `, ${prng.pick(table.columns).name} DESC` : '';
    statements.push(`CREATE INDEX ${table.name}_i${index} ON ${table.name} (${name}${second})`);
  }
  return statements;
}
