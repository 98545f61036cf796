/** Results and errors of fixed expressions are those of PostgreSQL, captured once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { golden as scalars } from './golden-scalars.test.kit.ts';
import { golden as structures } from './golden-structures.test.kit.ts';
import { golden as times } from './golden-times.test.kit.ts';
import { evaluate, testContext } from './literal-expression.test.kit.ts';
import { resolveFunction } from './resolve.ts';

const context = testContext();

/** As the golden lines have it: the text concat() gives, and the type. */
function outcome(sql: string): string {
  try {
    const { type, value } = evaluate(sql, context);
    if (value === null) return `NULL : ${type.sqlName(-1)}`;
    const { fn } = resolveFunction('concat', [type]);
    return `${fn.eval(context, value)} : ${type.sqlName(-1)}`;
  } catch (error) {
    if (!(error instanceof DecentDbError)) throw error;
    return `ERROR ${error.code} ${error.message}${error.detail === undefined ? '' : ` [${error.detail}]`}`;
  }
}

for (const [name, lines] of Object.entries({ scalars, times, structures })) {
  test(`golden expressions: ${name}`, () => {
    let count = 0;
    for (const line of lines.trim().split('\n')) {
      const [sql = '', expected = ''] = line.split('  =>  ');
      count++;
      assert.equal(outcome(sql).replaceAll('\n', '\\n'), expected, sql);
    }
    assert.ok(count > 200);
  });
}
