// Function calls as SQL text, the special forms with their keywords.

import * as F from '../ast/frame-options.ts';
import type { Expr, FuncCall, WindowDef } from '../ast/nodes.ts';
import { printExpr, printExprs, printOperand, printOrderBy } from './expression.ts';
import { quoteIdentifier, quoteName } from './quote.ts';

export function printFunction(e: FuncCall): string {
  if (e.funcformat === 'COERCE_SQL_SYNTAX') return printSpecial(e);
  const args = e.args.map(
    (arg, i) => (e.func_variadic && i === e.args.length - 1 ? 'VARIADIC ' : '') + printExpr(arg),
  );
  const order = e.agg_within_group ? '' : printOrderBy(e.agg_order);
  let inner = e.agg_star ? '*' : `${e.agg_distinct ? 'DISTINCT ' : ''}${args.join(', ')}`;
  if (order !== '') inner += ` ${order}`;
  let text = `${quoteName(e.funcname)}(${inner})`;
  if (e.agg_within_group) text += ` WITHIN GROUP (${printOrderBy(e.agg_order)})`;
  if (e.agg_filter !== null) text += ` FILTER (WHERE ${printExpr(e.agg_filter)})`;
  if (e.over !== null) text += ` OVER ${printOver(e.over)}`;
  return text;
}

/** OVER's operand: a name, or a specification. */
export function printOver(w: WindowDef): string {
  return w.name !== null ? quoteIdentifier(w.name) : printWindow(w);
}

/** `( specification )`. */
export function printWindow(w: WindowDef): string {
  const parts: string[] = [];
  if (w.refname !== null) parts.push(quoteIdentifier(w.refname));
  if (w.partitionClause.length > 0) parts.push(`PARTITION BY ${printExprs(w.partitionClause)}`);
  if (w.orderClause.length > 0) parts.push(printOrderBy(w.orderClause));
  if ((w.frameOptions & F.FRAMEOPTION_NONDEFAULT) !== 0) parts.push(printFrame(w));
  return `(${parts.join(' ')})`;
}

/** The frame of a window; empty for the one it would have anyway. */
export function printFrameOf(w: WindowDef): string {
  return (w.frameOptions & F.FRAMEOPTION_NONDEFAULT) === 0 ? '' : printFrame(w);
}

function printFrame(w: WindowDef): string {
  const o = w.frameOptions;
  const mode = o & F.FRAMEOPTION_RANGE ? 'RANGE' : o & F.FRAMEOPTION_ROWS ? 'ROWS' : 'GROUPS';
  const start = printBound(o, w.startOffset);
  // End bits stand one place above the start bits.
  const between =
    o & F.FRAMEOPTION_BETWEEN ? `BETWEEN ${start} AND ${printBound(o >> 1, w.endOffset)}` : start;
  let exclude = '';
  if (o & F.FRAMEOPTION_EXCLUDE_CURRENT_ROW) exclude = ' EXCLUDE CURRENT ROW';
  else if (o & F.FRAMEOPTION_EXCLUDE_GROUP) exclude = ' EXCLUDE GROUP';
  else if (o & F.FRAMEOPTION_EXCLUDE_TIES) exclude = ' EXCLUDE TIES';
  return `${mode} ${between}${exclude}`;
}

function printBound(o: number, offset: Expr | null): string {
  if (o & F.FRAMEOPTION_START_UNBOUNDED_PRECEDING) return 'UNBOUNDED PRECEDING';
  if (o & F.FRAMEOPTION_START_UNBOUNDED_FOLLOWING) return 'UNBOUNDED FOLLOWING';
  if (o & F.FRAMEOPTION_START_CURRENT_ROW) return 'CURRENT ROW';
  return `${printOperand(offset!)} ${o & F.FRAMEOPTION_START_OFFSET_PRECEDING ? 'PRECEDING' : 'FOLLOWING'}`;
}

/** The forms SQL spells with keywords; COERCE_SQL_SYNTAX marks them. */
export function printSpecial(
  e: FuncCall,
  print: (arg: Expr) => string = printExpr,
  operand: (arg: Expr) => string = printOperand,
): string {
  const name = e.funcname[e.funcname.length - 1]!;
  const args = e.args.map((arg) => print(arg));
  const [a, b, c, d] = args;
  switch (name) {
    case 'timezone':
      if (args.length === 1) return `${operand(e.args[0]!)} AT LOCAL`;
      return `${operand(e.args[1]!)} AT TIME ZONE ${operand(e.args[0]!)}`;
    case 'overlaps':
      return `(${a}, ${b}) OVERLAPS (${c}, ${d})`;
    case 'extract':
      return `EXTRACT(${a} FROM ${b})`;
    case 'position':
      return `POSITION((${b}) IN (${a}))`;
    case 'normalize':
      return `NORMALIZE(${a}${b === undefined ? '' : `, ${unquoted(b)}`})`;
    case 'is_normalized':
      return `${operand(e.args[0]!)} IS ${b === undefined ? '' : `${unquoted(b)} `}NORMALIZED`;
    case 'overlay':
      return `OVERLAY(${a} PLACING ${b} FROM ${c}${d === undefined ? '' : ` FOR ${d}`})`;
    case 'substring':
      return printSubstring(args);
    case 'btrim':
      return printTrim('BOTH', args);
    case 'ltrim':
      return printTrim('LEADING', args);
    case 'rtrim':
      return printTrim('TRAILING', args);
    case 'pg_collation_for':
      return `COLLATION FOR (${a})`;
    case 'system_user':
      return 'SYSTEM_USER';
    case 'xmlexists':
      return `XMLEXISTS((${a}) PASSING (${b}))`;
    default:
      return `${quoteName(e.funcname)}(${args.join(', ')})`;
  }
}

/** A normal form: a word, kept as a string constant in the tree. */
function unquoted(text: string): string {
  return text.slice(1, -1);
}

function printTrim(side: string, args: readonly string[]): string {
  const [text, characters] = args;
  return args.length === 2
    ? `TRIM(${side} ${characters} FROM ${text})`
    : `TRIM(${side} FROM ${args.join(', ')})`;
}

function printSubstring(args: readonly string[]): string {
  const [a, b, c] = args;
  if (c === undefined) return `SUBSTRING(${a} FROM ${b})`;
  // SIMILAR and FROM/FOR give the same tree.
  return `SUBSTRING(${a} FROM ${b} FOR ${c})`;
}
