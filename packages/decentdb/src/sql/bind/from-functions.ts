/**
 * Functions in FROM: set-returning ones, plain ones as a single row, ROWS FROM, WITH ORDINALITY, column definition lists.
 *
 * I1  Arguments may use earlier FROM items: functions are lateral by nature.
 * I2  A function of rows of a named type has their fields for columns; a plain function stands as one row beside others.
 */
import { DecentDbError } from '../../base/errors.ts';
import { outputParameters } from '../../catalog/routines.ts';
import type { Expr } from '../../exec/expr.ts';
import type { TableFunction } from '../../functions/function.ts';
import { isScalarName, tableFunctionsNamed } from '../../functions/registry.ts';
import { tryResolveTableFunction } from '../../functions/resolve.ts';
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
import { int8Type } from '../../types/integer-types.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { bindArguments, convertArguments, functionName, typesOf } from './calls.ts';
import { applyTypmod, convert, resolveUnknown } from './coerce.ts';
import { columnNameOf } from './column-names.ts';
import { constant } from './constants.ts';
import { atLocation, bindError } from './errors.ts';
import { bindExpr } from './expressions.ts';
import type { FromResult } from './from.ts';
import { applyColumnAliases, itemOf } from './from-items.ts';
import type { Level } from './level.ts';
import { bindRoutine, routineTable } from './routine-calls.ts';
import { routinesNamed } from './routine-lookup.ts';
import { referTo } from './select.ts';
import { noteCall } from './session-calls.ts';
import { resolveTypeName } from './type-names.ts';
import { requireCallable, userTables } from './user-functions.ts';

interface FunctionColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly typmod: number;
}

interface BoundItem {
  readonly name: string;
  readonly columns: readonly FunctionColumn[];
  /** One value column named after the function, not after an output parameter. */
  readonly isScalar: boolean;
  /** One output with a name of its own: it keeps the name, and the row is its value all the same. */
  readonly isNamedValue?: boolean;
  readonly table: { readonly fn: TableFunction; readonly args: readonly Expr[] } | null;
  readonly expr: Expr | null;
  /** The named row type its columns are the fields of. */
  readonly rowType?: SqlType;
  /** What the function itself gives where that is not `columns` yet, and how they are made of it. */
  readonly made?: {
    readonly given: readonly FunctionColumn[];
    readonly from: (given: readonly Expr[]) => readonly Expr[];
  };
}

/** A value as the one row of a function. */
const ONE_ROW: TableFunction = {
  kind: 'table',
  name: 'row',
  args: [Oid.any],
  columns: [{ name: 'row', type: Oid.any }],
  strict: false,
  volatility: 'immutable',
  rows: (_context, [value = null]) => [[value]],
  description: 'The value of a plain function.',
};

export function bindRangeFunction(level: Level, item: ast.RangeFunction): FromResult {
  const wasActive = level.lateralActive;
  const kind = level.kind;
  level.lateralActive = true;
  level.kind = 'fromFunction';
  const bound = item.functions.flatMap((call) =>
    separate(call.func).map((func) =>
      bindItem(level, func, call.coldeflist.length > 0 ? call.coldeflist : item.coldeflist),
    ),
  );
  level.lateralActive = wasActive;
  level.kind = kind;
  const refname = item.alias?.aliasname ?? (bound[0] as BoundItem).name;
  const columns = nameColumns(level, item, bound, refname);
  const node = makeNode(level, item, bound, columns);
  const [only] = bound;
  const isValue = bound.length === 1 && (only?.isScalar === true || only?.isNamedValue === true);
  const rowType = bound.length === 1 && !item.ordinality ? only?.rowType : undefined;
  const made = itemOf(level, refname, columns, {
    isScalarFunction: isValue && !item.ordinality,
    ...(rowType === undefined ? {} : { rowType }),
  });
  return { node, namespace: [applyColumnAliases(made, item.alias, item.location)] };
}

/** `unnest(a, b)` in FROM is ROWS FROM (unnest(a), unnest(b)). */
function separate(node: ast.Expr): readonly ast.Expr[] {
  if (node.kind !== 'FuncCall' || node.funcname.at(-1) !== 'unnest' || node.args.length < 2) return [node];
  return node.args.map((arg) => ({ ...node, args: [arg] }));
}

