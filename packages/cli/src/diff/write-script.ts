/**
 * SQL that makes the database A what B is.
 *
 *     drop (foreign keys, triggers, views, indexes, constraints, tables) --> make types, sequences, functions, tables; alter columns
 *       --> delete, update, insert rows --> NOT NULL --> keys, indexes, views, foreign keys, comments, grants, triggers --> drop the rest
 *
 * I1  One transaction: run as a whole or not at all.
 * I2  What cannot be said is named in `left`, never left out in silence.
 * I3  Rows go before others come: no key is taken twice on the way. A row whose change could meet another's unique value is
 *     deleted and inserted.
 */
import { quoted } from '../import/identifier.ts';
import type { Side } from './compare.ts';
import { changedRows, newRows, removedRows } from './row-statements.ts';
import type { ObjectKind, SchemaObject } from './schema-objects.ts';
import { inSchemaOf, madeAnew, planSchema, type TableChange } from './schema-plan.ts';

export interface ScriptWork {
  readonly a: Side;
  readonly b: Side;
  readonly tables: readonly TableChange[];
  readonly withRows: boolean;
  /** Tables whose rows differ. */
  readonly different: ReadonlySet<string>;
}

/** Of what is dropped before anything is made, in this order; the rest is dropped last. */
const DROPPED_FIRST: readonly ObjectKind[] = [
  'grant',
  'comment',
  'foreign key',
  'trigger state',
  'trigger',
  'view default',
  'view',
  'materialized view',
  'index',
  'constraint',
  'partition',
  'table',
];

/** Made before the rows come. */
const MADE_FIRST: ReadonlySet<ObjectKind> = new Set([
  'role',
  'schema',
  'extension',
  'type',
  'domain',
  'sequence',
  'function',
  'procedure',
  'aggregate',
  'table',
  'partition',
  'sequence owner',
]);

export function* differenceScript(work: ScriptWork, left: string[]): Generator<string> {
  const { a, b, tables, withRows, different } = work;
  const obstructed = tables.filter((one) => one.obstacle !== null);
  if (!withRows)
    for (const { relation, obstacle } of obstructed)
      left.push(`table ${relation}: ${obstacle}; its rows would go`);
  const anew = withRows ? madeAnew(a.objects, b.objects, tables) : new Set<string>();
  const altered = tables.filter(
    (one) => one.columns.length > 0 && !anew.has(one.relation) && (withRows || one.obstacle === null),
  );
  const touched = new Set([...different].filter((relation) => !anew.has(relation)));
  const alteredNames = new Set(altered.map(({ relation }) => relation));
  const plan = planSchema(a.objects, b.objects, anew, alteredNames, touched);
  const isLeft = new Set(withRows ? [] : obstructed.map(({ relation }) => relation));
  const made = plan.made.filter(({ kind, relation }) => !(kind === 'table' && isLeft.has(relation!)));
  const isFirst = ({ kind, relation }: SchemaObject): boolean =>
    DROPPED_FIRST.includes(kind) || (isRoutine(kind) && plan.needy.has(relation!));
  yield 'BEGIN;\n';
  yield `${searchPath(b).replace('SET ', 'SET LOCAL ')};\n`;
  yield* dropsOf(plan.dropped.filter(isFirst), left, DROPPED_FIRST);
  const replaced = new Set(
    a.objects.filter(({ key }) => !plan.dropped.some((one) => one.key === key)).map(({ key }) => key),
  );
  for (const object of made)
    if (MADE_FIRST.has(object.kind)) yield* making(object, replaced, plan.gone, left);
  for (const change of altered) yield* alteredBefore(change, withRows);
  if (withRows) yield* rowScript(work, plan.gone, touched);
  for (const change of altered) yield* alteredAfter(change);
  for (const object of made)
    if (!MADE_FIRST.has(object.kind)) yield* making(object, replaced, plan.gone, left);
  if (different.size > 0) yield* refreshes(b, made);
  yield* dropsOf(
    plan.dropped.filter((object) => !isFirst(object)),
    left,
    null,
  );
  yield 'COMMIT;\n';
}

function searchPath({ db }: Side): string {
  return (
    db.schemaScript().before.find((sql) => sql.startsWith('SET search_path')) ?? 'SET search_path = public'
  );
}

const isRoutine = (kind: ObjectKind): boolean => kind === 'function' || kind === 'procedure';

/** What needs others was made behind them: the last goes first. */
function* dropsOf(
  objects: readonly SchemaObject[],
  left: string[],
  order: readonly ObjectKind[] | null,
): Generator<string> {
  const backwards = [...objects].reverse();
  const isView = (kind: ObjectKind): boolean => kind === 'materialized view' || isRoutine(kind);
  const rank = ({ kind }: SchemaObject): number =>
    order === null ? 0 : order.indexOf(isView(kind) ? 'view' : kind);
  for (const object of backwards.sort((one, other) => rank(one) - rank(other))) {
    const sql = dropSql(object);
    if (sql === null) left.push(`${object.kind} ${object.name}`.slice(0, 200));
    else if (sql !== '') yield `${sql};\n`;
  }
}

const ROLE_SETTING = /^(ALTER ROLE .*?) SET (\S+) (?:=|TO) .*$/s;

