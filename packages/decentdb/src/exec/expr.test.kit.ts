/**
 * What the executor's tests build their plans from: expressions by SQL names, contexts without a session.
 */
import assert from 'node:assert/strict';
import { findCast } from '../functions/coercion.ts';
import type { EvalContext, ScalarFunction } from '../functions/function.ts';
import { aggregatesNamed, operatorsNamed, scalarsNamed } from '../functions/registry.ts';
import type { ReadView } from '../txn/page-view.ts';
import { builtinType, typeByName } from '../types/registry.ts';
import { defaultTypeSettings, type SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { Batch } from './batch.ts';
import { ColumnStore } from './column-store.ts';
import { ExecContext, StatementContext, type StatementOptions } from './context.ts';
import type { Expr } from './expr.ts';
import type { Aggregate } from './physical.ts';

export const testEval: EvalContext = {
  transactionMicros: 0,
  statementMicros: 0,
  clockMicros: () => 0,
  setting: () => '',
  setSetting: () => {},
  random: () => 0.5,
  setSeed: () => {},
  randomBytes: (count) => new Uint8Array(count),
  service: () => null,
  typeSettings: defaultTypeSettings,
};

const noView: ReadView = {
  payloadBytes: 0,
  fetch: () => assert.fail('no pages'),
  readOverflow: () => assert.fail('no pages'),
  validate: () => {},
};

export function testContext(options: Partial<StatementOptions> = {}): ExecContext {
  return new ExecContext(
    new StatementContext({ view: noView, params: [], eval: testEval, ...options }),
    [],
    new Map(),
  );
}

export function type(name: string): SqlType {
  const found = typeByName(name);
  assert.ok(found !== undefined, `type ${name}`);
  return found;
}

export function slot(index: number, name: string): Expr {
  return { kind: 'slot', slot: index, type: type(name), typmod: -1, location: -1 };
}
export function constant(value: Datum, name: string): Expr {
  return { kind: 'const', value, type: type(name), typmod: -1, location: -1 };
}
export function param(index: number, name: string): Expr {
  return { kind: 'param', index, type: type(name), typmod: -1, location: -1 };
}

function matching(list: readonly ScalarFunction[], args: readonly Expr[], what: string): ScalarFunction {
  const found = list.find(
    (fn) => fn.args.length === args.length && fn.args.every((oid, i) => oid === args[i]!.type.oid),
  );
  assert.ok(found !== undefined, `${what}(${args.map((arg) => arg.type.name).join(', ')})`);
  return found;
}

/** An operator call; argument types must be the operator's own. */
export function op(symbol: string, ...args: Expr[]): Expr {
  const fn = matching(operatorsNamed(symbol), args, symbol);
  return { kind: 'call', fn, args, type: builtinType(fn.returns), typmod: -1, location: -1 };
}
export function call(name: string, ...args: Expr[]): Expr {
  const fn = matching(scalarsNamed(name), args, name);
  return { kind: 'call', fn, args, type: builtinType(fn.returns), typmod: -1, location: -1 };
}
export function operator(symbol: string, left: string, right: string): ScalarFunction {
  return matching(operatorsNamed(symbol), [slot(0, left), slot(0, right)], symbol);
}
export function cast(arg: Expr, name: string): Expr {
  const target = type(name);
  const path = findCast(arg.type, target, 'explicit');
  assert.ok(path !== null, `cast to ${name}`);
  if (path.fn === null) return { ...arg, type: target, typmod: -1 };
  return { kind: 'call', fn: path.fn, args: [arg], type: target, typmod: -1, location: -1 };
}
const base = (name: string) => ({ type: type(name), typmod: -1, location: -1 });
export const and = (...args: Expr[]): Expr => ({ kind: 'and', args, ...base('bool') });
export const or = (...args: Expr[]): Expr => ({ kind: 'or', args, ...base('bool') });
export const not = (arg: Expr): Expr => ({ kind: 'not', arg, ...base('bool') });

export function aggregate(name: string, args: readonly Expr[], extra: Partial<Aggregate> = {}): Aggregate {
  const fn = aggregatesNamed(name).find(
    (one) =>
      one.args.length === args.length &&
      one.args.every((oid, i) => oid === args[i]!.type.oid || oid === 2276),
  );
  assert.ok(fn !== undefined, `aggregate ${name}`);
  return {
    fn,
    args,
    distinct: false,
    orderBy: [],
    filter: null,
    directArgs: [],
    type: builtinType(fn.returns),
    typmod: -1,
    ...extra,
  };
}

/** A batch from rows of datums. */
export function batchOf(names: readonly string[], rows: readonly (readonly Datum[])[]): Batch {
  const stores = names.map((name) => new ColumnStore(type(name).physical));
  for (const row of rows) for (let i = 0; i < stores.length; i++) stores[i]!.append(row[i] ?? null);
  return Batch.of(
    stores.map((store) => store.vector()),
    rows.length,
  );
}

/** mulberry32; seeds are printed by the tests that use it. */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The seed of a random test: SEED from the environment, else a new one. */
export function testSeed(): number {
  const given = process.env['SEED'];
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
}
