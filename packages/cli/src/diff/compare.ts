/** Two databases, compared: objects of their schemas, and the rows of the tables they have in common. */
import type { Database } from 'decentdb';
import { comparedTable, type RowChange, rowChanges } from './row-changes.ts';
import { type ObjectKind, type SchemaObject, schemaObjects } from './schema-objects.ts';
import { type ColumnChange, columnChanges, obstacleOf, type TableChange } from './schema-plan.ts';
import { allTableFacts, SAME_TEXTS, type TableFacts } from './table-facts.ts';

export interface DiffChoices {
  /** Rows, and values of sequences. */
  readonly withRows: boolean;
  /** Roles, owners and grants. */
  readonly withRoles: boolean;
  /** Only these tables (name or schema.name); empty: everything. */
  readonly tables: readonly string[];
  /** Changed rows kept for each table. */
  readonly rowsMax: number;
}

export interface ObjectChange {
  readonly kind: ObjectKind;
  readonly name: string;
  readonly relation: string | null;
  readonly a: string | null;
  readonly b: string | null;
  readonly columns: readonly ColumnChange[];
}

export interface RowsOfTable {
  readonly relation: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly onlyInA: number;
  readonly onlyInB: number;
  readonly changed: number;
  /** The first of them. */
  readonly changes: readonly RowChange[];
}

export interface Difference {
  readonly objects: readonly ObjectChange[];
  readonly rows: readonly RowsOfTable[];
}

/** One of the two, and what it is made of. */
export interface Side {
  readonly db: Database;
  readonly objects: readonly SchemaObject[];
  /** Tables that have rows, as SQL writes them in the schema's script. */
  readonly tables: ReadonlyMap<string, TableFacts>;
}

const ACCESS: ReadonlySet<ObjectKind> = new Set(['role', 'owner', 'grant']);
const CONCERNS_ROLES = /^(ALTER ROLE|GRANT|REVOKE|ALTER DEFAULT PRIVILEGES|SET SESSION AUTHORIZATION)/;

export function sideOf(db: Database, { withRows, withRoles, tables }: DiffChoices): Side {
  db.exec(SAME_TEXTS);
  const all = schemaObjects(db)
    .filter(
      ({ kind, sql }) =>
        (withRows || kind !== 'sequence value') &&
        (withRoles || !(ACCESS.has(kind) || CONCERNS_ROLES.test(sql))),
    )
    .map((object) => (withRoles || object.kind !== 'schema' ? object : withoutOwner(object)));
  const wanted = (relation: string | null): boolean =>
    tables.length === 0 || (relation !== null && tables.some((name) => isNamed(relation, name)));
  const objects = all.filter(({ relation }) => wanted(relation));
  const named = allTableFacts(db);
  const written = new Map<string, TableFacts>();
  for (const { kind, relation } of objects) {
    const table = kind === 'table' ? named.get(unfolded(relation!)) : undefined;
    if (table !== undefined) written.set(relation!, table);
  }
  return { db, objects, tables: written };
}

function withoutOwner(object: SchemaObject): SchemaObject {
  const sql = object.sql.replace(/ AUTHORIZATION .*$/s, '');
  return { ...object, sql, definition: sql };
}

/** `public.t` as `"public"."t"`. */
function unfolded(relation: string): string {
  const parts = relation.match(/"(?:[^"]|"")*"|[^."]+/g) ?? [];
  return parts.map((part) => (part.startsWith('"') ? part : `"${part}"`)).join('.');
}

function isNamed(relation: string, name: string): boolean {
  const [schema = '', table = ''] = (relation.match(/"(?:[^"]|"")*"|[^."]+/g) ?? []).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part,
  );
  return name === table || name === `${schema}.${table}`;
}

export function tableChanges(a: Side, b: Side, withRows: boolean): readonly TableChange[] {
  const changes: TableChange[] = [];
  const definitionOf = (side: Side, relation: string): string | undefined =>
    side.objects.find((one) => one.kind === 'table' && one.relation === relation)?.definition;
  for (const [relation, theirs] of b.tables) {
    const facts = a.tables.get(relation);
    if (facts === undefined) continue;
    const columns = columnChanges(facts, theirs);
    const isOther = definitionOf(a, relation) !== definitionOf(b, relation);
    const isOrdered = !/\n\) INHERITS \(/.test(definitionOf(b, relation) ?? '');
    const obstacle = isOther
      ? 'it is stored in another way'
      : obstacleOf(facts, theirs, { withRows, isOrdered });
    changes.push({ relation, a: facts, b: theirs, columns, obstacle });
  }
  return changes;
}

/** The two sides with their objects, their tables and, where asked for, rows. `onRows` is told of rows gone through. */
export function compareSides(
  a: Side,
  b: Side,
  tables: readonly TableChange[],
  choices: DiffChoices,
): Difference {
  const columns = new Map(tables.map((one) => [one.relation, one.columns]));
  const reordered = new Set(
    tables.filter(({ obstacle }) => obstacle !== null).map(({ relation }) => relation),
  );
  const inA = new Map(a.objects.map((object) => [object.key, object]));
  const inB = new Map(b.objects.map((object) => [object.key, object]));
  const objects: ObjectChange[] = [];
  const tell = (one: SchemaObject | undefined, other: SchemaObject | undefined): void => {
    const { kind, name, relation } = (one ?? other) as SchemaObject;
    const own = (kind === 'table' ? columns.get(name) : undefined) ?? [];
    if (one?.definition === other?.definition && own.length === 0 && !reordered.has(name)) return;
    objects.push({ kind, name, relation, a: one?.sql ?? null, b: other?.sql ?? null, columns: own });
  };
  for (const object of a.objects) tell(object, inB.get(object.key));
  for (const object of b.objects) if (!inA.has(object.key)) tell(undefined, object);
  return { objects, rows: choices.withRows ? differentRows(a, b, tables, choices.rowsMax) : [] };
}

function differentRows(
  a: Side,
  b: Side,
  tables: readonly TableChange[],
  rowsMax: number,
): readonly RowsOfTable[] {
  const common = new Map(tables.map((one) => [one.relation, one]));
  const found: RowsOfTable[] = [];
  const told = (relation: string, one: RowsOfTable): void => {
    if (one.onlyInA + one.onlyInB + one.changed > 0) found.push({ ...one, relation });
  };
  for (const [relation, facts] of a.tables)
    if (!common.has(relation)) told(relation, countChanges(a, null, facts, rowsMax));
  for (const [relation, facts] of b.tables) {
    const both = common.get(relation);
    told(relation, countChanges(both === undefined ? null : a, b, both ?? facts, rowsMax));
  }
  return found;
}

/** `facts`: of the one table, or of both. */
function countChanges(
  a: Side | null,
  b: Side | null,
  facts: TableFacts | TableChange,
  rowsMax: number,
): RowsOfTable {
  const pair = 'obstacle' in facts ? facts : { a: facts, b: facts };
  const table = comparedTable(a === null || b === null ? null : pair.a, pair.b);
  const changes: RowChange[] = [];
  let onlyInA = 0;
  let onlyInB = 0;
  let changed = 0;
  for (const change of rowChanges(
    a === null ? null : { db: a.db, facts: pair.a },
    b === null ? null : { db: b.db, facts: pair.b },
    table,
  )) {
    if (change.a === null) onlyInB++;
    else if (change.b === null) onlyInA++;
    else changed++;
    if (changes.length < rowsMax) changes.push(change);
  }
  const columns = table.columns.map(({ name }) => name);
  return { relation: '', columns, key: table.key, onlyInA, onlyInB, changed, changes };
}
