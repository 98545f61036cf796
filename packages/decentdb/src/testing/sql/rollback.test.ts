/** ACID-003 through SQL: whatever is taken back, nothing of it is left in any cache, index or catalogue. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../../base/assert.ts';
import { DecentDbError } from '../../base/errors.ts';
import { Prng } from '../../base/prng.ts';
import { NO_FAULTS } from '../../vfs/faulty/fault-plan.ts';
import { FaultyVfs } from '../../vfs/faulty/faulty-vfs.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import type { Vfs } from '../../vfs/vfs.ts';
import { SqlSubject } from './sql-session.ts';

setVerify(true);

const SEED = Number(process.env['SEED'] ?? 20268);
const RUNS = Number(process.env['RUNS'] ?? 25);

/** What a rollback must bring back: everything that can be asked for, and the allocation of pages. */
function stateOf(subject: SqlSubject): unknown {
  const { engine } = subject.db.session;
  const { lsn, pageCount, catalogRoot, freeListHead, freePages, schemaCookie, counters } =
    engine.publishedMeta();
  return {
    rows: subject.fingerprint(),
    found: subject.rows(`SELECT id FROM song WHERE title LIKE '%number 1%' ORDER BY id`),
    estimates: subject.rows('SELECT relname, reltuples FROM pg_class ORDER BY 1'),
    meta: { lsn, pageCount, catalogRoot, freeListHead, freePages, schemaCookie, counters },
    locks: engine.stats().locksHeld,
  };
}

function filled(vfs: Vfs, options = {}): SqlSubject {
  const subject = new SqlSubject(vfs, { pageSize: 1024, ...options });
  subject.db.exec('CREATE TABLE song (id int PRIMARY KEY, title text, n int CHECK (n < 1000))');
  subject.db.exec('CREATE INDEX song_title ON song USING trigram (title)');
  subject.db.exec('CREATE UNIQUE INDEX song_n ON song (n)');
  subject.db.exec("INSERT INTO song SELECT i, 'song number ' || i, i FROM generate_series(1, 60) AS i");
  subject.db.exec('ANALYZE');
  return subject;
}

const CHANGES = [
  "INSERT INTO song SELECT i, 'number 1 of ' || i, i FROM generate_series(100, 160) AS i",
  'DELETE FROM song WHERE id < 30',
  "UPDATE song SET title = 'number 1 ' || id, n = n + 200 WHERE id > 30",
  'CREATE TABLE another (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t text)',
  "INSERT INTO another (t) VALUES ('a'), ('b')",
  'ALTER TABLE song ADD COLUMN extra text',
  'CREATE INDEX song_id_n ON song (id, n)',
  'TRUNCATE song',
];

/** Ways in which a transaction ends without a commit. */
const WAYS: Readonly<Record<string, (subject: SqlSubject, vfs: FaultyVfs) => void>> = {
  'an explicit rollback': ({ db }) => {
    db.exec('BEGIN');
    for (const change of CHANGES) db.exec(change);
    db.exec('ROLLBACK');
  },
  'a rollback to a savepoint': ({ db }) => {
    db.exec('BEGIN; SAVEPOINT s');
    for (const change of CHANGES) db.exec(change);
    db.exec('ROLLBACK TO s; ROLLBACK');
  },
  'a statement that fails at its last row': ({ db }) => {
    assert.throws(
      () => db.exec(`UPDATE song SET n = CASE id WHEN 60 THEN 5000 ELSE n + 300 END, title = 'x'`),
      {
        code: '23514',
      },
    );
  },
  'a constraint': ({ db }) => {
    assert.throws(
      () => db.exec(`INSERT INTO song SELECT i, 'number 1', 61 - i % 3 FROM generate_series(200, 210) i`),
      {
        code: '23505',
      },
    );
  },
  'an exception in a transaction function': ({ db }) => {
    const change = db.transaction(() => {
      for (const each of CHANGES) db.exec(each);
      throw new RangeError('changed my mind');
    });
    assert.throws(change, RangeError);
  },
  'a commit that cannot be written': ({ db }, vfs) => {
    db.exec('BEGIN');
    for (const change of CHANGES) db.exec(change);
    vfs.arm({ seed: 0, faults: [{ on: 'write', call: 0, effect: { kind: 'error', errno: 'ENOSPC' } }] });
    assert.throws(() => db.exec('COMMIT'), { code: '53100' });
    vfs.arm(NO_FAULTS);
    if (db.inTransaction) db.exec('ROLLBACK');
  },
};

