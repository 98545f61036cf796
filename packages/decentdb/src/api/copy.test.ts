/** COPY in and out: formats, options, defaults, errors with their lines, transactions. Oracle: PostgreSQL 15. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { open } from './async-database.ts';
import { Database } from './database.ts';

function filled(): Database {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE t (a int, b text, c numeric(6,2) DEFAULT 1.5)');
  return db;
}
const rows = (db: Database, sql = 'SELECT * FROM t ORDER BY a'): unknown[] =>
  db.query(sql, [], { rowMode: 'array', format: 'text' }).rows;
const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof DecentDbError) return `${error.code} ${error.message} | ${error.detail ?? ''}`;
    throw error;
  }
  return 'no error';
};

test('text format: tabs, NULL, escapes, pieces cut anywhere, end of data', () => {
  const data =
    '1\tx\\ty\t2\n2\t\\N\t3.456\n3\tback\\\\slash\\x41\\101\t\\N\n4\tline\\\nend\t1\r\n\\.\nnothing';
  for (let size = 1; size < data.length; size += 3) {
    const db = filled();
    const pieces: string[] = [];
    for (let at = 0; at < data.length; at += size) pieces.push(data.slice(at, at + size));
    assert.equal(db.copyFrom('COPY t FROM STDIN', pieces).rowCount, 4);
    assert.deepEqual(rows(db), [
      ['1', 'x\ty', '2.00'],
      ['2', null, '3.46'],
      ['3', 'back\\slashAA', null],
      ['4', 'line\nend', '1.00'],
    ]);
    db.close();
  }
});

test('CSV: quotes, doubled quotes, newlines in fields, NULL and empty, header, forced columns, any pieces', () => {
  const data = 'a,b,c\r\n1,"x, ""y""\n2",2\n2,,\n3,"",3\n4,\'q\',4';
  for (let size = 1; size < data.length; size += 2) {
    const db = filled();
    const pieces: Uint8Array[] = [];
    const bytes = new TextEncoder().encode(data);
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
    assert.equal(db.copyFrom('COPY t FROM STDIN WITH (FORMAT csv, HEADER match)', pieces).rowCount, 4);
    assert.deepEqual(rows(db), [
      ['1', 'x, "y"\n2', '2.00'],
      ['2', null, null],
      ['3', '', '3.00'],
      ['4', "'q'", '4.00'],
    ]);
    db.close();
  }
  const db = filled();
  db.copyFrom("COPY t (a, b) FROM STDIN (FORMAT csv, NULL 'nil', FORCE_NULL (b))", '1,"nil"\n');
  db.copyFrom("COPY t (a, b) FROM STDIN (FORMAT csv, NULL 'nil', FORCE_NOT_NULL (b))", '2,nil\n');
  db.copyFrom("COPY t (b, a) FROM STDIN (FORMAT csv, DELIMITER '|', QUOTE '~', ESCAPE '!')", '~a!~b~|3\n');
  assert.deepEqual(rows(db), [
    ['1', null, '1.50'],
    ['2', 'nil', '1.50'],
    ['3', 'a~b', '1.50'],
  ]);
});

test('defaults, WHERE, identity, checks and domains, options as an object', () => {
  const db = filled();
  db.copyFrom("COPY t FROM STDIN (DEFAULT '\\D')", '1\t\\D\t\\D\n2\tx\t9\n');
  db.copyFrom('COPY t (a, b) FROM STDIN WHERE a > 10 AND b <> $$no$$', '5\ta\n11\tno\n12\tyes\n');
  db.copyFrom('t', '20;x;\n', { format: 'csv', delimiter: ';' });
  assert.deepEqual(rows(db), [
    ['1', null, '1.50'],
    ['2', 'x', '9.00'],
    ['12', 'yes', '1.50'],
    ['20', 'x', null],
  ]);
  db.exec(`CREATE DOMAIN small AS int CHECK (value < 10); CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE TABLE u (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s small, m mood[], g int GENERATED ALWAYS AS (s * 2) STORED)`);
  assert.equal(db.copyFrom('COPY u (id, s, m) FROM STDIN', '7\t3\t{sad,ok}\n').rowCount, 1);
  assert.deepEqual(rows(db, 'SELECT * FROM u'), [['7', '3', '{sad,ok}', '6']]);
  assert.match(
    codeOf(() => db.copyFrom('COPY u (s) FROM STDIN', '30\n')),
    /^23514/,
  );
  assert.match(
    codeOf(() => db.copyFrom('COPY u (g) FROM STDIN', '1\n')),
    /^42P10/,
  );
});

test('errors: the line and column, nothing kept, ON_ERROR ignore', () => {
  const db = filled();
  assert.equal(
    codeOf(() => db.copyFrom('COPY t FROM STDIN', '1\tx\t1\nzwei\ty\t2\n')),
    '22P02 invalid input syntax for type integer: "zwei" | COPY t, line 2, column a: "zwei"',
  );
  assert.equal(
    codeOf(() => db.copyFrom('COPY t FROM STDIN', '1\tx\t1\n2\n')),
    '22P04 missing data for column "b" | COPY t, line 2',
  );
  assert.equal(
    codeOf(() => db.copyFrom('COPY t FROM STDIN', '1\tx\t1\t9\n')),
    '22P04 extra data after last expected column | COPY t, line 1',
  );
  assert.match(
    codeOf(() => db.copyFrom('COPY t FROM STDIN CSV', '1,"x')),
    /^22P04 unterminated CSV/,
  );
  assert.match(
    codeOf(() => db.copyFrom('COPY t FROM STDIN', new Uint8Array([0xff, 10]))),
    /^22021/,
  );
  assert.match(
    codeOf(() => db.copyFrom('COPY nowhere FROM STDIN', '')),
    /^42P01/,
  );
  assert.match(
    codeOf(() => db.copyFrom("COPY t FROM STDIN (DELIMITER 'a')", '')),
    /^22023/,
  );
  assert.match(
    codeOf(() => db.copyFrom('COPY t FROM STDIN (nonsense)', '')),
    /^42601 option "nonsense"/,
  );
  assert.match(
    codeOf(() => db.copyFrom("COPY t FROM '/etc/passwd'", '')),
    /^0A000/,
  );
  assert.match(
    codeOf(() => db.exec('COPY t FROM STDIN')),
    /^0A000/,
  );
  assert.deepEqual(rows(db), []);
  assert.equal(db.inTransaction, false);
  assert.equal(
    db.copyFrom('COPY t FROM STDIN (ON_ERROR ignore)', '1\tx\t1\nzwei\ty\t2\n3\tz\tq\n4\tw\t4\n').rowCount,
    2,
  );
});

test('inside a transaction a failed copy undoes itself alone', () => {
  const db = filled();
  db.exec('BEGIN');
  db.exec("INSERT INTO t VALUES (1, 'kept')");
  const many = Array.from({ length: 5000 }, (_, i) => `${i}\tx\t1\n`);
  assert.match(
    codeOf(() => db.copyFrom('COPY t FROM STDIN', [...many, 'bad\n'])),
    /^22P0/,
  );
  assert.equal(db.copyFrom('COPY t (a) FROM STDIN', '2\n').rowCount, 1);
  db.exec('COMMIT');
  assert.deepEqual(rows(db, 'SELECT a FROM t ORDER BY a'), [['1'], ['2']]);
});

test('out: text and CSV, queries, a sink, what went out comes in again', () => {
  const db = filled();
  db.exec("INSERT INTO t VALUES (1, E'tab\\there', 2), (2, NULL, NULL), (3, '\\.', 0), (4, 'q\"u,o', 1)");
  assert.equal(
    db.copyTo('COPY t TO STDOUT').text,
    '1\ttab\\there\t2.00\n2\t\\N\t\\N\n3\t\\\\.\t0.00\n4\tq"u,o\t1.00\n',
  );
  assert.equal(
    db.copyTo('COPY t (a, b) TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE (a))').text,
    'a,b\n"1",tab\there\n"2",\n"3",\\.\n"4","q""u,o"\n',
  );
  assert.equal(
    db.copyTo("COPY (SELECT a FROM t WHERE a > 2 ORDER BY a DESC) TO STDOUT (DELIMITER '|')").text,
    '4\n3\n',
  );
  assert.equal(db.copyTo('COPY (DELETE FROM t WHERE a = 4 RETURNING a) TO STDOUT').text, '4\n');
  const pieces: string[] = [];
  assert.deepEqual(
    db.copyTo('t', (piece) => pieces.push(piece), { format: 'csv' }),
    { rowCount: 3 },
  );
  const other = filled();
  other.copyFrom('t', pieces, { format: 'csv' });
  assert.deepEqual(rows(other), rows(db));
});

test('asynchronously, from a stream', async () => {
  const db = await open(':memory:');
  await db.exec('CREATE TABLE t (a int)');
  async function* source(): AsyncGenerator<string> {
    for (let i = 0; i < 3; i++) {
      await null;
      yield `${i}\n`;
    }
  }
  assert.equal((await db.copyFrom('COPY t FROM STDIN', source())).rowCount, 3);
  const written: string[] = [];
  await db.copyTo('COPY (SELECT a FROM t ORDER BY a) TO STDOUT', {
    write: async (piece) => written.push(piece),
  });
  assert.equal(written.join(''), '0\n1\n2\n');
  await db.close();
});
