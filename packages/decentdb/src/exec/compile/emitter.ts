/**
 * Source text under construction, and what is known of the values in it.
 *
 * A compiled expression is a `Code`: JavaScript for its value and for "is it NULL", after the statements emitted so far.
 * `value` is meaningful only where `isNull` is false; reading it elsewhere must neither throw nor loop.
 *
 * Representations:
 *
 *     bool    JavaScript boolean
 *     int     number: int2, int4, date; int8, times and timestamps while safe (fast mode only)
 *     float   number: float8, float4
 *     scaled  number: a numeric times 10^scale, safe integer (fast mode only)
 *     text    string whose equality is `===` and whose order is compareText (text, varchar, name)
 *     datum   the datum, whatever it is
 *
 * Fast mode bets on safe integers. Where a bet is lost the code does `return -1`: the caller runs the same rows in exact
 * mode, where int8 and numeric are datums and functions do the work. Hence:
 *
 * I1  Code with side effects (volatile calls) is never compiled in fast mode.
 * I2  Every value used twice is a name, never an expression.
 */
import type { Expr } from '../expr.ts';
import { ConstantTable } from './codegen.ts';
import { exprKey } from './expr-key.ts';
import { type Layout, visitExpr } from './shape.ts';

export type Rep = 'bool' | 'int' | 'float' | 'scaled' | 'text' | 'datum';

export interface Code {
  readonly rep: Rep;
  /** Of a scaled value. */
  readonly scale: number;
  readonly value: string;
  /** 'false', 'true', or a side-effect free expression. */
  readonly isNull: string;
}

export interface ShapeInfo {
  readonly columns: ReadonlyMap<number, Layout>;
  readonly param: (index: number, physical: number) => Layout;
  readonly outer: (index: number, physical: number) => Layout;
  /** See the file head. */
  readonly isFast: boolean;
}

export class Emitter {
  readonly constants: ConstantTable = new ConstantTable();
  readonly shape: ShapeInfo;
  /** Statements that run once, before the loop. */
  readonly prologue: string[] = [];
  private statements: string[] = [];
  private count = 0;
  /** How many branches the code being emitted is in. */
  private depth = 0;
  private readonly repeated = new Set<string>();
  private readonly computed = new Map<string, Code>();
  private readonly hoisted = new Map<string, Code>();
  /** Codes standing for CaseTestExpr, innermost last. */
  readonly caseOperands: Code[] = [];

  constructor(shape: ShapeInfo) {
    this.shape = shape;
  }

  get isFast(): boolean {
    return this.shape.isFast;
  }

  constant(value: unknown): string {
    return this.constants.add(value);
  }

  name(prefix = 't'): string {
    return `${prefix}${this.count++}`;
  }

  emit(statement: string): void {
    this.statements.push(statement);
  }

  /** Runs `build` and returns the statements it emitted instead of keeping them. */
  capture<T>(build: () => T): { readonly result: T; readonly statements: string } {
    const saved = this.statements;
    this.statements = [];
    this.depth++;
    const result = build();
    this.depth--;
    const statements = this.statements.join('');
    this.statements = saved;
    return { result, statements };
  }

  take(): string {
    const source = this.statements.join('');
    this.statements = [];
    return source;
  }

  /** Calls that occur more than once in these expressions are computed once a row. */
  share(exprs: readonly Expr[]): void {
    const seen = new Set<string>();
    for (const expr of exprs)
      visitExpr(expr, (node) => {
        const key = node.kind === 'call' ? exprKey(node) : null;
        if (key === null) return;
        if (seen.has(key)) this.repeated.add(key);
        seen.add(key);
      });
  }

  /** The value of a call shared with others, computed where it first stands outside any branch. */
  sharedCall(expr: Expr, build: () => Code): Code {
    const key = this.repeated.size === 0 ? null : exprKey(expr);
    if (key === null || !this.repeated.has(key)) return build();
    const before = this.computed.get(key);
    if (before !== undefined) return before;
    const code = build();
    if (this.depth > 0) return code;
    const named = this.named(code);
    this.computed.set(key, named);
    return named;
  }

  /** A value computed once before the loop, shared by equal keys. */
  hoist(key: string, build: () => Code): Code {
    let code = this.hoisted.get(key);
    if (code === undefined) {
      code = build();
      this.hoisted.set(key, code);
    }
    return code;
  }

  /** The same value under a name, unless it is one already. */
  named(code: Code): Code {
    if (isName(code.value) && isSimpleNull(code.isNull)) return code;
    let { value, isNull } = code;
    if (!isSimpleNull(isNull)) {
      const name = this.name('z');
      this.emit(`const ${name}=${isNull};`);
      isNull = name;
    }
    if (!isName(value)) {
      const name = this.name();
      this.emit(`const ${name}=${value};`);
      value = name;
    }
    return { ...code, value, isNull };
  }
}

function isName(text: string): boolean {
  return /^[a-z]+\d*$/.test(text);
}

function isSimpleNull(text: string): boolean {
  return /^[a-z]+\d*$/.test(text);
}

export const nullCode: Code = { rep: 'datum', scale: 0, value: 'null', isNull: 'true' };

export function code(rep: Rep, value: string, isNull = 'false', scale = 0): Code {
  return { rep, scale, value, isNull };
}

/** `a || b || ...` of NULL tests. */
export function anyNull(tests: readonly string[]): string {
  const open: string[] = [];
  for (const test of tests) {
    if (test === 'true') return 'true';
    if (test !== 'false' && !open.includes(test)) open.push(test);
  }
  return open.length === 0 ? 'false' : open.length === 1 ? open[0]! : `(${open.join('||')})`;
}

/** The value as a condition that is false when NULL. */
export function truth(of: Code): string {
  if (of.isNull === 'true') return 'false';
  const value = of.rep === 'bool' ? of.value : `(${of.value}===true)`;
  return of.isNull === 'false' ? value : `(!${of.isNull}&&${value})`;
}

/** Whether an expression or a part of it satisfies `test`. */
export type ExprTest = (expr: Expr) => boolean;
