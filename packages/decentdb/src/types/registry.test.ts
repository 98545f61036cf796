/** Types that are made when first asked for; a process of its own, where nobody has asked before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typeByName } from './registry.ts';

test('a rare type is found by a name of the SQL standard as soon as by its own', () => {
  assert.equal(typeByName('bit varying')?.name, 'varbit');
  assert.equal(typeByName('no such type'), undefined);
});
