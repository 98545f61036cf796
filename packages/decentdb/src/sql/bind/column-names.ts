/**
 * The name of an output column without AS: PostgreSQL's FigureColname.
 *
 * I1  The strength of a guess decides casts: a strong name (2) survives a cast, a weak one (1) gives way to the type's name.
 */
import type * as ast from '../ast/nodes.ts';

/** Name of a select-list or RETURNING column whose expression is `node`. */
export function columnNameOf(node: ast.Expr): string {
  return guess(node).name ?? '?column?';
}

/** Name for an index column on an expression; null when PostgreSQL would say `expr`. */
export function indexColumnNameOf(node: ast.Expr): string | null {
  return guess(node).name;
}

interface Guess {
  readonly name: string | null;
  readonly strength: 0 | 1 | 2;
}
const none: Guess = { name: null, strength: 0 };
const strong = (name: string): Guess => ({ name, strength: 2 });

const SQL_VALUE_NAMES: Readonly<Record<ast.SQLValueFunctionOp, string>> = {
  SVFOP_CURRENT_DATE: 'current_date',
  SVFOP_CURRENT_TIME: 'current_time',
  SVFOP_CURRENT_TIME_N: 'current_time',
  SVFOP_CURRENT_TIMESTAMP: 'current_timestamp',
  SVFOP_CURRENT_TIMESTAMP_N: 'current_timestamp',
  SVFOP_LOCALTIME: 'localtime',
  SVFOP_LOCALTIME_N: 'localtime',
  SVFOP_LOCALTIMESTAMP: 'localtimestamp',
  SVFOP_LOCALTIMESTAMP_N: 'localtimestamp',
  SVFOP_CURRENT_ROLE: 'current_role',
  SVFOP_CURRENT_USER: 'current_user',
  SVFOP_USER: 'user',
  SVFOP_SESSION_USER: 'session_user',
  SVFOP_CURRENT_CATALOG: 'current_catalog',
  SVFOP_CURRENT_SCHEMA: 'current_schema',
};

function guess(node: ast.Expr): Guess {
  switch (node.kind) {
    case 'ColumnRef': {
      const last = node.fields.at(-1);
      return last === undefined ? none : strong(last);
    }
    case 'A_Indirection':
      return guessIndirection(node);
    case 'FuncCall': {
      const name = node.funcname.at(-1);
      return name === undefined ? none : strong(name);
    }
    case 'A_Expr':
      return node.exprKind === 'AEXPR_NULLIF' ? strong('nullif') : none;
    case 'TypeCast':
      return guessCast(node);
    case 'CollateClause':
      return node.arg === null ? none : guess(node.arg);
    case 'GroupingFunc':
      return strong('grouping');
    case 'MergeSupportFunc':
      return strong('merge_action');
    case 'SubLink':
      return guessSubLink(node);
    case 'CaseExpr': {
      const otherwise = node.defresult === null ? none : guess(node.defresult);
      return otherwise.strength <= 1 ? { name: 'case', strength: 1 } : otherwise;
    }
    case 'A_ArrayExpr':
      return strong('array');
    case 'RowExpr':
      return strong('row');
    case 'CoalesceExpr':
      return strong('coalesce');
    case 'MinMaxExpr':
      return strong(node.op === 'IS_GREATEST' ? 'greatest' : 'least');
    case 'SQLValueFunction':
      return strong(SQL_VALUE_NAMES[node.op]);
    default:
      return guessJson(node);
  }
}

function guessIndirection(node: ast.A_Indirection): Guess {
  for (let i = node.indirection.length - 1; i >= 0; i--) {
    const step = node.indirection[i];
    if (step?.kind === 'String') return strong(step.sval);
    if (step?.kind === 'A_Star') break;
  }
  return guess(node.arg);
}

function guessCast(node: ast.TypeCast): Guess {
  const inner = guess(node.arg);
  if (inner.strength > 1) return inner;
  const name = node.typeName.names.at(-1);
  return name === undefined ? inner : { name, strength: 1 };
}

function guessSubLink(node: ast.SubLink): Guess {
  if (node.subLinkType === 'EXISTS_SUBLINK') return strong('exists');
  if (node.subLinkType === 'ARRAY_SUBLINK') return strong('array');
  if (node.subLinkType !== 'EXPR_SUBLINK') return none;
  let select = node.subselect;
  while (select.op !== 'SETOP_NONE' && select.larg !== null) select = select.larg;
  const target = select.targetList[0];
  if (target === undefined) return select.valuesLists.length > 0 ? strong('column1') : none;
  if (target.name !== null) return strong(target.name);
  return target.val === null ? none : guess(target.val);
}

function guessJson(node: ast.Expr): Guess {
  switch (node.kind) {
    case 'JsonObjectConstructor':
      return strong('json_object');
    case 'JsonArrayConstructor':
    case 'JsonArrayQueryConstructor':
      return strong('json_array');
    case 'JsonParseExpr':
      return strong('json');
    case 'JsonScalarExpr':
      return strong('json_scalar');
    case 'JsonSerializeExpr':
      return strong('json_serialize');
    case 'JsonObjectAgg':
      return strong('json_objectagg');
    case 'JsonArrayAgg':
      return strong('json_arrayagg');
    case 'JsonFuncExpr':
      if (node.op === 'JSON_EXISTS_OP') return strong('json_exists');
      return strong(node.op === 'JSON_QUERY_OP' ? 'json_query' : 'json_value');
    default:
      return none;
  }
}
