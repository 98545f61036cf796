/** The catalogues of text search say what its functions do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';

test('configurations, dictionaries and what they are for are in the catalogues', () => {
  const db = openSync(':memory:');
  const rows = (sql: string): unknown[] => db.query(sql, [], { rowMode: 'array' }).rows;
  assert.deepEqual(rows(`SELECT cfgname FROM pg_ts_config WHERE oid = 'english'::regconfig`), [['english']]);
  assert.deepEqual(
    rows(`SELECT c.cfgname, d.dictname, count(*), array_agg(m.maptokentype ORDER BY 1)::text
      FROM pg_ts_config_map m JOIN pg_ts_config c ON c.oid = m.mapcfg JOIN pg_ts_dict d ON d.oid = m.mapdict
      WHERE c.cfgname IN ('russian', 'english') GROUP BY 1, 2 ORDER BY 1, 2`).length,
    5,
  );
  // What the catalogue says of each type of tokens, ts_debug does.
  for (const [alias, dictionary] of rows(
    `SELECT alias, dictionary FROM ts_debug('english', 'Cats 1.5 x1 a-b foo@bar.com /x/y äh') WHERE dictionary IS NOT NULL`,
  ) as [string, string][])
    assert.deepEqual(
      rows(`SELECT d.dictname FROM pg_ts_config_map m JOIN pg_ts_dict d ON d.oid = m.mapdict
        JOIN ts_token_type('default') t ON t.tokid = m.maptokentype
        WHERE m.mapcfg = 'english'::regconfig AND t.alias = '${alias}'`),
      [[dictionary]],
      alias,
    );
  assert.deepEqual(
    rows(`SELECT count(*) FROM pg_ts_config c JOIN pg_ts_parser p ON p.oid = c.cfgparser
      JOIN pg_ts_dict d ON d.dictname = c.cfgname || '_stem' JOIN pg_ts_template t ON t.oid = d.dicttemplate AND t.tmplname = 'snowball'`),
    [[25]],
  );
  db.close();
});
