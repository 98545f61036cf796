/** What is looked up without loading all families must be what is found with them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinTypes, typeByName, typeByOid } from '../types/registry.ts';
import { basicOperatorsNamed } from './basic-operators.ts';
import { casts } from './casts.ts';
import { castEntries } from './coercion.ts';
import { rareCasts } from './rare-casts.ts';
import { allFunctions, operatorsNamed } from './registry.ts';

test('no other operator takes the operands of a basic one', () => {
  let count = 0;
  for (const [{ name } = { name: '' }] of allFunctions().operators) {
    for (const basic of basicOperatorsNamed(name)) {
      const alike = operatorsNamed(name).filter(({ args }) => String(args) === String(basic.args));
      assert.deepEqual(alike, [basic], `${name} of ${basic.args.join()}`);
      count++;
    }
  }
  assert.ok(count > 100);
});

test('each rare cast is from or to a type that the common casts do not know', () => {
  const known = new Set(casts.flatMap(({ source, target }) => [source, target]));
  assert.deepEqual(
    rareCasts().filter(({ source, target }) => known.has(source) && known.has(target)),
    [],
  );
  const pairs = castEntries().map(({ source, target }) => `${source}-${target}`);
  assert.equal(new Set(pairs).size, pairs.length);
});

test('types that few programs use are found by oid and name', () => {
  assert.equal(typeByOid(869)?.name, 'inet');
  assert.equal(typeByName('tsvector[]'), typeByName('_tsvector'));
  assert.equal(typeByName('no such type'), undefined);
  for (const type of builtinTypes()) assert.equal(typeByOid(type.oid), type);
});
