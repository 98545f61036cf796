/**
 * Shared scans in one thread: a helper that runs pieces by the same means, answers late, wrongly or never. Threads of their own are
 * tested in worker/parallel-scans.test.ts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { type Database, openSync } from '../../index.ts';
import type { GatherJob, Helpers, ParallelService, PieceRows } from '../parallel.ts';
import { type GatherNode, inputsOf, type PhysicalNode, type PhysicalPlan } from '../physical.ts';
import { planFingerprint } from '../plan-fingerprint.ts';
import { PieceRunner } from './piece-runner.ts';

const SEED = Number(process.env['SEED'] ?? 7741);

function build(): Database {
  const db = openSync(':memory:', { pageSize: 4096 });
  db.exec(`
    CREATE TABLE t (id int PRIMARY KEY, g int, v bigint, n numeric(10,2), d double precision, s text, at timestamptz, a int[]);
    INSERT INTO t SELECT i, CASE WHEN i % 13 = 0 THEN NULL ELSE i * 7 % 31 END, i::bigint * 7919 % 5003 - 2500,
      CASE WHEN i % 11 = 0 THEN NULL ELSE (i % 997)::numeric / 4 END, (i % 101) / 7.0, 'row ' || i * 31 % 1009,
      timestamptz '2024-01-01' + i * interval '1 minute', ARRAY[i % 3, i % 5] FROM generate_series(1, 9000) i;
    DELETE FROM t WHERE id BETWEEN 3000 AND 3600;
    UPDATE t SET v = 9007199254740993 WHERE id % 1500 = 0;
    ALTER TABLE t ADD COLUMN later int DEFAULT 5;
    INSERT INTO t SELECT i, 40, 1, 1, 1, 'new', now(), NULL, i FROM generate_series(20000, 20400) i;
    CREATE TABLE few (id int PRIMARY KEY, name text);
    INSERT INTO few SELECT i, 'name ' || i % 4 FROM generate_series(1, 30) i;
    CREATE TABLE nothing (id int PRIMARY KEY, v int);
    CREATE INDEX t_v ON t (v, g);
    CREATE INDEX t_g ON t (g DESC NULLS FIRST, v DESC);
    SET optimizer.rule.literal_parameters = off;
    SET parallel_setup_cost = 0;
    SET parallel_tuple_cost = 0;
    SET min_parallel_table_scan_size = 0;
  `);
  return db;
}

const QUERIES: readonly string[] = [
  'SELECT count(*), count(g), sum(v), sum(g), avg(g), avg(n), sum(n), min(v), max(s), min(at), max(n) FROM t',
  'SELECT count(*), sum(g), avg(v), min(s) FROM t WHERE id < 0',
  'SELECT g, count(*), sum(v), avg(v), avg(n), min(n), max(at), bool_and(v > 0), bool_or(g > 3) FROM t GROUP BY g',
  'SELECT g, v % 3, count(*) FILTER (WHERE n > 100), sum(id) FILTER (WHERE v < 0), min(a) FROM t WHERE id % 2 = 0 GROUP BY 1, 2',
  'SELECT g, avg(n) AS m FROM t GROUP BY g HAVING avg(n) > 120 AND count(*) > 5 ORDER BY m DESC, g',
  "SELECT s, count(*) FROM t WHERE s LIKE '%1_' GROUP BY s",
  'SELECT id, g, v, n, d, s, at, a, later FROM t WHERE v < -2490',
  "SELECT id, s || '!' FROM t WHERE s LIKE '%77%'",
  'SELECT id, s FROM t ORDER BY s, v DESC LIMIT 7',
  'SELECT id, g FROM t ORDER BY g DESC NULLS LAST LIMIT 5 OFFSET 20',
  'SELECT g FROM t WHERE v > 0 ORDER BY g NULLS FIRST LIMIT 30',
  'SELECT count(*), sum(g) FROM t WHERE id > 1234 AND id <= 8000',
  'SELECT id, s FROM t WHERE (id BETWEEN 500 AND 4100 OR id BETWEEN 4000 AND 7000 OR id = 8999) AND g = 3',
  'SELECT v, g, count(*) FROM t WHERE v BETWEEN -1000 AND 2000 GROUP BY v, g',
  'SELECT g, count(*) FROM t WHERE g IN (3, 5, 11, 12, 13, 14, 15, 16, 17) AND v > -2000 GROUP BY g',
  'SELECT count(*), min(v) FROM t WHERE g < 25',
  'SELECT count(*) FROM t WHERE g IS NULL AND v IS NOT NULL',
  'SELECT count(*) FROM t WHERE id > 100000',
  'SELECT DISTINCT g, v % 2 FROM t',
  'SELECT DISTINCT ON (g) g, id, s FROM t',
  'SELECT count(*) FROM t',
  'SELECT v, count(*) FROM t GROUP BY v',
  'SELECT sum(later), count(later) FROM t',
  'SELECT count(*) FROM nothing',
  'SELECT max(x.c) FROM (SELECT g, count(*) AS c FROM t GROUP BY g) x',
  'SELECT few.name, x.c FROM few JOIN (SELECT g, count(*) AS c FROM t GROUP BY g) x ON x.g = few.id',
  'WITH x AS (SELECT g, sum(v) AS s FROM t GROUP BY g) SELECT * FROM x UNION ALL SELECT * FROM x WHERE s > 0',
  "SELECT to_char(at, 'YYYY-MM'), count(*) FROM t WHERE at < now() GROUP BY 1",
  // Not shared, or not all of it: sums of floats, volatile functions, subqueries, distinct and ordered aggregates.
  'SELECT g, sum(d), avg(d) FROM t GROUP BY g',
  'SELECT count(*) FROM t WHERE random() < 2',
  'SELECT count(*) FROM t WHERE v > (SELECT avg(v) FROM t)',
  'SELECT count(DISTINCT g), count(*) FROM t',
  "SELECT string_agg(s, ',' ORDER BY id) FROM t WHERE id < 100",
  'SELECT g, count(*) FROM t GROUP BY ROLLUP (g)',
  'SELECT few.id, (SELECT count(*) FROM t WHERE t.g = few.id) FROM few',
  'SELECT id FROM t LIMIT 3',
  'SELECT * FROM few, LATERAL (SELECT count(*) FROM t WHERE t.g = few.id) x',
];

/** What the helper does with a piece it is to take. */
type Mood = (random: Prng) => 'answer' | 'fail' | 'forget' | 'late';

