/**
 * The objects of a schema, as the statements of its script make them.
 *
 * I1  An object's key says which object it is whatever its definition: two databases have the same object when keys are equal, and
 *     the same one when definitions are.
 * I2  A statement of a kind that is not known here is an object of kind `other`, its key the whole text.
 * I3  The definition of a table says nothing of its columns: they are compared one by one (table-facts.ts).
 */
import type { Database } from 'decentdb';

export type ObjectKind =
  | 'role'
  | 'schema'
  | 'extension'
  | 'type'
  | 'domain'
  | 'sequence'
  | 'sequence owner'
  | 'sequence value'
  | 'function'
  | 'procedure'
  | 'aggregate'
  | 'table'
  | 'partition'
  | 'constraint'
  | 'foreign key'
  | 'index'
  | 'view'
  | 'materialized view'
  | 'view default'
  | 'trigger'
  | 'trigger state'
  | 'comment'
  | 'owner'
  | 'grant'
  | 'other';

export interface SchemaObject {
  readonly kind: ObjectKind;
  /** As SQL writes it, with its schema. */
  readonly name: string;
  readonly key: string;
  /** The table, view, sequence or routine that it goes with. */
  readonly relation: string | null;
  /** Another relation it needs: the parent of a partition, the table a foreign key refers to. */
  readonly target: string | null;
  /** The statement that makes it. */
  readonly sql: string;
  /** What two of one key are compared by. */
  readonly definition: string;
}

const PART = '(?:"(?:[^"]|"")*"|[\\w$\\u0080-\\uffff]+)';
const NAME = `${PART}(?:\\.${PART})*`;

interface Form {
  readonly kind: ObjectKind;
  readonly pattern: RegExp;
}

/** Named groups: `name` of the object, `on` its relation (else itself, where it is one), `to` its target. */
const FORMS: readonly Form[] = (
  [
    ['role', '^CREATE ROLE (?<name>N)'],
    ['schema', '^CREATE SCHEMA IF NOT EXISTS (?<name>N)'],
    ['extension', '^CREATE EXTENSION IF NOT EXISTS (?<name>N)'],
    ['type', '^CREATE TYPE (?<name>N)'],
    ['domain', '^CREATE DOMAIN (?<name>N)'],
    ['sequence', '^CREATE SEQUENCE (?<name>(?<on>N))'],
    ['sequence owner', '^ALTER SEQUENCE (?<name>(?<on>N)) OWNED BY (?<to>N)'],
    [
      'sequence value',
      "^SELECT setval\\((?<name>(?:pg_get_serial_sequence\\()?'(?<on>(?:[^']|'')*)'.*?), -?\\d+, (?:true|false)\\)$",
    ],
    ['aggregate', '^CREATE AGGREGATE (?<name>.*?) \\($'],
    ['table', '^CREATE (?:UNLOGGED )?TABLE (?<name>(?<on>N)) \\('],
    ['partition', '^ALTER TABLE ONLY (?<to>N) ATTACH PARTITION (?<name>(?<on>N))'],
    [
      'foreign key',
      '^ALTER TABLE (?:ONLY )?(?<on>N) ADD CONSTRAINT (?<name>N) FOREIGN KEY \\(.*?\\) REFERENCES (?<to>N)',
    ],
    ['constraint', '^ALTER TABLE (?:ONLY )?(?<on>N) ADD CONSTRAINT (?<name>N) '],
    ['index', '^CREATE (?:UNIQUE )?INDEX (?<name>N) ON (?:ONLY )?(?<on>N) '],
    ['view', '^CREATE (?:RECURSIVE )?VIEW (?<name>(?<on>N))'],
    ['materialized view', '^CREATE MATERIALIZED VIEW (?<name>(?<on>N))'],
    ['view default', '^ALTER VIEW (?<on>N) ALTER COLUMN (?<name>N) SET DEFAULT '],
    ['trigger', "^CREATE (?:CONSTRAINT )?TRIGGER (?<name>N) [^']*? ON (?<on>N) "],
    [
      'trigger state',
      '^ALTER TABLE (?<on>N) (?:DISABLE|ENABLE|ENABLE REPLICA|ENABLE ALWAYS) TRIGGER (?<name>N)$',
    ],
    ['comment', '^COMMENT ON (?<name>COLUMN (?<column>N)) IS '],
    ['comment', '^COMMENT ON (?<name>(?:CONSTRAINT|TRIGGER) N ON (?<on>N)) IS '],
    ['comment', '^COMMENT ON (?<name>(?:TABLE|VIEW|MATERIALIZED VIEW|INDEX|SEQUENCE) (?<on>N)) IS '],
    ['comment', "^COMMENT ON (?<name>(?:FUNCTION|PROCEDURE) (?<on>.*?)) IS E?'"],
    ['comment', "^COMMENT ON (?<name>.*?) IS E?'"],
    ['owner', '^ALTER (?<name>(?:TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE) (?<on>N)) OWNER TO '],
    ['owner', '^ALTER (?<name>(?:FUNCTION|PROCEDURE) (?<on>.*)) OWNER TO N$'],
    ['owner', '^ALTER (?<name>.*) OWNER TO N$'],
  ] as const
).map(([kind, text]) => ({
  kind,
  pattern: new RegExp(
    text.replaceAll('N)', `${NAME})`).replaceAll(' N ', ` ${NAME} `).replaceAll(' N$', ` ${NAME}$`),
    's',
  ),
}));

