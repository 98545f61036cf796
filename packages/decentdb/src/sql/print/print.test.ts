// Round trip: what is printed parses back to the same tree.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../../base/errors.ts';
import type { RawStmt, Statement } from '../ast/nodes.ts';
import { CASES } from '../parse/oracle-cases.test.support.ts';
import {
  featureStatements,
  hasCorpus,
  logicTestFiles,
  logicTestStatements,
  recordedStatements,
} from '../parse/oracle-corpus.test.support.ts';
import { parse, parseExpression } from '../parse/parse.ts';
import { print, printExpression } from './print.ts';

const withoutLocations = (tree: unknown): string =>
  JSON.stringify(tree, (key, value: unknown) => (key === 'location' ? undefined : value));

/** COPY's options in the old spelling print in the new one, whose booleans are words. */
const isOldCopy = (s: Statement): boolean =>
  s.kind === 'CopyStmt' && s.options.some((o) => o.arg?.kind === 'Boolean');

function roundTrip(statements: readonly string[]): number {
  let printed = 0;
  for (const sql of statements) {
    let trees: RawStmt[];
    try {
      trees = parse(sql);
    } catch {
      continue;
    }
    for (const { stmt } of trees) {
      let text: string;
      try {
        text = print(stmt);
      } catch (error) {
        assert.ok(error instanceof DecentDbError && error.code === '0A000', String(error));
        continue;
      }
      if (isOldCopy(stmt)) continue;
      const again = parse(text);
      assert.equal(withoutLocations(again.map((s) => s.stmt)), withoutLocations([stmt]), `${sql}\n${text}`);
      assert.equal(print(again[0]!.stmt), text);
      printed++;
    }
  }
  return printed;
}

test('own cases survive printing', () => {
  assert.ok(roundTrip(CASES) > 200);
});

test('corpora survive printing', { skip: !hasCorpus() }, () => {
  assert.ok(roundTrip(recordedStatements('postgres/regress')) > 4500);
  roundTrip(featureStatements());
  roundTrip(
    logicTestFiles()
      .slice(0, 20)
      .flatMap((file) => logicTestStatements(file, 100)),
  );
});

test('the canonical form', () => {
  const canonical = (text: string): string => printExpression(parseExpression(text));
  assert.equal(canonical('a+b*2'), 'a + (b * 2)');
  assert.equal(canonical('not x and (y or z)'), '(NOT x) AND (y OR z)');
  assert.equal(canonical("date '2020-01-01'"), "'2020-01-01'::date");
  assert.equal(canonical('-5'), '-5');
  assert.equal(canonical('cast("A" as varchar(3))'), '"A"::character varying(3)');
  assert.equal(
    print(parse('select a from t,u where x=1 order by 2 desc limit 3')[0]!.stmt),
    'SELECT a FROM t, u WHERE x = 1 ORDER BY 2 DESC LIMIT 3',
  );
});
