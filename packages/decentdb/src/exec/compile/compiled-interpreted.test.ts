/**
 * The compiler against the interpreter: random expressions over random columns give equal values and equal errors.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from '../../types/decimal.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import {
  and,
  batchOf,
  call,
  cast,
  constant,
  not,
  op,
  operator,
  or,
  param,
  random,
  slot,
  testContext,
  testSeed,
  type,
} from '../expr.test.kit.ts';
import type { Expr } from '../expr.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { datumAt } from '../vectors.ts';
import { FilterProgram } from './filter-program.ts';
import { ProjectProgram } from './project-program.ts';

const ROWS = 420;
const columns = ['int4', 'int8', 'float8', 'numeric', 'text', 'bool', 'int2', 'date'] as const;
type Name = (typeof columns)[number];
const params: readonly (readonly [Name, Datum])[] = [
  ['int4', 7],
  ['int8', 9007199254740993n],
  ['numeric', new Decimal(150, 2)],
  ['text', null],
  ['float8', Number.NaN],
];

class Generator {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = random(seed);
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!;
  }

  value(name: Name): Datum {
    const big = this.next() < 0.05;
    const small = Math.floor(this.next() * 13) - 4;
    switch (name) {
      case 'int4':
        return big ? this.pick([2147483647, -2147483648, 46341]) : small;
      case 'int2':
        return big ? this.pick([32767, -32768]) : small;
      case 'date':
        return small;
      case 'int8':
        return big
          ? this.pick([9007199254740991, -9007199254740991, 9223372036854775807n, -9223372036854775808n])
          : small;
      case 'float8':
        return big ? this.pick([Number.NaN, Number.POSITIVE_INFINITY, -1e308, 1e-308]) : small / 2;
      case 'numeric':
        if (big)
          return this.pick([
            Decimal.nan,
            new Decimal(9007199254740991, 3),
            Decimal.of(123456789012345678901n, 2),
            new Decimal(5, 1),
          ]);
        return new Decimal(small, 2);
      case 'text':
        return this.pick(['', 'a', 'ab', 'abc', 'Zebra', '\u{1F600}x', '\uFFFDy', '%_']);
      default:
        return this.next() < 0.5;
    }
  }

  batch(): Batch {
    const rows = Array.from({ length: ROWS }, () =>
      columns.map((name) => (this.next() < this.nullShare ? null : this.value(name))),
    );
    return batchOf(columns, rows);
  }

  nullShare = 0.1;

  expr(name: Name, depth: number): Expr {
    if (depth <= 0 || this.next() < 0.15) return this.leaf(name);
    const roll = this.next();
    if (roll < 0.1) return this.caseOf(name, depth);
    if (roll < 0.16)
      return {
        kind: 'coalesce',
        args: [this.expr(name, depth - 1), this.expr(name, depth - 1)],
        ...base(name),
      };
    if (roll < 0.2) {
      const kind = this.pick(['greatest', 'least'] as const);
      return { kind, args: [this.expr(name, depth - 1), this.leaf(name)], ...base(name) };
    }
    if (roll < 0.24 && name !== 'bool') {
      return {
        kind: 'nullIf',
        left: this.expr(name, depth - 1),
        right: this.leaf(name),
        equals: operator('=', name, name),
        ...base(name),
      };
    }
    return this.operation(name, depth - 1);
  }

  private leaf(name: Name): Expr {
    const known = params.findIndex(([one]) => one === name);
    const roll = this.next();
    if (roll < 0.6) return slot(columns.indexOf(name), name);
    if (roll < 0.7 && known >= 0) return param(known, name);
    return constant(this.next() < 0.07 ? null : this.value(name), name);
  }

  private caseOf(name: Name, depth: number): Expr {
    const branch = () => ({ when: this.expr('bool', depth - 1), then: this.expr(name, depth - 1) });
    if (this.next() < 0.5) {
      return {
        kind: 'case',
        operand: null,
        branches: [branch(), branch()],
        otherwise: this.next() < 0.5 ? null : this.leaf(name),
        ...base(name),
      };
    }
    const operand = this.expr('int4', depth - 1);
    const when = (): Expr => op('=', { kind: 'caseTest', ...base('int4') }, this.expr('int4', depth - 2));
    return {
      kind: 'case',
      operand,
      branches: [
        { when: when(), then: this.expr(name, depth - 1) },
        { when: when(), then: this.leaf(name) },
      ],
      otherwise: null,
      ...base(name),
    };
  }

  private operation(name: Name, depth: number): Expr {
    switch (name) {
      case 'int4':
      case 'int8':
      case 'numeric':
        if (this.next() < 0.2) return this.castTo(name, depth);
        if (this.next() < 0.1) return op('-', this.expr(name, depth));
        return op(this.pick(['+', '-', '*', '/', '%']), this.expr(name, depth), this.expr(name, depth));
      case 'float8':
        if (this.next() < 0.3)
          return cast(this.expr(this.pick(['int4', 'int8', 'numeric']), depth), 'float8');
        return op(this.pick(['+', '-', '*', '/']), this.expr(name, depth), this.expr(name, depth));
      case 'text':
        return this.pick([
          () => call('upper', this.expr('text', depth)),
          () => op('||', this.expr('text', depth), this.expr('text', depth)),
        ])();
      case 'bool':
        return this.condition(depth);
      default:
        return this.leaf(name);
    }
  }

  private castTo(name: 'int4' | 'int8' | 'numeric', depth: number): Expr {
    const sources = { int4: ['int2', 'int8'], int8: ['int4', 'int2'], numeric: ['int4', 'int8'] } as const;
    return cast(this.expr(this.pick(sources[name]), depth), name);
  }

  private condition(depth: number): Expr {
    const any = (): Name => this.pick(columns);
    return this.pick<() => Expr>([
      () => this.comparison(depth),
      () => this.comparison(depth),
      () => and(this.expr('bool', depth), this.expr('bool', depth), this.expr('bool', depth)),
      () => or(this.expr('bool', depth), this.expr('bool', depth)),
      () => not(this.expr('bool', depth)),
      () => ({
        kind: 'isNull',
        arg: this.expr(any(), depth),
        negated: this.next() < 0.5,
        isRow: false,
        ...base('bool'),
      }),
      () => ({
        kind: 'booleanTest',
        arg: this.expr('bool', depth),
        test: this.pick(['true', 'false', 'unknown'] as const),
        negated: this.next() < 0.5,
        ...base('bool'),
      }),
      () => this.distinct(depth),
      () => this.list(depth),
      () =>
        op(
          this.pick(['~~', '!~~']),
          this.expr('text', depth),
          constant(this.pick(['a%', '%b%', '%c', 'a_c', '_%', '', '%', 'Z%a', '\\%%']), 'text'),
        ),
    ])();
  }

  private comparison(depth: number): Expr {
    const name = this.pick(columns);
    return op(this.pick(['=', '<>', '<', '<=', '>', '>=']), this.expr(name, depth), this.expr(name, depth));
  }

  private distinct(depth: number): Expr {
    const name = this.pick(columns);
    return {
      kind: 'distinct',
      left: this.expr(name, depth),
      right: this.expr(name, depth),
      equals: operator('=', name, name),
      negated: this.next() < 0.5,
      ...base('bool'),
    };
  }

  private list(depth: number): Expr {
    const name = this.pick(['int4', 'int8', 'text', 'numeric'] as const);
    const isConstant = this.next() < 0.6;
    const item = (): Expr =>
      isConstant ? constant(this.next() < 0.05 ? null : this.value(name), name) : this.leaf(name);
    const list = Array.from({ length: 1 + Math.floor(this.next() * 8) }, item);
    const isAny = this.next() < 0.6;
    return {
      kind: 'quantified',
      quantifier: isAny ? 'any' : 'all',
      left: this.expr(name, depth),
      op: operator(isAny ? '=' : '<>', name, name),
      list,
      array: null,
      ...base('bool'),
    };
  }
}

function base(name: Name): { type: Expr['type']; typmod: number; location: number } {
  return { type: type(name), typmod: -1, location: -1 };
}

type Outcome = readonly Datum[] | string;

function outcome(run: () => readonly Datum[]): Outcome {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code === 'XX000') throw error;
    return `${String(error.code)} ${error.message}`;
  }
}

function show(values: Outcome): unknown {
  return typeof values === 'string'
    ? values
    : values.map((value) => (value instanceof Decimal ? `${value}` : value));
}

const context = testContext({ params: params.map(([, value]) => value) });

test('compiled expressions give what the interpreter gives', () => {
  const seed = testSeed();
  for (let round = 0; round < 300; round++) {
    const generator = new Generator(seed + round);
    generator.nullShare = generator.pick([0, 0.1, 0.5]);
    const batch = generator.batch();
    const isPartial = generator.next() < 0.4;
    const positions = Int32Array.from({ length: 410 }, (_, i) => (i * 7) % ROWS);
    const rows = isPartial ? batch.select(positions, positions.length) : batch;
    const name = generator.pick(columns);
    const expr = generator.expr(name, 4);
    const evaluator = evaluatorOf(expr);
    const expected = outcome(() =>
      Array.from({ length: rows.count }, (_, i) => evaluator(rows, rows.position(i), context)),
    );
    const actual = outcome(() => valuesOf(new ProjectProgram([expr]).vectors(rows, context)[0]!, rows.count));
    assert.deepEqual(show(actual), show(expected), `SEED=${seed + round}`);
    if (name === 'bool') checkFilter(expr, rows, seed + round);
  }
});

function valuesOf(vector: Vector, count: number): Datum[] {
  return Array.from({ length: count }, (_, i) => datumAt(vector, i));
}

function checkFilter(predicate: Expr, rows: Batch, seed: number): void {
  const conjuncts = (predicate.kind === 'and' ? predicate.args : [predicate]).map(evaluatorOf);
  const expected = outcome(() =>
    Array.from({ length: rows.count }, (_, i) => rows.position(i)).filter((at) =>
      conjuncts.every((conjunct) => conjunct(rows, at, context) === true),
    ),
  );
  const actual = outcome(() => {
    const kept = new FilterProgram(predicate).run(rows, context);
    return kept === null ? [] : Array.from({ length: kept.count }, (_, i) => kept.position(i));
  });
  assert.deepEqual(actual, expected, `filter, SEED=${seed}`);
}