function nameColumns(
  level: Level,
  item: ast.RangeFunction,
  bound: readonly BoundItem[],
  refname: string,
): OutputColumn[] {
  const aliased = item.alias !== null && bound.length === 1;
  const all = bound.flatMap((one) =>
    one.columns.map((column) => ({ ...column, name: one.isScalar && aliased ? refname : column.name })),
  );
  if (item.ordinality) all.push({ name: 'ordinality', type: int8Type, typmod: -1 });
  return all.map(({ name, type, typmod }, i) => ({
    id: level.state.newColumnId(level, refname, item.alias?.colnames[i] ?? name),
    name,
    type,
    typmod,
    origin: null,
  }));
}

function makeNode(
  level: Level,
  item: ast.RangeFunction,
  bound: readonly BoundItem[],
  columns: readonly OutputColumn[],
): LogicalNode {
  const [only] = bound;
  if (bound.length === 1 && only?.expr != null) {
    const input: LogicalNode = { kind: 'values', rows: [[]], columns: [] };
    const exprs = fieldsOf(only.expr, only.columns.length);
    if (item.ordinality) exprs.push(constant(1, int8Type, -1));
    return { kind: 'project', input, exprs, columns };
  }
  const all = bound.map(asTable);
  const functions = all.map(({ table, columns: own, made }) => ({
    ...(table as NonNullable<BoundItem['table']>),
    columnCount: (made?.given ?? own).length,
  }));
  const withOrdinality = item.ordinality;
  if (all.every(({ made }) => made === undefined))
    return { kind: 'tableFunction', functions, withOrdinality, columns };
  const inner: OutputColumn[] = [];
  const add = ({ name, type, typmod }: FunctionColumn): Expr => {
    const column = { id: level.state.newColumnId(level, null, name), name, type, typmod, origin: null };
    inner.push(column);
    return referTo(column);
  };
  const exprs = all.flatMap(({ columns: own, made }) =>
    made === undefined ? own.map(add) : made.from(made.given.map(add)),
  );
  if (withOrdinality) exprs.push(add({ name: 'ordinality', type: int8Type, typmod: -1 }));
  const input: LogicalNode = { kind: 'tableFunction', functions, withOrdinality, columns: inner };
  return { kind: 'project', input, exprs, columns };
}

/** A plain function as one that gives one row. */
function asTable(one: BoundItem): BoundItem {
  const { expr, columns } = one;
  if (expr === null) return one;
  const given = [{ name: one.name, type: expr.type, typmod: expr.typmod }];
  const from = ([value]: readonly Expr[]): Expr[] => fieldsOf(value as Expr, columns.length);
  return { ...one, table: { fn: ONE_ROW, args: [expr] }, made: { given, from } };
}

/** The fields of a type that was given a name as a row. */
function namedFields(type: SqlType): readonly FunctionColumn[] | null {
  const base = domainBase(type);
  return base.kind === 'composite' ? base.fields : null;
}

function namedRow(type: SqlType | null): Pick<BoundItem, 'rowType'> {
  return type === null || namedFields(type) === null ? {} : { rowType: type };
}

/** A row value as its fields. */
function fieldsOf(expr: Expr, count: number): Expr[] {
  const { fields } = domainBase(expr.type);
  if (fields === null || count !== fields.length) return [expr];
  return fields.map(({ type, typmod }, field) => ({
    kind: 'field',
    arg: expr,
    field,
    type,
    typmod,
    location: expr.location,
  }));
}

