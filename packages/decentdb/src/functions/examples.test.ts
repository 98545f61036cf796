/** Every example in the registry gives the result it says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Oid } from '../types/oids.ts';
import { builtinType } from '../types/registry.ts';
import type { AggregateFunction } from './function.ts';
import { evaluate, evaluateToText, testContext } from './literal-expression.test.kit.ts';
import { allFunctions } from './registry.ts';
import { resolveAggregate } from './resolve.ts';

test('scalar functions and operators: examples hold', () => {
  const { scalars, operators } = allFunctions();
  let count = 0;
  for (const entries of [...scalars, ...operators]) {
    for (const { example, name } of entries) {
      if (example === undefined) continue;
      count++;
      assert.equal(evaluateToText(example[0]).text, example[1], `${name}: ${example[0]}`);
    }
  }
  assert.ok(count > 250, `only ${count} examples`);
});

test('every entry says what it does', () => {
  const { scalars, operators, aggregates, windows, tables } = allFunctions();
  for (const entries of [...scalars, ...operators, ...aggregates, ...windows, ...tables]) {
    for (const { name, description } of entries) assert.match(description, /\.$/, name);
  }
});

/** `sum(x) over 1, 2, 3`: the aggregate over those values of its first argument, other arguments as written. */
function runAggregate(example: string): string | null {
  const match = /^(\w+)\((.*?)\) over (.*)$/.exec(example);
  assert.ok(match, example);
  const [, name = '', args = '', list = ''] = match;
  const context = testContext();
  if (args === '*') {
    const { fn } = resolveAggregate(name, []);
    const state = fn.init();
    for (let i = 0; i < Number.parseInt(list, 10); i++) fn.step(state, context);
    return String(fn.final(state, context));
  }
  const values = list.split(', ').map((text) => evaluate(text));
  const others = args
    .split(', ')
    .slice(1)
    .map((text) => evaluate(text));
  const known = (oid: number) => builtinType(oid === Oid.unknown ? Oid.text : oid);
  const types = [known(values[0]!.type.oid), ...others.map((other) => known(other.type.oid))];
  const resolved = resolveAggregate(name, types);
  const fn: AggregateFunction = resolved.fn;
  const state = fn.init();
  for (const { value } of values) fn.step(state, context, value, ...others.map((other) => other.value));
  const result = fn.final(state, context);
  return result === null ? null : resolved.resultType.output(result, context.typeSettings);
}

test('aggregates: examples hold', () => {
  for (const entries of allFunctions().aggregates) {
    for (const { example } of entries)
      if (example !== undefined) assert.equal(runAggregate(example[0]), example[1], example[0]);
  }
});
