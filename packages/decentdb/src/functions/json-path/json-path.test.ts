/** jsonpath: reading, printing and running, with PostgreSQL's answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../../base/errors.ts';
import { Decimal } from '../../types/decimal.ts';
import { formatJson, type JsonObject } from '../../types/json.ts';
import { parseJson } from '../../types/json-text.ts';
import { parseJsonPath } from '../../types/jsonpath-parser.ts';
import { testContext } from '../literal-expression.test.kit.ts';
import { PathExecution } from './execution.ts';
import { nodeOfItem } from './item.ts';
import { offsetIn } from './keyvalue-ids.ts';

function errorCode(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DecentDbError) return error.code;
    throw error;
  }
  return 'none';
}

test('paths are printed in the canonical form, which reads back to itself', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['  lax  $ . name', '$."name"'],
    ['strict $.a.*[*].**{2 to last}', 'strict $."a".*[*].**{2 to last}'],
    ['$.list[0, last - 1 to last]', '$."list"[0,last - 1 to last]'],
    ['1+2*3 > -$.x', '(1 + 2 * 3 > -$."x")'],
    ['(1 + 2) * 3', '((1 + 2) * 3)'],
    ['$ ? (@.n == 1 || @.m < 2 && !(@.k <> 3))', '$?(@."n" == 1 || @."m" < 2 && !(@."k" != 3))'],
    ['$ ? (exists(@.p ? (@ starts with $x)))', '$?(exists (@."p"?(@ starts with $"x")))'],
    ['$ ? (@ like_regex "^a" flag "si")', '$?(@ like_regex "^a" flag "is")'],
    ['($.a > 1) is unknown', '($."a" > 1) is unknown'],
    ['(0x1F).type()', '(31).type()'],
    ['$.decimal(5, -2).time(3)', '$.decimal(5,-2).time(3)'],
    ['$."\\u0041\\x42\\u{43}"', '$."ABC"'],
    ['$ /* remark */ .a', '$."a"'],
  ];
  for (const [source, printed] of cases) {
    assert.equal(parseJsonPath(source).toString(), printed);
    assert.equal(parseJsonPath(printed).toString(), printed);
  }
});

test('what is no path is refused', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', '22P02'],
    ['$.', '42601'],
    ['$.a[', '42601'],
    ['1x', '42601'],
    ['@.a', '42601'],
    ['last', '42601'],
    ['!($.a)', '42601'],
    ['$.a && $.b', '42601'],
    ['$.nonesuch()', '42601'],
    ['"open', '42601'],
    ['$ ? (@ like_regex "a" flag "z")', '42601'],
    ['$ ? (@ like_regex "a" flag "x")', '0A000'],
    ['"\\u0000"', '22P05'],
    [`${'('.repeat(5000)}$${')'.repeat(5000)}`, '54001'],
  ];
  for (const [source, code] of cases)
    assert.equal(
      errorCode(() => parseJsonPath(source)),
      code,
      source.slice(0, 40),
    );
});

function ask(document: string, source: string, variables = '{}', isSilent = false): string {
  const path = parseJsonPath(source);
  const surroundings = {
    context: testContext(),
    variables: parseJson(variables) as JsonObject,
    isZoneAllowed: false,
  };
  const run = new PathExecution(path, parseJson(document), surroundings, isSilent);
  return run
    .run(path.root)
    .map((item) => formatJson(nodeOfItem(item)))
    .join(' ');
}

test('answers of paths', () => {
  const cases: readonly (readonly [document: string, path: string, answer: string, variables?: string])[] = [
    ['{"a": [{"b": 1}, {"b": 2}, 3]}', '$.a.b', '1 2'],
    ['{"a": [{"b": 1}, {"b": 2}]}', '$.a ? (@.b > $min).b', '2', '{"min": 1}'],
    ['[1, 2, 3, 4]', '$[1 to last - 1]', '2 3'],
    ['[[1, 2], [3]]', '$[*][0]', '1 3'],
    ['{"x": {"y": {"z": 5}}}', '$.**{2}', '{"z": 5}'],
    ['[3, "x", null]', '$[*].type()', '"number" "string" "null"'],
    ['[1, "1"]', '$[*] ? ((@ > 0) is unknown)', '"1"'],
    ['[5, 7]', '$[0] * 2 + $[1] % 4', '13'],
    ['[2, 3]', '-$', '-2 -3'],
    ['{"k": true}', '$.keyvalue()', '{"id": 0, "key": "k", "value": true}'],
    ['["2024-02-29", "x"]', '$[0].datetime().type()', '"date"'],
    ['"2024-02-29T10:00:00+02:30"', '$.datetime()', '"2024-02-29T10:00:00+02:30"'],
    ['"31.12.1999"', '$.datetime("DD.MM.YYYY")', '"1999-12-31"'],
    ['["7.5", 8.4]', '$[*].double().floor()', '7 8'],
  ];
  for (const [document, path, answer, variables] of cases)
    assert.equal(ask(document, path, variables), answer, path);
});

test('errors in a document: strict says which, silence keeps what came before', () => {
  assert.equal(
    errorCode(() => ask('{"a": 1}', 'strict $.b')),
    '2203A',
  );
  assert.equal(
    errorCode(() => ask('[1]', 'strict $[3]')),
    '22033',
  );
  assert.equal(
    errorCode(() => ask('1', 'strict $[*]')),
    '22039',
  );
  assert.equal(
    errorCode(() => ask('[1, 0]', '$[0] / $[1]')),
    '22012',
  );
  assert.equal(
    errorCode(() => ask('1', '$x')),
    '42704',
  );
  assert.equal(ask('{"a": 1}', '$.b'), '');
  assert.equal(ask('[{"a": 1}, 2]', 'strict $[*].a', '{}', true), '1');
});

test('ids of .keyvalue() are offsets in the binary form', () => {
  const inner = parseJson('{"c": 10000.5}');
  const base = [Decimal.one, 'text', inner];
  assert.equal(offsetIn(base, inner), 4 + 4 * 3 + 8 + 4);
});