class TestService implements ParallelService {
  readonly helpers = 2;
  readonly pieceRowsMin = 300;
  isOn = true;
  jobs = 0;
  answered = 0;
  private readonly db: Database;
  private readonly random: Prng;
  private readonly mood: Mood;
  plan: PhysicalPlan | null = null;

  constructor(db: Database, random: Prng, mood: Mood) {
    this.db = db;
    this.random = random;
    this.mood = mood;
  }

  begin(job: GatherJob): Helpers | null {
    if (!this.isOn || this.plan === null) return null;
    const node = findGather(this.plan.root, job.nodeId);
    assert.equal(planFingerprint(node), job.fingerprint);
    const { session } = this.db;
    const view = session.engine.beginRead();
    const runner = new PieceRunner(node, job.pieceRows, { view, params: [], eval: session.evalContext });
    assert.equal(runner.pieces.length, job.pieces);
    this.jobs++;
    const { random, mood } = this;
    let next = 0;
    const done = new Map<number, PieceRows | 'failed'>();
    const late = new Map<number, PieceRows | 'failed'>();
    let isStopped = false;
    let last = 0;
    const helpOnce = (): void => {
      if (isStopped || next >= job.pieces || next > last || random.below(3) === 0) return;
      const piece = next++;
      const what = mood(random);
      if (what === 'forget') return;
      if (what === 'fail') done.set(piece, 'failed');
      else (what === 'late' ? late : done).set(piece, this.answer(runner, piece));
    };
    return {
      count: 1,
      heldBytes: 0,
      allow: (piece) => {
        last = piece;
      },
      take: () => {
        const piece = next++;
        helpOnce();
        return piece;
      },
      isTaken: (piece) => piece < next,
      result: (piece) => {
        helpOnce();
        const rows = done.get(piece) ?? null;
        done.delete(piece);
        return rows;
      },
      stop: () => {
        isStopped = true;
      },
      wait: () => {
        for (const [piece, rows] of late) done.set(piece, rows);
        late.clear();
      },
      close: () => {
        isStopped = true;
        if (view.isActive) view.end();
      },
    };
  }

