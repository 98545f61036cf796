/**
 * SQL/JSON constructors: those that are a plain function call underneath; the rest is refused by name.
 */
import type { Expr } from '../../exec/expr.ts';
import { jsonType } from '../../types/json-types.ts';
import { textType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import { callFunction } from './calls.ts';
import { castExplicitly } from './casts.ts';
import { bindNotSupported } from './errors.ts';
import { bindNode } from './expressions.ts';
import { bindIsJson, bindJsonFunction } from './json-queries.ts';
import type { Level } from './level.ts';
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
    case 'JsonObjectConstructor': {
      if (node.absent_on_null || node.unique)
        throw bindNotSupported('JSON_OBJECT with ABSENT ON NULL or WITH UNIQUE', node.location);
      const args = node.exprs.flatMap(({ key, value }) => [
        bindNode(level, key),
        bindNode(level, value.raw_expr),
      ]);
      return output(level, callFunction(level, 'json_build_object', args, node.location), node.output);
    }
    case 'JsonArrayConstructor': {
      if (node.absent_on_null && node.exprs.some(({ raw_expr }) => raw_expr.kind !== 'A_Const'))
        throw bindNotSupported('JSON_ARRAY with ABSENT ON NULL', node.location);
      const kept = node.exprs.filter(
        ({ raw_expr }) =>
          !(node.absent_on_null && raw_expr.kind === 'A_Const' && raw_expr.constType === 'Null'),
      );
      const args = kept.map(({ raw_expr }) => bindNode(level, raw_expr));
      return output(level, callFunction(level, 'json_build_array', args, node.location), node.output);
    }
    case 'JsonParseExpr':
      if (node.unique_keys) throw bindNotSupported('JSON() WITH UNIQUE', node.location);
      return castExplicitly(
        level,
        bindNode(level, node.expr.raw_expr),
        { type: jsonType, typmod: -1 },
        node.location,
      );
    case 'JsonScalarExpr':
      return callFunction(level, 'to_json', [bindNode(level, node.expr)], node.location);
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
    default:
      throw bindNotSupported(NAMES[node.kind], node.location);
  }
}

const NAMES: Readonly<
  Record<
    Exclude<
      JsonNode['kind'],
      | 'JsonObjectConstructor'
      | 'JsonArrayConstructor'
      | 'JsonParseExpr'
      | 'JsonScalarExpr'
      | 'JsonFuncExpr'
      | 'JsonIsPredicate'
      | 'JsonSerializeExpr'
      | 'JsonObjectAgg'
      | 'JsonArrayAgg'
    >,
    string
  >
> = {
  JsonArrayQueryConstructor: 'JSON_ARRAY(SELECT ...)',
};

/** The aggregate that JSON_OBJECTAGG or JSON_ARRAYAGG means. */
function aggregateCall(node: ast.JsonObjectAgg | ast.JsonArrayAgg): ast.FuncCall {
  const { construct } = node;
  const isBinary = construct.output?.typeName.names.at(-1) === 'jsonb';
  const strict = node.absent_on_null ? '_strict' : '';
  const unique = node.kind === 'JsonObjectAgg' && node.unique ? '_unique' : '';
  const what = node.kind === 'JsonObjectAgg' ? `_object_agg${unique}${strict}` : `_agg${strict}`;
  return {
    kind: 'FuncCall',
    funcname: ['pg_catalog', `${isBinary ? 'jsonb' : 'json'}${what}`],
    args: node.kind === 'JsonObjectAgg' ? [node.arg.key, node.arg.value.raw_expr] : [node.arg.raw_expr],
    agg_order: construct.agg_order,
    agg_filter: construct.agg_filter,
    over: construct.over,
    agg_within_group: false,
    agg_star: false,
    agg_distinct: false,
    func_variadic: false,
    funcformat: 'COERCE_EXPLICIT_CALL',
    location: node.location,
  };
}

function output(level: Level, expr: Expr, clause: ast.JsonOutput | null): Expr {
  if (clause === null) return expr;
  return castExplicitly(level, expr, resolveTypeName(level.state.env, clause.typeName), clause.location);
}
