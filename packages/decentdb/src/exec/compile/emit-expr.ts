/**
 * Expressions to source: leaves, logic and control. Operators are in emit-operators.ts.
 *
 * I1  Parts that need not be evaluated are inside the `if` that decides it, so errors appear exactly as interpreted.
 * I2  Kinds not emitted here run through the interpreter, called from the generated code.
 */

import { Decimal } from '../../types/decimal.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { type Datum, Physical } from '../../types/vector.ts';
import type { CaseExpr, Expr, LogicExpr } from '../expr.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { isPlainText } from '../type-traits.ts';
import { isScalable } from '../vectors.ts';
import { emitCall, emitDistinct, emitMinMax, emitNullIf, emitQuantified } from './emit-operators.ts';
import { anyNull, type Code, code, type Emitter, nullCode, type Rep, truth } from './emitter.ts';
import { type Layout, visitExpr } from './shape.ts';

/** Representation of a type's values outside any column. */
export function repOf(type: SqlType, isFast: boolean): Rep {
  switch (type.physical) {
    case Physical.bool:
      return 'bool';
    case Physical.int32:
      return 'int';
    case Physical.float64:
      return 'float';
    case Physical.int64:
      return isFast ? 'int' : 'datum';
    case Physical.text:
      return isPlainText(type) ? 'text' : 'datum';
    case Physical.uuid:
      return 'text';
    default:
      return 'datum';
  }
}

export function emitExpr(e: Emitter, expr: Expr): Code {
  switch (expr.kind) {
    case 'const':
      return constantCode(e, expr.value, expr.type);
    case 'slot':
      return slotCode(e, expr.slot, expr.type);
    case 'param':
      return hoistedValue(e, `p${expr.index}`, `X.params[${expr.index}]`, expr, e.shape.param);
    case 'outer':
      return hoistedValue(e, `o${expr.index}`, `X.outer[${expr.index}]`, expr, e.shape.outer);
    case 'call':
      return e.sharedCall(expr, () => emitCall(e, expr));
    case 'and':
    case 'or':
      return emitLogic(e, expr);
    case 'not': {
      const arg = emitExpr(e, expr.arg);
      return code('bool', `!${asBool(arg)}`, arg.isNull);
    }
    case 'isNull': {
      if (expr.isRow) return interpreted(e, expr);
      const arg = emitExpr(e, expr.arg);
      const test = arg.isNull;
      return code('bool', expr.negated ? negate(test) : test);
    }
    case 'booleanTest': {
      const arg = e.named(emitExpr(e, expr.arg));
      return code('bool', expr.negated ? negate(booleanTest(arg, expr.test)) : booleanTest(arg, expr.test));
    }
    case 'case':
      return emitCase(e, expr);
    case 'caseTest': {
      const operand = e.caseOperands.at(-1);
      return operand ?? interpreted(e, expr);
    }
    case 'coalesce':
      return emitCoalesce(e, expr.args, expr.type);
    case 'distinct':
      return emitDistinct(e, expr);
    case 'nullIf':
      return emitNullIf(e, expr);
    case 'greatest':
    case 'least':
      return emitMinMax(e, expr);
    case 'quantified':
      return emitQuantified(e, expr) ?? interpreted(e, expr);
    default:
      return interpreted(e, expr);
  }
}

function negate(test: string): string {
  return test === 'false' ? 'true' : test === 'true' ? 'false' : `!${test}`;
}

export function asBool(of: Code): string {
  return of.rep === 'bool' ? of.value : `(${of.value}===true)`;
}

function booleanTest(arg: Code, test: 'true' | 'false' | 'unknown'): string {
  if (test === 'unknown') return arg.isNull;
  if (test === 'true') return truth(arg);
  return arg.isNull === 'true' ? 'false' : `(!(${arg.isNull})&&!${asBool(arg)})`;
}

export function constantCode(e: Emitter, value: Datum, type: SqlType): Code {
  if (value === null) return nullCode;
  if (value instanceof Decimal && e.isFast && isScalable(value)) {
    return code('scaled', e.constant(value.coefficient), 'false', value.scale);
  }
  const rep = repOf(type, e.isFast);
  return code(rep === 'int' && typeof value === 'bigint' ? 'datum' : rep, e.constant(value));
}

