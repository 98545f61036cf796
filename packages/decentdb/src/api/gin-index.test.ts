/** Gin indexes over arrays and jsonb values: answers are those of the scan, at every moment. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { type Database, openSync } from './database.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const rule = 'optimizer.rule.trigram_scan';

function ids(db: Database, sql: string, params: unknown[] = []): number[] {
  return db.query<[number]>(sql, params, { rowMode: 'array' }).rows.map(([id]) => id);
}

const long = 'long'.repeat(20);
const words = ['x', 'y', '', 'a b', 'NULL', '"', '\\', 'é', '\u0001', long, `${long}!`];

function arrayOf(prng: Prng, element: () => unknown): unknown[] | null {
  if (prng.chance(0.05)) return null;
  return Array.from({ length: prng.below(5) }, () => (prng.chance(0.06) ? null : element()));
}

function scalar(prng: Prng): unknown {
  return prng.pick([1, 2, 1.5, -1, 0, true, false, null, 'a', 'b', 'x', long, 1e20]);
}

function jsonOf(prng: Prng, depth: number): unknown {
  if (depth === 0 || prng.chance(0.3)) return scalar(prng);
  if (prng.chance(0.4)) return Array.from({ length: prng.below(4) }, () => jsonOf(prng, depth - 1));
  return Object.fromEntries(
    Array.from({ length: prng.below(4) }, () => [
      prng.pick(['a', 'b', 'c', 'x', long]),
      jsonOf(prng, depth - 1),
    ]),
  );
}

function pathOf(prng: Prng): string {
  const steps = [
    '.a',
    '.b',
    '.c',
    '[*]',
    '[0]',
    '.*',
    '.**',
    '.a.b',
    '.size()',
    '.type()',
    '.keyvalue().key',
  ];
  const path = (root: string): string =>
    root + Array.from({ length: prng.below(3) }, () => prng.pick(steps)).join('');
  const literal = (): string => prng.pick(['1', '1.50', '"a"', '"x"', 'true', 'null', '-1', '"array"', '0']);
  const predicate = (root: string, depth: number): string => {
    const kind = prng.below(depth === 0 ? 5 : 8);
    if (kind < 3) return `${path(root)} ${prng.pick(['==', '==', '==', '!=', '<', '>='])} ${literal()}`;
    if (kind === 3) return `exists(${path(root)})`;
    if (kind === 4) return `${literal()} == ${path(root)}`;
    if (kind === 5) return `(${predicate(root, depth - 1)} && ${predicate(root, depth - 1)})`;
    if (kind === 6) return `(${predicate(root, depth - 1)} || ${predicate(root, depth - 1)})`;
    return prng.chance(0.5)
      ? `!(${predicate(root, depth - 1)})`
      : `((${predicate(root, depth - 1)}) is unknown)`;
  };
  const mode = prng.pick(['', '', 'strict ']);
  if (prng.chance(0.4)) return mode + predicate('$', 2);
  const filter = prng.chance(0.6) ? ` ? (${predicate(prng.pick(['@', '@', '$']), 1)})` : '';
  return mode + path('$') + filter + (prng.chance(0.3) ? prng.pick(steps) : '');
}

/** A condition with its parameter, and whether it is written as a literal. */
function condition(prng: Prng): readonly [sql: string, params: unknown[]] {
  const kind = prng.below(12);
  const operator = prng.pick(['@>', '<@', '&&', '=']);
  if (kind < 2) return [`a ${operator} $1::int[]`, [arrayOf(prng, () => prng.below(9))]];
  if (kind < 4) return [`t ${operator} $1::text[]`, [arrayOf(prng, () => prng.pick(words))]];
  if (kind === 4)
    return [`n ${operator} $1::numeric[]`, [arrayOf(prng, () => prng.pick(['1', '1.0', '2.50']))]];
  if (kind === 5)
    return prng.chance(0.5)
      ? ['$1::bigint = ANY (a)', [prng.below(9)]]
      : ['$1 = ANY (t)', [prng.pick(words)]];
  if (kind === 6) return ['a || a @> $1::int[] AND id > 3', [[prng.below(9)]]];
  if (kind === 7)
    return [
      `j ${prng.pick(['?|', '?&'])} $1::text[]`,
      [arrayOf(prng, () => prng.pick(['a', 'b', 'x', long]))],
    ];
  if (kind === 8) return ['j ? $1', [prng.pick(['a', 'b', 'x', long, ''])]];
  if (kind === 9) return ['j @> $1::jsonb', [JSON.stringify(jsonOf(prng, 2))]];
  return [`j ${prng.pick(['@@', '@?'])} $1::jsonpath`, [pathOf(prng)]];
}

