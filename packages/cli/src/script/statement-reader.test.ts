import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readScript } from './statement-reader.ts';

const texts = (script: string): string[] => readScript(script).map((item) => item.text);

test('semicolons end statements, and only where they are semicolons', () => {
  assert.deepEqual(texts(`SELECT 1; SELECT ';' ; SELECT "a;b"\n;`), [
    'SELECT 1',
    `SELECT ';'`,
    `SELECT "a;b"`,
  ]);
  assert.deepEqual(texts(`SELECT 'it''s; fine'; SELECT E'\\'; still'; SELECT 2`), [
    `SELECT 'it''s; fine'`,
    `SELECT E'\\'; still'`,
    'SELECT 2',
  ]);
  assert.deepEqual(texts('SELECT $$a;b$$, $x$ $$; $x$, $1; SELECT 2;'), [
    'SELECT $$a;b$$, $x$ $$; $x$, $1',
    'SELECT 2',
  ]);
  assert.deepEqual(texts('CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3;').length, 2);
});

test('the body of a function is part of it', () => {
  const body =
    'CREATE OR REPLACE PROCEDURE p() LANGUAGE sql\nBEGIN ATOMIC\n SELECT CASE WHEN true THEN 1 END; SELECT 2;\nEND';
  assert.deepEqual(texts(`${body};\nBEGIN; SELECT 3; END;`), [body, 'BEGIN', 'SELECT 3', 'END']);
  assert.deepEqual(
    texts("CREATE FUNCTION f() RETURNS int RETURN 1; SELECT \"begin\", e'\\';', x;").length,
    2,
  );
});

test('what stands behind a COPY without the end of its data, and a COPY without a semicolon, is not lost', () => {
  const copy = { kind: 'copy', line: 1, data: [] };
  assert.deepEqual(readScript('COPY t FROM stdin; SELECT 1')[1], {
    kind: 'statement',
    text: 'SELECT 1',
    line: 1,
  });
  assert.deepEqual(readScript('COPY t FROM stdin'), [{ ...copy, text: 'COPY t FROM stdin' }]);
});

test('comments: line, block, nested, and a script of nothing else', () => {
  assert.deepEqual(texts('-- one; two\nSELECT 1; /* ; /* ; */ ; */ SELECT 2;\n-- end\n'), [
    '-- one; two\nSELECT 1',
    '/* ; /* ; */ ; */ SELECT 2',
  ]);
  assert.deepEqual(texts('-- nothing\n/* here */\n;;\n'), []);
});

test('quotes run over lines, and lines are counted from the first token', () => {
  const items = readScript(`\n\nSELECT 'a\nb;c';\n  SELECT 2;`);
  assert.deepEqual(
    items.map(({ text, line }) => [text, line]),
    [
      [`SELECT 'a\nb;c'`, 3],
      ['SELECT 2', 5],
    ],
  );
});

test('backslash lines are meta commands between statements, not within them', () => {
  const items = readScript(`\\c chinook;\nSELECT '\n\\x\n';`);
  assert.deepEqual(
    items.map((item) => item.kind),
    ['meta', 'statement'],
  );
});

test('COPY FROM stdin takes its data lines', () => {
  const items = readScript('COPY t (a, b) FROM stdin;\n1\tx;y\n\\N\t\\\\.\n\\.\nSELECT 1;');
  assert.deepEqual(items[0], {
    kind: 'copy',
    text: 'COPY t (a, b) FROM stdin',
    line: 1,
    data: ['1\tx;y', '\\N\t\\\\.'],
  });
  assert.equal(items[1]?.text, 'SELECT 1');
});

test('windows line ends; a carriage return within a text stays', () => {
  assert.equal(readScript('COPY t FROM stdin;\r\nx\r\n\\.\r\n')[0]?.kind, 'copy');
  assert.deepEqual(texts("SELECT 'a\r\nb';"), ["SELECT 'a\r\nb'"]);
  assert.deepEqual(texts('SELECT 1;\r\nSELECT\r\n2;\r\n'), ['SELECT 1', 'SELECT\r\n2']);
});

test('a meta command after comments, as pg_dump writes it', () => {
  const items = readScript('--\n-- dump\n--\n\n\\restrict abc\n\nSELECT 1;\n');
  assert.deepEqual(
    items.map(({ kind, text, line }) => [kind, text, line]),
    [
      ['meta', '\\restrict abc', 5],
      ['statement', 'SELECT 1', 7],
    ],
  );
});
