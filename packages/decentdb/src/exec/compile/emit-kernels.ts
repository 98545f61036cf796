/**
 * Typed arithmetic and comparison, for the operators where a call per row would cost more than the work.
 *
 * I1  A kernel gives the function's result or hands over: results outside what it is sure of go to the function's `eval`
 *     (which throws the right error or knows the special case), or in fast mode to exact mode by `return -1`.
 * I2  Kernels are chosen by operator symbol and argument types, so a user's operator of the same name is never taken.
 */
import type { ScalarFunction } from '../../functions/function.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { compareText } from '../../types/text-order.ts';
import { Physical } from '../../types/vector.ts';
import { isInteger } from '../type-traits.ts';
import { type Code, code, type Emitter } from './emitter.ts';

const SAFE = '9007199254740991';
/** Powers of ten a scaled value may be multiplied by. */
const SCALE_SHIFT_MAX = 15;

export function emitKernel(
  e: Emitter,
  fn: ScalarFunction,
  args: readonly Code[],
  argTypes: readonly SqlType[],
  isNull: string,
): Code | null {
  if (args.length === 1)
    return emitCast(e, fn, args[0]!, argTypes[0]!, isNull) ?? emitNegate(e, fn, args[0]!, isNull);
  if (args.length !== 2 || fn.operator === undefined) return null;
  const { symbol } = fn.operator;
  const [left, right] = args as [Code, Code];
  const [leftType, rightType] = argTypes as [SqlType, SqlType];
  if (isComparison(fn)) return emitComparison(e, symbol, left, right, leftType, rightType, isNull);
  if (isInteger(leftType) && isInteger(rightType)) return emitInteger(e, fn, symbol, left, right, isNull);
  if (leftType.oid === Oid.float8 && rightType.oid === Oid.float8) {
    return emitFloat(e, fn, symbol, left, right, isNull);
  }
  if (left.rep === 'scaled' && right.rep === 'scaled') return emitScaled(e, symbol, left, right, isNull);
  return null;
}

function isComparison(fn: ScalarFunction): boolean {
  return fn.operator?.btree !== undefined || (fn.operator?.symbol === '<>' && fn.returns === Oid.bool);
}

