/**
 * SQL/JSON constructors: those that are a plain function call underneath; the rest is refused by name.
 */
import type { Expr } from '../../exec/expr.ts';
import { jsonType } from '../../types/json-types.ts';
import type * as ast from '../ast/nodes.ts';
import { callFunction } from './calls.ts';
import { castExplicitly } from './casts.ts';
import { bindNotSupported } from './errors.ts';
import { bindNode } from './expressions.ts';
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
    default:
      throw bindNotSupported(NAMES[node.kind], node.location);
  }
}

const NAMES: Readonly<
  Record<
    Exclude<
      JsonNode['kind'],
      'JsonObjectConstructor' | 'JsonArrayConstructor' | 'JsonParseExpr' | 'JsonScalarExpr'
    >,
    string
  >
> = {
  JsonArrayQueryConstructor: 'JSON_ARRAY(SELECT ...)',
  JsonObjectAgg: 'JSON_OBJECTAGG',
  JsonArrayAgg: 'JSON_ARRAYAGG',
  JsonSerializeExpr: 'JSON_SERIALIZE',
  JsonIsPredicate: 'IS JSON',
  JsonFuncExpr: 'JSON_VALUE / JSON_QUERY / JSON_EXISTS',
};

function output(level: Level, expr: Expr, clause: ast.JsonOutput | null): Expr {
  if (clause === null) return expr;
  return castExplicitly(level, expr, resolveTypeName(level.state.env, clause.typeName), clause.location);
}