function bindItem(level: Level, node: ast.Expr, definitions: readonly ast.ColumnDef[]): BoundItem {
  const name = columnNameOf(node);
  if (node.kind === 'FuncCall') {
    const routine = bindRoutineItem(level, node, name, definitions);
    if (routine !== null) return routine;
  }
  if (node.kind === 'FuncCall' && routinesNamed(level.state.env, node.funcname).length === 0) {
    const fnName = functionName(level, node);
    const isTable = tableFunctionsNamed(fnName).length > 0 || userTables(level, fnName).length > 0;
    const table = isTable ? bindTable(level, node, fnName, definitions) : null;
    if (table !== null) return table;
  }
  if (definitions.length > 0)
    throw bindError(
      '42601',
      'a column definition list is only allowed for functions returning "record"',
      definitions[0]?.location ?? -1,
    );
  const expr = resolveUnknown(level, bindExpr(level, node, 'fromFunction'));
  const { fields } = domainBase(expr.type);
  if (fields !== null)
    return { name, columns: fields, isScalar: false, table: null, expr, ...namedRow(expr.type) };
  return {
    name,
    columns: [{ name, type: expr.type, typmod: expr.typmod }],
    isScalar: true,
    table: null,
    expr,
  };
}

/** A function in SQL that returns a set, or a row whose columns are listed; null for all others. */
function bindRoutineItem(
  level: Level,
  node: ast.FuncCall,
  name: string,
  definitions: readonly ast.ColumnDef[],
): BoundItem | null {
  if (routinesNamed(level.state.env, node.funcname).length === 0) return null;
  const routine = bindRoutine(level, node, bindArguments(level, node));
  if (routine === null) {
    const builtin = functionName(level, node);
    return tableFunctionsNamed(builtin).length > 0 ? bindTable(level, node, builtin, definitions) : null;
  }
  const { call, args } = routine;
  const isRecord = call.routine.returnTypeId === Oid.record && outputParameters(call.routine).length === 0;
  if (isRecord && definitions.length === 0)
    throw bindError(
      '42601',
      'a column definition list is required for functions returning "record"',
      node.location,
    );
  if (!isRecord && definitions.length > 0)
    throw bindError(
      '42601',
      'a column definition list is only allowed for functions returning "record"',
      definitions[0]?.location ?? -1,
    );
  if (!call.routine.returnsSet && !isRecord) return null;
  const defined = definitions.map((definition): FunctionColumn => {
    const { type, typmod } = resolveTypeName(level.state.env, definition.typeName as ast.TypeName);
    return { name: definition.colname, type, typmod };
  });
  const table = { fn: routineTable(call), args };
  if (isRecord) {
    const given = call.columns;
    const from = (values: readonly Expr[]): Expr[] => asDefined(level, values, defined);
    // What does not fit is said here and now.
    from(given.map(({ type, typmod }) => ({ ...constant(null, type, -1), typmod })));
    return { name, columns: defined, isScalar: false, table, expr: null, made: { given, from } };
  }
  const { columns } = call;
  const outputs = outputParameters(call.routine);
  const isScalar = call.rowType === null && (outputs[0]?.name ?? null) === null;
  const named = isScalar ? columns.map((column) => ({ ...column, name })) : columns;
  const isNamedValue = call.rowType === null && columns.length === 1;
  return { name, columns: named, isScalar, isNamedValue, table, expr: null, ...namedRow(call.rowType) };
}

