/** What is looked up without loading all families must be what is found with them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Oid } from '../types/oids.ts';
import { builtinTypes, typeByName, typeByOid } from '../types/registry.ts';
import type { SqlType } from '../types/sql-type.ts';
import { aggregateFamilies, scalarFamilies, tableFamilies, windowFamilies } from './all-families.ts';
import { basicOperatorsNamed } from './basic-operators.ts';
import { casts } from './casts.ts';
import { canCoerce, canPlainBecome, castEntries } from './coercion.ts';
import {
  commonAggregates,
  commonScalars,
  commonTables,
  commonWindows,
  sharedAggregates,
  sharedScalars,
  undecided,
  undecidedUntyped,
} from './everyday-families.ts';
import type { ScalarFunction } from './function.ts';
import { plainTypes, rarelyCast } from './plain-types.ts';
import { isPolymorphic } from './polymorphism.ts';
import { rareCasts } from './rare-casts.ts';
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

test('the lists of rarely cast types have what the rare casts have', () => {
  const known = new Set(casts.flatMap(({ source, target }) => [source, target]));
  const found = new Map<number, Set<number>>();
  for (const { source, target } of rareCasts()) {
    assert.ok(!known.has(source) || !known.has(target), `${source}-${target}`);
    for (const [oid, other] of [
      [source, target],
      [target, source],
    ] as const) {
      if (known.has(oid)) continue;
      const others = found.get(oid) ?? new Set();
      found.set(oid, known.has(other) ? others.add(other) : others);
    }
  }
  const sorted = (map: ReadonlyMap<number, Iterable<number>>): unknown =>
    [...map].map(([oid, others]) => [oid, [...others].sort()]).sort();
  assert.deepEqual(sorted(rarelyCast), sorted(found));
  const pairs = castEntries().map(({ source, target }) => `${source}-${target}`);
  assert.equal(new Set(pairs).size, pairs.length);
});

test('what plain types become is what findCast says', () => {
  for (const source of plainTypes) {
    for (const target of builtinTypes()) {
      if (target.kind === 'pseudo' && (isPolymorphic(target.oid) || target.oid === Oid.any)) continue;
      const expected = canCoerce(typeByOid(source)!, target, 'implicit');
      assert.equal(canPlainBecome(source, target.oid), expected, `${source} ${target.name}`);
    }
  }
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
  for (const name of [...undecided, ...undecidedUntyped]) assert.ok(sharedScalars.has(name), name);
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

test('plain arguments mean what they mean among all functions', () => {
  const { scalars, operators } = allFunctions();
  const plain = [...plainTypes, Oid.unknown].map((oid) => typeByOid(oid)!);
  const [text, varchar, int4, int8, numeric] = [Oid.text, Oid.varchar, Oid.int4, Oid.int8, Oid.numeric].map(
    (oid) => typeByOid(oid)!,
  );
  let settled = 0;
  for (const entries of [...scalars, ...operators]) {
    const { name = '', operator } = entries[0] ?? {};
    if (!commonNames.has(name) || !sharedScalars.has(name)) continue;
    const among = operator === undefined ? scalarsFor : operatorsFor;
    const calls = [[], ...plain.map((one) => [one]), ...plain.flatMap((a) => plain.map((b) => [a, b]))];
    // Longer ones of the commonest types, and where another family has them.
    const common = [text!, varchar!, int4!, int8!, numeric!];
    calls.push(...common.flatMap((a) => common.flatMap((b) => common.map((c) => [a, b, c]))));
    const others = entries.filter((one) => !commonScalars.flat().includes(one) && one.args.length > 2);
    calls.push(...others.map(({ args }) => args.map((_, i) => plain[(i * 7) % plain.length]!)));
    for (const args of calls) {
      const found = among(name, args);
      if (found === entries) continue;
      assert.deepEqual(
        meaning(found, name, args),
        meaning(entries, name, args),
        `${name}(${args.map((t) => t.name)})`,
      );
      settled++;
    }
    if (undecided.has(name)) continue;
    for (const { args, variadic } of others) {
      const reached = args.every((oid) =>
        [...plainTypes].some((type) => canCoerce(typeByOid(type)!, typeByOid(oid)!, 'implicit')),
      );
      assert.ok(!reached && variadic === undefined, `${name}(${args.join()}) takes plain types`);
    }
  }
  assert.ok(settled > 5000);
  assert.notEqual(scalarsFor('random', []), scalarsFor('random', [numeric!, numeric!]));
  assert.notEqual(scalarsFor('substring', [varchar!, int4!]), scalarsFor('substring', [text!, text!]));
});
