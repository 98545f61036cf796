/**
 * INSERT: source rows, defaults, ON CONFLICT, RETURNING.
 *
 * I1  `source` yields one column per value given, already of the target column's type; columns without a value take their
 *     default (`values`).
 * I2  Untyped literals of the source take the target column's type.
 */
import type { ColumnDef, TableDef, ViewDef } from '../../catalog/schema.ts';
import { viewAsTable } from '../../catalog/view-table.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { InsertNode, LogicalNode, OutputColumn } from '../../plan/logical.ts';
import { Oid } from '../../types/oids.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceAssignment } from './coerce.ts';
import { constant } from './constants.ts';
import { assignTo, defaultOf, newRowIds, refuseGenerated, resolveTarget, rowItem } from './dml-target.ts';
import { bindError, bindNotSupported } from './errors.ts';
import { bindExpr } from './expressions.ts';
import { addTableId } from './families.ts';
import { fireInstead, insteadOfTarget } from './instead-of.ts';
import type { Level } from './level.ts';
import { bindOnConflict, type ConflictNames } from './on-conflict.ts';
import { assembled, assignPart, partAt, unchecked } from './part-assignment.ts';
import { bindReturning } from './returning.ts';
import { bindSelect } from './select.ts';
import { applySetFunctions } from './set-functions.ts';
import { isRowStar } from './stars.ts';
import { columnExpr } from './state.ts';
import { upsertSystemColumn } from './system-columns.ts';
import { assignedTwice, insertDefaults, setDefaultThrough } from './view-defaults.ts';
import {
  allPositions,
  type DmlTarget,
  namesOfTarget,
  positionInTable,
  type TargetNames,
  viewChecksOf,
} from './view-targets.ts';

/** The columns an INSERT names, in the order of its values. */
interface InsertTarget {
  readonly position: number;
  readonly location: number;
  /** `column[1].field`: the part of the column the value goes to. */
  readonly path?: ast.ResTarget['indirection'];
}

/** What DEFAULT means for a column, by position in the table; null for NULL, or the next free row id. */
type DefaultOf = (position: number) => Expr | null;

/** What the source gives and what the rest gets. */
interface InsertSource {
  readonly node: LogicalNode;
  /** Position in the source's columns per table column; absent: default. */
  readonly given: ReadonlyMap<number, number | Expr>;
}

export function bindInsert(level: Level, stmt: ast.InsertStmt): LogicalNode {
  const view = insteadOfTarget(level, stmt.relation, 'insert');
  return view === null ? bindTableInsert(level, stmt) : bindViewInsert(level, stmt, view);
}

/** INSERT into a view with INSTEAD OF triggers. */
function bindViewInsert(level: Level, stmt: ast.InsertStmt, view: ViewDef): LogicalNode {
  const table = viewAsTable(view);
  const refname = stmt.relation.alias?.aliasname ?? stmt.relation.relname;
  if (stmt.onConflictClause !== null)
    throw bindNotSupported('ON CONFLICT on a view with INSTEAD OF triggers', stmt.onConflictClause.location);
  const newRow = newRowIds(level, table, refname);
  const item = rowItem(level, table, refname, newRow, { isUnaliased: stmt.relation.alias === null });
  level.rangeTable.length = 0;
  const target: DmlTarget = { table, through: null };
  const targets = insertTargets(target, { item, conditions: [], views: [] }, newRow, stmt);
  const source = bindSource(level, stmt, table, targets, (position) => defaultOf(level, table, position));
  const newValues = table.columns.map((column, position): Expr => {
    const given = source.given.get(position);
    if (given === undefined) return defaultOf(level, table, position) ?? constant(null, column.type, -1);
    return typeof given === 'number' ? columnExpr(source.node.columns[given] as OutputColumn, -1) : given;
  });
  level.namespace = [item];
  level.rangeTable.push(item);
  const rows = source.node;
  const returning = stmt.returningClause;
  return fireInstead(level, {
    view,
    event: 'insert',
    rows,
    oldValues: [],
    newValues,
    newRow,
    oldRow: null,
    returning,
    item,
  });
}