function bindTable(
  level: Level,
  node: ast.FuncCall,
  name: string,
  definitions: readonly ast.ColumnDef[],
): BoundItem | null {
  const bound = bindArguments(level, node);
  const types = typesOf(bound.args);
  const resolved = atLocation(node.location, () =>
    tryResolveTableFunction(name, types, bound.options, userTables(level, name)),
  );
  if (resolved !== null) requireCallable(level, resolved.fn, node.location);
  if (resolved === null) {
    if (isScalarName(name)) return null;
    const shown = types.map((type) => type.sqlName(-1)).join(', ');
    throw bindError('42883', `function ${name}(${shown}) does not exist`, node.location, {
      hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
    });
  }
  const { fn } = resolved;
  noteCall(level.state, fn.name);
  const args = convertArguments(level, resolved, bound.args);
  const defined = definitions.map((definition): FunctionColumn => {
    const { type, typmod } = resolveTypeName(level.state.env, definition.typeName as ast.TypeName);
    return { name: definition.colname, type, typmod };
  });
  const known = fn.rowOfFirst === true ? rowColumns(types[0] as SqlType, name, defined, node) : null;
  if (known !== null)
    return {
      name,
      columns: known,
      isScalar: false,
      table: { fn: fn.withFields?.(known) ?? fn, args },
      expr: null,
    };
  if (fn.needsColumnList === true && defined.length === 0)
    throw bindError(
      '42601',
      'a column definition list is required for functions returning "record"',
      node.location,
    );
  if (fn.needsColumnList !== true && defined.length > 0)
    throw bindError(
      '42601',
      resolved.columnTypes.length === 1 && namedFields(resolved.columnTypes[0] as SqlType) !== null
        ? 'a column definition list is redundant for a function returning a named composite type'
        : 'a column definition list is only allowed for functions returning "record"',
      definitions[0]?.location ?? -1,
    );
  const columns =
    defined.length > 0
      ? defined
      : fn.columns.map((column, i) => ({
          name: column.name,
          type: resolved.columnTypes[i] as SqlType,
          typmod: -1,
        }));
  const [only] = columns;
  const unpacked = columns.length === 1 && only !== undefined ? namedFields(only.type) : null;
  if (unpacked !== null) {
    const from = ([row]: readonly Expr[]): Expr[] => fieldsOf(row as Expr, unpacked.length);
    return {
      name,
      columns: unpacked,
      isScalar: false,
      table: { fn, args },
      expr: null,
      made: { given: columns, from },
      ...namedRow(only?.type ?? null),
    };
  }
  const isScalar = defined.length === 0 && columns.length === 1 && only?.name === name;
  const isNamedValue = defined.length === 0 && columns.length === 1;
  const table = { fn: fn.withFields?.(columns) ?? fn, args };
  return { name, columns, isScalar, isNamedValue, table, expr: null };
}

/** What a function in SQL gives as its column definition list wants it, converted as in assignment. */
function asDefined(level: Level, given: readonly Expr[], wanted: readonly FunctionColumn[]): Expr[] {
  const refuse = (detail: string): never => {
    throw new DecentDbError('42P13', 'return type mismatch in function declared to return record', {
      detail: `Final statement returns ${detail}`,
    });
  };
  if (given.length !== wanted.length) refuse(`too ${given.length > wanted.length ? 'many' : 'few'} columns.`);
  return given.map((expr, i) => {
    const { type, typmod } = wanted[i] as FunctionColumn;
    const converted =
      convert(level, expr, type, 'assignment', typmod) ??
      refuse(`${expr.type.sqlName(-1)} instead of ${type.sqlName(-1)} at column ${i + 1}.`);
    return applyTypmod(converted, typmod, false);
  });
}

/** Columns of a function whose row type its first argument gives, or a column definition list. */
function rowColumns(
  type: SqlType,
  name: string,
  defined: readonly FunctionColumn[],
  node: ast.FuncCall,
): readonly FunctionColumn[] {
  const base = domainBase(type);
  const { location } = node;
  if (base.fields === null && base.oid !== Oid.record)
    throw bindError('42804', `first argument of ${name} must be a row type`, location);
  if (base.fields !== null && (base.kind === 'composite' || defined.length === 0)) {
    if (defined.length === 0 && base.kind === 'composite') return base.fields;
    if (base.kind === 'composite')
      throw bindError(
        '42601',
        'a column definition list is redundant for a function returning a named composite type',
        location,
      );
  }
  if (defined.length === 0)
    throw bindError(
      '42601',
      'a column definition list is required for functions returning "record"',
      location,
    );
  const given = base.fields;
  if (given !== null) checkSameRow(given, defined);
  return defined;
}

function checkSameRow(given: readonly FunctionColumn[], wanted: readonly FunctionColumn[]): void {
  const message = 'function return row and query-specified return row do not match';
  if (given.length !== wanted.length)
    throw new DecentDbError('42804', message, {
      detail: `Returned row contains ${given.length} attribute${given.length === 1 ? '' : 's'}, but query expects ${wanted.length}.`,
    });
  for (const [i, { type }] of given.entries()) {
    const want = (wanted[i] as FunctionColumn).type;
    if (type.oid === want.oid) continue;
    throw new DecentDbError('42804', message, {
      detail: `Returned type ${type.sqlName(-1)} at ordinal position ${i + 1}, but query expects ${want.sqlName(-1)}.`,
    });
  }
}
