/**
 * SQL/JSON constructors: calls of functions, casts and aggregates underneath.
 */
import type { Expr } from '../../exec/expr.ts';
import { jsonType } from '../../types/json-types.ts';
import { Oid } from '../../types/oids.ts';
import { textType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import { callFunction } from './calls.ts';
import { castExplicitly } from './casts.ts';
import { resolveUnknown } from './coerce.ts';
import { bindNode } from './expressions.ts';
import { bindArrayOf, bindObject, withUniqueKeys } from './json-constructors.ts';
import { bindIsJson, bindJsonFunction, inUtf8 } from './json-queries.ts';
import type { Level } from './level.ts';
import { makeCall, makeSelect } from './made-queries.ts';
import { resolveTypeName } from './type-names.ts';

type JsonNode = Extract<
  ast.Expr,
  {
    kind:
      | 'JsonObjectConstructor'
      | 'JsonArrayConstructor'
      | 'JsonArrayQueryConstructor'
      | 'JsonObjectAgg'
      | 'JsonArrayAgg'
      | 'JsonParseExpr'
      | 'JsonScalarExpr'
      | 'JsonSerializeExpr'
      | 'JsonIsPredicate'
      | 'JsonFuncExpr';
  }
>;

export function isJsonNode(node: ast.Expr): node is JsonNode {
  return node.kind.startsWith('Json');
}

export function bindJson(level: Level, node: JsonNode): Expr {
  switch (node.kind) {
    case 'JsonObjectConstructor':
      return output(level, bindObject(level, node), node.output);
    case 'JsonArrayConstructor':
      return output(level, bindArrayOf(level, node), node.output);
    case 'JsonArrayQueryConstructor':
      return output(level, bindNode(level, collected(node)), node.output);
    case 'JsonParseExpr': {
      const target = { type: jsonType, typmod: -1 };
      const value = castExplicitly(level, bindNode(level, node.expr.raw_expr), target, node.location);
      return node.unique_keys ? withUniqueKeys(value, node.location) : value;
    }
    case 'JsonScalarExpr':
      return callFunction(
        level,
        'to_json',
        [resolveUnknown(level, bindNode(level, node.expr))],
        node.location,
      );
    case 'JsonFuncExpr':
      return bindJsonFunction(level, node);
    case 'JsonIsPredicate':
      return bindIsJson(level, node);
    case 'JsonSerializeExpr': {
      const text = castExplicitly(
        level,
        bindNode(level, node.expr.raw_expr),
        { type: jsonType, typmod: -1 },
        node.location,
      );
      if (node.output !== null) return output(level, text, node.output);
      return castExplicitly(level, text, { type: textType, typmod: -1 }, node.location);
    }
    case 'JsonObjectAgg':
    case 'JsonArrayAgg':
      return output(level, bindNode(level, aggregateCall(node)), node.construct.output);
  }
}

/** JSON_ARRAY(SELECT ...): the rows collected, NULLs left out. */
function collected(node: ast.JsonArrayQueryConstructor): ast.Expr {
  const { location } = node;
  const column: ast.ColumnRef = { kind: 'ColumnRef', fields: ['rows\n', 'value'], star: false, location };
  const call = makeCall('json_agg_strict', [column], location);
  const alias: ast.Alias = { kind: 'Alias', aliasname: 'rows\n', colnames: ['value'], location };
  const from: ast.RangeSubselect = {
    kind: 'RangeSubselect',
    lateral: false,
    subquery: node.query,
    alias,
    location,
  };
  const subselect = makeSelect([{ name: null, value: call }], from, location);
  return { kind: 'SubLink', subLinkType: 'EXPR_SUBLINK', testexpr: null, operName: [], subselect, location };
}

/** The aggregate that JSON_OBJECTAGG or JSON_ARRAYAGG means. */
function aggregateCall(node: ast.JsonObjectAgg | ast.JsonArrayAgg): ast.FuncCall {
  const { construct } = node;
  const isBinary = construct.output?.typeName.names.at(-1) === 'jsonb';
  const strict = node.absent_on_null ? '_strict' : '';
  const unique = node.kind === 'JsonObjectAgg' && node.unique ? '_unique' : '';
  const what = node.kind === 'JsonObjectAgg' ? `_object_agg${unique}${strict}` : `_agg${strict}`;
  const args = node.kind === 'JsonObjectAgg' ? [node.arg.key, node.arg.value.raw_expr] : [node.arg.raw_expr];
  const { agg_order, agg_filter, over } = construct;
  const call = makeCall(`${isBinary ? 'jsonb' : 'json'}${what}`, args, node.location);
  return { ...call, agg_order, agg_filter, over };
}

function output(level: Level, expr: Expr, clause: ast.JsonOutput | null): Expr {
  if (clause === null) return expr;
  const target = resolveTypeName(level.state.env, clause.typeName);
  if (target.type.oid !== Oid.bytea) return castExplicitly(level, expr, target, clause.location);
  const text = castExplicitly(level, expr, { type: textType, typmod: -1 }, clause.location);
  return inUtf8(level, 'convert_to', text, clause.location);
}
