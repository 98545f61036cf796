/**
 * What may be computed for rows that the query as written never computes it for: it raises no error, whatever the values.
 *
 * I1  Errs on the side of "may fail": arithmetic of integers and floats overflows, functions have ranges of their own.
 */
import type { AggregateCall, CallExpr, Expr } from '../../exec/expr.ts';
import { Oid } from '../../types/oids.ts';
import { someExpr } from '../expr-walk.ts';
import type { LogicalNode } from '../logical.ts';
import { forEachNodeExpr, inputsOf } from '../node-walk.ts';

const safeKinds: ReadonlySet<Expr['kind']> = new Set([
  'column',
  'const',
  'param',
  'and',
  'or',
  'not',
  'isNull',
  'booleanTest',
  'distinct',
  'case',
  'caseTest',
  'coalesce',
  'greatest',
  'least',
  'nullIf',
  'quantified',
]);
const safeOperators: ReadonlySet<string> = new Set(['+', '-', '*']);
const textOperators: ReadonlySet<string> = new Set(['||', '~~', '!~~', '~~*', '!~~*']);
const textFunctions: ReadonlySet<string> = new Set([
  'lower',
  'upper',
  'length',
  'char_length',
  'starts_with',
]);

/** Whether an expression has a value for any row; subqueries beside EXISTS and IN are not asked. */
export function neverFails(expr: Expr): boolean {
  return !someExpr(expr, (e) => {
    if (e.kind === 'subquery') {
      const isTest = e.mode === 'exists' || e.mode === 'any' || e.mode === 'all';
      return !isTest || !planNeverFails(e.plan as LogicalNode);
    }
    return e.kind === 'call' ? !isSafeCall(e) : !safeKinds.has(e.kind);
  });
}

function isSafeCall(call: CallExpr): boolean {
  const { fn, args, type } = call;
  const { operator } = fn;
  if (operator?.btree !== undefined || operator?.symbol === '<>') return true;
  const isText = args.every((arg) => arg.type.oid === Oid.text || arg.type.oid === Oid.varchar);
  if (operator === undefined) return isWidening(call) || (isText && textFunctions.has(fn.name));
  if (textOperators.has(operator.symbol)) return isText && hasPlainPattern(call);
  return safeOperators.has(operator.symbol) && type.oid === Oid.numeric;
}

/** A pattern that ends in the middle of an escape is an error. */
function hasPlainPattern({ fn, args }: CallExpr): boolean {
  const pattern = args[1];
  if (fn.operator?.symbol === '||') return true;
  return pattern?.kind === 'const' && (pattern.value === null || !`${pattern.value}`.includes('\\'));
}

const integers: ReadonlySet<number> = new Set([Oid.int2, Oid.int4, Oid.int8]);

/** A cast to a type that has all values of the other. */
function isWidening({ fn, args, type }: CallExpr): boolean {
  const [arg] = args;
  if (arg === undefined || args.length !== 1 || fn.name !== type.name) return false;
  switch (type.oid) {
    case Oid.numeric:
      return integers.has(arg.type.oid);
    case Oid.float8:
      return integers.has(arg.type.oid) || arg.type.oid === Oid.float4;
    case Oid.int8:
      return arg.type.oid === Oid.int2 || arg.type.oid === Oid.int4;
    case Oid.int4:
      return arg.type.oid === Oid.int2;
    default:
      return type.oid === Oid.text && arg.type.oid === Oid.varchar;
  }
}

const safeNodes: ReadonlySet<LogicalNode['kind']> = new Set([
  'scan',
  'values',
  'filter',
  'project',
  'join',
  'aggregate',
  'sort',
  'distinct',
  'setOp',
]);

/** Whether a plan gives its rows, whatever is in the tables. */
export function planNeverFails(node: LogicalNode): boolean {
  if (!safeNodes.has(node.kind) || (node.kind === 'join' && node.join === 'single')) return false;
  if (node.kind === 'aggregate' && !node.aggregates.every(aggregateNeverFails)) return false;
  let isSafe = true;
  forEachNodeExpr(node, (expr) => {
    isSafe &&= neverFails(expr);
  });
  return isSafe && inputsOf(node).every(planNeverFails);
}

const summed: ReadonlySet<number> = new Set([...integers, Oid.numeric]);

/** Whether the aggregate itself has a value for any rows: sums of integers and numerics have room, those of floats overflow. */
export function aggregateNeverFails({ fn, args }: AggregateCall): boolean {
  if (fn.vectorized === 'sum' || fn.vectorized === 'avg')
    return args.every((arg) => summed.has(arg.type.oid));
  return fn.vectorized !== undefined;
}
