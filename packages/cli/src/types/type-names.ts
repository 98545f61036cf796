/**
 * The TypeScript type of a type of SQL: what the library returns for its values under the default options.
 *
 * I1  int8 is a number or bigint, numeric a string, times are Dates, rows are objects, arrays arrays; a domain is what it is over.
 */
import type { Database } from 'decentdb';

const TYPES: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  int8: 'number | bigint',
  float4: 'number',
  float8: 'number',
  oid: 'number',
  numeric: 'string',
  date: 'Date',
  timestamp: 'Date',
  timestamptz: 'Date',
  bytea: 'Uint8Array',
  json: 'unknown',
  jsonb: 'unknown',
};
/** Types within types within types, as no schema has them. */
const DEPTH_MAX = 20;

interface StoredType {
  readonly oid: number;
  readonly name: string;
  readonly kind: string;
  readonly category: string;
  readonly base: number;
  readonly element: number;
  readonly relation: number;
  readonly is_not_null: boolean;
}

const QUERY = `SELECT oid::int4 AS oid, typname AS name, typtype::text AS kind, typcategory::text AS category, typbasetype::int4 AS base,
  typelem::int4 AS element, typrelid::int4 AS relation, typnotnull AS is_not_null FROM pg_type`;

export class TypeNames {
  readonly #types: Map<number, StoredType> = new Map();
  readonly #labels: Map<number, string[]> = new Map();
  readonly #fields: Map<number, { name: string; type: number }[]> = new Map();

  constructor(db: Database) {
    for (const type of db.query<StoredType>(QUERY).rows) this.#types.set(type.oid, type);
    for (const { type, label } of db.query<{ type: number; label: string }>(
      'SELECT enumtypid::int4 AS type, enumlabel AS label FROM pg_enum ORDER BY enumtypid, enumsortorder',
    ).rows)
      listed(this.#labels, type).push(label);
    for (const { relation, ...field } of db.query<{ relation: number; name: string; type: number }>(
      `SELECT a.attrelid::int4 AS relation, a.attname AS name, a.atttypid::int4 AS type FROM pg_attribute a
       JOIN pg_class c ON c.oid = a.attrelid WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`,
    ).rows)
      listed(this.#fields, relation).push(field);
  }

  /** Whether a column of this type is never NULL whatever the column says. */
  isNeverNull(oid: number): boolean {
    const type = this.#types.get(oid);
    return type?.kind === 'd' && (type.is_not_null || this.isNeverNull(type.base));
  }

  of(oid: number, depth = 0): string {
    const type = this.#types.get(oid);
    if (type === undefined || depth > DEPTH_MAX) return 'unknown';
    if (type.kind === 'd') return this.of(type.base, depth + 1);
    if (type.kind === 'e')
      return (this.#labels.get(oid) ?? []).map((label) => JSON.stringify(label)).join(' | ') || 'never';
    if (type.kind === 'c') return this.#object(type.relation, depth);
    if (type.category === 'A') return `${orNull(this.of(type.element, depth + 1), true)}[]`;
    return type.name === 'record' ? 'unknown' : (TYPES[type.name] ?? 'string');
  }

  #object(relation: number, depth: number): string {
    const fields = this.#fields.get(relation) ?? [];
    const members = fields.map(
      ({ name, type }) => `${propertyName(name)}: ${nullable(this.of(type, depth + 1))}`,
    );
    return members.length === 0 ? 'Record<string, never>' : `{ ${members.join('; ')} }`;
  }
}

function listed<T>(map: Map<number, T[]>, key: number): T[] {
  let list = map.get(key);
  if (list === undefined) {
    list = [];
    map.set(key, list);
  }
  return list;
}

/** `unknown` holds null already. */
export function nullable(type: string): string {
  return type === 'unknown' ? type : `${type} | null`;
}

function orNull(type: string, inParentheses: boolean): string {
  const whole = nullable(type);
  return inParentheses && whole.includes('|') ? `(${whole})` : whole;
}

export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
