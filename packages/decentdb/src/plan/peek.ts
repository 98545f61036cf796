/**
 * The values that parameters have this time, for guesses.
 *
 * A statement whose literals became parameters is planned with the literals of one text at hand. Every guess that looked at them
 * is noted with its class: how selective it is, by orders. Another text may use the plan when its values put all guesses into
 * the same classes.
 *
 * I1  Only guesses look here; what a plan means never depends on it, so a plan answers rightly for any values. A rule that makes
 *     another plan says so with `bind`.
 * I2  Every guess that looked at a value is noted, once for a column and the parameters it is compared with.
 */
import { assert } from '../base/assert.ts';
import type { ConstExpr, Expr } from '../exec/expr.ts';
import type { Datum } from '../types/vector.ts';
import { childrenOf, mapExpr } from './expr-walk.ts';
import { foldConstants, valueOfCall } from './rules/constant-folding.ts';

/** The value of an expression without columns; undefined: not known. */
export type ValueOf = (expr: Expr) => Datum | undefined;

/** A guess that looked at parameters: the share of rows it came to can be asked for other values. */
export interface Guess {
  readonly selectivityClass: number;
  share(valueOf: ValueOf): number;
}

export class ParamPeek {
  readonly values: readonly Datum[];
  readonly valueOf: ValueOf;
  /** Whether the plan may be one for these values alone: nobody else has been promised it. */
  readonly mayBind: boolean;
  readonly #guesses = new Map<string, Guess>();
  #isBound = false;

  constructor(values: readonly Datum[], mayBind = false) {
    this.values = values;
    this.mayBind = mayBind;
    this.valueOf = remembered(valueFrom(values));
  }

  /** Whether the plan is right for these values alone. */
  get isBound(): boolean {
    return this.#isBound;
  }

  /** Says so: no other values may use the plan. */
  bind(): void {
    assert(this.mayBind, 'a plan that others may use is not bound to values');
    this.#isBound = true;
  }

  get guesses(): readonly Guess[] {
    return [...this.#guesses.values()];
  }

  /** Notes a guess about `subject` (I2) if one of the expressions has a parameter, and returns its share. */
  note(subject: string, exprs: readonly Expr[], share: (valueOf: ValueOf) => number): number {
    const found = share(this.valueOf);
    const params = exprs.flatMap(paramsOf);
    if (params.length > 0) {
      const key = `${subject} ${params.join(' ')}`;
      if (!this.#guesses.has(key)) this.#guesses.set(key, { selectivityClass: classOf(found), share });
    }
    return found;
  }
}

/** Whether a plan's guesses come out in the same classes for other values. */
export function fitsGuesses(guesses: readonly Guess[], values: readonly Datum[]): boolean {
  if (guesses.length === 0) return true;
  const valueOf = valueFrom(values);
  for (const guess of guesses) if (classOf(guess.share(valueOf)) !== guess.selectivityClass) return false;
  return true;
}

/** Powers of four: within one, a guess is off by less than guesses usually are. */
const CLASS_BITS = 2;
const CLASS_MAX = 10;

function classOf(share: number): number {
  return Math.min(CLASS_MAX, Math.floor(-Math.log2(Math.max(share, 1e-9)) / CLASS_BITS));
}

function paramsOf(expr: Expr): readonly string[] {
  return expr.kind === 'param' ? [`$${expr.index}`] : childrenOf(expr).flatMap(paramsOf);
}

function valueFrom(values: readonly Datum[]): ValueOf {
  const constant = (expr: Expr): Expr => {
    const value = expr.kind === 'param' ? values[expr.index] : undefined;
    if (value === undefined) return expr;
    const { type, typmod, location } = expr;
    return { kind: 'const', value, type, typmod, location } satisfies ConstExpr;
  };
  const valueOf = (expr: Expr): Datum | undefined => {
    if (expr.kind === 'const') return expr.value;
    if (expr.kind === 'param') return values[expr.index];
    if (expr.kind !== 'call') return undefined;
    // Each text of a family asks: a literal that is cast, or calls of such, without copies of the expression.
    if (expr.args.every(isSimple)) {
      const args = expr.args.map(valueOf);
      return args.includes(undefined) ? undefined : valueOfCall(expr.fn, args as Datum[]);
    }
    const folded = foldConstants(mapExpr(expr, constant));
    return folded.kind === 'const' ? folded.value : undefined;
  };
  return valueOf;
}

const isSimple = ({ kind }: Expr): boolean => kind === 'const' || kind === 'param' || kind === 'call';

/** Planning asks for the same computed values many times. */
function remembered(valueOf: ValueOf): ValueOf {
  const known = new Map<Expr, Datum | undefined>();
  return (expr) => {
    if (expr.kind !== 'call') return valueOf(expr);
    if (!known.has(expr)) known.set(expr, valueOf(expr));
    return known.get(expr);
  };
}

/** Without parameters to look at, constants alone are known. */
export const constantsOnly: ValueOf = (expr) => (expr.kind === 'const' ? expr.value : undefined);
