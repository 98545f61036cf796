import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DefinitionFields } from './definition-fields.ts';

test('a word that only a later version knows is told from damage', () => {
  const fields = DefinitionFields.parse('{"method":"hnsw","bad":7,"empty":""}', 'index "i"');
  const methods = ['btree', 'gin'] as const;
  assert.throws(() => fields.oneOf('method', methods), {
    code: '0A000',
    message: 'index "i" in the catalogue has method "hnsw", which this version does not know',
    hint: 'Upgrade DecentDB to open it.',
  });
  for (const field of ['bad', 'empty', 'missing'])
    assert.throws(() => fields.oneOf(field, methods), { code: 'XX001' });
});
