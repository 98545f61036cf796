import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonScalarText, jsonShape, jsonSlices } from './json-slices.ts';

const values = (text: string): (string | null)[] => [...jsonSlices(text)].map(({ value }) => value);

test('slices keep the text as written', () => {
  assert.deepEqual(values(' [ 1.50 , {"a" : [1, 2]} ,"x,]" , null ] '), [
    '1.50',
    '{"a" : [1, 2]}',
    '"x,]"',
    'null',
  ]);
  assert.deepEqual(
    [...jsonSlices('{"a\\u0062" : 1 , "c":{ "d" : "}" } ,"a":[]}')],
    [
      { key: 'ab', value: '1' },
      { key: 'c', value: '{ "d" : "}" }' },
      { key: 'a', value: '[]' },
    ],
  );
  assert.deepEqual(values('[]'), []);
  assert.deepEqual(values(' { } '), []);
  assert.deepEqual(values('"scalar"'), []);
  assert.deepEqual(values('[[[]],[1]]'), ['[[]]', '[1]']);
});

test('shapes and scalar texts', () => {
  assert.deepEqual([' {}', '\n[1]', '12'].map(jsonShape), ['object', 'array', 'scalar']);
  assert.deepEqual(['"a\\"b"', 'null', '1.0', '{"a":1}'].map(jsonScalarText), [
    'a"b',
    null,
    '1.0',
    '{"a":1}',
  ]);
});