/** Null: there is no statement for it; '': none is needed. */
function dropSql({ kind, name, relation, target, sql }: SchemaObject): string | null {
  switch (kind) {
    case 'constraint':
    case 'foreign key':
      return `ALTER TABLE ${relation} DROP CONSTRAINT ${name}`;
    case 'trigger':
      return `DROP TRIGGER ${name} ON ${relation}`;
    case 'index':
      return `DROP INDEX ${inSchemaOf(relation!, name)}`;
    case 'partition':
      return `ALTER TABLE ${target} DETACH PARTITION ${relation}`;
    case 'comment':
      return `COMMENT ON ${name} IS NULL`;
    case 'grant':
      return sql
        .replace(/^GRANT /, 'REVOKE ')
        .replace(/ WITH (GRANT|ADMIN) OPTION$/, '')
        .replace(/ TO (?!.* TO )/s, ' FROM ');
    case 'sequence owner':
      return `ALTER SEQUENCE IF EXISTS ${name} OWNED BY NONE`;
    case 'sequence':
      return `DROP SEQUENCE IF EXISTS ${name}`;
    case 'view default':
      return `ALTER VIEW ${relation} ALTER COLUMN ${name} DROP DEFAULT`;
    case 'trigger state':
      return `ALTER TABLE ${relation} ENABLE TRIGGER ${name}`;
    case 'sequence value':
      return ''; // It goes with the sequence.
    case 'owner':
      return `ALTER ${name} OWNER TO CURRENT_USER`;
    case 'other':
      return ROLE_SETTING.test(sql) ? sql.replace(ROLE_SETTING, '$1 RESET $2') : null;
    default:
      return `DROP ${kind.toUpperCase()} ${name}`;
  }
}

/** `replaced`: keys of objects that are there when the statement runs. */
function* making(
  object: SchemaObject,
  replaced: ReadonlySet<string>,
  gone: ReadonlySet<string>,
  left: string[],
): Generator<string> {
  const { kind, name, key, relation, sql } = object;
  const isThere = replaced.has(key) && !(relation !== null && gone.has(relation));
  if (isThere && kind === 'table') return; // Its columns are altered.
  if (isThere && kind === 'sequence') {
    const options = sql.slice(`CREATE SEQUENCE ${name}`.length);
    yield `ALTER SEQUENCE ${name}${options}${/ CYCLE$/.test(options) ? '' : ' NO CYCLE'};\n`;
  } else if (isThere && (kind === 'type' || kind === 'domain' || kind === 'aggregate' || kind === 'role'))
    left.push(`${kind} ${name}: it has another definition`);
  else yield `${sql};\n`;
}

/** Columns go and come; values of new ones are NULL until the rows are there. */
function* alteredBefore({ relation, columns }: TableChange, withRows: boolean): Generator<string> {
  const alter = `ALTER TABLE ${relation}`;
  for (const { a, b } of columns) {
    if (b === null) {
      yield `${alter} DROP COLUMN ${quoted(a!.name)};\n`;
      continue;
    }
    const name = quoted(b.name);
    const collation = b.collation === null ? '' : ` COLLATE ${quoted(b.collation)}`;
    if (a === null) {
      const generated =
        b.generated === ''
          ? ''
          : ` GENERATED ALWAYS AS (${b.expression}) ${b.generated === 's' ? 'STORED' : 'VIRTUAL'}`;
      const fallback =
        withRows || b.generated !== '' || b.expression === null ? '' : ` DEFAULT ${b.expression}`;
      yield `${alter} ADD COLUMN ${name} ${b.type}${collation}${generated}${fallback};\n`;
      if (withRows && b.generated === '' && b.expression !== null)
        yield `${alter} ALTER COLUMN ${name} SET DEFAULT ${b.expression};\n`;
      continue;
    }
    const isOtherType = a.type !== b.type || a.collation !== b.collation;
    if (isOtherType && a.expression !== null) yield `${alter} ALTER COLUMN ${name} DROP DEFAULT;\n`;
    if (isOtherType)
      yield `${alter} ALTER COLUMN ${name} TYPE ${b.type}${collation} USING ${name}::${b.type};\n`;
    if (a.notNull && !b.notNull) yield `${alter} ALTER COLUMN ${name} DROP NOT NULL;\n`;
    if (a.expression === b.expression && !isOtherType) continue;
    if (b.expression !== null) yield `${alter} ALTER COLUMN ${name} SET DEFAULT ${b.expression};\n`;
    else if (!isOtherType) yield `${alter} ALTER COLUMN ${name} DROP DEFAULT;\n`;
  }
}

function* alteredAfter({ relation, columns }: TableChange): Generator<string> {
  for (const { a, b } of columns)
    if (b?.notNull === true && a?.notNull !== true)
      yield `ALTER TABLE ${relation} ALTER COLUMN ${quoted(b.name)} SET NOT NULL;\n`;
}

function* rowScript(
  { a, b, tables }: ScriptWork,
  gone: ReadonlySet<string>,
  touched: ReadonlySet<string>,
): Generator<string> {
  const stay = tables.filter(({ relation }) => touched.has(relation));
  for (const table of stay) yield* removedRows(a.db, b.db, table);
  for (const table of stay) yield* changedRows(a.db, b.db, table);
  for (const table of stay) yield* newRows(a.db, b.db, table);
  const common = new Set(tables.map(({ relation }) => relation));
  for (const [relation, facts] of b.tables) {
    if (common.has(relation) && !gone.has(relation)) continue;
    yield* newRows(null, b.db, { relation, a: facts, b: facts, columns: [], obstacle: null });
  }
}

/** Rows that materialized views hold are those of before, where they were not made just now. */
function* refreshes(b: Side, made: readonly SchemaObject[]): Generator<string> {
  const isNew = new Set(made.map(({ key }) => key));
  for (const { kind, key, name } of b.objects)
    if (kind === 'materialized view' && !isNew.has(key)) yield `REFRESH MATERIALIZED VIEW ${name};\n`;
}
