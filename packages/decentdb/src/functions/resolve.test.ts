/** Overload resolution: PostgreSQL's choices and errors. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typeByName } from '../types/registry.ts';
import type { SqlType } from '../types/sql-type.ts';
import { commonTypeOrNull, findCast, selectCommonType } from './coercion.ts';
import {
  resolveAggregate,
  resolveFunction,
  resolveOperator,
  tryResolveTableFunction,
  tryResolveWindowFunction,
} from './resolve.ts';

const types = (names: string): SqlType[] => names.split(' ').map((name) => typeByName(name)!);
const one = (name: string): SqlType => typeByName(name)!;

test('operators: exact, through the other operand, preferred, by category', () => {
  const chosen = (left: string, symbol: string, right: string): string =>
    resolveOperator(symbol, one(left), one(right))
      .argTypes.map(({ name }) => name)
      .join(' ');
  assert.equal(chosen('int4', '+', 'int8'), 'int4 int8');
  assert.equal(chosen('int4', '+', 'unknown'), 'int4 int4');
  assert.equal(chosen('int4', '+', 'numeric'), 'numeric numeric');
  assert.equal(chosen('numeric', '*', 'float8'), 'float8 float8');
  assert.equal(chosen('unknown', '=', 'unknown'), 'text text');
  assert.equal(chosen('varchar', '=', 'text'), 'text text');
  assert.equal(chosen('unknown', '||', 'unknown'), 'text text');
  assert.equal(chosen('date', '-', 'unknown'), 'date date');
  assert.equal(chosen('timestamp', '-', 'unknown'), 'timestamp timestamp');
  assert.equal(chosen('int4', '^', 'int4'), 'float8 float8');
  assert.equal(chosen('name', '=', 'text'), 'text text');
});

test('operators: errors', () => {
  assert.throws(() => resolveOperator('+', one('int4'), one('text')), {
    code: '42883',
    message: 'operator does not exist: integer + text',
    hint: 'No operator matches the given name and argument types. You might need to add explicit type casts.',
  });
  assert.throws(() => resolveOperator('+', one('unknown'), one('unknown')), {
    code: '42725',
    message: 'operator is not unique: unknown + unknown',
  });
});

test('functions: errors, casts by name, named and default arguments', () => {
  assert.throws(() => resolveFunction('f', types('int4 unknown')), {
    code: '42883',
    message: 'function f(integer, unknown) does not exist',
  });
  assert.equal(resolveFunction('float8', types('int4')).resultType.name, 'float8');
  const made = resolveFunction('make_interval', types('int4'), { argNames: ['days'] });
  assert.deepEqual(made.order, [-1, -1, -1, 0, -1, -1, -1]);
  assert.deepEqual(made.defaults, [0, 0, 0, 0, 0, 0]);
});

test('polymorphic results', () => {
  assert.equal(resolveFunction('array_append', types('_int4 numeric')).resultType.name, '_numeric');
  assert.equal(resolveAggregate('array_agg', types('text')).resultType.name, '_text');
  assert.equal(resolveAggregate('sum', types('int8')).resultType.name, 'numeric');
  assert.equal(resolveAggregate('sum', types('int2')).resultType.name, 'int8');
  assert.equal(resolveAggregate('avg', types('float4')).resultType.name, 'float8');
  assert.equal(tryResolveWindowFunction('lag', types('text int4'))?.resultType.name, 'text');
  assert.deepEqual(
    tryResolveTableFunction('generate_series', types('int4 int8'))?.columnTypes.map(({ name }) => name),
    ['int8'],
  );
});

test('common types', () => {
  assert.equal(selectCommonType(types('int4 numeric float8'), 'UNION').name, 'float8');
  assert.equal(selectCommonType(types('unknown unknown'), 'CASE').name, 'text');
  assert.equal(selectCommonType(types('unknown date timestamp'), 'CASE').name, 'timestamp');
  assert.equal(commonTypeOrNull(types('int4 text')), null);
  assert.throws(() => selectCommonType(types('int4 text'), 'CASE'), {
    code: '42804',
    message: 'CASE types integer and text cannot be matched',
  });
});

test('casts by context', () => {
  const allowed = (from: string, to: string): string =>
    (['implicit', 'assignment', 'explicit'] as const).find(
      (context) => findCast(one(from), one(to), context) !== null,
    ) ?? 'none';
  assert.equal(allowed('int4', 'int8'), 'implicit');
  assert.equal(allowed('int8', 'int4'), 'assignment');
  assert.equal(allowed('int4', 'bool'), 'explicit');
  assert.equal(allowed('int4', 'text'), 'assignment');
  assert.equal(allowed('text', 'int4'), 'explicit');
  assert.equal(allowed('int4', 'date'), 'none');
  assert.equal(allowed('_int4', '_text'), 'assignment');
  assert.equal(allowed('date', 'timestamptz'), 'implicit');
});
