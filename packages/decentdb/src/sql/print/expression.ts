// Expressions as SQL text.
//
// I1  Operands that are not a single token-like term are parenthesised, so precedence never has to be known here; parentheses
//     leave no trace in the tree.
// I2  parse(print(tree)) equals tree but for locations.

import { unreachable } from '../../base/assert.ts';
import type {
  A_Const,
  A_Expr,
  BoolExpr,
  CaseExpr,
  Expr,
  ExprList,
  Indirection,
  SortBy,
  SubLink,
} from '../ast/nodes.ts';
import { printFunction } from './function-call.ts';
import { printJson, printXml } from './json.ts';
import { printOperator, quoteIdentifier, quoteName, quoteString } from './quote.ts';
import { printSelect } from './select.ts';
import { printTypeName } from './type-name.ts';

export function printExpr(e: Expr): string {
  switch (e.kind) {
    case 'A_Const':
      return printConst(e);
    case 'ColumnRef':
      if (!e.star) return quoteName(e.fields);
      return e.fields.length === 0 ? '*' : `${quoteName(e.fields)}.*`;
    case 'ParamRef':
      return `$${e.number}`;
    case 'A_Expr':
      return printOp(e);
    case 'BoolExpr':
      return printBool(e);
    case 'TypeCast':
      return `${printOperand(e.arg)}::${printTypeName(e.typeName)}`;
    case 'CollateClause':
      return `${e.arg === null ? '' : `${printOperand(e.arg)} `}COLLATE ${quoteName(e.collname)}`;
    case 'FuncCall':
      return printFunction(e);
    case 'NamedArgExpr':
      return `${quoteIdentifier(e.name)} => ${printExpr(e.arg)}`;
    case 'SubLink':
      return printSubLink(e);
    case 'CaseExpr':
      return printCase(e);
    case 'CoalesceExpr':
      return `COALESCE(${printExprs(e.args)})`;
    case 'MinMaxExpr':
      return `${e.op === 'IS_GREATEST' ? 'GREATEST' : 'LEAST'}(${printExprs(e.args)})`;
    case 'NullTest':
      return `${printOperand(e.arg)} ${e.nulltesttype === 'IS_NULL' ? 'IS NULL' : 'IS NOT NULL'}`;
    case 'BooleanTest':
      return `${printOperand(e.arg)} ${e.booltesttype.replaceAll('_', ' ')}`;
    case 'SQLValueFunction': {
      const name = e.op.slice(6).replace(/_N$/, '');
      return e.typmod >= 0 ? `${name}(${e.typmod})` : name;
    }
    case 'A_ArrayExpr':
      return printArray(e.elements, true);
    case 'A_Indirection':
      return `${printIndirected(e.arg, e.indirection)}${printIndirection(e.indirection)}`;
    case 'RowExpr':
      return `${e.row_format === 'COERCE_EXPLICIT_CALL' ? 'ROW' : ''}(${printExprs(e.args)})`;
    case 'GroupingFunc':
      return `GROUPING(${printExprs(e.args)})`;
    case 'SetToDefault':
      return 'DEFAULT';
    case 'CurrentOfExpr':
      return `CURRENT OF ${quoteIdentifier(e.cursor_name)}`;
    case 'MultiAssignRef':
      return printExpr(e.source);
    case 'MergeSupportFunc':
      return 'MERGE_ACTION()';
    case 'XmlExpr':
    case 'XmlSerialize':
      return printXml(e);
    case 'JsonFuncExpr':
    case 'JsonObjectConstructor':
    case 'JsonArrayConstructor':
    case 'JsonArrayQueryConstructor':
    case 'JsonObjectAgg':
    case 'JsonArrayAgg':
    case 'JsonParseExpr':
    case 'JsonScalarExpr':
    case 'JsonSerializeExpr':
    case 'JsonIsPredicate':
      return printJson(e);
    default:
      return unreachable(e, 'printExpr');
  }
}

export function printExprs(list: readonly Expr[]): string {
  return list.map(printExpr).join(', ');
}

