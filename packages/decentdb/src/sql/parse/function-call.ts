// Function calls: arguments, ORDER BY, WITHIN GROUP, FILTER, OVER.

import type { Expr, FuncCall, SortBy, WindowDef } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { makeCast, makeString } from './literals.ts';
import { NONE } from './names.ts';
import type { Parser } from './parser.ts';
import { isTypeFunctionName } from './parser.ts';
import { parseOptSortClause, parseSortClause } from './sort.ts';
import { makeTypeName } from './types.ts';
import { parseOver } from './window.ts';

/** func_arg_expr: an argument, perhaps named. */
export function parseFunctionArgument(p: Parser): Expr {
  const next = p.peek();
  if ((next === T.EQUALS_GREATER || next === T.COLON_EQUALS) && isTypeFunctionName(p.kind)) {
    const location = p.location;
    const name = p.takeName();
    p.next();
    return { kind: 'NamedArgExpr', name, arg: parseExpr(p), location };
  }
  return parseExpr(p);
}

interface Arguments {
  args: readonly Expr[];
  order: readonly SortBy[];
  star: boolean;
  distinct: boolean;
  variadic: boolean;
}

function parseArguments(p: Parser): Arguments {
  const out: Arguments = { args: NONE, order: NONE, star: false, distinct: false, variadic: false };
  p.expect(T.LPAREN);
  if (p.kind === T.RPAREN) {
    p.next();
    return out;
  }
  if (p.kind === T.STAR) {
    out.star = true;
    p.next();
    p.expect(T.RPAREN);
    return out;
  }
  if (p.kind === K.DISTINCT) {
    out.distinct = true;
    p.next();
  } else p.accept(K.ALL);
  const plain = out.distinct || p.kinds[p.pos - 1] === K.ALL;
  const args: Expr[] = [];
  for (;;) {
    if (!plain && p.accept(K.VARIADIC)) {
      out.variadic = true;
      args.push(parseFunctionArgument(p));
      break;
    }
    args.push(parseFunctionArgument(p));
    if (p.kind !== T.COMMA) break;
    p.next();
  }
  out.args = args;
  out.order = parseOptSortClause(p);
  p.expect(T.RPAREN);
  return out;
}

/** At `(` after a function's name. With `windows` false (functions in FROM) nothing may follow the call. */
export function parseFunctionCall(
  p: Parser,
  funcname: readonly string[],
  location: number,
  windows: boolean,
): Expr {
  // A call takes more stack than a parenthesis: it counts as two levels, with its argument's own.
  p.enter();
  const a = parseArguments(p);
  p.leave();
  if (a.args.length > p.limits.functionArgumentsMax)
    throw p.errorAt(
      '54023',
      `cannot pass more than ${p.limits.functionArgumentsMax} arguments to a function`,
      location,
    );
  if (windows && p.kind === T.SCONST && !a.star && !a.distinct && !a.variadic && a.args.length > 0)
    return parseModifiedLiteral(p, funcname, a, location);
  let agg_order = a.order;
  let agg_within_group = false;
  let agg_filter: Expr | null = null;
  let over: WindowDef | null = null;
  if (windows) {
    if (p.kind === K.WITHIN) {
      agg_order = parseWithinGroup(p, a);
      agg_within_group = true;
    }
    if (p.kind === K.FILTER) agg_filter = parseFilter(p);
    if (p.kind === K.OVER) over = parseOver(p);
  }
  const call: FuncCall = {
    kind: 'FuncCall',
    funcname,
    args: a.args,
    agg_order,
    agg_filter,
    over,
    agg_within_group,
    agg_star: a.star,
    agg_distinct: a.distinct,
    func_variadic: a.variadic,
    funcformat: 'COERCE_EXPLICIT_CALL',
    location,
  };
  return call;
}

/** `FILTER (WHERE condition)`. */
export function parseFilter(p: Parser): Expr {
  p.next();
  p.expect(T.LPAREN);
  p.expect(K.WHERE);
  const condition = parseExpr(p);
  p.expect(T.RPAREN);
  return condition;
}

function parseWithinGroup(p: Parser, a: Arguments): readonly SortBy[] {
  const location = p.location;
  p.next();
  p.expect(K.GROUP);
  p.expect(T.LPAREN);
  const order = parseSortClause(p);
  p.expect(T.RPAREN);
  if (a.order.length > 0)
    throw p.errorAt('42601', 'cannot use multiple ORDER BY clauses with WITHIN GROUP', location);
  if (a.distinct) throw p.errorAt('42601', 'cannot use DISTINCT with WITHIN GROUP', location);
  if (a.variadic) throw p.errorAt('42601', 'cannot use VARIADIC with WITHIN GROUP', location);
  return order;
}

/** `type(modifiers) 'literal'`. */
function parseModifiedLiteral(p: Parser, names: readonly string[], a: Arguments, location: number): Expr {
  const named = a.args.find((arg) => arg.kind === 'NamedArgExpr');
  if (named !== undefined)
    throw p.errorAt('42601', 'type modifier cannot have parameter name', named.location);
  if (a.order.length > 0)
    throw p.errorAt('42601', 'type modifier cannot have ORDER BY', a.order[0]!.node.location);
  const at = p.location;
  return makeCast(makeString(p.takeString(), at), makeTypeName(names, a.args, location), -1);
}
