/** Statements without end, or with huge values, under a small JavaScript heap: an error, never the end of the process. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';

const ENDLESS = 'WITH RECURSIVE r(i) AS (SELECT 1::bigint UNION ALL SELECT i + 1 FROM r)';

const CASES: readonly (readonly [sql: string, outcome: string])[] = [
  [`${ENDLESS} SELECT i FROM r`, '53200'],
  [`${ENDLESS} SELECT i FROM r LIMIT 3`, '3 rows'],
  ['SELECT i, array(SELECT generate_series(1, 100000)) FROM generate_series(1, 100000) i', '53200'],
  ['SELECT jsonb_agg(i) FROM generate_series(1, 100000000) i', '53200'],
  ["SELECT count(*) FROM string_to_table(repeat('x,', 20000000), ',')", '53200'],
  ["SELECT regexp_split_to_array(repeat('x,', 10000000), ',')", '53200'],
  ['SELECT array_fill(1, ARRAY[100000000])', '53200'],
  [`${ENDLESS} SEARCH DEPTH FIRST BY i SET o SELECT count(*) FROM r`, 'either'],
  [`${ENDLESS} SELECT count(*) FROM r`, '57014'],
  [
    "WITH RECURSIVE r(i, t) AS (SELECT 1, 'a' UNION SELECT i + 1, t || 'b' FROM r) SELECT count(*) FROM r",
    'either',
  ],
  ['SELECT count(*) FROM generate_series(1, 1000) i', '1 rows'],
];

/** Runs in a process of its own: each line of its output is what came of a statement. */
const script = (database: string): string => `
  const { Database } = await import(${JSON.stringify(database)});
  const db = new Database(':memory:', { workMemBytes: 32 << 20 });
  for (const [sql, outcome] of ${JSON.stringify(CASES)}) {
    db.exec("SET statement_timeout = " + (outcome === '57014' || outcome === 'either' ? 700 : 0));
    try {
      console.log(db.query(sql).rows.length + ' rows');
    } catch (error) {
      console.log(error.code ?? error);
    }
  }
`;

test('what takes more than the heap is refused, what goes on for ever can be cancelled', async () => {
  const database = new URL(`./database${import.meta.url.slice(-3)}`, import.meta.url).href;
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv.filter((arg) => !arg.startsWith('--test')),
      '--max-old-space-size=128',
      '--input-type=module',
      '-e',
      script(database),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  const got = output.trim().split('\n');
  assert.deepEqual(
    got,
    // Large rows fill the heap or run into the time allowed, whichever comes first.
    CASES.map(([, outcome], i) =>
      outcome === 'either' && (got[i] === '53200' || got[i] === '57014') ? got[i] : outcome,
    ),
  );
  assert.equal(code, 0);
});
