import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEYWORD_NAMES } from './keywords.ts';
import { DEFAULT_SQL_LIMITS } from './limits.ts';
import { splitStatements } from './split.ts';
import { TokenStream } from './token-stream.ts';
import { tokenize } from './tokenize.ts';
import * as T from './tokens.ts';

/** Values of the tokens of one statement; an error as its message. */
function values(sql: string): string[] {
  const s = new TokenStream(sql, DEFAULT_SQL_LIMITS, 0);
  s.fill();
  const out: string[] = [];
  for (let i = 0; i < s.count; i++) {
    if (s.kinds[i] === T.LEX_ERROR) out.push(s.error!.message);
    else if (s.kinds[i] !== T.EOF) out.push(s.text(i));
  }
  s.release();
  return out;
}

test('identifiers fold, quoted ones do not', () => {
  assert.deepEqual(values('FooBar "FooBar" "a""b" ÄÖ a$1 _x'), [
    'foobar',
    'FooBar',
    'a"b',
    'ÄÖ',
    'a$1',
    '_x',
  ]);
});

test('strings of every form', () => {
  assert.deepEqual(values("'a''b' 'x'\n 'y' E'a\\n\\x41\\u00e9\\101' $$a'b$$ $t$ $$ $t$"), [
    "a'b",
    'xy',
    'a\nAéA',
    "a'b",
    ' $$ ',
  ]);
  assert.deepEqual(values("E'\\xc3\\xa9' U&'\\0041\\+01F600' U&'!0042' UESCAPE '!'"), ['é', 'A😀', 'B']);
  assert.deepEqual(values("B'101' x'1F'"), ['b101', 'x1F']);
});

test('operators end where PostgreSQL ends them', () => {
  assert.deepEqual(values('a*-b @- <=-1 a--c'), ['a', '*', '-', 'b', '@-', '<=', '-', '1', 'a']);
  assert.deepEqual(values('1..10 a::b c:=d e=>f ~~* !=/*x*/'), [
    '1',
    '..',
    '10',
    'a',
    '::',
    'b',
    'c',
    ':=',
    'd',
    'e',
    '=>',
    'f',
    '~~*',
    '!=',
  ]);
});

test('numbers', () => {
  assert.deepEqual(values('1_000 0xFF .5 5. 1e5 1.5e-3'), ['1_000', '0xFF', '.5', '5.', '1e5', '1.5e-3']);
  assert.deepEqual(values('123abc'), ['trailing junk after numeric literal at or near "123abc"']);
});

test('lexical errors keep what came before', () => {
  assert.deepEqual(values("SELECT 'x"), ['select', 'unterminated quoted string at or near "\'x"']);
  assert.deepEqual(values('/* /* */'), ['unterminated /* comment at or near "/* /* */"']);
  assert.deepEqual(values("E'\\xff'"), ['invalid byte sequence for encoding "UTF8": 0xff']);
});

test('every keyword is found in any case', () => {
  for (const name of KEYWORD_NAMES) {
    const s = new TokenStream(`${name} ${name.toUpperCase()} ${name}x`, DEFAULT_SQL_LIMITS, 0);
    s.fill();
    assert.ok(s.kinds[0]! >= 64 && s.kinds[0] === s.kinds[1], name);
    s.release();
  }
});

test('tokenize covers comments and errors', () => {
  const types = tokenize("SELECT a, $1 /* c */ + 'x' -- end").map((t) => t.type);
  assert.deepEqual(types, [
    'keyword',
    'identifier',
    'punctuation',
    'parameter',
    'comment',
    'operator',
    'string',
    'comment',
  ]);
  assert.deepEqual(
    tokenize("a; 'b").map((t) => t.type),
    ['identifier', 'punctuation', 'error'],
  );
});

test('scripts split at top-level semicolons only', () => {
  const parts = splitStatements(
    "SELECT ';'; CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; END; SELECT (1",
  );
  assert.equal(parts.length, 4);
  assert.deepEqual(
    parts.map((p) => p.complete),
    [true, true, true, false],
  );
  assert.equal(parts[3]!.open, 'paren');
  assert.equal(splitStatements("SELECT 'a")[0]!.open, 'string');
  assert.equal(splitStatements('SELECT $x$ a')[0]!.open, 'dollar');
  assert.deepEqual(splitStatements(' ; ; '), []);
});