function quoted(value: unknown): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return `ARRAY[${value.map(quoted).join(', ')}]`;
  return typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
}

/** Tells how many of the queries read a gin index. */
function checkQueries(db: Database, prng: Prng, count: number): number {
  let used = 0;
  for (let i = 0; i < count; i++) {
    let [where, params] = condition(prng);
    if (prng.chance(0.5)) {
      where = where.replace('$1', () => quoted(params[0]));
      params = [];
    }
    if (prng.chance(0.2)) where = `(${where}) AND (id % 3 = 0 OR a && '{1}')`;
    if (prng.chance(0.2)) where = `(${where}) OR a @> '{3,4}'`;
    const sql = `SELECT id FROM d WHERE ${where} ORDER BY id`;
    const found = ids(db, sql, params);
    if (params.length === 0 && /GIN/.test(db.explain(sql))) used++;
    db.exec(`SET ${rule} = off`);
    const scanned = ids(db, sql, params);
    db.exec(`SET ${rule} = on`);
    assert.deepEqual(found, scanned, `SEED=${seed}: ${sql} ${JSON.stringify(params)}`);
    const counted = sql.replace('SELECT id', 'SELECT count(*)').replace(' ORDER BY id', '');
    assert.deepEqual(
      ids(db, counted, params),
      [scanned.length],
      `SEED=${seed}: ${counted} ${JSON.stringify(params)}`,
    );
  }
  return used;
}

function change(db: Database, prng: Prng): void {
  const id = 1 + prng.below(150);
  const json = prng.chance(0.05) ? null : JSON.stringify(jsonOf(prng, 3));
  const values = [
    id,
    arrayOf(prng, () => prng.below(9)),
    arrayOf(prng, () => prng.pick(words)),
    arrayOf(prng, () => prng.pick(['1', '1.00', '2.5', '-0.0'])),
    json,
  ];
  const kind = prng.below(6);
  if (kind === 0) db.query('DELETE FROM d WHERE id = $1', [id]);
  else if (kind === 1) db.query('UPDATE d SET j = $2, t = $3 WHERE id = $1', [id, json, values[2]]);
  else
    db.query(
      'INSERT INTO d VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET a = excluded.a, j = excluded.j',
      values,
    );
}

const schema = `CREATE TABLE d (id int PRIMARY KEY, a int[], t text[], n numeric[], j jsonb);
  CREATE INDEX d_a ON d USING gin (a);
  CREATE INDEX d_tn ON d USING gin (t, n) WITH (mode = immediate);
  CREATE INDEX d_j ON d USING gin (j);
  CREATE INDEX d_p ON d USING gin (j jsonb_path_ops);
  CREATE INDEX d_e ON d USING gin ((a || a)) WHERE id > 3`;

