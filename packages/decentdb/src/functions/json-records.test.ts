/** json_populate_record and its kin; results are PostgreSQL's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../index.ts';

const db = openSync(':memory:');
db.exec(`CREATE TYPE pair AS (a text, b int);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TYPE wide AS (i positive, ia int[], p pair, pa pair[], j json, c char(3))`);

function rows(sql: string): unknown {
  return db.query(sql, [], { rowMode: 'array', format: 'text' }).rows;
}
function fails(sql: string, code: string): void {
  assert.throws(() => rows(sql), { code }, sql);
}

test('members fill the fields of the row type', () => {
  assert.deepEqual(rows(`SELECT * FROM json_populate_record(NULL::pair, '{"a": "x", "z": 1}')`), [
    ['x', null],
  ]);
  assert.deepEqual(rows(`SELECT jsonb_populate_record(ROW('z', 1)::pair, '{"b": 2}')`), [['(z,2)']]);
  assert.deepEqual(rows(`SELECT (json_populate_record(ROW('z', 1)::pair, '{"b": 2}')).b`), [['2']]);
  assert.deepEqual(rows(`SELECT json_populate_record(ROW(1, 2), '{"f1": 0}')`), [['(0,2)']]);
  assert.deepEqual(rows(`SELECT a FROM json_populate_record(NULL::pair, '{"a": [1, {"x":2}]}')`), [
    ['[1, {"x":2}]'],
  ]);
});

test('arrays, rows within rows, json as written, lengths', () => {
  const of = (field: string, document: string): unknown =>
    rows(`SELECT ${field} FROM json_populate_record(NULL::wide, '{"i": 1, "${field}": ${document}}')`);
  assert.deepEqual(of('ia', '[1, "2", null]'), [['{1,2,NULL}']]);
  assert.deepEqual(of('ia', '[[1, 2], [3, 4]]'), [['{{1,2},{3,4}}']]);
  assert.deepEqual(of('ia', '[[], []]'), [['{}']]);
  assert.deepEqual(of('ia', '"{5,6}"'), [['{5,6}']]);
  assert.deepEqual(of('p', '{"a": "q", "b": 3}'), [['(q,3)']]);
  assert.deepEqual(of('pa', '[{"b": 3}, "(w,4)", null]'), [['{"(,3)","(w,4)",NULL}']]);
  assert.deepEqual(of('j', '{ "k" : 1 }'), [['{ "k" : 1 }']]);
  assert.deepEqual(of('c', '"a"'), [['a  ']]);
});

test('what does not fit is refused', () => {
  const wide = (document: string): string => `SELECT * FROM json_populate_record(NULL::wide, '${document}')`;
  fails(wide('{"i": 0}'), '23514');
  fails(wide('{"ia": 5}'), '22P02');
  fails(wide('{"ia": [[1], 2]}'), '22P02');
  fails(wide('{"ia": [[1], [2, 3]]}'), '22P02');
  fails(wide('{"p": 5}'), '22023');
  fails(wide('{"c": "abcd"}'), '22001');
  fails(wide('[1]'), '22023');
  fails(`SELECT json_populate_record(1, '{}')`, '42804');
  fails(`SELECT json_populate_record(NULL::record, '{}')`, '0A000');
  fails(`SELECT * FROM json_populate_record(NULL::record, '{}')`, '42601');
  fails(`SELECT * FROM json_populate_recordset(NULL::pair, '[1]')`, '22023');
  fails(`SELECT * FROM json_to_record('{}')`, '42601');
  fails(`SELECT json_to_record('{}')`, '0A000');
});

test('sets, and rows by a column definition list', () => {
  assert.deepEqual(
    rows(`SELECT * FROM jsonb_populate_recordset(ROW('d', 9)::pair, '[{"a": "x"}, {"b": 3}]')`),
    [
      ['x', '9'],
      ['d', '3'],
    ],
  );
  assert.deepEqual(
    rows(`SELECT i, json_populate_recordset(ROW(i, 50), '[{"f1": 42}, {"f2": 43}]') FROM (VALUES (1)) v(i)`),
    [
      ['1', '(42,50)'],
      ['1', '(1,43)'],
    ],
  );
  assert.deepEqual(
    rows(`SELECT * FROM json_to_recordset('[{"a":1},{"a":"2","b":true}]') AS x(a int, b bool)`),
    [
      ['1', null],
      ['2', 't'],
    ],
  );
  assert.deepEqual(rows(`SELECT * FROM json_populate_record(NULL::record, '{"x": 7}') AS (x int, y int)`), [
    ['7', null],
  ]);
});

test('rows become JSON by the names of their fields; sets of rows stand in a select list', () => {
  assert.deepEqual(rows(`SELECT row_to_json(ROW(1, 'foo')), to_jsonb(ROW('x', 1)::pair)`), [
    ['{"f1":1,"f2":"foo"}', '{"a": "x", "b": 1}'],
  ]);
  assert.deepEqual(rows(`SELECT json_each('{"a":1}')`), [['(a,1)']]);
});

test('VARIADIC arrays reach functions of any arguments element by element', () => {
  assert.deepEqual(
    rows(`SELECT json_build_array(VARIADIC ARRAY[1, NULL, 3]), format('%s %s', VARIADIC ARRAY['a', 'b'])`),
    [['[1, null, 3]', 'a b']],
  );
  assert.deepEqual(
    rows(`SELECT json_build_array(VARIADIC NULL::int[]), format('x', VARIADIC NULL::text[])`),
    [[null, 'x']],
  );
});

test('arrays of rows keep the fields; json_agg puts rows on lines of their own', () => {
  assert.deepEqual(rows('SELECT ARRAY[ROW(1, 2), ROW(3, 4)], (ARRAY[ROW(1, 2)])[1] = ROW(1, 2)'), [
    ['{"(1,2)","(3,4)"}', 't'],
  ]);
  assert.deepEqual(rows(`SELECT json_agg(q), array_to_json(array_agg(q)) FROM (VALUES (1), (2)) q(a)`), [
    ['[{"a":1}, \n {"a":2}]', '[{"a":1},{"a":2}]'],
  ]);
  assert.deepEqual(rows('SELECT json_agg(a) FROM (VALUES (1), (2)) q(a)'), [['[1, 2]']]);
});