function bindTableInsert(level: Level, stmt: ast.InsertStmt): InsertNode {
  const target = resolveTarget(level, stmt.relation, 'INSERT');
  const { table } = target;
  const refname = stmt.relation.alias?.aliasname ?? stmt.relation.relname;
  const newRow = newRowIds(level, table, refname);
  const isUnaliased = stmt.relation.alias === null;
  const names = namesOfTarget(
    level,
    target,
    refname,
    (at, name) => rowItem(at, table, name, newRow, { isUnaliased }),
    'INSERT',
  );
  level.rangeTable.length = 0;
  const targets = insertTargets(target, names, newRow, stmt);
  const given = givenNames(stmt, names);
  const fallback = insertDefaults(level, table, names, newRow, given, stmt.override);
  const source = bindSource(level, stmt, table, targets, fallback);
  const values = table.columns.map((column, position): number | Expr | null => {
    const given = source.given.get(position);
    if (given !== undefined) return given;
    return column.isDropped ? null : fallback(position);
  });
  const checks = viewChecksOf(names);
  const onConflict =
    stmt.onConflictClause === null
      ? null
      : bindOnConflict(
          level,
          stmt.onConflictClause,
          table,
          refname,
          newRow,
          viewNames(level, target, names, newRow),
        );
  const oldRow = onConflict?.existingRow ?? newRowIds(level, table, refname);
  const tableId = addTableId(level, table, refname, newRow);
  const item = Object.assign(names.item, {
    systemColumn: (name: string) => {
      if (table.partitionKey === undefined || name === 'xmax') return upsertSystemColumn(table, oldRow, name);
      if (name === 'tableoid' && tableId !== null) return tableId;
      throw bindNotSupported(`${name} in RETURNING of a partitioned table`, stmt.relation.location);
    },
  });
  level.namespace = [item];
  level.rangeTable.push(item);
  const returning = bindReturning(level, stmt.returningClause, table, {
    oldRow,
    newRow,
    lacking: ['old'],
  });
  return {
    kind: 'insert',
    table,
    source: source.node,
    values,
    newRow,
    onConflict,
    oldRow,
    viewChecks: checks,
    returning: returning.clause,
    columns: returning.columns,
  };
}

/** What ON CONFLICT calls rows and columns of a table it sees through views; null for the table itself. */
function viewNames(
  level: Level,
  target: DmlTarget,
  names: TargetNames,
  newRow: readonly ColumnId[],
): ConflictNames | null {
  if (target.through === null) return null;
  const { table } = target;
  return {
    itemOver: (at, refname, row) =>
      namesOfTarget(at, target, refname, (inner, name) => rowItem(inner, table, name, row), 'INSERT').item,
    positionOf: (name, location) => positionInTable(target, names, newRow, name, location, 'INSERT'),
    setDefault: setDefaultThrough(level, names),
  };
}

function insertTargets(
  target: DmlTarget,
  names: TargetNames,
  row: readonly ColumnId[],
  stmt: ast.InsertStmt,
): InsertTarget[] {
  if (stmt.cols.length === 0) {
    const width = writtenWidth(stmt.selectStmt);
    const all = allPositions(target, names, row).map((find, i) => ({
      position: i < width || target.through === null ? find() : -1,
      location: -1,
    }));
    const given = all.slice(0, Number.isFinite(width) ? width : 0).map(({ position }) => position);
    const twice = given.find((position, i) => position >= 0 && given.indexOf(position) < i);
    // A view may show a column of its table twice.
    if (twice !== undefined && target.through !== null) throw assignedTwice(target.table, twice);
    return all;
  }
  const seen = new Map<number, 'whole' | 'parts'>();
  return stmt.cols.map((column) => {
    const name = column.name as string;
    const position = positionInTable(target, names, row, name, column.location, 'INSERT');
    if (column.indirection.length > 0) {
      if (seen.get(position) === 'whole') throw specifiedTwice(name, column.location);
      seen.set(position, 'parts');
      return { position, location: column.location, path: column.indirection };
    }
    const isSameName = stmt.cols.some((other) => other !== column && other.name === name);
    if (seen.has(position))
      throw isSameName ? specifiedTwice(name, column.location) : assignedTwice(target.table, position);
    seen.set(position, 'whole');
    return { position, location: column.location };
  });
}

/** The columns that get values, as far as the statement's text tells. */
function givenNames(stmt: ast.InsertStmt, { item }: TargetNames): ReadonlySet<string> {
  if (stmt.cols.length > 0) return new Set(stmt.cols.map(({ name }) => name as string));
  return new Set(item.columns.slice(0, writtenWidth(stmt.selectStmt)).map(({ name }) => name));
}

/** Values in each row of the source, as far as its text tells. */
function writtenWidth(source: ast.SelectStmt | null): number {
  if (source === null) return 0;
  const values = source.valuesLists[0];
  if (values !== undefined) return values.length;
  const targets = source.targetList;
  return targets.length === 0 || targets.some(({ val }) => isStar(val))
    ? Number.POSITIVE_INFINITY
    : targets.length;
}

/** `t.*`, and `(row).*`. */
function isStar(node: ast.Expr | null): boolean {
  if (node?.kind === 'A_Indirection') return node.indirection.at(-1)?.kind === 'A_Star';
  return node?.kind === 'ColumnRef' && node.star;
}

