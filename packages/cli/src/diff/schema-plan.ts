/**
 * What must be done to the schema of A so that it becomes that of B.
 *
 *     gone      relations of A that are dropped: not in B, or made anew because ALTER cannot make them what they are in B
 *     altered   tables that stay, whose columns change
 *     touched   tables that stay, whose rows change: their triggers and foreign keys are taken away meanwhile
 *
 * I1  What goes with a relation that is gone goes with it, and comes from B where B has it.
 * I2  Tables of a family (parents, children, partitions) are made anew together.
 */
import type { ObjectKind, SchemaObject } from './schema-objects.ts';
import type { ColumnFacts, TableFacts } from './table-facts.ts';

export interface ColumnChange {
  readonly a: ColumnFacts | null;
  readonly b: ColumnFacts | null;
}

export interface TableChange {
  readonly relation: string;
  readonly a: TableFacts;
  readonly b: TableFacts;
  readonly columns: readonly ColumnChange[];
  /** Why ALTER TABLE cannot do it; null where it can. */
  readonly obstacle: string | null;
}

export function columnChanges(a: TableFacts, b: TableFacts): readonly ColumnChange[] {
  const own = new Map(a.columns.map((column) => [column.name, column]));
  const theirs = new Set(b.columns.map(({ name }) => name));
  const changes: ColumnChange[] = a.columns
    .filter(({ name }) => !theirs.has(name))
    .map((column) => ({ a: column, b: null }));
  for (const column of b.columns) {
    const old = own.get(column.name) ?? null;
    if (old === null || !isSameColumn(old, column)) changes.push({ a: old, b: column });
  }
  return changes;
}

function isSameColumn(a: ColumnFacts, b: ColumnFacts): boolean {
  return (
    isSameValue(a, b) &&
    a.notNull === b.notNull &&
    a.expression === b.expression &&
    a.identity === b.identity &&
    a.generated === b.generated
  );
}

const isSameValue = (a: ColumnFacts, b: ColumnFacts): boolean =>
  a.type === b.type && a.collation === b.collation;

/**
 * Why the columns cannot be altered. `withRows`: values of B are to be there afterwards. `isOrdered`: made anew, the columns would be
 * in the order of B (those of a child are in that of its parents first).
 */
export function obstacleOf(
  a: TableFacts,
  b: TableFacts,
  { withRows, isOrdered }: { readonly withRows: boolean; readonly isOrdered: boolean },
): string | null {
  const left = a.columns.map(({ name }) => name).filter((name) => b.columns.some((one) => one.name === name));
  if (isOrdered && left.some((name, i) => b.columns[i]?.name !== name))
    return 'its columns are in another order';
  for (const { a: old, b: column } of columnChanges(a, b)) {
    if (column === null) continue;
    if (old === null) {
      if (column.identity !== '') return `column "${column.name}" is an identity column`;
      continue;
    }
    if (old.identity !== column.identity || old.generated !== column.generated)
      return `column "${column.name}" is generated in another way`;
    if (column.generated !== '' && old.expression !== column.expression)
      return `column "${column.name}" is generated in another way`;
    if (withRows && !isSameValue(old, column)) return `column "${column.name}" has another type`;
  }
  return null;
}

export interface SchemaPlan {
  readonly gone: ReadonlySet<string>;
  /** Views and routines of A that may need tables. */
  readonly needy: ReadonlySet<string>;
  /** Objects of A that are dropped by a statement of their own, in the order of the script. */
  readonly dropped: readonly SchemaObject[];
  /** Objects of B that are made, in the order of the script. */
  readonly made: readonly SchemaObject[];
}

/** Kinds that stay where they are when B has another one: a statement changes them, or the script cannot (write-script.ts I2). */
const REPLACED: ReadonlySet<ObjectKind> = new Set([
  'role',
  'type',
  'domain',
  'aggregate',
  'sequence',
  'sequence owner',
  'function',
  'procedure',
  'comment',
  'owner',
  'trigger state',
  'view default',
]);

const VIEWS: ReadonlySet<ObjectKind> = new Set(['view', 'materialized view']);
const ROUTINES: ReadonlySet<ObjectKind> = new Set(['function', 'procedure']);

/** Views, and routines that come behind the tables in the script because they may need them. */
function dependents(objects: readonly SchemaObject[]): ReadonlySet<string> {
  const last = objects.findLastIndex(({ kind }) => kind === 'table' || kind === 'partition');
  return new Set(
    objects
      .filter(({ kind }, i) => VIEWS.has(kind) || (ROUTINES.has(kind) && i > last))
      .map(({ relation }) => relation!),
  );
}

