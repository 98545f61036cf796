import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Terminal } from '../terminal.ts';
import { commandTag, type FormatName, formatResult } from './formats.ts';
import type { ResultTable } from './result-table.ts';

const plain: Terminal = {
  isInteractive: false,
  canDraw: false,
  columns: 80,
  out: () => {},
  err: () => {},
  paint: (_, text) => text,
  paintErr: (_, text) => text,
};

const sample: ResultTable = {
  command: 'SELECT',
  returnsRows: true,
  columns: [
    { name: 'id', typeOid: 20 },
    { name: 'name', typeOid: 25 },
    { name: 'id', typeOid: 1700 },
    { name: 'ok', typeOid: 16 },
  ],
  rows: [
    ['9007199254740993', 'a "b", c\n\td', '1.50', 't'],
    ['2', '', null, 'f'],
    ['3', '日本 | x', 'NaN', null],
  ],
  rowCount: 3,
};

const shown = (format: FormatName, table = sample): string =>
  [...formatResult(table, format, plain)].join('');

test('csv quotes what needs it and tells NULL from the empty text', () => {
  assert.equal(
    shown('csv'),
    'id,name,id,ok\n9007199254740993,"a ""b"", c\n\td",1.50,t\n2,"",,f\n3,日本 | x,NaN,\n',
  );
});

test('tsv escapes as COPY does', () => {
  assert.equal(shown('tsv').split('\n')[1], '9007199254740993\ta "b", c\\n\\td\t1.50\tt');
  assert.equal(shown('tsv').split('\n')[2], '2\t\t\\N\tf');
});

test('json keeps every digit, names twice given become unique', () => {
  const text = shown('json');
  assert.ok(text.startsWith('[{"id":9007199254740993,'));
  assert.deepEqual(JSON.parse(text)[2], { id: 3, name: '日本 | x', id_2: 'NaN', ok: null });
  assert.equal(shown('ndjson').split('\n').length, 4);
  assert.equal(shown('json', { ...sample, rows: [] }), '[]\n');
});

test('a table counts its rows, shows NULL and aligns wide characters', () => {
  const lines = shown('table').trimEnd().split('\n');
  assert.equal(lines.at(-1), '(3 rows)');
  assert.ok(lines.some((line) => line.includes('NULL')));
  assert.ok(!shown('table').includes('\t'));
});

test('a large table is one box', () => {
  const rows = Array.from({ length: 1234 }, (_, i) => [`${i}`, i % 7 === 0 ? 'a\nb' : '日本', null, 't']);
  const lines = shown('table', { ...sample, rows })
    .trimEnd()
    .split('\n');
  assert.equal(lines.length, 3 + 1234 + Math.ceil(1234 / 7) + 1 + 1);
  assert.equal(lines.filter((line) => line.startsWith('┌')).length, 1);
  assert.equal(lines.filter((line) => line.startsWith('└')).length, 1);
  assert.equal(lines.filter((line) => line.startsWith('│')).length, 1 + 1234 + Math.ceil(1234 / 7));
});

test('markdown escapes bars and line breaks', () => {
  assert.ok(shown('markdown').includes('日本 \\| x'));
  assert.ok(shown('markdown').includes('c<br>'));
});

test('expanded prints one column a line', () => {
  assert.ok(shown('expanded').includes('-[ record 2 ]'));
});

test('statements without rows print their tag to people only', () => {
  const insert: ResultTable = { command: 'INSERT', returnsRows: false, columns: [], rows: [], rowCount: 2 };
  assert.equal(commandTag(insert), 'INSERT 0 2');
  assert.equal(shown('table', insert), 'INSERT 0 2\n');
  assert.equal(shown('csv', insert), '');
});