function specifiedTwice(name: string, location: number): Error {
  return bindError('42701', `column "${name}" specified more than once`, location);
}

function bindSource(
  level: Level,
  stmt: ast.InsertStmt,
  table: TableDef,
  targets: readonly InsertTarget[],
  fallback: DefaultOf,
): InsertSource {
  const select = stmt.selectStmt;
  if (select === null) return { node: { kind: 'values', rows: [[]], columns: [] }, given: new Map() };
  const isPlainValues =
    select.valuesLists.length > 0 &&
    !select.valuesLists.some((list) => list.some(isRowStar)) &&
    select.withClause === null &&
    select.sortClause.length === 0 &&
    select.limitCount === null &&
    select.limitOffset === null;
  if (isPlainValues) return bindValuesSource(level, stmt, select, table, targets, fallback);
  return bindSelectSource(level, stmt, select, table, targets);
}

function bindValuesSource(
  level: Level,
  stmt: ast.InsertStmt,
  select: ast.SelectStmt,
  table: TableDef,
  allTargets: readonly InsertTarget[],
  fallback: DefaultOf,
): InsertSource {
  const width = select.valuesLists[0]?.length ?? 0;
  for (const list of select.valuesLists)
    if (list.length !== width)
      throw bindError('42601', 'VALUES lists must all be the same length', list[0]?.location ?? -1);
  const targets = checkWidth(
    stmt,
    allTargets,
    width,
    select.valuesLists[0]?.[allTargets.length]?.location ?? -1,
  );
  // A column whose every value is DEFAULT is left to the engine; so is a single row's DEFAULT.
  const kept = targets
    .map((target, i) => ({ ...target, i }))
    .filter(({ position, path, i }) => path !== undefined || !isAllDefault(stmt, select, table, position, i));
  const rows = select.valuesLists.map((list) =>
    kept.map((target) => valueFor(level, stmt, table, target, list[target.i] as ast.Expr, fallback)),
  );
  const columns = kept.map((target) => sourceColumn(level, table, target));
  const given = givenValues(level, table, kept, columns);
  const [only] = rows;
  if (level.setFunctions.length === 0 || only === undefined)
    return { node: { kind: 'values', rows, columns }, given };
  // Of one row a set-returning function may make more: `values` refused it among others.
  const input = applySetFunctions(level, { kind: 'values', rows: [[]], columns: [] });
  level.setFunctions = [];
  return { node: { kind: 'project', input, exprs: only, columns }, given };
}

function isAllDefault(
  stmt: ast.InsertStmt,
  select: ast.SelectStmt,
  table: TableDef,
  position: number,
  i: number,
): boolean {
  const column = table.columns[position] as ColumnDef;
  if (stmt.override === 'OVERRIDING_USER_VALUE' && column.identity !== null) return true;
  return select.valuesLists.every((list) => list[i]?.kind === 'SetToDefault');
}

function valueFor(
  level: Level,
  stmt: ast.InsertStmt,
  table: TableDef,
  target: InsertTarget,
  node: ast.Expr,
  fallback: DefaultOf,
): Expr {
  const { position, path } = target;
  const column = table.columns[position] as ColumnDef;
  if (node.kind === 'SetToDefault' && path !== undefined)
    throw bindError('0A000', 'cannot set an array element to DEFAULT', node.location);
  if (node.kind === 'SetToDefault') {
    const value = fallback(position);
    // Of an integer primary key, beside rows that give it: NULL, which it refuses, as PostgreSQL does.
    if (value !== null) return value;
    return constant(null, column.type, node.location);
  }
  checkGenerated(stmt, column);
  const kind = stmt.selectStmt?.valuesLists.length === 1 ? 'valuesSingle' : 'values';
  const value = bindExpr(level, node, kind);
  return path === undefined
    ? converted(assignTo(level, table, position, value))
    : coerceAssignment(level, value, partAt(level, column, path));
}

/**
 * A constant's conversion is done here and now, as PostgreSQL's planner does it: one that fails must not have taken the next value
 * of a sequence for another column first.
 */
function converted(expr: Expr): Expr {
  if (expr.kind !== 'call' || expr.fn.volatility !== 'immutable' || expr.fn.specialize !== undefined)
    return expr;
  const [arg, ...others] = expr.args;
  if (arg === undefined || others.length > 0) return expr;
  const inner = converted(arg);
  if (inner.kind !== 'const' || inner.value === null) return expr;
  try {
    const value = expr.fn.eval(NO_SESSION, inner.value);
    return { kind: 'const', value, type: expr.type, typmod: expr.typmod, location: expr.location };
  } catch (error) {
    if (error instanceof NeedsSession) return expr;
    throw error;
  }
}

