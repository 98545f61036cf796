/**
 * JSON_TABLE as the query it stands for: a row per item the path finds, a column per JSON_VALUE, JSON_QUERY or JSON_EXISTS of it.
 *
 *     JSON_TABLE(doc, '$[*]' COLUMNS (n FOR ORDINALITY, a int PATH '$.a', NESTED PATH '$.b[*]' COLUMNS (x int PATH '$')))
 *
 *     (SELECT i1.n, JSON_VALUE(i1.item, '$.a' RETURNING int), n2.x
 *        FROM jsonb_path_query(doc, '$[*]') WITH ORDINALITY i1 (item, n)
 *        LEFT JOIN LATERAL (SELECT JSON_VALUE(i2.item, '$' RETURNING int) AS x FROM jsonb_path_query(i1.item, '$.b[*]') ... i2) n2 ON true)
 *
 * I1  Names made here hold a line break, which nobody writes: they hide no name of the statement.
 * I2  Nested paths beside each other give their rows one after the other, with NULLs in the other's columns.
 * I3  The columns of nested paths stand behind those of the path that holds them, wherever they are written.
 */
import { jsonbType } from '../../types/json-types.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { makeBoolean, makeCast, makeNull, makeString } from '../parse/literals.ts';
import { bindError } from './errors.ts';
import type { Level } from './level.ts';
import { makeCall, makeSelect } from './made-queries.ts';
import { resolveTypeName } from './type-names.ts';

/** A column with what gives its value. */
interface Output {
  readonly name: string;
  readonly value: ast.Expr;
  readonly type: ast.TypeName;
}

interface Place {
  readonly level: Level;
  readonly isErrorOnError: boolean;
  readonly passing: readonly ast.JsonArgument[];
  readonly location: number;
  /** How many paths have been numbered. */
  count: number;
}

export function expandJsonTable(level: Level, table: ast.JsonTable): ast.RangeSubselect {
  const { location } = table;
  const behaviour = table.on_error?.btype;
  if (
    behaviour !== undefined &&
    !['JSON_BEHAVIOR_ERROR', 'JSON_BEHAVIOR_EMPTY', 'JSON_BEHAVIOR_EMPTY_ARRAY'].includes(behaviour)
  )
    throw bindError('42601', 'invalid ON ERROR behavior', location);
  refuseTwice(table);
  const isErrorOnError = behaviour === 'JSON_BEHAVIOR_ERROR';
  const place: Place = { level, isErrorOnError, passing: table.passing, location, count: 0 };
  const { from, outputs } = rowsOf(place, table.context_item.raw_expr, table.pathspec, table.columns);
  const alias = table.alias ?? { kind: 'Alias', aliasname: 'json_table', colnames: [], location };
  return { kind: 'RangeSubselect', lateral: true, subquery: select(place, outputs, from), alias, location };
}

/** 42712: a path or column named twice. */
function refuseTwice(table: ast.JsonTable): void {
  const seen = new Set<string>();
  const visit = (name: string | null): void => {
    if (name === null) return;
    if (seen.has(name))
      throw bindError('42712', `duplicate JSON_TABLE column or path name: ${name}`, table.location);
    seen.add(name);
  };
  const visitAll = (columns: readonly ast.JsonTableColumn[]): void => {
    for (const column of columns) {
      visit(column.coltype === 'JTC_NESTED' ? (column.pathspec?.name ?? null) : column.name);
      visitAll(column.columns);
    }
  };
  visit(table.pathspec.name);
  visitAll(table.columns);
}

/** The rows of one path, and what its columns are made of. */
function rowsOf(
  place: Place,
  document: ast.Expr,
  path: ast.JsonTablePathSpec,
  columns: readonly ast.JsonTableColumn[],
): { readonly from: ast.FromItem; readonly outputs: readonly Output[] } {
  const name = `path\n${++place.count}`;
  const { location } = place;
  const item: ast.Expr = { kind: 'ColumnRef', fields: [name, 'item'], star: false, location };
  const ordinal: ast.Expr = { kind: 'ColumnRef', fields: [name, 'ordinal'], star: false, location };
  const nested = columns.filter(({ coltype }) => coltype === 'JTC_NESTED');
  const inner = nested.length === 0 ? null : nestedRows(place, item, nested);
  const plain = columns.filter(({ coltype }) => coltype !== 'JTC_NESTED');
  const own = plain.map((column): Output => {
    if (column.coltype === 'JTC_FOR_ORDINALITY') {
      const type = typeNamed('int4', location);
      return { name: column.name ?? '', value: makeCast(ordinal, type, location), type };
    }
    const type = column.typeName ?? typeNamed('bool', location);
    return { name: column.name ?? '', value: valueOf(place, item, column, type), type };
  });
  const outputs = [...own, ...nested.flatMap((column) => inner?.outputs.get(column) ?? [])]; // I3
  const rows = itemsOf(place, document, path, name);
  if (inner === null) return { from: rows, outputs };
  const from: ast.FromItem = {
    kind: 'JoinExpr',
    jointype: 'JOIN_LEFT',
    isNatural: false,
    larg: rows,
    rarg: inner.from,
    usingClause: [],
    join_using_alias: null,
    quals: makeBoolean(true, location),
    alias: null,
    location,
  };
  return { from, outputs };
}