function slotCode(e: Emitter, slot: number, type: SqlType): Code {
  const layout = e.shape.columns.get(slot)!;
  const isNull = layout.hasNulls ? `(m${slot}[r]===1)` : 'false';
  const element = `c${slot}[r]`;
  switch (layout.physical) {
    case Physical.bool:
      return code('bool', `(${element}===1)`, isNull);
    case Physical.int64:
      if (layout.isBig) return code('datum', `${e.constant(narrowBig)}(${element})`, isNull);
      return code(e.isFast ? 'int' : 'datum', element, isNull);
    case Physical.numeric:
      if (layout.scale < 0) return code('datum', element, isNull);
      if (e.isFast) return code('scaled', element, isNull, layout.scale);
      return code('datum', `new ${e.constant(Decimal)}(${element},${layout.scale})`, isNull);
    default:
      return code(repOf(type, e.isFast), element, isNull);
  }
}

function narrowBig(value: bigint): number | bigint {
  return value <= 9007199254740991n && value >= -9007199254740991n ? Number(value) : value;
}

/** A parameter or outer value: loaded once, its representation fixed by the shape. */
function hoistedValue(
  e: Emitter,
  key: string,
  source: string,
  expr: Expr,
  layoutOfValue: (index: number, physical: number) => Layout,
): Code {
  const { physical } = expr.type;
  return e.hoist(`${key}:${physical}`, () => {
    const layout = layoutOfValue((expr as { index: number }).index, physical);
    if (layout.hasNulls) return nullCode;
    const name = e.name('p');
    if (physical === Physical.numeric && layout.scale >= 0 && e.isFast) {
      e.prologue.push(`const ${name}=${source}.coefficient;`);
      return code('scaled', name, 'false', layout.scale);
    }
    e.prologue.push(`const ${name}=${source};`);
    const rep = repOf(expr.type, e.isFast);
    return code(rep === 'int' && layout.isBig ? 'datum' : rep, name);
  });
}

/** Calls the interpreter for this node and all below it. */
export function interpreted(e: Emitter, expr: Expr): Code {
  const name = e.name();
  e.emit(`const ${name}=${e.constant(evaluatorOf(expr))}(B,r,X);`);
  const isBool = expr.type.physical === Physical.bool;
  return code(
    isBool ? 'bool' : interpretedRep(expr.type),
    isBool ? `(${name}===true)` : name,
    `(${name}===null)`,
  );
}

function interpretedRep(type: SqlType): Rep {
  return type.physical === Physical.int64 || type.physical === Physical.numeric
    ? 'datum'
    : repOf(type, false);
}

/** Filters call this for each conjunct in turn; elsewhere AND and OR are three-valued. */
function emitLogic(e: Emitter, expr: LogicExpr): Code {
  const isOr = expr.kind === 'or';
  const parts = expr.args.map((arg) => e.capture(() => emitExpr(e, arg)));
  if (parts.every((part) => part.statements === '' && part.result.isNull === 'false')) {
    return code('bool', `(${parts.map((part) => asBool(part.result)).join(isOr ? '||' : '&&')})`);
  }
  const value = e.name('v');
  const isNull = e.name('z');
  e.emit(`let ${value}=${!isOr},${isNull}=false;`);
  let depth = 0;
  for (const { result, statements } of parts) {
    const decided = isOr ? asBool(result) : `!${asBool(result)}`;
    const set = `{${value}=${isOr};${isNull}=false;}`;
    e.emit(statements);
    if (result.isNull === 'false') e.emit(`if(${decided})${set}else{`);
    else if (result.isNull === 'true') e.emit(`{${isNull}=true;`);
    else e.emit(`if(!(${result.isNull})&&${decided})${set}else{if(${result.isNull})${isNull}=true;`);
    depth++;
  }
  e.emit('}'.repeat(depth));
  return code('bool', value, isNull);
}

/** Declares a variable pair that branches assign to. */
class Choice {
  readonly value: string;
  readonly isNull: string;
  readonly rep: Rep;
  readonly scale: number;
  private readonly e: Emitter;