/** An immutable function asked for the session after all. */
class NeedsSession extends Error {}

const NO_SESSION = new Proxy({} as EvalContext, {
  get: () => {
    throw new NeedsSession('no session yet');
  },
});

/** By table column: its column of the source, or what the parts given for it make of NULL. */
function givenValues(
  level: Level,
  table: TableDef,
  targets: readonly InsertTarget[],
  columns: readonly OutputColumn[],
): Map<number, number | Expr> {
  const given = new Map<number, number | Expr>();
  const inParts = new Set<number>();
  for (const [i, { position, path }] of targets.entries()) {
    if (path === undefined) {
      given.set(position, i);
      continue;
    }
    const column = table.columns[position] as ColumnDef;
    const known = given.get(position);
    const current =
      known === undefined || typeof known === 'number' ? constant(null, column.type, -1) : known;
    const value = columnExpr(columns[i] as OutputColumn, -1);
    given.set(position, assignPart(level, unchecked(column), current, path, value));
    inParts.add(position);
  }
  for (const position of inParts) {
    const column = table.columns[position] as ColumnDef;
    given.set(position, assembled(level, column, given.get(position) as Expr));
  }
  return given;
}

function checkGenerated(stmt: ast.InsertStmt, column: ColumnDef): void {
  const overridden = stmt.override === 'OVERRIDING_SYSTEM_VALUE' && column.generated === null;
  if (!overridden) refuseGenerated(column, 'INSERT', -1);
}

function sourceColumn(level: Level, table: TableDef, target: InsertTarget): OutputColumn {
  const { position, path } = target;
  const column = table.columns[position] as ColumnDef;
  const { name, type, typmod } = path === undefined ? column : partAt(level, column, path);
  return { id: level.state.newColumnId(level, null, name), name, type, typmod, origin: null };
}

/** The targets that get values: fewer values than columns is fine only without a column list. */
function checkWidth(
  stmt: ast.InsertStmt,
  targets: readonly InsertTarget[],
  width: number,
  extraLocation: number,
): readonly InsertTarget[] {
  if (width > targets.length)
    throw bindError('42601', 'INSERT has more expressions than target columns', extraLocation);
  if (stmt.cols.length > 0 && width < targets.length)
    throw bindError(
      '42601',
      'INSERT has more target columns than expressions',
      targets[width]?.location ?? -1,
      rowHint(stmt, targets.length),
    );
  return targets.slice(0, width);
}

function rowHint(stmt: ast.InsertStmt, width: number): { hint?: string } {
  const [only, ...others] = stmt.selectStmt?.valuesLists[0] ?? [];
  if (only?.kind !== 'RowExpr' || others.length > 0 || only.args.length !== width) return {};
  return {
    hint: 'The insertion source is a row expression containing the same number of columns expected by the INSERT. Did you accidentally use extra parentheses?',
  };
}

function bindSelectSource(
  level: Level,
  stmt: ast.InsertStmt,
  select: ast.SelectStmt,
  table: TableDef,
  allTargets: readonly InsertTarget[],
): InsertSource {
  const input = bindSelect(level.state, level, select, { keepUnknown: true });
  const extra = select.targetList[allTargets.length]?.val?.location ?? -1;
  const targets = checkWidth(stmt, allTargets, input.columns.length, extra);
  const kept: InsertTarget[] = [];
  const exprs: Expr[] = [];
  const columns: OutputColumn[] = [];
  for (const [i, target] of targets.entries()) {
    const { position, path } = target;
    const column = table.columns[position] as ColumnDef;
    if (stmt.override === 'OVERRIDING_USER_VALUE' && column.identity !== null) continue;
    checkGenerated(stmt, column);
    const value = sourceExpr(input, i, select);
    exprs.push(
      path === undefined
        ? assignTo(level, table, position, value)
        : coerceAssignment(level, value, partAt(level, column, path)),
    );
    kept.push(target);
    columns.push(sourceColumn(level, table, target));
  }
  const given = givenValues(level, table, kept, columns);
  return { node: { kind: 'project', input, exprs, columns }, given };
}

/** A column of the source; a literal the SELECT left unknown is taken itself, so that it gets the target's type. */
function sourceExpr(input: LogicalNode, i: number, select: ast.SelectStmt): Expr {
  const column = input.columns[i] as OutputColumn;
  if (column.type.oid === Oid.unknown && input.kind === 'project') {
    const expr = input.exprs[i] as Expr;
    if (expr.kind === 'const' || expr.kind === 'param') return expr;
  }
  return columnExpr(column, select.targetList[i]?.val?.location ?? -1);
}
