/** Rows a recursion has seen, in memory and beyond it, against a set; and recursions beyond the budget. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';
import { batchOf, random, testSeed } from '../expr.test.kit.ts';
import { StatementMemory } from '../memory.ts';
import { slotsOfTypes } from '../table.test.kit.ts';
import { datumAt } from '../vectors.ts';
import { SeenRows } from './seen-rows.ts';
import { Spool } from './spool.ts';

test('rows come out once, however many runs there are', () => {
  const seed = testSeed();
  const next = random(seed);
  const names = ['int4', 'text'];
  const vfs = new MemoryVfs();
  const memory = new StatementMemory({ workBytes: 1 << 19, bytesMax: 2 ** 31 });
  memory.temporary = () => vfs.openTemporary('/db');
  const slots = slotsOfTypes(names);
  const seen = new SeenRows(slots, memory);
  const all = new Spool(slots, memory);
  const model = new Set<string>();
  for (let round = 0; round < 300; round++) {
    const count = round % 10 === 0 ? 1500 : 1 + Math.floor(next() * 4);
    const rows = Array.from({ length: count }, () => [
      next() < 0.02 ? null : Math.floor(next() * 40_000),
      next() < 0.02 ? null : `t${Math.floor(next() * 3)}`,
    ]);
    const wanted = new Set(rows.map((row) => JSON.stringify(row)).filter((row) => !model.has(row)));
    const kept = seen.add(batchOf(names, rows), all);
    const got: string[] = [];
    for (let i = 0; i < (kept?.count ?? 0); i++) {
      const at = kept!.position(i);
      got.push(JSON.stringify(names.map((_, column) => datumAt(kept!.column(column), at))));
    }
    assert.deepEqual(got, [...wanted], `SEED=${seed} round ${round}`);
    for (const row of wanted) model.add(row);
    if (kept !== null) all.append(kept);
  }
  assert.ok(seen.runCount > 1, 'several runs');
  // The table doubles, and rows on their way to a run are held besides.
  assert.ok(memory.peakBytes < 1.5 * (1 << 19), `SEED=${seed}: ${memory.peakBytes} bytes held`);
  seen.close();
  all.clear();
  assert.equal(memory.openFiles, 0);
  assert.equal(memory.heldBytes, 0);
});

test('recursions beyond the budget', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE e (a int, b int); CREATE INDEX ON e (a);
    INSERT INTO e SELECT g, (g * 31 + 7) % 9001 FROM generate_series(0, 9000) g;
    INSERT INTO e SELECT g, (g * 17 + 3) % 9001 FROM generate_series(0, 9000) g`);
  const forms = [
    'WITH RECURSIVE w(v) AS (SELECT 1 UNION SELECT e.b FROM w JOIN e ON e.a = w.v) SELECT v FROM w',
    "WITH RECURSIVE w(v, t) AS (SELECT 1, 'x' || 1 UNION SELECT (v * 48271) % 13007, 'x' || (v * 48271) % 13007 FROM w) SELECT v, t FROM w",
    'WITH RECURSIVE w(v) AS (SELECT g FROM generate_series(1, 9000) g UNION SELECT v / 2 + 5000 FROM w) SELECT v FROM w',
    'WITH RECURSIVE w(v, n) AS (SELECT g, 0 FROM generate_series(1, 9000) g UNION ALL SELECT v + 1, n + 1 FROM w WHERE n < 3) SELECT v, n FROM w',
  ];
  for (const sql of forms) {
    db.exec("SET work_mem = '256MB'");
    const want = db.prepare(sql).values();
    db.exec("SET work_mem = '64kB'");
    assert.deepEqual(db.prepare(sql).values(), want, sql);
    const plan = db.prepare(`EXPLAIN ANALYZE ${sql}`).values().flat();
    assert.ok(
      plan.some((line) => String(line).startsWith('Spilled: ')),
      `${sql} spills`,
    );
  }
});
