/**
 * ARRAY[...], subscripts and slices, fields of rows.
 */
import type { Expr } from '../../exec/expr.ts';
import { int4Type } from '../../types/integer-types.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import { textType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import { castExplicitly } from './casts.ts';
import { coerceToCommon, commonTypeOf, convert } from './coerce.ts';
import { commonTypmod } from './conditionals.ts';
import { bindError } from './errors.ts';
import { bindNode } from './expressions.ts';
import { callOnRow } from './function-notation.ts';
import type { Level } from './level.ts';
import { operatorCall } from './operators.ts';

/** `wanted`: the array type a surrounding cast asks for. */
export function bindArray(level: Level, node: ast.A_ArrayExpr, wanted: SqlType | null): Expr {
  const isNested = node.elements.some((element) => element.kind === 'A_ArrayExpr');
  const elements = node.elements.map((element) =>
    element.kind === 'A_ArrayExpr' ? bindArray(level, element, wanted) : bindNode(level, element),
  );
  if (elements.length === 0 && wanted === null)
    throw bindError('42P18', 'cannot determine type of empty array', node.location, {
      hint: 'Explicitly cast to the desired type, for example ARRAY[]::integer[].',
    });
  const base = { kind: 'array', location: node.location } as const;
  if (wanted !== null) {
    const element = isNested ? wanted : (domainBase(wanted).elementType as SqlType);
    const cast = elements.map((item) =>
      castExplicitly(level, item, { type: element, typmod: -1 }, item.location),
    );
    return { ...base, elements: cast, isNested, type: wanted, typmod: -1 };
  }
  const common = commonTypeOf(level, elements, 'ARRAY');
  const coerced = elements.map((item) => coerceToCommon(level, item, common, 'ARRAY'));
  // int2vector and oidvector have elements and are elements: arrays of them are arrays of a type of their own.
  const shape = domainBase(common.type);
  const isArrayOfArrays = isNested || (shape.elementType !== null && shape.arrayType === null);
  const type = isArrayOfArrays ? common.type : common.type.arrayType;
  if (type === null)
    throw bindError(
      '42704',
      `could not find array type for data type ${common.type.sqlName(-1)}`,
      node.location,
    );
  return { ...base, elements: coerced, isNested: isArrayOfArrays, type, typmod: commonTypmod(coerced) };
}

/** `(expr).field`, `expr[1]`, `expr[1:2]`. */
export function bindIndirection(level: Level, node: ast.A_Indirection): Expr {
  let expr = bindNode(level, node.arg);
  let subscripts: ast.A_Indices[] = [];
  const flush = (): void => {
    if (subscripts.length > 0) expr = subscript(level, expr, subscripts, node.location);
    subscripts = [];
  };
  for (const step of node.indirection) {
    if (step.kind === 'A_Indices') subscripts.push(step);
    else if (step.kind === 'A_Star')
      throw bindError('42601', 'row expansion via "*" is not supported here', node.location);
    else {
      flush();
      const { location } = expr;
      const isField = domainBase(expr.type).fields?.some(({ name }) => name === step.sval) !== false;
      const call = isField ? null : callOnRow(level, expr, step.sval, location);
      expr = call ?? field(expr, step.sval, location);
    }
  }
  flush();
  return expr;
}

export function field(row: Expr, name: string, location: number): Expr {
  const { fields } = domainBase(row.type);
  if (fields === null)
    throw bindError(
      '42809',
      `column notation .${name} applied to type ${row.type.sqlName(-1)}, which is not a composite type`,
      location,
    );
  const position = fields.findIndex((candidate) => candidate.name === name);
  const found = fields[position];
  if (found === undefined) {
    const message =
      row.type.oid === Oid.record
        ? `could not identify column "${name}" in record data type`
        : `column "${name}" not found in data type ${row.type.sqlName(-1)}`;
    throw bindError('42703', message, location);
  }
  if (row.kind === 'row') return row.fields[position] as Expr;
  return {
    kind: 'field',
    arg: row,
    field: position,
    type: found.type,
    typmod: found.typmod,
    location: row.location,
  };
}

/** PostgreSQL's MAXDIM. */
const DIMENSIONS_MAX = 6;

export function subscript(level: Level, arg: Expr, steps: readonly ast.A_Indices[], location: number): Expr {
  const base = domainBase(arg.type);
  const isJson = base.oid === Oid.jsonb;
  const element = isJson ? base : base.elementType;
  if (element === null)
    throw bindError(
      '42804',
      `cannot subscript type ${arg.type.sqlName(-1)} because it does not support subscripting`,
      location < 0 ? arg.location : arg.location,
    );
  if (!isJson && steps.length > DIMENSIONS_MAX)
    throw bindError(
      '54000',
      `number of array dimensions (${steps.length}) exceeds the maximum allowed (${DIMENSIONS_MAX})`,
      -1,
    );
  const isSlice = steps.some((step) => step.is_slice);
  if (isJson && isSlice)
    throw bindError('42804', 'jsonb subscript does not support slices', steps[0]?.location ?? location);
  if (isJson) return jsonElement(level, arg, steps, location);
  const bound = (node: ast.Expr | null): Expr | null => (node === null ? null : arrayIndex(level, node));
  const subscripts = steps.map((step) => ({
    lower: step.is_slice ? bound(step.lidx) : null,
    upper: bound(step.uidx),
    isSlice: step.is_slice,
  }));
  const type = isSlice ? base : element;
  return { kind: 'subscript', arg, subscripts, type, typmod: arg.typmod, location: arg.location };
}

export function arrayIndex(level: Level, node: ast.Expr): Expr {
  const expr = bindNode(level, node);
  const index = convert(level, expr, int4Type, 'assignment');
  if (index === null) throw bindError('42804', 'array subscript must have type integer', expr.location);
  return index;
}

/** `doc['key'][2]` reads what is at the path {key,2}. */
function jsonElement(level: Level, arg: Expr, steps: readonly ast.A_Indices[], location: number): Expr {
  const elements = steps.map((step) => {
    const key = jsonKey(level, step.uidx as ast.Expr);
    return castExplicitly(level, key, { type: textType, typmod: -1 }, key.location);
  });
  const type = textType.arrayType as SqlType;
  const path: Expr = { kind: 'array', elements, isNested: false, type, typmod: -1, location: -1 };
  return operatorCall(level, ['#>'], arg, path, location);
}

/** A jsonb subscript is an object key or an array position. */
export function jsonKey(level: Level, node: ast.Expr): Expr {
  const expr = bindNode(level, node);
  const index = expr.type.category === 'N' ? convert(level, expr, int4Type, 'implicit') : null;
  if (index !== null) return index;
  const key = convert(level, expr, textType, 'implicit');
  if (key === null)
    throw bindError('42804', `subscript type ${expr.type.sqlName(-1)} is not supported`, expr.location, {
      hint: 'jsonb subscript must be coercible to either integer or text.',
    });
  return key;
}
