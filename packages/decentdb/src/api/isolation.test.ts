/**
 * The anomalies of the literature (Berenson et al. 1995, Adya 2000; the cases are those of Martin Kleppmann's Hermitage) over
 * two and three connections to one database. Each line is a connection, a statement, and what it answers.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { Database } from './database.ts';

interface Line {
  readonly who: string;
  readonly sql: string;
  readonly expected: string;
}

function parse(script: string): Line[] {
  return script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const match = /^(T\d) (.*?)\s+=> (.*)$/.exec(line);
      assert.ok(match, `not a line of a script: ${line}`);
      return { who: match[1]!, sql: match[2]!, expected: match[3]! };
    });
}

function answer(db: Database, sql: string): string {
  try {
    const { rows, command, affectedRows, fields } = db.query<unknown[]>(sql, [], { rowMode: 'array' });
    if (fields.length > 0) return rows.length === 0 ? 'nothing' : rows.map((row) => row.join(':')).join(' ');
    return affectedRows > 0 || /INSERT|UPDATE|DELETE/.test(command) ? `${command} ${affectedRows}` : command;
  } catch (error) {
    if (!(error instanceof DecentDbError)) throw error;
    return `error ${error.code}`;
  }
}

function run(name: string, script: string): void {
  test(`isolation: ${name}`, () => {
    const first = new Database('i.ddb', { vfs: new MemoryVfs() });
    const connections = new Map<string, Database>();
    const connect = (who: string): Database => {
      let db = connections.get(who);
      if (db === undefined) {
        const storage = { engine: first.session.engine, close: () => {} };
        db = new Database('i.ddb', {}, { storage, groupCommits: false });
        connections.set(who, db);
      }
      return db;
    };
    first.exec('CREATE TABLE test (id int PRIMARY KEY, value int); INSERT INTO test VALUES (1, 10), (2, 20)');
    const said: string[] = [];
    const wanted: string[] = [];
    for (const { who, sql, expected } of parse(script)) {
      said.push(`${who} ${sql} => ${answer(connect(who), sql)}`);
      wanted.push(`${who} ${sql} => ${expected}`);
    }
    assert.deepEqual(said, wanted);
    for (const db of connections.values()) db.close();
    assert.deepEqual(first.stats().readers, []);
    assert.deepEqual(first.stats().locksHeld, []);
    first.close();
  });
}

run(
  'G0 dirty write: the second writer is refused, not interleaved',
  `
  T1 BEGIN                                      => BEGIN
  T2 BEGIN                                      => BEGIN
  T1 UPDATE test SET value = 11 WHERE id = 1    => UPDATE 1
  T2 UPDATE test SET value = 12 WHERE id = 1    => error 55P03
  T1 UPDATE test SET value = 21 WHERE id = 2    => UPDATE 1
  T1 COMMIT                                     => COMMIT
  T2 ROLLBACK                                   => ROLLBACK
  T2 SELECT * FROM test ORDER BY id             => 1:11 2:21
  T2 UPDATE test SET value = 12 WHERE id = 1    => UPDATE 1
  T1 SELECT * FROM test ORDER BY id             => 1:12 2:21
  `,
);

run(
  'G1a aborted read (dirty read): what was rolled back was never seen',
  `
  T1 BEGIN                                      => BEGIN
  T2 BEGIN                                      => BEGIN
  T1 UPDATE test SET value = 101 WHERE id = 1   => UPDATE 1
  T2 SELECT * FROM test ORDER BY id             => 1:10 2:20
  T1 ROLLBACK                                   => ROLLBACK
  T2 SELECT * FROM test ORDER BY id             => 1:10 2:20
  T2 COMMIT                                     => COMMIT
  `,
);

run(
  'G1b intermediate read: only what was committed is seen, by those who begin after it',
  `
  T1 BEGIN                                      => BEGIN
  T2 BEGIN                                      => BEGIN
  T1 UPDATE test SET value = 101 WHERE id = 1   => UPDATE 1
  T2 SELECT * FROM test ORDER BY id             => 1:10 2:20
  T1 UPDATE test SET value = 11 WHERE id = 1    => UPDATE 1
  T1 COMMIT                                     => COMMIT
  T2 SELECT * FROM test ORDER BY id             => 1:10 2:20
  T2 COMMIT                                     => COMMIT
  T2 SELECT * FROM test ORDER BY id             => 1:11 2:20
  `,
);

run(
  'G1c circular information flow',
  `
  T1 BEGIN                                      => BEGIN
  T2 BEGIN                                      => BEGIN
  T1 UPDATE test SET value = 11 WHERE id = 1    => UPDATE 1
  T2 UPDATE test SET value = 22 WHERE id = 2    => error 55P03
  T1 SELECT * FROM test WHERE id = 2            => 2:20
  T2 SELECT * FROM test WHERE id = 1            => 1:10
  T1 COMMIT                                     => COMMIT
  T2 COMMIT                                     => COMMIT
  `,
);

run(
  'OTV observed transaction vanishes: a third transaction sees the first whole and the second not at all',
  `
  T1 BEGIN                                      => BEGIN
  T2 BEGIN                                      => BEGIN
  T3 BEGIN                                      => BEGIN
  T1 UPDATE test SET value = 11 WHERE id = 1    => UPDATE 1
  T1 UPDATE test SET value = 19 WHERE id = 2    => UPDATE 1
  T2 UPDATE test SET value = 12 WHERE id = 1    => error 55P03
  T1 COMMIT                                     => COMMIT
  T2 ROLLBACK                                   => ROLLBACK
  T2 BEGIN                                      => BEGIN
  T2 UPDATE test SET value = 12 WHERE id = 1    => UPDATE 1
  T3 SELECT * FROM test WHERE id = 1            => 1:11
  T2 UPDATE test SET value = 18 WHERE id = 2    => UPDATE 1
  T3 SELECT * FROM test WHERE id = 2            => 2:19
  T2 COMMIT                                     => COMMIT
  T3 SELECT * FROM test ORDER BY id             => 1:11 2:19
  T3 COMMIT                                     => COMMIT
  T3 SELECT * FROM test ORDER BY id             => 1:12 2:18
  `,
);

run(
  'PMP predicate-many-preceders (phantom): a predicate finds the same rows as before',
  `
  T1 BEGIN                                      => BEGIN
  T1 SELECT * FROM test WHERE value = 30        => nothing
  T2 INSERT INTO test VALUES (3, 30)            => INSERT 1
  T1 SELECT * FROM test WHERE value % 3 = 0     => nothing
  T1 COMMIT                                     => COMMIT
  T1 SELECT * FROM test WHERE value % 3 = 0     => 3:30
  `,
);

run(
  'PMP for write predicates: a transaction that read before another commit may not write after it',
  `
  T1 BEGIN                                      => BEGIN
  T2 BEGIN                                      => BEGIN
  T2 SELECT count(*) FROM test                  => 2
  T1 UPDATE test SET value = value + 10         => UPDATE 2
  T1 COMMIT                                     => COMMIT
  T2 DELETE FROM test WHERE value = 20          => error 40001
  T2 ROLLBACK                                   => ROLLBACK
  T2 DELETE FROM test WHERE value = 20          => DELETE 1
  T1 SELECT * FROM test ORDER BY id             => 2:30
  `,
);

run(
  'P2 fuzzy read: a row read twice is the same row',
  `
  T1 BEGIN                                      => BEGIN
  T1 SELECT value FROM test WHERE id = 1        => 10
  T2 UPDATE test SET value = 99 WHERE id = 1    => UPDATE 1
  T1 SELECT value FROM test WHERE id = 1        => 10
  T2 DELETE FROM test WHERE id = 1              => DELETE 1
  T1 SELECT value FROM test WHERE id = 1        => 10
  T1 COMMIT                                     => COMMIT
  T1 SELECT value FROM test WHERE id = 1        => nothing
  `,
);

run(
  'P4 lost update: the second of two read-then-write transactions fails',
  `
  T1 BEGIN                                      => BEGIN
  T2 BEGIN                                      => BEGIN
  T1 SELECT * FROM test WHERE id = 1            => 1:10
  T2 SELECT * FROM test WHERE id = 1            => 1:10
  T1 UPDATE test SET value = 11 WHERE id = 1    => UPDATE 1
  T2 UPDATE test SET value = 11 WHERE id = 1    => error 55P03
  T1 COMMIT                                     => COMMIT
  T2 UPDATE test SET value = 11 WHERE id = 1    => error 40001
  T2 ROLLBACK                                   => ROLLBACK
  `,
);

run(
  'G-single read skew: two rows are read as of one moment',
  `
  T1 BEGIN                                      => BEGIN
  T2 BEGIN                                      => BEGIN
  T1 SELECT * FROM test WHERE id = 1            => 1:10
  T2 SELECT * FROM test ORDER BY id             => 1:10 2:20
  T2 UPDATE test SET value = 12 WHERE id = 1    => UPDATE 1
  T2 UPDATE test SET value = 18 WHERE id = 2    => UPDATE 1
  T2 COMMIT                                     => COMMIT
  T1 SELECT * FROM test WHERE id = 2            => 2:20
  T1 SELECT * FROM test WHERE value % 3 = 0     => nothing
  T1 DELETE FROM test WHERE value = 20          => error 40001
  T1 ROLLBACK                                   => ROLLBACK
  `,
);

run(
  'G2-item write skew: prevented, since a transaction that writes must have read the newest state',
  `
  T1 BEGIN                                      => BEGIN
  T2 BEGIN                                      => BEGIN
  T1 SELECT sum(value) FROM test                => 30
  T2 SELECT sum(value) FROM test                => 30
  T1 UPDATE test SET value = 11 WHERE id = 1    => UPDATE 1
  T1 COMMIT                                     => COMMIT
  T2 UPDATE test SET value = 21 WHERE id = 2    => error 40001
  T2 COMMIT                                     => COMMIT
  T2 SELECT * FROM test ORDER BY id             => 1:11 2:20
  `,
);

run(
  'G2 anti-dependency cycle over a predicate: prevented likewise',
  `
  T1 BEGIN                                      => BEGIN
  T2 BEGIN                                      => BEGIN
  T1 SELECT * FROM test WHERE value % 3 = 0     => nothing
  T2 SELECT * FROM test WHERE value % 3 = 0     => nothing
  T1 INSERT INTO test VALUES (3, 30)            => INSERT 1
  T1 COMMIT                                     => COMMIT
  T2 INSERT INTO test VALUES (4, 42)            => error 40001
  T2 ROLLBACK                                   => ROLLBACK
  `,
);

run(
  'G2 with a reader (Fekete et al. 2004): the third sees a state that the order T2, T3 explains, and T1 may not write',
  `
  T1 BEGIN                                      => BEGIN
  T1 SELECT * FROM test ORDER BY id             => 1:10 2:20
  T2 BEGIN                                      => BEGIN
  T2 UPDATE test SET value = value + 5 WHERE id = 2 => UPDATE 1
  T2 COMMIT                                     => COMMIT
  T3 BEGIN                                      => BEGIN
  T3 SELECT * FROM test ORDER BY id             => 1:10 2:25
  T3 COMMIT                                     => COMMIT
  T1 UPDATE test SET value = 0 WHERE id = 1     => error 40001
  T1 ROLLBACK                                   => ROLLBACK
  `,
);

run(
  "what is left of write skew: deciding in one transaction and writing in another is nobody's business but the caller's",
  `
  T1 SELECT sum(value) FROM test                => 30
  T2 SELECT sum(value) FROM test                => 30
  T1 UPDATE test SET value = -20 WHERE id = 1   => UPDATE 1
  T2 UPDATE test SET value = -10 WHERE id = 2   => UPDATE 1
  T1 SELECT sum(value) FROM test                => -30
  `,
);
