/**
 * TypeScript interfaces for tables and views, in the shape Kysely expects of a `Database`.
 *
 *     interface Track { id: Generated<number>; name: string; rating: number | null }
 *
 * I1  Types are those the library returns under its default options (type-names.ts).
 * I2  What is written compiles under every strict setting, whatever tables and columns are called.
 */
import type { Database } from 'decentdb';
import { quoted } from '../import/identifier.ts';
import { nullable, propertyName, TypeNames } from './type-names.ts';

interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
}

interface Column {
  readonly name: string;
  readonly type: number;
  readonly isNullable: boolean;
  /** 'default': filled in when it is left out; 'always': never given. */
  readonly made: 'no' | 'default' | 'always';
}

const HEAD = `/** Written by "decentdb types". */

/** A column the database fills when an INSERT leaves it out. */
export type Generated<T> = { readonly __select__: T; readonly __insert__: T | undefined; readonly __update__: T };

/** A column that only the database fills. */
export type GeneratedAlways<T> = { readonly __select__: T; readonly __insert__: never; readonly __update__: never };
`;
/** Names that mean something in what is written. */
const TAKEN = [
  'Database',
  'Generated',
  'GeneratedAlways',
  'Date',
  'Uint8Array',
  'Record',
  'String',
  'Number',
  'Object',
];

const RELATIONS = `SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'sys')
    AND n.nspname NOT LIKE 'pg\\_%' ORDER BY n.nspname, c.relname`;

export function typeScriptOf(db: Database): string {
  const types = new TypeNames(db);
  const relations = db.query<Relation>(RELATIONS).rows as unknown as readonly Relation[];
  const names = interfaceNames(relations);
  const blocks = relations.map((relation, i) => {
    const lines = columnsOf(db, relation, types).map((column) => `  ${member(column, types)}\n`);
    return `export interface ${names[i]} {\n${lines.join('')}}\n`;
  });
  const members = relations.map(({ schema, name }, i) => {
    const key = schema === 'public' ? name : `${schema}.${name}`;
    return `  ${propertyName(key)}: ${names[i]};\n`;
  });
  return `${HEAD}\n${blocks.join('\n')}\nexport interface Database {\n${members.join('')}}\n`;
}

/** Columns of a table from its definition, of a view from its query: an outer join there makes NULL of any of them. */
function columnsOf(db: Database, { schema, name, kind }: Relation, types: TypeNames): readonly Column[] {
  if (kind === 'v' || kind === 'm') {
    const view = db.prepare(`SELECT * FROM ${quoted(schema)}.${quoted(name)} LIMIT 0`);
    return view.columns().map((one) => ({
      name: one.name,
      type: one.typeOid,
      isNullable: true,
      made: 'no',
    }));
  }
  const { rows } = db.query<{
    name: string;
    type: number;
    not_null: boolean;
    has_default: boolean;
    is_always: boolean;
  }>(
    `SELECT a.attname AS name, a.atttypid::int4 AS type, a.attnotnull AS not_null,
       a.atthasdef OR a.attidentity <> '' AS has_default, a.attidentity = 'a' OR a.attgenerated <> '' AS is_always
     FROM pg_attribute a WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [`${quoted(schema)}.${quoted(name)}`],
  );
  return rows.map((one) => ({
    name: one.name,
    type: one.type,
    isNullable: !one.not_null && !types.isNeverNull(one.type),
    made: one.is_always ? 'always' : one.has_default ? 'default' : 'no',
  }));
}

function member({ name, type, isNullable, made }: Column, types: TypeNames): string {
  const base = types.of(type);
  const whole = isNullable ? nullable(base) : base;
  const shown =
    made === 'always' ? `GeneratedAlways<${whole}>` : made === 'default' ? `Generated<${whole}>` : whole;
  return `${propertyName(name)}: ${shown};`;
}

/** `order_line` becomes `OrderLine`; of two with one name those that come later get their schema, then a number. */
function interfaceNames(relations: readonly Relation[]): string[] {
  const taken = new Set(TAKEN);
  return relations.map(({ schema, name }) => {
    const plain = pascal(name);
    const choices = [plain, `${pascal(schema)}${plain}`];
    let free = choices.find((one) => !taken.has(one));
    for (let n = 2; free === undefined; n++) if (!taken.has(`${plain}${n}`)) free = `${plain}${n}`;
    taken.add(free);
    return free;
  });
}

function pascal(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const joined = words.map((word) => (word[0] as string).toUpperCase() + word.slice(1)).join('');
  return /^[\p{L}_]/u.test(joined) ? joined : `T${joined}`;
}