const GRANT = /^GRANT .*? ON (?:TABLE|SEQUENCE|FUNCTION|PROCEDURE|ROUTINE) (?<on>.*) TO (?!.* TO )/s;
const ALTERED = new RegExp(`^ALTER TABLE (?:ONLY )?(?<on>${NAME}) `);
const INHERITS = new RegExp(`\\n\\) INHERITS \\((?<to>${NAME})`);
const COLUMN_OF = new RegExp(`^(?<on>.*)\\.${PART}$`, 's');

/** Settings of the script's own session are no objects. */
const isSetting = (sql: string): boolean => /^SET /.test(sql);

export function schemaObjects(db: Database): readonly SchemaObject[] {
  const { before, after } = db.schemaScript();
  const routines = routineDefinitions(db);
  const objects = [...before, ...after]
    .filter((sql) => !isSetting(sql))
    .map(objectOf)
    .map((object) => ({ ...object, definition: routines.get(object.key) ?? object.definition }));
  // Some statements come in parts: of two with one key the second is as good as another object.
  const taken = new Map<string, number>();
  return objects.map((object) => {
    const count = taken.get(object.key) ?? 0;
    taken.set(object.key, count + 1);
    return count === 0 ? object : { ...object, key: `${object.key} (${count + 1})` };
  });
}

function objectOf(sql: string): SchemaObject {
  const routine = routineOf(sql);
  if (routine !== null) return routine;
  for (const { kind, pattern } of FORMS) {
    const groups = pattern.exec(sql)?.groups;
    if (groups === undefined) continue;
    const { name = '', on, to, column } = groups;
    const relation = on ?? (column === undefined ? null : (COLUMN_OF.exec(column)?.groups?.['on'] ?? null));
    const parent = kind === 'table' ? INHERITS.exec(sql)?.groups?.['to'] : to;
    const object = made(kind, name, relation, parent ?? null, sql);
    return kind === 'table' ? { ...object, definition: withoutColumns(sql) } : object;
  }
  if (sql.startsWith('GRANT ')) return made('grant', sql, GRANT.exec(sql)?.groups?.['on'] ?? null, null, sql);
  return made('other', sql, ALTERED.exec(sql)?.groups?.['on'] ?? null, null, sql);
}

/** Kinds whose names are unique within a relation only. */
const WITHIN_RELATION: ReadonlySet<ObjectKind> = new Set([
  'constraint',
  'foreign key',
  'view default',
  'trigger',
  'trigger state',
]);

function made(
  kind: ObjectKind,
  name: string,
  relation: string | null,
  target: string | null,
  sql: string,
): SchemaObject {
  const within = WITHIN_RELATION.has(kind) ? ` on ${relation}` : '';
  // A key that became a foreign key is another constraint of the same name: both may not be there at once, and are not.
  return { kind, name, key: `${kind} ${name}${within}`, relation, target, sql, definition: sql };
}

const ROUTINE = new RegExp(`^CREATE OR REPLACE (FUNCTION|PROCEDURE) (${NAME})\\(`);

/** A function is told from others by its name and the types it takes: what it is written with, but for defaults. */
function routineOf(sql: string): SchemaObject | null {
  const match = ROUTINE.exec(sql);
  if (match === null) return null;
  const kind = match[1] === 'FUNCTION' ? 'function' : 'procedure';
  const name = `${match[2]}(${withoutDefaults(sql, match[0].length)})`;
  return made(kind, name, name, null, sql);
}

/** Arguments from the character behind their parenthesis on. */
function withoutDefaults(sql: string, from: number): string {
  let text = '';
  let depth = 0;
  let isDefault = false;
  for (const [part] of sql.slice(from).matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"| DEFAULT |[^'"]/g)) {
    if (part === ')' && depth === 0) break;
    if (part === '(' || part === '[') depth++;
    else if (part === ')' || part === ']') depth--;
    if (part === ' DEFAULT ' && depth === 0) isDefault = true;
    else if (part === ',' && depth === 0) isDefault = false;
    if (!isDefault) text += part;
  }
  return text;
}

const withoutColumns = (sql: string): string =>
  `${sql.slice(0, sql.indexOf('\n'))}${sql.slice(sql.lastIndexOf('\n)'))}`;

/** Of functions, as the catalogue writes them: what was written is kept in some, and read differently in others. */
function routineDefinitions(db: Database): ReadonlyMap<string, string> {
  const { rows } = db.query<{ key: string; sql: string }>(
    `SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' ELSE 'function ' END || quote_ident(n.nspname) || '.' || quote_ident(p.proname)
       || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS key, pg_get_functiondef(p.oid) AS sql
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'sys') AND p.prokind IN ('f', 'p')`,
  );
  return new Map(rows.map(({ key, sql }) => [key, sql]));
}
