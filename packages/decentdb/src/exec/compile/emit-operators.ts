/**
 * Calls, comparisons and lists to source.
 *
 * A call becomes, in this order of preference: a kernel (typed arithmetic and comparison, emit-kernels.ts), the function's
 * own inline template, a call of `eval`.
 *
 * I1  Calls that can throw or have effects stand in statements guarded by the NULL test of strict functions.
 */
import type { ScalarFunction } from '../../functions/function.ts';
import { inlineHelpers } from '../../functions/inline-kernel.ts';
import type { SqlArray } from '../../types/array.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { Physical } from '../../types/vector.ts';
import type { CallExpr, DistinctExpr, Expr, MinMaxExpr, NullIfExpr, QuantifiedExpr } from '../expr.ts';
import { isSameFamily, isSetType, type ValueSet, valueSetOf } from '../value-sets.ts';
import { asBool, emitExpr, repOf, toDatum } from './emit-expr.ts';
import { emitKernel } from './emit-kernels.ts';
import { anyNull, type Code, code, type Emitter, nullCode, truth } from './emitter.ts';
import { likeMatcherOf } from './like.ts';

export function emitCall(e: Emitter, expr: CallExpr): Code {
  const { fn } = expr;
  const args = expr.args.map((arg) => emitExpr(e, arg));
  const like = emitLike(e, expr, args);
  if (like !== null) return like;
  return emitCallOn(
    e,
    fn,
    args,
    expr.args.map((arg) => arg.type),
    expr.type,
  );
}

/** A call on values already compiled. */
export function emitCallOn(
  e: Emitter,
  fn: ScalarFunction,
  args: readonly Code[],
  argTypes: readonly SqlType[],
  type: SqlType,
): Code {
  const isNull = fn.strict ? anyNull(args.map((arg) => arg.isNull)) : 'false';
  if (isNull === 'true') return nullCode;
  const kernel = fn.strict ? emitKernel(e, fn, args, argTypes, isNull) : null;
  if (kernel !== null) return kernel;
  const source = callSource(e, fn, args);
  const result = e.name();
  if (isNull === 'false') e.emit(`const ${result}=${source};`);
  else e.emit(`let ${result}=null;if(!${isNull})${result}=${source};`);
  const rep =
    type.physical === Physical.int64 || type.physical === Physical.numeric ? 'datum' : repOf(type, false);
  // A NULL value of a bool or number variable is tested before it is read.
  return code(rep, result, `(${result}===null)`);
}

function callSource(e: Emitter, fn: ScalarFunction, args: readonly Code[]): string {
  const values = args.map((arg) => datumSource(e, arg, fn.strict));
  if (fn.inline !== undefined && fn.strict) {
    e.hoist('h', () => {
      e.prologue.push(`const h=${e.constant(inlineHelpers)};`);
      return nullCode;
    });
    return `(${fn.inline(...values.map((value) => `(${value})`))})`;
  }
  return `${e.constant(fn.eval)}(X.eval${values.map((value) => `,${value}`).join('')})`;
}

/** Non-strict functions see NULL arguments as null. */
function datumSource(e: Emitter, of: Code, isStrict: boolean): string {
  if (of.isNull === 'true') return 'null';
  const value = toDatum(e, of);
  return isStrict || of.isNull === 'false' ? value : `(${of.isNull}?null:${value})`;
}

function emitLike(e: Emitter, expr: CallExpr, args: readonly Code[]): Code | null {
  const matcher = likeMatcherOf(expr);
  if (matcher === null) return null;
  const text = args[0]!;
  if (text.isNull === 'true') return nullCode;
  const call = `${e.constant(matcher)}(${text.value})`;
  return code('bool', text.isNull === 'false' ? call : `(!${text.isNull}&&${call})`, text.isNull);
}

