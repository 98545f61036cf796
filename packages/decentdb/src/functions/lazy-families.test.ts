/** What is looked up without loading all families must be what is found with them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinTypes, typeByName, typeByOid } from '../types/registry.ts';
import type { SqlType } from '../types/sql-type.ts';
import { aggregateFamilies, scalarFamilies, tableFamilies, windowFamilies } from './all-families.ts';
import { basicOperatorsNamed } from './basic-operators.ts';
import { casts } from './casts.ts';
import { canCoerce, castEntries } from './coercion.ts';
import {
  commonAggregates,
  commonScalars,
  commonTables,
  commonWindows,
  plainTypes,
  sharedAggregates,
  sharedScalars,
  undecided,
} from './everyday-families.ts';
import type { ScalarFunction } from './function.ts';
import { rareCasts } from './rare-casts.ts';
import { castToRare, rarelyCast } from './rarely-cast.ts';
import { allFunctions, operatorsFor, operatorsNamed, scalarsFor } from './registry.ts';
import { resolveAmong } from './resolve.ts';

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

test('the lists of rarely cast types have those of the rare casts', () => {
  const known = new Set(casts.flatMap(({ source, target }) => [source, target]));
  const ofRare = new Set(rareCasts().flatMap(({ source, target }) => [source, target]));
  assert.deepEqual(
    [...ofRare].filter((oid) => !known.has(oid)).sort((a, b) => a - b),
    [...rarelyCast].sort((a, b) => a - b),
  );
  assert.deepEqual(
    [...ofRare].filter((oid) => known.has(oid)).sort((a, b) => a - b),
    [...castToRare].sort((a, b) => a - b),
  );
  for (const { source, target } of rareCasts()) assert.ok(rarelyCast.has(source) || rarelyCast.has(target));
  const pairs = castEntries().map(({ source, target }) => `${source}-${target}`);
  assert.equal(new Set(pairs).size, pairs.length);
});

test('types that few programs use are found by oid and name', () => {
  assert.equal(typeByOid(869)?.name, 'inet');
  assert.equal(typeByName('tsvector[]'), typeByName('_tsvector'));
  assert.equal(typeByName('no such type'), undefined);
  for (const type of builtinTypes()) assert.equal(typeByOid(type.oid), type);
});

const commonNames = new Set(
  [commonScalars, commonAggregates, commonWindows, commonTables].flat(2).map(({ name }) => name),
);

/** Names of common families that the others have too. */
function namesShared(
  all: readonly (readonly { readonly name: string }[])[],
  common: readonly (readonly { readonly name: string }[])[],
): string[] {
  const others = all.filter((family) => !common.includes(family)).flat();
  return [...new Set(others.map(({ name }) => name).filter((name) => commonNames.has(name)))].sort();
}

test('the lists of shared names have what families share', () => {
  assert.deepEqual([...sharedScalars].sort(), namesShared(scalarFamilies, commonScalars));
  assert.deepEqual([...sharedAggregates].sort(), namesShared(aggregateFamilies, commonAggregates));
  assert.deepEqual(namesShared(windowFamilies, commonWindows), []);
  assert.deepEqual(namesShared(tableFamilies, commonTables), []);
  for (const name of undecided) assert.ok(sharedScalars.has(name), name);
});

/** What a name with arguments of those types means among entries. */
function meaning(entries: readonly ScalarFunction[], name: string, args: readonly SqlType[]): unknown {
  try {
    const resolved = resolveAmong(entries, name, args);
    return resolved === null ? null : [resolved.fn.description, resolved.fn.args, resolved.fn.returns];
  } catch (error) {
    return (error as Error).message;
  }
}

test('arguments of plain types mean a common function, or none', () => {
  const { scalars, operators } = allFunctions();
  const types = [...plainTypes].map((oid) => typeByOid(oid)!);
  let count = 0;
  for (const entries of [...scalars, ...operators]) {
    const { name = '', operator } = entries[0] ?? {};
    const common = commonScalars
      .flat()
      .filter((one) => one.name === name && (one.operator === undefined) === (operator === undefined));
    if (common.length === 0 || !sharedScalars.has(name) || undecided.has(name)) continue;
    const settled = operator === undefined ? scalarsFor(name, types) : operatorsFor(name, types);
    assert.deepEqual(settled, common, name);
    const calls = [[], ...types.map((one) => [one]), ...types.flatMap((a) => types.map((b) => [a, b]))];
    // Longer ones only where another family has them.
    const others = entries.filter((one) => !common.includes(one) && one.args.length > 2);
    calls.push(...others.map(({ args }) => args.map((_, i) => types[(i * 7) % types.length]!)));
    for (const args of calls) {
      assert.deepEqual(
        meaning(common, name, args),
        meaning(entries, name, args),
        `${name}(${args.map((t) => t.name)})`,
      );
      count++;
    }
    for (const { args, variadic } of others) {
      const reached = args.every((oid) => types.some((type) => canCoerce(type, typeByOid(oid)!, 'implicit')));
      assert.ok(!reached && variadic === undefined, `${name}(${args.join()}) takes plain types`);
    }
  }
  assert.ok(count > 5000);
});