  private answer(runner: PieceRunner, piece: number): PieceRows | 'failed' {
    this.answered++;
    try {
      // As between threads: nothing but data arrives.
      return structuredClone(runner.run(piece));
    } catch {
      return 'failed';
    }
  }
}

function findGather(node: PhysicalNode, id: number): GatherNode {
  const found = allNodes(node).find((n) => n.id === id);
  assert.ok(found?.kind === 'gather');
  return found;
}

function allNodes(node: PhysicalNode): PhysicalNode[] {
  return [node, ...inputsOf(node).flatMap(allNodes)];
}

/** The answer without, with the plan alone, and with the helper. */
function compare(db: Database, service: TestService, sql: string): void {
  const { session } = db;
  const ask = (): unknown => db.query(sql, [], { rowMode: 'array' }).rows;
  session.parallel = null;
  session.settings.changePlans();
  const serial = ask();
  session.parallel = service;
  session.settings.changePlans();
  service.plan = null;
  assert.deepEqual(ask(), serial, sql);
  service.plan = session.prepare(sql).compiled?.plan ?? null;
  assert.deepEqual(ask(), serial, sql);
}

const moods: Readonly<Record<string, Mood>> = {
  'answers at once': () => 'answer',
  fails: () => 'fail',
  'does what it likes': (random) => (['answer', 'fail', 'late', 'late'] as const)[random.below(4)]!,
};

const shared = build();

for (const [name, mood] of Object.entries(moods)) {
  test(`shared scans give the rows of one thread, in the same order: a helper that ${name} (SEED=${SEED})`, () => {
    const db = shared;
    const service = new TestService(db, new Prng(SEED), mood);
    for (const [i, sql] of QUERIES.entries()) if (name !== 'fails' || i % 3 === 0) compare(db, service, sql);
    assert.ok(service.jobs >= 8, `${service.jobs} jobs`);
    if (name !== 'fails') assert.ok(service.answered > 30, `${service.answered} pieces answered`);
    db.session.parallel = null;
  });
}

test('with little memory nothing is run ahead of its turn for long, and groups still spill', () => {
  const db = shared;
  const service = new TestService(db, new Prng(SEED), (random) =>
    random.below(2) === 0 ? 'answer' : 'late',
  );
  db.exec("SET work_mem = '64kB'");
  for (const sql of [
    'SELECT v, s, count(*), sum(id) FROM t GROUP BY v, s ORDER BY v, s',
    'SELECT id, s, a FROM t WHERE v < 2000 AND n > 1 ORDER BY s, id',
    "SELECT id, repeat(s, 20) AS r FROM t WHERE s LIKE '%1%'",
    'SELECT DISTINCT v, s FROM t ORDER BY v, s',
  ])
    compare(db, service, sql);
  assert.ok(service.jobs >= 4, `${service.jobs} jobs`);
  db.exec('RESET work_mem');
  db.session.parallel = null;
});

test('a helper that never answers is not waited for', () => {
  const db = build();
  let forgotten = 0;
  const service = new TestService(db, new Prng(SEED), (random) => {
    if (forgotten > 0 || random.below(4) > 0) return 'answer';
    forgotten++;
    return 'forget';
  });
  compare(db, service, QUERIES[0]!);
  compare(db, service, QUERIES[2]!);
  assert.equal(forgotten, 1);
  db.close();
});

