/** INSTEAD OF triggers on views, TRUNCATE triggers, constraint triggers, what foreign key actions fire. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { Database } from './database.ts';
import type { TriggerEvent } from './trigger-functions.ts';

const rows = (db: Database, sql: string): unknown[] =>
  db.query(sql, [], { rowMode: 'array', format: 'text' }).rows;
const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof DecentDbError) return error.code;
    throw error;
  }
  return 'no error';
};

function withView(path = ':memory:', vfs = new MemoryVfs()): Database {
  const db = new Database(path, { vfs });
  db.function('city_change', { returns: 'trigger' }, (event: TriggerEvent) => {
    const { op } = event;
    if (op === 'insert') {
      if (event.new?.['city'] === 'skip') return null;
      event.query('INSERT INTO city (name, country) VALUES ($1, (SELECT id FROM country WHERE name = $2))', [
        event.new?.['city'],
        event.new?.['country'],
      ]);
      return { ...event.new, people: 7 };
    }
    if (op === 'update')
      event.query('UPDATE city SET name = $1, people = $3 WHERE name = $2', [
        event.new?.['city'],
        event.old?.['city'],
        event.new?.['people'],
      ]);
    else event.query('DELETE FROM city WHERE name = $1', [event.old?.['city']]);
    return undefined;
  });
  db.exec(`CREATE TABLE IF NOT EXISTS country (id int PRIMARY KEY, name text);
    CREATE TABLE IF NOT EXISTS city (id int PRIMARY KEY, name text, country int REFERENCES country, people int DEFAULT 1);`);
  return db;
}

const VIEW = `INSERT INTO country VALUES (1, 'NO'), (2, 'SE');
  CREATE VIEW places AS SELECT city.name AS city, country.name AS country, people FROM city JOIN country ON country.id = city.country;
  CREATE TRIGGER t INSTEAD OF INSERT OR UPDATE OR DELETE ON places FOR EACH ROW EXECUTE FUNCTION city_change();`;

test('a join view is written through INSTEAD OF triggers, RETURNING shows what they answer, counts count', () => {
  const db = withView();
  db.exec(VIEW);
  const made = db.query(
    "INSERT INTO places (city, country) VALUES ('Oslo', 'NO'), ('skip', 'NO'), ('Lund', 'SE') RETURNING *",
    [],
    { rowMode: 'array' },
  );
  assert.deepEqual(made.rows, [
    ['Oslo', 'NO', 7],
    ['Lund', 'SE', 7],
  ]);
  assert.equal(made.affectedRows, 2);
  const plain = db.query("INSERT INTO places SELECT 'c' || g, 'SE' FROM generate_series(1, 3) AS g");
  assert.deepEqual([plain.rows.length, plain.affectedRows], [0, 3]);
  assert.equal(
    db.query("UPDATE places SET city = city || '!', people = 5 WHERE country = 'SE'").affectedRows,
    4,
  );
  assert.deepEqual(rows(db, 'SELECT city, people FROM places ORDER BY 1'), [
    ['Lund!', '5'],
    ['Oslo', '1'],
    ['c1!', '5'],
    ['c2!', '5'],
    ['c3!', '5'],
  ]);
  assert.deepEqual(
    rows(
      db,
      "UPDATE places p SET people = n.id FROM country n WHERE n.name = p.country AND p.city = 'Oslo' RETURNING p.city, p.people, n.name",
    ),
    [['Oslo', '1', 'NO']],
  );
  assert.deepEqual(rows(db, "DELETE FROM places WHERE city LIKE 'c%' RETURNING city"), [
    ['c1!'],
    ['c2!'],
    ['c3!'],
  ]);
  assert.deepEqual(rows(db, 'SELECT count(*) FROM city'), [['2']]);
  db.exec('DROP TRIGGER t ON places');
  assert.equal(
    codeOf(() => db.exec("INSERT INTO places (city) VALUES ('x')")),
    '55000',
  );
});

test('triggers of a view are there after reopening, and go with it', () => {
  const vfs = new MemoryVfs();
  withView('/v.ddb', vfs).exec(VIEW).close();
  const db = withView('/v.ddb', vfs);
  db.exec("INSERT INTO places (city, country) VALUES ('Oslo', 'NO')");
  assert.deepEqual(rows(db, 'SELECT city FROM places'), [['Oslo']]);
  db.exec(
    'CREATE OR REPLACE VIEW places AS SELECT city.name AS city, country.name AS country, people FROM city JOIN country ON country.id = city.country WHERE people > 0',
  );
  assert.equal(db.query("DELETE FROM places WHERE city = 'Oslo'").affectedRows, 1);
  db.exec('DROP VIEW places');
});

test('what triggers of views and TRUNCATE may not say', () => {
  const db = withView();
  db.exec(VIEW);
  const refused = (sql: string, code: string): void =>
    assert.equal(
      codeOf(() => db.exec(sql)),
      code,
      sql,
    );
  refused('CREATE TRIGGER a BEFORE INSERT ON places FOR EACH ROW EXECUTE FUNCTION city_change()', '42809');
  refused('CREATE TRIGGER a INSTEAD OF INSERT ON city FOR EACH ROW EXECUTE FUNCTION city_change()', '42809');
  refused('CREATE TRIGGER a INSTEAD OF INSERT ON places EXECUTE FUNCTION city_change()', '0A000');
  refused(
    'CREATE TRIGGER a INSTEAD OF UPDATE OF city ON places FOR EACH ROW EXECUTE FUNCTION city_change()',
    '0A000',
  );
  refused('CREATE TRIGGER a BEFORE TRUNCATE ON city FOR EACH ROW EXECUTE FUNCTION city_change()', '0A000');
  refused('CREATE TRIGGER a BEFORE TRUNCATE ON city EXECUTE FUNCTION nobody()', '42883');
});

test('TRUNCATE fires statement triggers of every table it empties', () => {
  const db = withView();
  const log: string[] = [];
  db.function('note', { returns: 'trigger' }, (event: TriggerEvent) => {
    log.push(
      `${event.when} ${event.op} ${event.table} ${event.query('SELECT count(*)::int AS n FROM city').rows[0]?.['n']}`,
    );
    return undefined;
  });
  db.exec(VIEW);
  db.exec("INSERT INTO city VALUES (1, 'Oslo', 1)");
  for (const table of ['country', 'city'])
    db.exec(`CREATE TRIGGER b BEFORE TRUNCATE ON ${table} EXECUTE FUNCTION note();
      CREATE TRIGGER a AFTER TRUNCATE ON ${table} EXECUTE FUNCTION note();`);
  db.exec('TRUNCATE country CASCADE');
  assert.deepEqual(log, [
    'before truncate country 1',
    'before truncate city 1',
    'after truncate country 0',
    'after truncate city 0',
  ]);
});

test('constraint triggers wait for the end of the transaction, or for SET CONSTRAINTS', () => {
  const db = new Database(':memory:');
  const log: unknown[] = [];
  db.function('check_sum', { returns: 'trigger' }, (event: TriggerEvent) => {
    log.push(event.new?.['a']);
    const sum = event.query('SELECT sum(a)::int AS s FROM t').rows[0]?.['s'];
    if (sum !== 0) throw new DecentDbError('23514', `the sum is ${sum}`);
    return undefined;
  });
  db.exec(`CREATE TABLE t (a int);
    CREATE CONSTRAINT TRIGGER c AFTER INSERT OR UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_sum()`);
  db.exec('BEGIN; INSERT INTO t VALUES (5); INSERT INTO t VALUES (-5)');
  assert.deepEqual(log, []);
  db.exec('COMMIT');
  assert.deepEqual(log, [5, -5]);
  assert.equal(
    codeOf(() => db.exec('INSERT INTO t VALUES (1)')),
    '23514',
  );
  assert.deepEqual(rows(db, 'SELECT count(*) FROM t'), [['2']]);
  db.exec(
    'BEGIN; INSERT INTO t VALUES (3); SAVEPOINT s; INSERT INTO t VALUES (100); ROLLBACK TO s; INSERT INTO t VALUES (-3)',
  );
  log.length = 0;
  db.exec('SET CONSTRAINTS c IMMEDIATE');
  assert.deepEqual(log, [3, -3]);
  assert.equal(
    codeOf(() => db.exec('INSERT INTO t VALUES (9)')),
    '23514',
  );
  db.exec('COMMIT');
  assert.deepEqual(rows(db, 'SELECT sum(a) FROM t'), [['0']]);
});

test('suppress_redundant_updates_trigger is built in', () => {
  const db = new Database(':memory:');
  db.exec(`CREATE TABLE t (a int, b numeric); INSERT INTO t VALUES (1, 1.50), (2, NULL);
    CREATE TRIGGER z BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`);
  assert.equal(db.query('UPDATE t SET a = a, b = b').affectedRows, 0);
  assert.equal(db.query('UPDATE t SET a = 2').affectedRows, 1);
  assert.equal(db.query('UPDATE t SET b = 1.500 WHERE b IS NOT NULL').affectedRows, 1);
});

test('cascades fire the row triggers of the child', () => {
  const db = new Database(':memory:');
  const log: string[] = [];
  db.function('note', { returns: 'trigger' }, (event: TriggerEvent) => {
    log.push(`${event.when} ${event.op} ${JSON.stringify(event.old)} ${JSON.stringify(event.new)}`);
    return undefined;
  });
  db.exec(`CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE);
    INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1);
    CREATE TRIGGER b BEFORE UPDATE OR DELETE ON c FOR EACH ROW EXECUTE FUNCTION note();
    CREATE TRIGGER a AFTER UPDATE OR DELETE ON c FOR EACH ROW EXECUTE FUNCTION note()`);
  db.exec('UPDATE p SET id = 2; DELETE FROM p');
  assert.deepEqual(log, [
    'before update {"id":1,"p":1} {"id":1,"p":2}',
    'after update {"id":1,"p":1} {"id":1,"p":2}',
    'before delete {"id":1,"p":2} null',
    'after delete {"id":1,"p":2} null',
  ]);
});

test('columns of a view have defaults of their own, which triggers see', () => {
  const vfs = new MemoryVfs();
  withView('/defaults.ddb', vfs).exec(
    `${VIEW} ALTER VIEW places ALTER country SET DEFAULT 'SE', ALTER people SET DEFAULT 3;`,
  );
  const db = withView('/defaults.ddb', vfs);
  assert.deepEqual(rows(db, "INSERT INTO places (city) VALUES ('Ystad') RETURNING country, people"), [
    ['SE', '7'],
  ]);
  db.exec("INSERT INTO places VALUES ('Moss', 'NO', DEFAULT), ('Lund', DEFAULT, 1)");
  assert.deepEqual(rows(db, 'SELECT city, country FROM places ORDER BY city'), [
    ['Lund', 'SE'],
    ['Moss', 'NO'],
    ['Ystad', 'SE'],
  ]);
  db.exec("UPDATE places SET people = DEFAULT WHERE city = 'Lund'");
  assert.deepEqual(rows(db, "SELECT people FROM places WHERE city = 'Lund'"), [['3']]);
  assert.equal(
    codeOf(() => db.exec('ALTER VIEW city ALTER name SET DEFAULT 1')),
    '42809',
  );
});