test('answers are those of a scan while rows come, go and come back', () => {
  const prng = new Prng(seed);
  const vfs = new MemoryVfs();
  let db = openSync('g.ddb', { vfs });
  db.exec(schema);
  db.exec('SET decentdb.trigram_pending_rows = 24');
  // Among this many rows an index is the shorter way whatever the seed.
  db.exec(`INSERT INTO d SELECT 1000 + i, ARRAY[100 + i], ARRAY['t' || i], ARRAY[100 + i], jsonb_build_object('k' || i, i)
    FROM generate_series(1, 600) i`);
  let used = 0;
  for (let step = process.env['DECENTDB_LONG_TESTS'] === '1' ? 0 : 5; step < 8; step++) {
    const isOpen = prng.chance(0.4);
    if (isOpen) db.exec('BEGIN');
    for (let i = prng.below(30); i > 0; i--) change(db, prng);
    if (isOpen && prng.chance(0.5)) {
      db.exec('SAVEPOINT s');
      for (let i = prng.below(10); i > 0; i--) change(db, prng);
      checkQueries(db, prng, 3);
      if (prng.chance(0.5)) db.exec('ROLLBACK TO s');
    }
    used += checkQueries(db, prng, 6);
    if (isOpen) db.exec(prng.chance(0.3) ? 'ROLLBACK' : 'COMMIT');
    if (prng.chance(0.2)) db.checkpoint();
    if (prng.chance(0.15)) {
      db.close();
      db = openSync('g.ddb', { vfs });
    }
    if (prng.chance(0.1)) db.exec(prng.chance(0.5) ? 'REINDEX TABLE d' : 'DROP INDEX d_p');
    db.exec('CREATE INDEX IF NOT EXISTS d_p ON d USING gin (j jsonb_path_ops)');
    if (prng.chance(0.3)) assert.deepEqual(db.check().findings, [], `SEED=${seed}`);
    used += checkQueries(db, prng, 6);
  }
  assert.deepEqual(db.check().findings, [], `SEED=${seed}`);
  assert.ok(used > 0, `SEED=${seed}: ${used} queries by an index`);
  db.close();
});

test('queries read the index, by literals and by parameters', () => {
  const db = openSync(':memory:');
  db.exec(`${schema};
    INSERT INTO d SELECT i, ARRAY[i, i % 7], ARRAY['t' || i], ARRAY[i / 4.0], jsonb_build_object('k' || i, i, 'l', jsonb_build_array(i, 's' || i))
      FROM generate_series(1, 3000) i`);
  const plans: readonly (readonly [where: string, index: string])[] = [
    ["a @> '{77}'", 'd_a'],
    ["a <@ '{77,0,1000}' AND a && '{77}'", 'd_a'],
    ["a && '{77,78}'", 'd_a'],
    ["a = '{77,0}'", 'd_a'],
    ["'{77}' <@ a", 'd_a'],
    ['77 = ANY (a)', 'd_a'],
    ["'t77' = ANY (t)", 'd_tn'],
    ['19.250 = ANY (n)', 'd_tn'],
    ["a || a @> '{77}' AND id > 3", 'd_'],
    ["j ? 'k77'", 'd_j'],
    ["j ?| '{k77,k78}'", 'd_j'],
    ["j ?& '{k77,l}'", 'd_j'],
    [`j @> '{"k77": 77}'`, 'd_'],
    [`j @? '$.l[*] ? (@ == 77)'`, 'd_'],
    [`j @@ '$.k77 == 77.0'`, 'd_'],
    [`j @@ 'exists($.k77)'`, 'd_j'],
  ];
  for (const [where, index] of plans) {
    const sql = `SELECT id FROM d WHERE ${where}`;
    assert.match(db.explain(sql), new RegExp(`GIN Index Scan using ${index}`), where);
    assert.ok(ids(db, sql).includes(77), where);
  }
  const statement = db.prepare('SELECT id FROM d WHERE a @> $1::int[] AND j @> $2::jsonb');
  assert.deepEqual(statement.all([77], '{"k77": 77}'), [{ id: 77 }]);
  assert.deepEqual(statement.all([], '{}').length, 3000);
  assert.match(db.explain("SELECT id FROM d WHERE a @> '{}'"), /Seq Scan/);
  const lines = db.query(`EXPLAIN ANALYZE SELECT count(*) FROM d WHERE a && '{77,78}'`, [], {
    rowMode: 'array',
  }).rows;
  assert.match(lines.join('\n'), /Search: \d+ rows by the index, \d+ to be tested/);
  assert.deepEqual(
    db.query(`SELECT indexdef d FROM pg_indexes WHERE indexname IN ('d_p', 'd_e') ORDER BY 1`).rows,
    [
      { d: 'CREATE INDEX d_e ON public.d USING gin (((a || a))) WHERE (id > 3)' },
      { d: 'CREATE INDEX d_p ON public.d USING gin (j jsonb_path_ops)' },
    ],
  );
  assert.ok(Number(db.query("SELECT pg_relation_size('d_a') AS n").rows[0]?.['n']) > 8192);
  db.close();
});
