/**
 * Changes of single rows beside whatever else looks at the rows: cursors, savepoints, rollbacks, other connections' snapshots,
 * functions that read. Leaves move columns to their private copies (tree-node.ts I7); nobody may see it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';
import { Random } from '../../tree/tree-model.fuzz.ts';
import { WriteTxn } from '../../txn/write-txn.ts';

interface Row {
  id: number;
  k: string;
  n: number | null;
  x: number;
}

const TABLE = `CREATE TABLE t (id int PRIMARY KEY, k text NOT NULL, n int, x double precision NOT NULL);
CREATE INDEX t_k ON t (k, n); CREATE UNIQUE INDEX t_x ON t (x, id)`;
const ALL = 'SELECT id, k, n, x FROM t ORDER BY id';

function run(seed: number, steps: number): void {
  const random = new Random(seed);
  const db = openSync(':memory:');
  db.exec(TABLE);
  const insert = db.prepare(
    'INSERT INTO t VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET n = excluded.n, k = excluded.k',
  );
  const update = db.prepare('UPDATE t SET n = n + 1, x = $2 WHERE id = $1');
  const remove = db.prepare('DELETE FROM t WHERE id = $1');
  const all = db.prepare<Row>(ALL);
  const byKey = db.prepare<{ c: number }>('SELECT count(*)::int AS c FROM t WHERE k = $1');
  let model = new Map<number, Row>();
  const rows = (): Row[] => [...model.values()].sort((a, b) => a.id - b.id);
  const change = (): void => {
    const id = random.below(400);
    const roll = random.next();
    const known = model.get(id);
    if (roll < 0.5) {
      const row = {
        id,
        k: `k${random.below(9)}`,
        n: random.next() < 0.1 ? null : random.below(1000),
        x: id / 4,
      };
      insert.run(row.id, row.k, row.n, row.x);
      model.set(id, known === undefined ? row : { ...known, n: row.n, k: row.k });
    } else if (roll < 0.85) {
      const x = random.below(4000) / 8;
      update.run(id, x);
      if (known !== undefined) model.set(id, { ...known, n: known.n === null ? null : known.n + 1, x });
    } else {
      remove.run(id);
      model.delete(id);
    }
  };
  for (let step = 0; step < steps; step++) {
    const kept = new Map(model);
    const expected = rows();
    const isRead = random.next() < 0.3;
    const reader = isRead ? all.iterate() : null;
    const seen: Row[] = [];
    if (reader !== null)
      for (let i = 0; i < 3; i++) {
        const { value, done } = reader.next();
        if (done !== true) seen.push(value);
      }
    const kind = random.below(4);
    if (kind === 0) change();
    else {
      db.exec('BEGIN');
      for (let i = random.below(6); i >= 0; i--) change();
      const inner = new Map(model);
      if (random.next() < 0.4) {
        db.exec('SAVEPOINT s');
        for (let i = random.below(4); i >= 0; i--) change();
        const back = random.next() < 0.5;
        if (back) model = inner;
        db.exec(back ? 'ROLLBACK TO s; RELEASE s' : 'RELEASE s');
        change();
      }
      if (random.next() < 0.3) {
        // Rows of a cursor in the transaction are those of when it began.
        const before = rows();
        const got: Row[] = [];
        for (const row of all.iterate()) {
          got.push(row);
          if (random.next() < 0.05) change();
        }
        assert.deepEqual(got, before);
      }
      if (kind === 1) {
        db.exec('ROLLBACK');
        model = kept;
      } else db.exec('COMMIT');
    }
    if (reader !== null) {
      for (let next = reader.next(); next.done !== true; next = reader.next()) seen.push(next.value);
      assert.deepEqual(seen, expected, 'a snapshot stays as it is');
    }
    if (step % 7 === 0) assert.deepEqual(all.all(), rows());
    if (step % 11 === 0) {
      const k = `k${random.below(9)}`;
      assert.equal(byKey.get(k)?.c, rows().filter((row) => row.k === k).length);
    }
  }
  assert.deepEqual(all.all(), rows());
  assert.deepEqual(db.check().findings, []);
  db.close();
}

test('single-row changes beside cursors, savepoints and rollbacks', () => {
  const first = Number(process.env['SEED'] ?? 1);
  for (let seed = first; seed < first + 4; seed++) {
    try {
      run(seed, 120);
    } catch (error) {
      throw new Error(`replay with SEED=${seed}: ${String(error)}`, { cause: error });
    }
  }
});

test('a function that reads the table while one of its rows is written', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int PRIMARY KEY, n int)');
  const all = db.prepare<{ n: number }>('SELECT n FROM t ORDER BY id');
  db.function('seen', { args: ['int4'], returns: 'int4' }, () => all.all()[0]?.n ?? 0);
  const insert = db.prepare('INSERT INTO t VALUES ($1, seen($1))');
  const update = db.prepare('UPDATE t SET n = seen(id) + 1 WHERE id = $1');
  for (let id = 1; id <= 50; id++) insert.run(id);
  for (let id = 1; id <= 50; id++) update.run(id);
  assert.deepEqual(
    all.all(),
    Array.from({ length: 50 }, (_, i) => ({ n: i === 0 ? 1 : 2 })),
  );
  db.close();
});

test('columns move while nobody reads, and stay where somebody does', () => {
  const { get } = Object.getOwnPropertyDescriptor(WriteTxn.prototype, 'mayTake')!;
  const asked = new Set<boolean>();
  Object.defineProperty(WriteTxn.prototype, 'mayTake', {
    configurable: true,
    get(this: WriteTxn) {
      const may = get!.call(this) as boolean;
      asked.add(may);
      return may;
    },
  });
  const answers = (work: () => void): boolean[] => {
    asked.clear();
    work();
    return [...asked];
  };
  try {
    const db = openSync(':memory:');
    db.exec(
      'CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t SELECT g, g FROM generate_series(1, 100) g',
    );
    const update = db.prepare('UPDATE t SET n = n + 1 WHERE id = $1');
    assert.deepEqual(
      answers(() => update.run(1)),
      [true],
    );
    const reader = db.prepare('SELECT * FROM t').iterate();
    reader.next();
    assert.deepEqual(
      answers(() => update.run(1)),
      [false],
    );
    reader.return?.();
    assert.deepEqual(
      answers(() => update.run(1)),
      [true],
    );
    db.exec('BEGIN; UPDATE t SET n = 1 WHERE id = 1; SAVEPOINT s');
    assert.deepEqual(
      answers(() => update.run(1)),
      [],
    );
    assert.deepEqual(
      answers(() => db.exec('UPDATE t SET n = n + 1')),
      [],
    );
    db.exec('ROLLBACK');
    assert.deepEqual(
      answers(() => db.exec('UPDATE t SET n = n + 1')),
      [false],
      'a plan reads what it changes',
    );
    db.close();
  } finally {
    Object.defineProperty(WriteTxn.prototype, 'mayTake', { configurable: true, get: get! });
  }
});