test('an error is the one that a single thread meets, and none where it would meet none', () => {
  const db = build();
  const service = new TestService(db, new Prng(SEED), () => 'answer');
  db.session.parallel = service;
  const failing = 'SELECT sum(1 / (id - 8000)) FROM t WHERE id % 3 <> 1';
  const other =
    "SELECT count(*) FROM t WHERE CASE WHEN id > 8000 THEN 1 / (id - id) ELSE (s || 'x')::int END > 0";
  for (const [sql, code] of [
    [failing, '22012'],
    [other, '22P02'],
  ] as const) {
    service.plan = null;
    assert.throws(() => db.query(sql), { code });
    service.plan = db.session.prepare(sql).compiled?.plan ?? null;
    assert.ok(service.plan !== null && allNodes(service.plan.root).some(({ kind }) => kind === 'gather'));
    for (let i = 0; i < 5; i++) assert.throws(() => db.query(sql), { code });
  }
  const limited =
    'SELECT g FROM (SELECT id, 1 / (id - 8000) AS g FROM t WHERE v < 10000 OFFSET 0) x WHERE id > 0 LIMIT 10';
  compare(db, service, limited);
  assert.equal(db.stats().readers.length, 0);
  db.close();
});

test('what stops a statement stops it while others work', () => {
  const db = build();
  const service = new TestService(db, new Prng(SEED), () => 'answer');
  db.session.parallel = service;
  const sql = QUERIES[2]!;
  db.query(sql);
  service.plan = db.session.prepare(sql).compiled?.plan ?? null;
  let asked = 0;
  db.session.interruptCheck = () => ++asked > 0;
  const { now } = db.session.engine.options;
  let time = now();
  Object.defineProperty(db.session.engine.options, 'now', { value: () => (time += 15), configurable: true });
  assert.throws(() => db.query(sql), { code: '57014' });
  db.session.interruptCheck = null;
  assert.equal(db.stats().readers.length, 0);
  db.close();
});

test('EXPLAIN shows what is shared; a transaction that has written reads alone', () => {
  const db = build();
  const service = new TestService(db, new Prng(SEED), () => 'answer');
  db.session.parallel = service;
  const sql = 'SELECT g, count(*) FROM t WHERE id % 2 = 1 GROUP BY g HAVING count(*) > 3';
  const lines = db
    .explain(sql)
    .split('\n')
    .map((line) => line.replace(/ +\(cost.*/, '').trim());
  assert.deepEqual(lines, [
    'Filter',
    'Filter: (count(*) > 3)',
    '->  Finalize HashAggregate',
    'Group Key: g',
    '->  Gather',
    'Workers Planned: 2',
    '->  Partial HashAggregate',
    'Group Key: g',
    '->  Parallel Seq Scan on t',
    'Filter: ((id % 2) = 1)',
  ]);
  db.query(sql);
  service.plan = db.session.prepare(sql).compiled?.plan ?? null;
  const before = service.jobs;
  db.exec('BEGIN');
  db.query(
    'INSERT INTO t (id, g) VALUES (100001, 7), (100003, 7), (100005, 1000), (100007, 1000), (100009, 1000), (100011, 1000)',
  );
  const { rows } = db.query<{ g: number; count: number }>(sql);
  assert.deepEqual(rows.find(({ g }) => g === 1000)?.count, 4);
  db.exec('ROLLBACK');
  assert.equal(service.jobs, before);
  db.query('SET max_parallel_workers_per_gather = 0');
  assert.doesNotMatch(db.explain(sql), /Gather/);
  db.query('SET max_parallel_workers_per_gather = 2');
  db.query('SET optimizer.rule.parallel_scan = off');
  assert.doesNotMatch(db.explain(sql), /Gather/);
  db.close();
});
