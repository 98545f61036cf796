/**
 * Expressions as EXPLAIN shows them: PostgreSQL's deparsed look, with names for slots.
 */
import type { Expr } from '../../exec/expr.ts';
import { defaultTypeSettings } from '../../types/sql-type.ts';

/** Names of things an expression can refer to. */
export interface Names {
  readonly slots: readonly string[];
  readonly outer: readonly string[];
  /** Number under which a subquery's plan is shown. */
  subplanName(plan: unknown): string;
}

const SHOWN_LIST_MAX = 20;

export function exprText(expr: Expr, names: Names): string {
  const text = (e: Expr): string => exprText(e, names);
  switch (expr.kind) {
    case 'const':
      return constText(expr);
    case 'column':
      return `?${expr.id}`;
    case 'slot':
      return names.slots[expr.slot] ?? `slot ${expr.slot}`;
    case 'param':
      return `$${expr.index + 1}`;
    case 'outer':
      return names.outer[expr.index] ?? `outer ${expr.index}`;
    case 'call':
      return callText(expr, text);
    case 'and':
    case 'or':
      return `(${expr.args.map(text).join(expr.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `(NOT ${text(expr.arg)})`;
    case 'isNull':
      return `(${text(expr.arg)} IS ${expr.negated ? 'NOT ' : ''}NULL)`;
    case 'booleanTest':
      return `(${text(expr.arg)} IS ${expr.negated ? 'NOT ' : ''}${expr.test.toUpperCase()})`;
    case 'distinct':
      return `(${text(expr.left)} IS ${expr.negated ? 'NOT ' : ''}DISTINCT FROM ${text(expr.right)})`;
    case 'caseTest':
      return 'CASE_TEST_EXPR';
    case 'coalesce':
    case 'greatest':
    case 'least':
      return `${expr.kind.toUpperCase()}(${expr.args.map(text).join(', ')})`;
    case 'nullIf':
      return `NULLIF(${text(expr.left)}, ${text(expr.right)})`;
    case 'context':
      return expr.what;
    default:
      return compositeText(expr, text, names);
  }
}

type Composite = Extract<
  Expr,
  { kind: 'case' | 'quantified' | 'array' | 'row' | 'rowCompare' | 'field' | 'subscript' | 'subquery' }
>;

function compositeText(expr: Composite, text: (e: Expr) => string, names: Names): string {
  switch (expr.kind) {
    case 'case': {
      const operand = expr.operand === null ? '' : ` ${text(expr.operand)}`;
      const branches = expr.branches.map((b) => ` WHEN ${text(b.when)} THEN ${text(b.then)}`).join('');
      const otherwise = expr.otherwise === null ? '' : ` ELSE ${text(expr.otherwise)}`;
      return `CASE${operand}${branches}${otherwise} END`;
    }
    case 'quantified': {
      const symbol = expr.op.operator?.symbol ?? expr.op.name;
      const shown = expr.list?.slice(0, SHOWN_LIST_MAX).map(text) ?? [];
      if ((expr.list?.length ?? 0) > SHOWN_LIST_MAX) shown.push('...');
      const set = expr.array === null ? `{${shown.join(',')}}` : text(expr.array);
      return `(${text(expr.left)} ${symbol} ${expr.quantifier.toUpperCase()} (${set}))`;
    }
    case 'array':
      return `ARRAY[${expr.elements.map(text).join(', ')}]`;
    case 'row':
      return `ROW(${expr.fields.map(text).join(', ')})`;
    case 'rowCompare':
      return `(ROW(${expr.left.map(text).join(', ')}) ${expr.op} ROW(${expr.right.map(text).join(', ')}))`;
    case 'field':
      return `(${text(expr.arg)}).f${expr.field + 1}`;
    case 'subscript':
      return `${text(expr.arg)}[${expr.subscripts.map((s) => subscriptText(s, text)).join('][')}]`;
    case 'subquery':
      return subqueryText(expr, text, names);
  }
}

function subscriptText(
  s: Extract<Expr, { kind: 'subscript' }>['subscripts'][number],
  text: (e: Expr) => string,
): string {
  const upper = s.upper === null ? '' : text(s.upper);
  return s.isSlice ? `${s.lower === null ? '' : text(s.lower)}:${upper}` : upper;
}

function subqueryText(
  expr: Extract<Expr, { kind: 'subquery' }>,
  text: (e: Expr) => string,
  names: Names,
): string {
  const name = names.subplanName(expr.plan);
  const not = expr.negated ? 'NOT ' : '';
  switch (expr.mode) {
    case 'exists':
      return `${not}EXISTS(${name})`;
    case 'any':
    case 'all': {
      const left = expr.left.map(text).join(', ');
      const symbol = expr.rowOp ?? expr.ops[0]?.operator?.symbol ?? '=';
      return `(${not}${expr.left.length === 1 ? left : `ROW(${left})`} ${symbol} ${expr.mode.toUpperCase()} (${name}))`;
    }
    case 'array':
      return `ARRAY(${name})`;
    default:
      return `(${name})`;
  }
}

function constText(expr: Extract<Expr, { kind: 'const' }>): string {
  if (expr.value === null) return `NULL::${expr.type.sqlName(expr.typmod)}`;
  const output = expr.type.output(expr.value, defaultTypeSettings);
  switch (expr.type.name) {
    case 'bool':
      return output === 't' ? 'true' : 'false';
    case 'int4':
      return output.startsWith('-') ? `'${output}'::integer` : output;
    case 'numeric':
      return /^\d+\.\d+$/.test(output) ? output : `'${output}'::numeric`;
    default:
      return `'${output.replaceAll("'", "''")}'::${expr.type.sqlName(-1)}`;
  }
}

function callText(expr: Extract<Expr, { kind: 'call' }>, text: (e: Expr) => string): string {
  const symbol = expr.fn.operator?.symbol;
  const args = expr.args.map(text);
  if (symbol !== undefined && args.length === 2) return `(${args[0]} ${symbol} ${args[1]})`;
  if (symbol !== undefined && args.length === 1) return `(${symbol} ${args[0]})`;
  if (args.length === 1 && expr.fn.name === expr.type.name)
    return `(${args[0]})::${expr.type.sqlName(expr.typmod)}`;
  return `${expr.fn.name}(${args.join(', ')})`;
}