for (const spills of [false, true]) {
  for (const [name, way] of Object.entries(WAYS)) {
    test(`AC-003.2: after ${name}${spills ? ', spilled,' : ''} all is as it was before`, () => {
      const vfs = new FaultyVfs(new MemoryVfs());
      const subject = filled(vfs, spills ? { privateBytesMax: 0 } : {});
      const before = stateOf(subject);
      way(subject, vfs);
      assert.deepEqual(stateOf(subject), before);
      assert.deepEqual(subject.check(), []);
      subject.db.exec("INSERT INTO song VALUES (1000, 'number 1 after all', 999)");
      assert.equal(subject.rows(`SELECT id FROM song WHERE title LIKE '%after all'`).length, 1);
      subject.close();
    });
  }
}

/** A database and a twin that only ever runs what was committed. */
class Twins {
  private readonly random: Prng;
  private readonly disk = new MemoryDisk();
  private readonly subject: SqlSubject;
  private readonly twin: SqlSubject;
  /** Statements of the open transaction, as far as they stand; `marks` says where savepoints lie. */
  private effective: string[] = [];
  private marks: number[] = [];
  private isOpen = false;
  private numbers = 0;

  constructor(seed: number) {
    this.random = new Prng(seed);
    this.subject = new SqlSubject(new MemoryVfs(this.disk), {
      pageSize: 1024,
      privateBytesMax: seed % 2 === 0 ? 0 : 1 << 20,
    });
    this.twin = new SqlSubject(new MemoryVfs(), { pageSize: 1024 });
  }

  run(): void {
    for (let i = 0; i < 60; i++) this.step();
    if (this.isOpen) this.finish('ROLLBACK');
    this.compare();
    assert.deepEqual(this.subject.check(), []);
    this.subject.close();
    this.twin.close();
  }

  private step(): void {
    const roll = this.random.below(12);
    if (!this.isOpen && roll < 2) {
      this.subject.db.exec('BEGIN');
      this.isOpen = true;
    } else if (this.isOpen && roll === 2) this.finish('COMMIT');
    else if (this.isOpen && roll === 3) this.finish('ROLLBACK');
    else if (this.isOpen && roll === 4) {
      this.subject.db.exec(`SAVEPOINT s${this.marks.length}`);
      this.marks.push(this.effective.length);
    } else if (this.isOpen && roll === 5 && this.marks.length > 0) {
      this.effective.length = this.marks.at(-1)!;
      this.subject.db.exec(`ROLLBACK TO s${this.marks.length - 1}`);
    } else this.change();
  }

  /** One statement; one that fails inside a transaction is taken back with a savepoint, as a program would. */
  private change(): void {
    const sql = this.statement();
    const { db } = this.subject;
    if (this.isOpen) db.exec('SAVEPOINT attempt');
    try {
      db.exec(sql);
      if (this.isOpen) this.effective.push(sql);
      else this.twin.db.exec(sql);
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      if (this.isOpen) db.exec('ROLLBACK TO attempt');
    }
    if (this.isOpen) db.exec('RELEASE attempt');
    else this.compare();
  }

  private statement(): string {
    const { random } = this;
    const table = `t${random.below(3)}`;
    const from = random.below(80);
    switch (random.below(11)) {
      case 0:
        return `CREATE TABLE ${table} (id int PRIMARY KEY, v text, n int UNIQUE)`;
      case 1:
        return random.chance(0.3) ? `DROP TABLE ${table}` : `DELETE FROM ${table} WHERE id % 3 = ${from % 3}`;
      case 2:
        return this.index(table);
      case 3:
        return `UPDATE ${table} SET v = v || '${++this.numbers}', n = n + ${random.below(3)} WHERE id >= ${from}`;
      case 4:
        return this.alteration(table, from);
      case 5:
        return this.upkeep(table);
      case 6:
        return random.pick([
          `UPDATE ${table} SET v = NULL WHERE id = ${from}`,
          `UPDATE ${table} SET v = 'row ${from}' WHERE v IS NULL`,
          `DELETE FROM ${table} WHERE id = ${from}`,
          `INSERT INTO ${table} (id, v) VALUES (${from}, 'row 7') ON CONFLICT (id) DO UPDATE SET v = excluded.v`,
        ]);
      default:
        return `INSERT INTO ${table} (id, v, n) SELECT i, 'row ' || i || repeat('x', i * ${random.below(9)}), i FROM generate_series(${from}, ${from + random.below(25)}) i`;
    }
  }