  constructor(e: Emitter, parts: readonly Code[], type: SqlType) {
    this.e = e;
    this.value = e.name('v');
    this.isNull = e.name('z');
    const known = parts.filter((part) => part.isNull !== 'true');
    const first = known[0];
    const isUniform =
      first !== undefined && known.every((part) => part.rep === first.rep && part.scale === first.scale);
    this.rep = isUniform ? first.rep : 'datum';
    this.scale = isUniform ? first.scale : 0;
    const initial =
      this.rep === 'bool' ? 'false' : this.rep === 'text' || this.rep === 'datum' ? 'null' : '0';
    void type;
    e.emit(`let ${this.value}=${initial},${this.isNull}=true;`);
  }

  set(part: Code): string {
    if (part.isNull === 'true') return '';
    const assign = `${this.value}=${this.rep === part.rep ? part.value : toDatum(this.e, part)};${this.isNull}=false;`;
    return part.isNull === 'false' ? assign : `if(!(${part.isNull})){${assign}}`;
  }

  get code(): Code {
    return code(this.rep, this.value, this.isNull, this.scale);
  }
}

/** The value as a datum. */
export function toDatum(e: Emitter, of: Code): string {
  return of.rep === 'scaled' ? `new ${e.constant(Decimal)}(${of.value},${of.scale})` : of.value;
}

function emitCase(e: Emitter, expr: CaseExpr): Code {
  if (expr.operand !== null && expr.branches.some((branch) => needsInterpretedOperand(branch.when))) {
    return interpreted(e, expr);
  }
  const operand = expr.operand === null ? null : e.named(emitExpr(e, expr.operand));
  const whens = expr.branches.map((branch) => {
    if (operand !== null) e.caseOperands.push(operand);
    const part = e.capture(() => emitExpr(e, branch.when));
    if (operand !== null) e.caseOperands.pop();
    return part;
  });
  const thens = expr.branches.map((branch) => e.capture(() => emitExpr(e, branch.then)));
  const otherwise = expr.otherwise === null ? null : e.capture(() => emitExpr(e, expr.otherwise!));
  const all = otherwise === null ? thens : [...thens, otherwise];
  const choice = new Choice(
    e,
    all.map((part) => part.result),
    expr.type,
  );
  for (let i = 0; i < whens.length; i++) {
    e.emit(`${whens[i]!.statements}if(${truth(whens[i]!.result)}){`);
    e.emit(`${thens[i]!.statements}${choice.set(thens[i]!.result)}}else{`);
  }
  if (otherwise !== null) e.emit(otherwise.statements + choice.set(otherwise.result));
  e.emit('}'.repeat(whens.length));
  return choice.code;
}

/** A part that only the interpreter runs must find its CASE operand in the interpreter too. */
function needsInterpretedOperand(when: Expr): boolean {
  let hasTest = false;
  let hasOther = false;
  visitExpr(when, (node) => {
    if (node.kind === 'caseTest') hasTest = true;
    if (!EMITTED.has(node.kind) || (node.kind === 'isNull' && node.isRow)) hasOther = true;
    if (node.kind === 'quantified') hasOther = true;
  });
  return hasTest && hasOther;
}

const EMITTED: ReadonlySet<Expr['kind']> = new Set<Expr['kind']>([
  'const',
  'slot',
  'param',
  'outer',
  'call',
  'and',
  'or',
  'not',
  'isNull',
  'booleanTest',
  'case',
  'caseTest',
  'coalesce',
  'distinct',
  'nullIf',
  'greatest',
  'least',
  'quantified',
]);

function emitCoalesce(e: Emitter, args: readonly Expr[], type: SqlType): Code {
  const parts = args.map((arg) => e.capture(() => emitExpr(e, arg)));
  if (parts[0]!.result.isNull === 'false') {
    e.emit(parts[0]!.statements);
    return parts[0]!.result;
  }
  const choice = new Choice(
    e,
    parts.map((part) => part.result),
    type,
  );
  for (const part of parts) e.emit(`${part.statements}${choice.set(part.result)}if(${choice.isNull}){`);
  e.emit('}'.repeat(parts.length));
  return choice.code;
}

export { anyNull };