function printConst(c: A_Const): string {
  switch (c.constType) {
    case 'Integer':
      return String(c.ival);
    case 'Boolean':
      return c.boolval ? 'true' : 'false';
    case 'String':
      return quoteString(c.sval);
    case 'BitString':
      return `${c.sval.charAt(0)}'${c.sval.slice(1)}'`;
    case 'Float':
      return c.sval;
    default:
      return 'NULL';
  }
}

/** Whether an expression can stand as an operand without parentheses (I1). */
function isTerm(e: Expr): boolean {
  switch (e.kind) {
    case 'A_Const':
      return e.constType !== 'Integer' && e.constType !== 'Float'
        ? true
        : e.ival >= 0 && !e.sval.startsWith('-');
    case 'ColumnRef':
    case 'ParamRef':
    case 'CaseExpr':
    case 'CoalesceExpr':
    case 'MinMaxExpr':
    case 'A_ArrayExpr':
    case 'A_Indirection':
    case 'RowExpr':
    case 'SQLValueFunction':
      return true;
    case 'FuncCall':
      return e.funcformat === 'COERCE_EXPLICIT_CALL';
    case 'SubLink':
      return (
        e.subLinkType === 'EXPR_SUBLINK' ||
        e.subLinkType === 'ARRAY_SUBLINK' ||
        e.subLinkType === 'EXISTS_SUBLINK'
      );
    default:
      return false;
  }
}

/** An operand, in parentheses unless it is a term. */
export function printOperand(e: Expr): string {
  return isTerm(e) ? printExpr(e) : `(${printExpr(e)})`;
}

function printBool(e: BoolExpr): string {
  if (e.boolop === 'NOT_EXPR') return `NOT ${printOperand(e.args[0]!)}`;
  return e.args.map(printOperand).join(e.boolop === 'AND_EXPR' ? ' AND ' : ' OR ');
}

/** The list of an IN or BETWEEN. */
function itemsOf(e: Expr | ExprList | null): readonly Expr[] {
  return e !== null && e.kind === 'List' ? e.items : [];
}

function printOp(e: A_Expr): string {
  const left = e.lexpr === null ? '' : printOperand(e.lexpr);
  const right = e.rexpr === null || e.rexpr.kind === 'List' ? null : e.rexpr;
  switch (e.exprKind) {
    case 'AEXPR_OP':
      if (e.lexpr === null) return `${printOperator(e.name)} ${printOperand(right!)}`;
      return `${left} ${printOperator(e.name)} ${printOperand(right!)}`;
    case 'AEXPR_OP_ANY':
      return `${left} ${printOperator(e.name)} ANY (${printExpr(right!)})`;
    case 'AEXPR_OP_ALL':
      return `${left} ${printOperator(e.name)} ALL (${printExpr(right!)})`;
    case 'AEXPR_DISTINCT':
      return `${left} IS DISTINCT FROM ${printOperand(right!)}`;
    case 'AEXPR_NOT_DISTINCT':
      return `${left} IS NOT DISTINCT FROM ${printOperand(right!)}`;
    case 'AEXPR_NULLIF':
      return `NULLIF(${printExpr(e.lexpr!)}, ${printExpr(right!)})`;
    case 'AEXPR_IN':
      return `${left} ${e.name[0] === '<>' ? 'NOT IN' : 'IN'} (${printExprs(itemsOf(e.rexpr))})`;
    case 'AEXPR_LIKE':
      return `${left} ${e.name[0] === '!~~' ? 'NOT LIKE' : 'LIKE'} ${printPattern(right!, 'like_escape')}`;
    case 'AEXPR_ILIKE':
      return `${left} ${e.name[0] === '!~~*' ? 'NOT ILIKE' : 'ILIKE'} ${printPattern(right!, 'like_escape')}`;
    case 'AEXPR_SIMILAR':
      return `${left} ${e.name[0] === '!~' ? 'NOT SIMILAR TO' : 'SIMILAR TO'} ${printPattern(right!, 'similar_to_escape')}`;
    default: {
      const [low, high] = itemsOf(e.rexpr);
      return `${left} ${e.name[0]} ${printOperand(low!)} AND ${printOperand(high!)}`;
    }
  }
}

