import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { DecentDbError } from '../../base/errors.ts';
import { DEFAULT_SQL_LIMITS } from '../lex/limits.ts';
import { parse, parseExpression, parseOne } from './parse.ts';

function failure(sql: string, limits = DEFAULT_SQL_LIMITS): DecentDbError {
  try {
    parse(sql, limits);
  } catch (error) {
    assert.ok(error instanceof DecentDbError, String(error));
    return error;
  }
  return assert.fail(`accepted: ${sql.slice(0, 80)}`);
}

test('statements carry their place in the text', () => {
  const statements = parse(' SELECT 1 ;; -- c\n SELECT 2');
  assert.deepEqual(
    statements.map((s) => [s.stmt.kind, s.stmtLocation, s.stmtLen]),
    [
      ['SelectStmt', 1, 8],
      ['SelectStmt', 19, 8],
    ],
  );
});

test('syntax errors name the token and its position', () => {
  const error = failure('SELECT a FROM t WERE x');
  assert.equal(error.code, '42601');
  assert.equal(error.message, 'syntax error at or near "x"');
  assert.equal(error.position, 22);
  assert.equal(failure('SELECT (1').message, 'syntax error at end of input');
  assert.equal(failure('SELECT (1').position, 10);
});

test('a syntax error before a lexical one is the one reported', () => {
  assert.match(failure("SELECT FROM WHERE 'abc").message, /near "WHERE"/);
  assert.match(failure("SELECT 'abc").message, /unterminated quoted string/);
});

test('AND chains are one node, however long', () => {
  const expr = parseExpression(`a${' AND a'.repeat(5000)}`);
  assert.ok(expr.kind === 'BoolExpr' && expr.args.length === 5001);
});

test('parseOne refuses none and many', () => {
  assert.throws(() => parseOne(' ; '), { code: '42601' });
  assert.throws(() => parseOne('SELECT 1; SELECT 2'), { code: '42601', position: 11 });
  assert.equal(parseOne('SELECT 1;').stmt.kind, 'SelectStmt');
});

test('Q1: limits hold at N and refuse N + 1', () => {
  const limits = {
    ...DEFAULT_SQL_LIMITS,
    textBytesMax: 20,
    tokensMax: 6,
    nestingMax: 5,
    functionArgumentsMax: 2,
    parametersMax: 3,
  };
  parse('SELECT 1, 2, 3', limits);
  assert.equal(failure('SELECT 1, 2, 3, 4', limits).code, '54000');
  parse(`SELECT '${'x'.repeat(11)}'`, limits);
  assert.equal(failure(`SELECT '${'x'.repeat(12)}'`, limits).code, '54000');
  assert.equal(failure(`SELECT '${'é'.repeat(6)}'`, limits).code, '54000');
  const wide = { ...limits, textBytesMax: 1000, tokensMax: 100 };
  parse('SELECT (((((1)))))', wide);
  assert.equal(failure('SELECT ((((((1))))))', wide).code, '54001');
  parse('SELECT f(1, 2)', wide);
  assert.equal(failure('SELECT f(1, 2, 3)', wide).code, '54023');
  parse('SELECT $3', wide);
  assert.equal(failure('SELECT $4', wide).code, '54000');
  assert.equal(failure(`SELECT 1${' + 1'.repeat(40)}`, wide).code, '54001');
});

test('the token limit is per statement, not per script', () => {
  const limits = { ...DEFAULT_SQL_LIMITS, tokensMax: 10 };
  assert.equal(parse('SELECT 1;'.repeat(100), limits).length, 100);
});

const NESTED: readonly (readonly [string, string, string, number])[] = [
  ['parentheses', '(', ')', 1000],
  ['calls', 'f(', ')', 500],
  ['subqueries', '(SELECT ', ')', 500],
  ['CASE', 'CASE WHEN a THEN ', ' END', 1000],
  ['NOT', 'NOT ', '', 1000],
  ['IN', 'a IN (', ')', 500],
  ['COALESCE', 'COALESCE(', ')', 500],
];

// A worker loads compiled code only.
const isCompiled = !import.meta.url.endsWith('.ts');

test('deep nesting is parsed to the limit and refused beyond, on a 1 MB stack', {
  skip: !isCompiled,
}, async () => {
  const file = import.meta.url.replace(/[^/]*$/, 'parse.js');
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.file).then(({ parse }) => {
      const out = [];
      for (const [name, open, close, depth] of workerData.cases)
        for (const n of [depth - 3, 20000]) {
          try { parse('SELECT ' + open.repeat(n) + '1' + close.repeat(n)); out.push(name + ' ok'); }
          catch (error) { out.push(name + ' ' + error.code); }
        }
      parentPort.postMessage(out);
    }, (error) => parentPort.postMessage([String(error)]));`;
  const worker = new Worker(source, {
    eval: true,
    workerData: { file, cases: NESTED },
    resourceLimits: { stackSizeMb: 1 },
  });
  const results = await new Promise<string[]>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  assert.deepEqual(
    results,
    NESTED.flatMap(([name]) => [`${name} ok`, `${name} 54001`]),
  );
});

test('what the engine will not have is named, not a syntax error', () => {
  const [raw] = parse("CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p");
  assert.ok(raw?.stmt.kind === 'UnsupportedStmt');
  assert.equal(raw.stmt.tag, 'CREATE SUBSCRIPTION');
});