  private index(table: string): string {
    const name = `i${++this.numbers}`;
    return this.random.pick([
      `CREATE INDEX ${name} ON ${table} (v)`,
      `CREATE INDEX ${name} ON ${table} (n)`,
      `CREATE INDEX ${name} ON ${table} (n, v)`,
      `CREATE UNIQUE INDEX ${name} ON ${table} (v, id)`,
      `CREATE INDEX ${name} ON ${table} (v) WHERE n > 20`,
      `CREATE INDEX ${name} ON ${table} USING trigram (v)`,
      `CREATE INDEX ${name} ON ${table} USING gin (to_tsvector('simple', v))`,
    ]);
  }

  /** Columns come with and without values for the rows that are there, change their types, and go. */
  private alteration(table: string, from: number): string {
    const alter = `ALTER TABLE ${table}`;
    return this.random.pick([
      `${alter} ADD COLUMN c${++this.numbers} int DEFAULT ${from}`,
      `${alter} ADD COLUMN c${++this.numbers} text DEFAULT 'ä${from}', ADD COLUMN d${this.numbers} float8`,
      `${alter} ADD COLUMN c${++this.numbers} numeric NOT NULL DEFAULT ${from / 8}`,
      `${alter} ADD COLUMN c${++this.numbers} int GENERATED ALWAYS AS (n + 1) STORED`,
      `${alter} ADD COLUMN again int DEFAULT ${from}`,
      `${alter} DROP COLUMN again`,
      `${alter} DROP COLUMN again, ADD COLUMN again text DEFAULT 'back'`,
      `UPDATE ${table} SET again = DEFAULT WHERE id > ${from}`,
      `${alter} ALTER COLUMN again TYPE ${this.random.pick(['bigint', 'text', 'numeric'])}`,
      `${alter} ALTER COLUMN n TYPE ${this.random.pick(['bigint', 'int'])}`,
    ]);
  }

  private upkeep(table: string): string {
    return this.random.pick([`TRUNCATE ${table}`, `REINDEX TABLE ${table}`, 'VACUUM', `ANALYZE ${table}`]);
  }

  private finish(how: 'COMMIT' | 'ROLLBACK'): void {
    this.subject.db.exec(how);
    if (how === 'COMMIT') for (const sql of this.effective) this.twin.db.exec(sql);
    this.isOpen = false;
    this.effective = [];
    this.marks = [];
    this.compare();
  }

  /** Live, and as the next process would find it: the caches and the disk say the same. */
  private compare(): void {
    const expected = this.twin.fingerprint();
    assert.equal(this.subject.fingerprint(), expected);
    if (this.random.chance(0.15)) this.compareOnDisk(expected);
  }

  /** With a page cache of a few pages; and a read that fails tells so, and is forgotten. */
  private compareOnDisk(expected: string): void {
    const { random } = this;
    const vfs = new FaultyVfs(new MemoryVfs(this.disk.clone()));
    const found = new SqlSubject(vfs, { mode: 'open', cacheBytes: random.pick([8192, 1 << 20]) });
    const call = random.below(12);
    const sticky = random.chance(0.5);
    const effect = random.pick([
      { kind: 'error', errno: 'EIO' },
      { kind: 'bitFlip', bit: random.below(8192) },
    ] as const);
    vfs.arm({ seed: 0, faults: [{ on: 'read', call, sticky, effect }] });
    try {
      assert.equal(found.fingerprint(), expected);
    } catch (error) {
      if (!(error instanceof DecentDbError) || !['58030', 'XX001'].includes(error.code)) throw error;
    }
    vfs.arm(NO_FAULTS);
    assert.equal(found.fingerprint(), expected);
    assert.deepEqual(found.check(), []);
    found.close();
  }
}

test(`AC-003.3: ${RUNS} random runs of statements, definitions, savepoints and rollbacks equal a twin that ran only what was committed (SEED=${SEED})`, () => {
  for (let i = 0; i < RUNS; i++) {
    try {
      new Twins(SEED + i).run();
    } catch (error) {
      throw new Error(`replay with SEED=${SEED + i} RUNS=1`, { cause: error });
    }
  }
});