/** A pattern with its ESCAPE, which the parser turned into a call. */
function printPattern(e: Expr, escapeFunction: string): string {
  const isEscape = e.kind === 'FuncCall' && e.funcname.length === 2 && e.funcname[1] === escapeFunction;
  if (!isEscape) return printOperand(e);
  const [pattern, escapeText] = e.args;
  return escapeText === undefined
    ? printOperand(pattern!)
    : `${printOperand(pattern!)} ESCAPE ${printOperand(escapeText)}`;
}

function printSubLink(e: SubLink): string {
  const query = `(${printSelect(e.subselect)})`;
  switch (e.subLinkType) {
    case 'EXISTS_SUBLINK':
      return `EXISTS ${query}`;
    case 'ARRAY_SUBLINK':
      return `ARRAY${query}`;
    case 'EXPR_SUBLINK':
      return query;
    default: {
      const left = printOperand(e.testexpr!);
      if (e.operName.length === 0) return `${left} IN ${query}`;
      return `${left} ${printOperator(e.operName)} ${e.subLinkType === 'ANY_SUBLINK' ? 'ANY' : 'ALL'} ${query}`;
    }
  }
}

function printCase(e: CaseExpr): string {
  const arg = e.arg === null ? '' : ` ${printExpr(e.arg)}`;
  const whens = e.args.map((w) => ` WHEN ${printExpr(w.expr)} THEN ${printExpr(w.result)}`).join('');
  const otherwise = e.defresult === null ? '' : ` ELSE ${printExpr(e.defresult)}`;
  return `CASE${arg}${whens}${otherwise} END`;
}

/** ARRAY[...]; nested brackets drop the word when every element has them. */
function printArray(elements: readonly Expr[], outer: boolean): string {
  const nested = elements.length > 0 && elements.every((element) => element.kind === 'A_ArrayExpr');
  const items = elements.map((element) =>
    nested && element.kind === 'A_ArrayExpr' ? printArray(element.elements, false) : printExpr(element),
  );
  return `${outer ? 'ARRAY' : ''}[${items.join(', ')}]`;
}

/** What an indirection applies to: bare only where the grammar lets it stand bare. */
function printIndirected(arg: Expr, indirection: readonly Indirection[]): string {
  if (arg.kind === 'ParamRef') return printExpr(arg);
  if (arg.kind === 'ColumnRef' && !arg.star && indirection[0]!.kind === 'A_Indices') return printExpr(arg);
  if (arg.kind === 'SubLink' && arg.subLinkType === 'EXPR_SUBLINK') return printExpr(arg);
  return `(${printExpr(arg)})`;
}

export function printIndirection(list: readonly Indirection[]): string {
  return list
    .map((i) => {
      if (i.kind === 'A_Star') return '.*';
      if (i.kind === 'String') return `.${quoteIdentifier(i.sval)}`;
      const upper = i.uidx === null ? '' : printExpr(i.uidx);
      if (!i.is_slice) return `[${upper}]`;
      return `[${i.lidx === null ? '' : printExpr(i.lidx)}:${upper}]`;
    })
    .join('');
}

export function printSortBy(s: SortBy): string {
  let text = printExpr(s.node);
  if (s.sortby_dir === 'SORTBY_ASC') text += ' ASC';
  else if (s.sortby_dir === 'SORTBY_DESC') text += ' DESC';
  else if (s.sortby_dir === 'SORTBY_USING') text += ` USING ${printOperator(s.useOp)}`;
  return text + printNulls(s.sortby_nulls);
}

export function printNulls(nulls: SortBy['sortby_nulls']): string {
  if (nulls === 'SORTBY_NULLS_FIRST') return ' NULLS FIRST';
  return nulls === 'SORTBY_NULLS_LAST' ? ' NULLS LAST' : '';
}

export function printOrderBy(list: readonly SortBy[]): string {
  return list.length === 0 ? '' : `ORDER BY ${list.map(printSortBy).join(', ')}`;
}