export function emitDistinct(e: Emitter, expr: DistinctExpr): Code {
  const left = e.named(emitExpr(e, expr.left));
  const right = e.named(emitExpr(e, expr.right));
  const value = distinctSource(e, expr.equals, left, right, expr.left.type, expr.right.type, expr.type);
  return code('bool', expr.negated ? `!${value}` : value);
}

function distinctSource(
  e: Emitter,
  equals: ScalarFunction,
  left: Code,
  right: Code,
  leftType: SqlType,
  rightType: SqlType,
  boolean: SqlType,
): string {
  if (left.isNull === 'true' || right.isNull === 'true') {
    return left.isNull === right.isNull
      ? 'false'
      : left.isNull === 'true'
        ? `(!${right.isNull})`
        : `(!${left.isNull})`;
  }
  const same = emitCallOn(e, equals, [left, right], [leftType, rightType], boolean);
  const isNull = anyNull([left.isNull, right.isNull]);
  if (isNull === 'false') return `(!${asBool(same)})`;
  return `(${isNull}?${left.isNull}!==${right.isNull}:!${asBool(same)})`;
}

export function emitNullIf(e: Emitter, expr: NullIfExpr): Code {
  const left = e.named(emitExpr(e, expr.left));
  const right = e.named(emitExpr(e, expr.right));
  if (left.isNull === 'true' || right.isNull === 'true') return left;
  const same = emitCallOn(e, expr.equals, [left, right], [expr.left.type, expr.right.type], booleanOf(expr));
  const matches = truth(same);
  const isNull = e.name('z');
  e.emit(`const ${isNull}=${left.isNull === 'false' ? matches : `(${left.isNull}||${matches})`};`);
  return { ...left, isNull };
}

/** Any type whose physical kind is bool serves to classify a comparison's result. */
function booleanOf(expr: { readonly type: SqlType }): SqlType {
  return expr.type.physical === Physical.bool ? expr.type : { ...expr.type, physical: Physical.bool };
}

export function emitMinMax(e: Emitter, expr: MinMaxExpr): Code {
  const parts = expr.args.map((arg) => e.named(emitExpr(e, arg)));
  const known = parts.filter((part) => part.isNull !== 'true');
  if (known.length === 0) return nullCode;
  const isNumber = known.every((part) => part.rep === 'int');
  const best = e.name('v');
  const isNull = e.name('z');
  e.emit(`let ${best}=${isNumber ? '0' : 'null'},${isNull}=true;`);
  const sign = expr.kind === 'greatest' ? '>' : '<';
  const compare = isNumber ? '' : e.constant(expr.type.compare);
  for (const part of known) {
    const value = isNumber ? part.value : toDatum(e, part);
    const wins = isNumber ? `${value}${sign}${best}` : `${compare}(${value},${best})${sign}0`;
    const guard = part.isNull === 'false' ? '' : `!${part.isNull}&&`;
    e.emit(`if(${guard}(${isNull}||${wins})){${best}=${value};${isNull}=false;}`);
  }
  const rep = isNumber ? 'int' : repOf(expr.type, false);
  return code(rep === 'int' && !isNumber ? 'datum' : rep, best, isNull);
}

/** IN over a list, and = ANY over an array that does not depend on the row; null: interpret. */
export function emitQuantified(e: Emitter, expr: QuantifiedExpr): Code | null {
  const isEquality = expr.op.operator?.btree === '=' && expr.quantifier === 'any';
  const isInequality = expr.op.operator?.symbol === '<>' && expr.quantifier === 'all';
  if (expr.array !== null) {
    if (!(isEquality || isInequality) || !isSetType(expr.left.type) || !isFixed(expr.array)) return null;
    return emitArraySet(e, expr, isInequality);
  }
  const list = expr.list ?? [];
  const isConstant = list.every((item) => item.kind === 'const');
  if (isConstant && list.length > 4 && (isEquality || isInequality) && isSetType(expr.left.type)) {
    if (list.every((item) => isSetType(item.type) && isSameFamily(item.type, expr.left.type))) {
      return emitConstantSet(e, expr, list, isInequality);
    }
  }
  if (list.length > 64) return null;
  return emitList(e, expr, list);
}