const JS_OPERATORS: Readonly<Record<string, string>> = {
  '=': '===',
  '<>': '!==',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function emitComparison(
  e: Emitter,
  symbol: string,
  left: Code,
  right: Code,
  leftType: SqlType,
  rightType: SqlType,
  isNull: string,
): Code | null {
  const js = JS_OPERATORS[symbol];
  if (js === undefined) return null;
  const isSameType = leftType.oid === rightType.oid;
  if (isOrderedNumber(leftType) && (isSameType || (isInteger(leftType) && isInteger(rightType)))) {
    // Numbers and bigints of one int8 column compare with the ordering operators; equality relies on normal form (I3 of vectors).
    return code('bool', `(${left.value}${js}${right.value})`, isNull);
  }
  if (isFloat(leftType) && isFloat(rightType)) {
    return code('bool', floatComparison(symbol, e.named(left).value, e.named(right).value), isNull);
  }
  if (left.rep === 'scaled' && right.rep === 'scaled') {
    return emitScaledComparison(e, js, left, right, isNull);
  }
  if (left.rep === 'text' && right.rep === 'text') {
    if (js === '===' || js === '!==') return code('bool', `(${left.value}${js}${right.value})`, isNull);
    const order = `${e.constant(compareText)}(${left.value},${right.value})${js}0`;
    return code('bool', isNull === 'false' ? `(${order})` : `(!${isNull}&&${order})`, isNull);
  }
  return null;
}

/** Types whose order is that of their numbers. */
function isOrderedNumber(type: SqlType): boolean {
  return (
    (type.physical === Physical.int32 || type.physical === Physical.int64) &&
    (type.kind === 'base' || type.kind === 'enum')
  );
}

function isFloat(type: SqlType): boolean {
  return type.oid === Oid.float8 || type.oid === Oid.float4;
}

/** PostgreSQL's order: NaN equals NaN and is above everything. */
function floatComparison(symbol: string, a: string, b: string): string {
  switch (symbol) {
    case '=':
      return `!!((${a}===${b})|((${a}!==${a})&(${b}!==${b})))`;
    case '<>':
      return `!!((${a}!==${b})&((${a}===${a})|(${b}===${b})))`;
    case '<':
      return `!!((${a}<${b})|((${b}!==${b})&(${a}===${a})))`;
    case '>':
      return `!!((${a}>${b})|((${a}!==${a})&(${b}===${b})))`;
    case '<=':
      return `!((${a}>${b})|((${a}!==${a})&(${b}===${b})))`;
    default:
      return `!((${a}<${b})|((${b}!==${b})&(${a}===${a})))`;
  }
}

/** An int8 that arrives as a datum: fast mode goes on only with numbers. */
function asNumber(e: Emitter, of: Code): Code {
  if (of.rep !== 'datum') return of;
  const named = e.named(of);
  const test = `typeof ${named.value}!=='number'`;
  e.emit(`if(${named.isNull === 'false' ? test : `!${named.isNull}&&${test}`})return -1;`);
  return { ...named, rep: 'int' };
}

/** Assigns `source` to a new variable and repairs it where `isDoubtful`; all of it only where no argument is NULL. */
function guarded(
  e: Emitter,
  source: string,
  isNull: string,
  isDoubtful: (name: string) => string,
  repair: (name: string) => string,
): string {
  const name = e.name();
  const body = `${name}=${source};if(${isDoubtful(name)})${repair(name)};`;
  if (isNull === 'false') e.emit(`let ${body}`);
  else e.emit(`let ${name}=0;if(!${isNull}){${body}}`);
  return name;
}

function callRepair(e: Emitter, fn: ScalarFunction, values: readonly string[]): (name: string) => string {
  return (name) => `${name}=${e.constant(fn.eval)}(X.eval,${values.join(',')})`;
}

function emitInteger(
  e: Emitter,
  fn: ScalarFunction,
  symbol: string,
  leftIn: Code,
  rightIn: Code,
  isNull: string,
): Code | null {
  if (!['+', '-', '*', '/', '%'].includes(symbol) || !INTEGER_RESULTS.has(fn.returns)) return null;
  const isInt8 = fn.returns === Oid.int8;
  if (isInt8 && !e.isFast) return null;
  const left = e.named(asNumber(e, leftIn));
  const right = e.named(asNumber(e, rightIn));
  const repair = callRepair(e, fn, [left.value, right.value]);
  if (symbol === '/' || symbol === '%') return emitIntegerDivision(e, symbol, left, right, isNull, repair);
  // "+0" turns the -0 of 0 * -1 into 0.
  const source = `${left.value}${symbol}${right.value}${symbol === '*' ? '+0' : ''}`;
  const name = guarded(
    e,
    source,
    isNull,
    (result) => outOfRange(result, fn.returns),
    isInt8 ? () => 'return -1' : repair,
  );
  return code('int', name, isNull);
}

const INTEGER_RESULTS: ReadonlySet<number> = new Set([Oid.int2, Oid.int4, Oid.int8]);

function outOfRange(name: string, oid: number): string {
  if (oid === Oid.int8) return unsafe(name);
  if (oid === Oid.int4) return `(${name}|0)!==${name}`;
  return `${name}<-32768||${name}>32767`;
}

function unsafe(name: string): string {
  return `!(${name}<=${SAFE}&&${name}>=-${SAFE})`;
}

/** Exact for all safe integers: the remainder is exact, and so is the division of a multiple. Only `/ -1` may leave the range. */
function emitIntegerDivision(
  e: Emitter,
  symbol: string,
  left: Code,
  right: Code,
  isNull: string,
  repair: (name: string) => string,
): Code {
  const rest = `${left.value}%${right.value}`;
  const source = symbol === '%' ? `${rest}+0` : `(${left.value}-${rest})/${right.value}+0`;
  const doubtful = `${right.value}===0||${right.value}===-1`;
  return code(
    'int',
    guarded(e, source, isNull, () => doubtful, repair),
    isNull,
  );
}

function emitFloat(
  e: Emitter,
  fn: ScalarFunction,
  symbol: string,
  leftIn: Code,
  rightIn: Code,
  isNull: string,
): Code | null {
  if (!['+', '-', '*', '/'].includes(symbol) || fn.returns !== Oid.float8) return null;
  const left = e.named(leftIn);
  const right = e.named(rightIn);
  const isAdditive = symbol === '+' || symbol === '-';
  const name = guarded(
    e,
    `${left.value}${symbol}${right.value}`,
    isNull,
    // Not finite, or (products and quotients) zero: overflow, underflow and division by zero are the function's to judge.
    (result) => `${result}-${result}!==0${isAdditive ? '' : `||${result}===0`}`,
    callRepair(e, fn, [left.value, right.value]),
  );
  return code('float', name, isNull);
}

function power(scale: number): string {
  return `1e${scale}`;
}

function emitScaled(e: Emitter, symbol: string, left: Code, right: Code, isNull: string): Code | null {
  let source: string;
  let scale: number;
  if (symbol === '*') {
    scale = left.scale + right.scale;
    source = `${left.value}*${right.value}+0`;
  } else if (symbol === '+' || symbol === '-') {
    scale = Math.max(left.scale, right.scale);
    if (scale - Math.min(left.scale, right.scale) > SCALE_SHIFT_MAX) return null;
    source = `${aligned(e, left, scale, isNull)}${symbol}${aligned(e, right, scale, isNull)}`;
  } else {
    return null;
  }
  if (scale > 300) return null;
  const name = guarded(e, source, isNull, unsafe, () => 'return -1');
  return code('scaled', name, isNull, scale);
}

/** The value at a larger scale; leaves fast mode when it does not fit. */
function aligned(e: Emitter, of: Code, scale: number, isNull: string): string {
  if (of.scale === scale) return of.value;
  return guarded(e, `${of.value}*${power(scale - of.scale)}`, isNull, unsafe, () => 'return -1');
}

function emitScaledComparison(e: Emitter, js: string, left: Code, right: Code, isNull: string): Code | null {
  const scale = Math.max(left.scale, right.scale);
  if (scale - Math.min(left.scale, right.scale) > SCALE_SHIFT_MAX) return null;
  const a = aligned(e, left, scale, isNull);
  const b = aligned(e, right, scale, isNull);
  return code('bool', `(${a}${js}${b})`, isNull);
}

function emitNegate(e: Emitter, fn: ScalarFunction, arg: Code, isNull: string): Code | null {
  if (fn.operator?.symbol !== '-') return null;
  const source = `0-${arg.value}`;
  if (arg.rep === 'scaled') return code('scaled', `(${source})`, isNull, arg.scale);
  if (arg.rep !== 'int' || !INTEGER_RESULTS.has(fn.returns)) return null;
  if (fn.returns === Oid.int8) return e.isFast ? code('int', `(${source})`, isNull) : null;
  const named = e.named(arg);
  const repair = callRepair(e, fn, [named.value]);
  return code(
    'int',
    guarded(e, `0-${named.value}`, isNull, (result) => outOfRange(result, fn.returns), repair),
    isNull,
  );
}

/** Casts among numbers that only change how the value is seen. */
function emitCast(e: Emitter, fn: ScalarFunction, arg: Code, from: SqlType, isNull: string): Code | null {
  if (CAST_NAMES[fn.name] !== fn.returns) return null;
  const isFromInteger = isInteger(from) && (arg.rep === 'int' || (arg.rep === 'datum' && e.isFast));
  if (isFromInteger) {
    if (fn.returns === Oid.int8) return e.isFast ? asNumber(e, arg) : arg;
    if (fn.returns === Oid.numeric) return e.isFast ? { ...asNumber(e, arg), rep: 'scaled', scale: 0 } : null;
    if (fn.returns === Oid.float8) return { ...asNumberOrNull(e, arg), rep: 'float' };
    const named = e.named(asNumberOrNull(e, arg));
    const repair = callRepair(e, fn, [named.value]);
    return code(
      'int',
      guarded(e, named.value, isNull, (result) => outOfRange(result, fn.returns), repair),
      isNull,
    );
  }
  if (from.oid === Oid.numeric && arg.rep === 'scaled' && fn.returns === Oid.float8 && arg.scale <= 22) {
    // Both operands are exact doubles, so the quotient is rounded once, as reading the decimal text would be.
    return code('float', `(${arg.value}/${power(arg.scale)})`, isNull);
  }
  if (from.oid === Oid.float4 && fn.returns === Oid.float8 && arg.rep === 'float') return arg;
  return null;
}

function asNumberOrNull(e: Emitter, arg: Code): Code {
  return arg.rep === 'int' ? arg : asNumber(e, arg);
}

/** Cast functions bear the name of their result type. */
const CAST_NAMES: Readonly<Record<string, number>> = {
  int2: Oid.int2,
  int4: Oid.int4,
  int8: Oid.int8,
  float8: Oid.float8,
  numeric: Oid.numeric,
};