/** Relations of tables that must be made anew: those whose columns cannot be altered, and families of which a member changes. */
export function madeAnew(
  a: readonly SchemaObject[],
  b: readonly SchemaObject[],
  tables: readonly TableChange[],
): ReadonlySet<string> {
  const definitions = new Map(b.map((object) => [object.key, object.definition]));
  const links = [...a, ...b].filter(({ kind, target }) => target !== null && isLink(kind));
  const families = new Set(links.flatMap(({ relation, target }) => [relation!, target!]));
  const isChanged = ({ relation, columns, obstacle }: TableChange): boolean =>
    obstacle !== null || (columns.length > 0 && families.has(relation));
  const anew = new Set(tables.filter(isChanged).map(({ relation }) => relation));
  for (const { kind, key, definition, relation } of a)
    if (kind === 'partition' && definitions.has(key) && definitions.get(key) !== definition)
      anew.add(relation!);
  for (let size = -1; size !== anew.size; ) {
    size = anew.size;
    for (const { relation, target } of links)
      if (anew.has(relation!) || anew.has(target!)) anew.add(relation!).add(target!);
  }
  return anew;
}

const isLink = (kind: ObjectKind): boolean => kind === 'partition' || kind === 'table';

export function planSchema(
  a: readonly SchemaObject[],
  b: readonly SchemaObject[],
  anew: ReadonlySet<string>,
  altered: ReadonlySet<string>,
  touched: ReadonlySet<string>,
): SchemaPlan {
  const inB = new Map(b.map((object) => [object.key, object]));
  const isSame = (object: SchemaObject): boolean => inB.get(object.key)?.definition === object.definition;
  const gone = new Set(anew);
  for (const { kind, key, relation } of a) if (kind === 'table' && !inB.has(key)) gone.add(relation!);
  const needy = dependents(a);
  const isNeedy = ({ kind, relation }: SchemaObject): boolean =>
    (VIEWS.has(kind) || ROUTINES.has(kind)) && needy.has(relation!);
  const needyChange =
    gone.size > 0 || altered.size > 0 || a.some((object) => isNeedy(object) && !isSame(object));
  if (needyChange) for (const relation of needy) gone.add(relation);
  for (const { kind, relation, target } of a)
    if (kind === 'sequence owner' && [...gone].some((one) => target!.startsWith(`${one}.`)))
      gone.add(relation!);
  const rekeyed = new Set<string>();
  for (const object of a) if (object.kind === 'constraint' && !isSame(object)) rekeyed.add(object.relation!);
  const isTakenAway = ({ kind, relation, target }: SchemaObject): boolean =>
    kind === 'foreign key'
      ? gone.has(target!) || rekeyed.has(target!) || touched.has(relation!) || touched.has(target!)
      : (kind === 'trigger' || kind === 'trigger state') && touched.has(relation!);
  const stays = new Set<string>();
  const dropped: SchemaObject[] = [];
  const undescribed = new Set<string>();
  for (const object of a) {
    const { kind, key, relation } = object;
    const isGone = relation !== null && gone.has(relation);
    const goesAlone = kind === 'table' || kind === 'foreign key' || isNeedy(object);
    if (kind === 'comment' && undescribed.has(object.name)) continue;
    if (!isGone && (kind === 'table' || (isSame(object) && !isTakenAway(object)))) {
      stays.add(key);
      continue;
    }
    undescribed.add(describedAs(object));
    if (isGone ? goesAlone : !(REPLACED.has(kind) && inB.has(key))) dropped.push(object);
  }
  return { gone, needy, dropped, made: b.filter(({ key }) => !stays.has(key)) };
}

/** What COMMENT ON calls it; comments come behind what they are about. */
function describedAs({ kind, name, relation }: SchemaObject): string {
  if (kind === 'constraint' || kind === 'foreign key') return `CONSTRAINT ${name} ON ${relation}`;
  if (kind === 'trigger') return `TRIGGER ${name} ON ${relation}`;
  if (kind === 'index') return `INDEX ${inSchemaOf(relation!, name)}`;
  return `${kind.toUpperCase()} ${name}`;
}

/** A name in the schema of a relation. */
export function inSchemaOf(relation: string, name: string): string {
  const last = /(?:"(?:[^"]|"")*"|[^".]+)$/.exec(relation)?.[0] ?? relation;
  return `${relation.slice(0, relation.length - last.length)}${name}`;
}