function isFixed(expr: Expr): boolean {
  return expr.kind === 'const' || expr.kind === 'param' || expr.kind === 'outer';
}

function emitConstantSet(e: Emitter, expr: QuantifiedExpr, list: readonly Expr[], negated: boolean): Code {
  const set = valueSetOf(list.map((item) => (item.kind === 'const' ? item.value : null)));
  const left = e.named(emitExpr(e, expr.left));
  if (left.isNull === 'true') return nullCode;
  const found = `${e.constant(set.values)}.has(${left.value})`;
  return setResult(e, left, found, set.hasNull ? 'true' : 'false', negated);
}

/** `found` by value; not found is unknown when the set holds a NULL. */
function setResult(e: Emitter, left: Code, found: string, hasNull: string, negated: boolean): Code {
  const name = e.name('v');
  e.emit(`const ${name}=${left.isNull === 'false' ? found : `!${left.isNull}&&${found}`};`);
  const unknown = hasNull === 'false' ? 'false' : hasNull === 'true' ? `!${name}` : `(${hasNull}&&!${name})`;
  const isNull = anyNull([left.isNull, unknown]);
  return code('bool', negated ? `!${name}` : name, isNull === 'false' ? isNull : `(${isNull})`);
}

const arraySets = new WeakMap<SqlArray, ValueSet>();

/** The elements of an array value as a set, kept with the array. */
function arraySetOf(array: SqlArray): ValueSet {
  let set = arraySets.get(array);
  if (set === undefined) {
    set = valueSetOf(array.elements);
    arraySets.set(array, set);
  }
  return set;
}

function emitArraySet(e: Emitter, expr: QuantifiedExpr, negated: boolean): Code {
  const array = emitExpr(e, expr.array!);
  const left = e.named(emitExpr(e, expr.left));
  if (array.isNull === 'true') return nullCode;
  const set = e.hoist(`set:${array.value}`, () => {
    const name = e.name('p');
    e.prologue.push(`const ${name}=${e.constant(arraySetOf)}(${array.value});`);
    return code('datum', name);
  }).value;
  const result = setResult(e, left, `${set}.values.has(${left.value})`, `${set}.hasNull`, negated);
  const isEmpty = `${set}.values.size===0&&!${set}.hasNull`;
  // Over no elements the answer is known even for NULL.
  const isNull = result.isNull === 'false' ? 'false' : `(!(${isEmpty})&&${result.isNull})`;
  return code('bool', `(${isEmpty}?${negated}:${result.value})`, isNull);
}

function emitList(e: Emitter, expr: QuantifiedExpr, list: readonly Expr[]): Code {
  const isAny = expr.quantifier === 'any';
  const left = e.named(emitExpr(e, expr.left));
  const value = e.name('v');
  const isNull = e.name('z');
  e.emit(`let ${value}=${!isAny},${isNull}=false;`);
  const boolean = booleanOf(expr);
  for (const item of list) {
    const part = e.capture(() =>
      emitCallOn(e, expr.op, [left, emitExpr(e, item)], [expr.left.type, item.type], boolean),
    );
    const { result } = part;
    e.emit(part.statements);
    if (result.isNull === 'true') {
      e.emit(`${isNull}=true;{`);
      continue;
    }
    const decided = isAny ? truth(result) : `(!(${result.isNull})&&!${asBool(result)})`;
    const unknown = result.isNull === 'false' ? '' : `if(${result.isNull})${isNull}=true;`;
    e.emit(`if(${decided}){${value}=${isAny};${isNull}=false;}else{${unknown}`);
  }
  e.emit('}'.repeat(list.length));
  return code('bool', value, isNull);
}
