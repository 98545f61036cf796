/** EXPLAIN's options and formats, as PostgreSQL checks and writes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../index.ts';

function filled(): Database {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, k int, s text);
    INSERT INTO t SELECT i, i % 10, '<&>"' || i FROM generate_series(1, 1000) i;
    CREATE INDEX t_k ON t (k); CREATE TABLE u (tid int REFERENCES t, v int);
    INSERT INTO u SELECT 1 + i % 1000, i FROM generate_series(1, 500) i; ANALYZE`);
  return db;
}

const lines = (db: Database, sql: string): string[] =>
  db
    .prepare(sql)
    .values()
    .map((row) => String(row[0]));

const QUERIES = [
  `SELECT * FROM t WHERE s > '<&>"5'`,
  'SELECT t.s, sum(v) FROM t LEFT JOIN u ON u.tid = t.id GROUP BY t.s ORDER BY 2, 1 LIMIT 3',
  'SELECT * FROM t WHERE k IN (SELECT v FROM u) OR EXISTS (SELECT 1 FROM u WHERE tid = t.id AND v > 3)',
  'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n, rank() OVER (ORDER BY n) FROM r',
  'SELECT k, (SELECT max(v) FROM u WHERE u.tid = t.id) FROM t UNION SELECT 1, 2 EXCEPT SELECT 3, 4',
  'SELECT DISTINCT ON (k) k, x.v FROM t, LATERAL (SELECT v FROM u WHERE u.tid = t.k LIMIT 1) x ORDER BY k, x.v',
  'INSERT INTO u SELECT id, k FROM t WHERE id < 10 ON CONFLICT DO NOTHING RETURNING tid',
  'UPDATE t SET s = u.v::text FROM u WHERE u.tid = t.id',
  'DELETE FROM u WHERE v < 3',
  'MERGE INTO u USING t ON t.id = u.tid WHEN MATCHED THEN UPDATE SET v = 1',
  'VALUES (1), (2)',
  'SELECT 1',
];

test('every format of every plan says the same; times and rows are of one loop', () => {
  using db = filled();
  for (const sql of QUERIES)
    for (const options of ['VERBOSE', 'ANALYZE, VERBOSE, BUFFERS, SETTINGS, WAL', 'COSTS OFF']) {
      const json = (): string => {
        const [text = ''] = lines(db, `EXPLAIN (${options}, FORMAT JSON) ${sql}`);
        return text;
      };
      const value = JSON.parse(json()) as { Plan: Record<string, unknown> }[];
      const nodes = (node: Record<string, unknown>): Record<string, unknown>[] => [
        node,
        ...((node['Plans'] ?? []) as Record<string, unknown>[]).flatMap(nodes),
      ];
      const all = nodes(value[0]?.Plan ?? {});
      const yaml = lines(db, `EXPLAIN (${options}, FORMAT YAML) ${sql}`).join('\n');
      assert.equal(yaml.match(/Node Type: /g)?.length, all.length, yaml);
      const [xml = ''] = lines(db, `EXPLAIN (${options}, FORMAT XML) ${sql}`);
      assert.equal(xml.match(/<Node-Type>/g)?.length, all.length, xml);
      assertBalanced(xml);
      const text = lines(db, `EXPLAIN (${options}) ${sql}`);
      assert.ok(text.length >= all.length - 1, text.join('\n'));
      for (const node of all) {
        assert.equal('Output' in node, options.includes('VERBOSE') && !('Bitmap' in node));
        if (options.includes('ANALYZE')) assert.ok(Number(node['Actual Loops']) >= 0);
      }
    }
});

function assertBalanced(xml: string): void {
  const open: string[] = [];
  for (const [, close, name] of xml.matchAll(/<(\/?)([-A-Za-z0-9_.]+)[^>]*>/g))
    if (close === '') open.push(name ?? '');
    else assert.equal(open.pop(), name, xml);
  assert.deepEqual(open, []);
  assert.doesNotMatch(xml.replaceAll(/&(lt|gt|amp);/g, ''), /&/);
}

test('options are checked', () => {
  using db = filled();
  const refused = (options: string, code: string, message: string): void =>
    assert.throws(() => lines(db, `EXPLAIN (${options}) SELECT 1`), { code, message });
  refused('ANALYZE maybe', '42601', 'analyze requires a Boolean value');
  refused('SUMMARY 2', '42601', 'summary requires a Boolean value');
  refused('TIMING', '22023', 'EXPLAIN option TIMING requires ANALYZE');
  refused('WAL ON', '22023', 'EXPLAIN option WAL requires ANALYZE');
  refused('FORMAT toml', '22023', 'unrecognized value for EXPLAIN option "format": "toml"');
  refused(
    'analyse, generic_plan',
    '22023',
    'EXPLAIN options ANALYZE and GENERIC_PLAN cannot be used together',
  );
  refused('nothing', '42601', 'unrecognized EXPLAIN option "nothing"');
  assert.deepEqual(lines(db, 'EXPLAIN (TIMING OFF, WAL 0, COSTS FALSE, SUMMARY off) VALUES (1), (2)'), [
    'Values Scan',
  ]);
  assert.match(
    lines(db, 'EXPLAIN (ANALYZE off, ANALYZE on, TIMING false) SELECT 1')[0] ?? '',
    /\(actual rows=1/,
  );
});

test('what options show', () => {
  using db = filled();
  assert.deepEqual(lines(db, 'EXPLAIN (VERBOSE, COSTS OFF) SELECT s, k + 1 FROM t x WHERE k = 3'), [
    'Result',
    '  Output: x.s, (x.k + 1)',
    '  ->  Index Scan using t_k on public.t x',
    '        Output: x.k, x.s',
    '        Index Cond: (k = 3)',
  ]);
  assert.deepEqual(lines(db, 'EXPLAIN (FORMAT YAML, COSTS OFF) SELECT k FROM t ORDER BY k + id, s'), [
    [
      '- Plan: ',
      '    Node Type: "Result"',
      '    Plans: ',
      '      - Node Type: "Sort"',
      '        Parent Relationship: "Outer"',
      '        Sort Key: ',
      '          - "(k + id)"',
      '          - "s"',
      '        Plans: ',
      '          - Node Type: "Seq Scan"',
      '            Parent Relationship: "Outer"',
      '            Relation Name: "t"',
      '            Alias: "t"',
    ].join('\n'),
  ]);
  db.exec("SET work_mem = '64kB'");
  assert.ok(lines(db, 'EXPLAIN (SETTINGS) SELECT 1').includes("Settings: work_mem = '64kB'"));
  assert.match(lines(db, 'EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM t').join('\n'), /Buffers: shared hit=\d+/);
  // The plan for any value needs none; otherwise one is asked for.
  assert.match(lines(db, 'EXPLAIN (GENERIC_PLAN) SELECT * FROM t WHERE id = $1').join('\n'), /id = \$1/);
  assert.throws(() => lines(db, 'EXPLAIN SELECT * FROM t WHERE id = $1'), { code: '08P01' });
  const nested = lines(
    db,
    'EXPLAIN (ANALYZE, FORMAT JSON) SELECT (SELECT count(*) FROM u WHERE v < t.k) FROM t WHERE id <= 10',
  )[0];
  const loops = JSON.stringify(JSON.parse(nested ?? '')).match(/"Actual Rows":(\d+),"Actual Loops":10/);
  assert.equal(loops?.[1], '1', nested);
});

test('EXPLAIN ANALYZE of CREATE TABLE AS runs the query once, and not where no rows are wanted', () => {
  using db = filled();
  db.exec('CREATE SEQUENCE q');
  const plan = lines(
    db,
    "EXPLAIN (ANALYZE, TIMING OFF) CREATE TABLE c AS SELECT nextval('q') AS n, s FROM t WHERE id < 4",
  );
  assert.match(plan.join('\n'), /rows=3/);
  assert.deepEqual(db.query('SELECT n, s FROM c ORDER BY n', [], { rowMode: 'array' }).rows, [
    [1, '<&>"1'],
    [2, '<&>"2'],
    [3, '<&>"3'],
  ]);
  lines(db, "EXPLAIN ANALYZE CREATE TABLE IF NOT EXISTS c AS SELECT nextval('q')");
  lines(db, "EXPLAIN ANALYZE CREATE TABLE d AS SELECT nextval('q') AS n WITH NO DATA");
  lines(db, "EXPLAIN ANALYZE CREATE MATERIALIZED VIEW m AS SELECT nextval('q') AS n");
  assert.deepEqual(db.query('SELECT n, (SELECT count(*) FROM d) FROM m', [], { rowMode: 'array' }).rows, [
    [4, 0],
  ]);
  lines(db, 'PREPARE p (int) AS SELECT $1 + 1 AS v');
  lines(db, 'EXPLAIN ANALYZE CREATE TABLE e AS EXECUTE p (41)');
  assert.deepEqual(db.query('SELECT v FROM e').rows, [{ v: 42 }]);
});