/** `jsonb_path_query(document, path, variables, silent) WITH ORDINALITY AS name (item, ordinal)`. */
function itemsOf(
  place: Place,
  document: ast.Expr,
  path: ast.JsonTablePathSpec,
  name: string,
): ast.RangeFunction {
  const { location } = place;
  const variables = place.passing.flatMap((one) => [makeString(one.name, location), one.val.raw_expr]);
  const func = makeCall(
    'jsonb_path_query',
    [
      makeCast(document, typeNamed(jsonbType.name, location), location),
      makeCast(path.string, typeNamed('jsonpath', location), location),
      makeCall('jsonb_build_object', variables, location),
      makeBoolean(!place.isErrorOnError, location),
    ],
    location,
  );
  return {
    kind: 'RangeFunction',
    lateral: true,
    ordinality: true,
    is_rowsfrom: false,
    functions: [{ func, coldeflist: [] }],
    alias: { kind: 'Alias', aliasname: name, colnames: ['item', 'ordinal'], location },
    coldeflist: [],
    location,
  };
}

/** The rows of nested paths, one path after the other (I2). */
function nestedRows(
  place: Place,
  item: ast.Expr,
  nested: readonly ast.JsonTableColumn[],
): { readonly from: ast.FromItem; readonly outputs: Map<ast.JsonTableColumn, readonly Output[]> } {
  const { location } = place;
  const name = `nested\n${++place.count}`;
  const parts = nested.map((column) => ({
    column,
    ...rowsOf(place, item, column.pathspec as ast.JsonTablePathSpec, column.columns),
  }));
  const named = (part: number, i: number): string => `${part}\n${i}`;
  const branches = parts.map((part) => {
    const targets = parts.flatMap((other, p) =>
      other.outputs.map(
        ({ value, type }, i): Output => ({
          name: named(p, i),
          value: other === part ? value : makeCast(makeNull(location), type, location),
          type,
        }),
      ),
    );
    return select(place, targets, part.from);
  });
  const subquery = branches.reduce(
    (larg, rarg): ast.SelectStmt => ({
      ...select(place, [], null),
      op: 'SETOP_UNION',
      all: true,
      larg,
      rarg,
    }),
  );
  const outputs = new Map(
    parts.map(({ column, outputs: own }, p) => [
      column,
      own.map(
        (output, i): Output => ({
          ...output,
          value: { kind: 'ColumnRef', fields: [name, named(p, i)], star: false, location },
        }),
      ),
    ]),
  );
  const alias: ast.Alias = { kind: 'Alias', aliasname: name, colnames: [], location };
  return { from: { kind: 'RangeSubselect', lateral: true, subquery, alias, location }, outputs };
}

/** JSON_VALUE, or JSON_QUERY where the type holds JSON, arrays or rows, or JSON_EXISTS. */
function valueOf(place: Place, item: ast.Expr, column: ast.JsonTableColumn, type: ast.TypeName): ast.Expr {
  const { location } = column;
  const isExists = column.coltype === 'JTC_EXISTS';
  const isShaped = column.wrapper !== 'JSW_UNSPEC' || column.quotes !== 'JS_QUOTES_UNSPEC';
  const isQuery =
    column.coltype === 'JTC_FORMATTED' || (!isExists && (isShaped || holdsParts(place.level, type)));
  const format: ast.JsonFormat = {
    kind: 'JsonFormat',
    format_type: 'JS_FORMAT_DEFAULT',
    encoding: 'JS_ENC_DEFAULT',
    location,
  };
  const made: ast.JsonFuncExpr = {
    kind: 'JsonFuncExpr',
    op: isExists ? 'JSON_EXISTS_OP' : isQuery ? 'JSON_QUERY_OP' : 'JSON_VALUE_OP',
    context_item: { kind: 'JsonValueExpr', raw_expr: item, format, location },
    pathspec: column.pathspec?.string ?? makeString(`$.${JSON.stringify(column.name)}`, location),
    passing: place.passing,
    output: isExists ? null : { kind: 'JsonOutput', typeName: type, format, location },
    on_empty: column.on_empty,
    on_error: column.on_error,
    wrapper: column.wrapper,
    quotes: column.quotes,
    location,
  };
  return isExists ? fromBoolean(place.level, made, type) : made;
}

/** JSON_EXISTS as the type of its column: numbers and texts too. */
function fromBoolean(level: Level, value: ast.Expr, type: ast.TypeName): ast.Expr {
  const { location } = type;
  const base = domainBase(resolveTypeName(level.state.env, type).type);
  const isDirect = base.oid === Oid.bool || base.oid === Oid.int4 || base.category === 'S';
  return makeCast(isDirect ? value : makeCast(value, typeNamed('int4', location), location), type, location);
}

function holdsParts(level: Level, typeName: ast.TypeName): boolean {
  const base = domainBase(resolveTypeName(level.state.env, typeName).type);
  return base.oid === Oid.json || base.oid === Oid.jsonb || base.elementType !== null || base.fields !== null;
}

function typeNamed(name: string, location: number): ast.TypeName {
  return {
    kind: 'TypeName',
    names: ['pg_catalog', name],
    setof: false,
    pct_type: false,
    typmods: [],
    arrayBounds: [],
    location,
  };
}

function select(place: Place, outputs: readonly Output[], from: ast.FromItem | null): ast.SelectStmt {
  const targets = outputs.map(({ name, value }) => ({ name, value }));
  return makeSelect(targets, from, place.location);
}
