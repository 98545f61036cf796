/**
 * Statements that differ in literals share plans: same answers as each planned alone, and a plan of its own where values decide how
 * many rows are found.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';
import { random, testSeed } from '../../exec/expr.test.kit.ts';
import { int4Type } from '../../types/integer-types.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';
import type { Compiled } from './compiled.ts';
import { Templates } from './templates.ts';

const SCHEMA = `
CREATE TABLE u (id int PRIMARY KEY, name text, age smallint, city varchar(20), score float8, price numeric(8,2), born date,
  seen timestamptz, ok bool, code char(4));
CREATE INDEX u_city ON u (city);
CREATE TABLE o (id bigint PRIMARY KEY, u int, amount float8, state text, day date, cents numeric);
CREATE INDEX o_u ON o (u);
CREATE INDEX o_state_day ON o (state, day);
INSERT INTO u SELECT i, 'n' || i % 7, i % 50, CASE WHEN i % 10 < 8 THEN 'Rome' ELSE 'City ' || i % 5 END, i / 4.0, i * 1.25,
  date '2020-01-01' + i, timestamptz '2020-01-01 00:00Z' + i * interval '1 hour', i % 3 = 0, 'c' || i % 9
  FROM generate_series(1, 300) i;
INSERT INTO o SELECT i, 1 + i * 7 % 320, i % 100 / 3.0, (ARRAY['new', 'paid', 'done'])[1 + i % 3], date '2021-01-01' + i % 90, i / 8.0
  FROM generate_series(1, 900) i;
ANALYZE;
`;

function opened(): Database {
  const db = new Database('/shared.ddb', { vfs: new MemoryVfs() });
  db.exec(SCHEMA);
  return db;
}

function outcome(db: Database, sql: string): readonly string[] {
  try {
    const { rows } = db.query<(string | null)[]>(sql, [], { rowMode: 'array', format: 'text' });
    return rows.map((row) => row.join('|')).sort();
  } catch (error) {
    if (error instanceof DecentDbError) return [`${error.code} ${error.message}`];
    throw error;
  }
}

const literals = {
  int: ['0', '1', '7', '42', '150', '299', '70000', '999999999'],
  decimal: ['0.5', '12.25', '74.75', '3.0', '1000.125'],
  text: ["'Rome'", "'City 3'", "'new'", "'n3'", "'c4'", "'c4  '", "'7'", "''", "'x''y'", "'Ro'\n 'me'"],
  date: ["'2020-03-01'", "'2021-02-10'", "'now'", "'infinity'", "'nonsense'"],
  moment: [
    "DATE '2020-03-01'",
    "'2021-02-10'::date",
    "timestamp '2020-01-05 12:30'",
    "timestamptz '2020-01-03 01:00:00+02'",
    "date '2020-02-01' + 20",
    "date '2021-03-15' - interval '1' month",
    "timestamp(0) '2020-01-09 00:00:00.6'",
    "cast('2021-01-20' as date)",
  ],
};

test('a literal that does not fit its column is refused where no row is changed, with a shared plan too', () => {
  const schema = `
    CREATE DOMAIN brief AS varchar(3) CHECK (VALUE <> 'no');
    CREATE TABLE t (id int PRIMARY KEY, v varchar(4), c char(2), n numeric(3,1), b bit(3), s smallint, x brief);
    INSERT INTO t VALUES (1);`;
  const plain = new Database('/plain.ddb', { vfs: new MemoryVfs() });
  plain.exec(`${schema} SET optimizer.rule.literal_parameters = off`);
  // A text that fits before one that does not, and the other way round.
  for (const [column, fits, fails, code] of [
    ['v', "'abcd'", "'abcde'", '22001'],
    ['c', "'ab '", "'abc'", '22001'],
    ['n', "'12.34'", "'12345'", '22003'],
    ['n', '12', '12345', '22003'],
    ['n', '12.5', '123.5', '22003'],
    ['b', "'101'", "'11111'", '22026'],
    ['s', '7', '100000', '22003'],
    ['x', "'abc'", "'abcd'", '22001'],
    ['x', "'yes'", "'no'", null],
  ] as const)
    for (const order of [
      [fits, fails, fits, fails],
      [fails, fits, fails],
    ]) {
      const db = new Database('/shared.ddb', { vfs: new MemoryVfs() });
      db.exec(schema);
      for (const literal of order)
        for (const where of ['id = 0', 'false', 'id = 0 AND n < 5']) {
          const sql = `UPDATE t SET ${column} = ${literal} WHERE ${where} RETURNING id`;
          const found = outcome(db, sql);
          assert.deepEqual(found, outcome(plain, sql), sql);
          assert.equal(found[0]?.slice(0, 5), literal === fails ? (code ?? undefined) : undefined, sql);
        }
      db.close();
    }
  plain.close();
});

test('what all arms of an OR repeat keeps its literals, whichever text of the skeleton comes first', () => {
  const sql = (a: string, b: string, c: string, d: string, n: number): string =>
    `SELECT u.id, o.id FROM o, u WHERE o.amount < ${n} + 0.5 AND ((o.u = u.id AND o.state = ${a} AND u.city = ${b} AND u.age < 20)
       OR (o.u = u.id AND o.state = ${c} AND u.city = ${d} AND u.age > ${n})) AND o.id <> ${n}`;
  const texts = [
    sql("'new'", "'Rome'", "'new'", "'City 3'", 7),
    sql("'new'", "'Rome'", "'paid'", "'Rome'", 7),
    sql("'new'", "'Rome'", "'new'", "'Rome'", 7),
    sql("'done'", "'City 3'", "'done'", "'Rome'", 30),
    sql("'done'", "'City 3'", "'new'", "'City 3'", 30),
  ];
  const plain = opened();
  plain.exec('SET optimizer.rule.literal_parameters = off');
  const wanted = texts.map((text) => outcome(plain, text));
  for (let first = 0; first < texts.length; first++) {
    const db = opened();
    for (let i = 0; i < 2 * texts.length; i++) {
      const at = (first + i) % texts.length;
      assert.deepEqual(outcome(db, texts[at] as string), wanted[at], texts[at]);
    }
    db.close();
  }
  // Factored out, the condition on the state is asked once, of its table alone.
  const db = opened();
  assert.ok(new Templates().find(texts[0] as string)?.literals.includes('new') === false);
  assert.ok(new Templates().find(texts[1] as string)?.literals.includes('new') === true);
  db.close();
  plain.close();
});

test('any literals: the answer, or the error, is that of the statement alone', () => {
  const next = random(testSeed());
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const any = (): string => pick([...literals.int, ...literals.decimal, ...literals.text, ...literals.date]);
  const columns = {
    u: ['id', 'name', 'age', 'city', 'score', 'price', 'born', 'seen', 'ok', 'code'],
    o: ['id', 'u', 'amount', 'state', 'day', 'cents'],
  };
  const fitting = (column: string): string => {
    if (next() < 0.1) return any();
    if (['name', 'city', 'state', 'code'].includes(column)) return pick(literals.text);
    if (['born', 'seen', 'day'].includes(column)) return pick(next() < 0.5 ? literals.date : literals.moment);
    return pick(next() < 0.6 ? literals.int : literals.decimal);
  };
  const condition = (t: 'u' | 'o'): string => {
    const column = pick(columns[t]);
    const left = next() < 0.1 ? `lower(${t}.${column})` : `${t}.${column}`;
    const v = (): string => fitting(column);
    switch (Math.floor(next() * 7)) {
      case 0:
        return `${left} BETWEEN ${v()} AND ${v()}`;
      case 1:
        return `${left} IN (${v()}, ${v()}, ${v()})`;
      case 2:
        return `${v()} ${pick(['<', '>=', '=', '<>'])} ${left}`;
      case 3:
        return `NOT (${left} = ${v()} OR ${t}.id + 1 > ${pick(literals.int)})`;
      default:
        return `${left} ${pick(['=', '<', '<=', '>', '>=', '!='])} ${v()}`;
    }
  };
  const shapes: readonly (() => string)[] = [
    () => `SELECT id FROM u WHERE ${condition('u')} AND ${condition('u')}`,
    () => `SELECT u.id, o.id FROM u JOIN o ON o.u = u.id AND ${condition('o')} WHERE ${condition('u')}`,
    () => `SELECT u.id, o.id FROM u LEFT JOIN o ON o.u = u.id AND ${condition('o')} WHERE ${condition('u')}`,
    () => `SELECT id FROM u WHERE id IN (SELECT o.u FROM o WHERE ${condition('o')}) AND ${condition('u')}`,
    () => `SELECT id FROM u WHERE EXISTS (SELECT 1 FROM o WHERE o.u = u.id AND ${condition('o')})`,
    () =>
      `SELECT state, count(*) FROM o WHERE ${condition('o')} GROUP BY state HAVING count(*) > ${pick(literals.int)}`,
    () =>
      `SELECT age, (SELECT count(*) FROM o WHERE o.u = u.id AND ${condition('o')}) FROM u WHERE ${condition('u')}`,
    () => `SELECT id FROM u WHERE ${condition('u')} ORDER BY 1 LIMIT 3`,
    () =>
      `WITH c AS (SELECT * FROM o WHERE ${condition('o')}) SELECT c.id FROM c UNION SELECT id FROM u WHERE ${condition('u')}`,
  ];
  const db = opened();
  const alone = new Database('/alone.ddb', {
    vfs: new MemoryVfs(),
    settings: { 'optimizer.rule.literal_parameters': 'off' },
  });
  alone.exec(SCHEMA);
  for (let i = 0; i < 150; i++) {
    const sql = pick(shapes)();
    assert.deepEqual(outcome(db, sql), outcome(alone, sql), sql);
  }
  db.close();
  alone.close();
});

test('joins, ranges and subqueries share a plan; values of another order have their own', () => {
  const db = opened();
  const planOf = (sql: string) => db.session.template(sql)?.prepared ?? assert.fail(`no template: ${sql}`);
  const join = (id: number, least: number): string =>
    `SELECT u.name FROM u JOIN o ON o.u = u.id WHERE u.id = ${id} AND o.amount > ${least}.5`;
  assert.equal(planOf(join(1, 10)), planOf(join(2, 11)));
  const nested = (id: number): string =>
    `SELECT name FROM u WHERE id IN (SELECT u FROM o WHERE id = ${id}) AND EXISTS (SELECT 1 FROM o WHERE o.u = u.id)`;
  assert.equal(planOf(nested(3)), planOf(nested(4)));
  const since = (day: string): string => `SELECT * FROM o WHERE day >= '2021-${day}'`;
  assert.equal(planOf(since('01-02')), planOf(since('01-10')));
  assert.notEqual(planOf(since('01-02')), planOf(since('03-31')));
  assert.equal(planOf(since('01-03')), planOf(since('01-02')));
  const between = (from: string, to: string): string =>
    `SELECT * FROM o WHERE day >= DATE '2021-${from}' AND day < '2021-${to}'::date + interval '1 day'`;
  assert.equal(planOf(between('01-02', '02-01')), planOf(between('01-03', '02-05')));
  // A common value and a rare one.
  const from = (city: string): string => `SELECT * FROM u WHERE city = '${city}'`;
  assert.notEqual(planOf(from('Rome')), planOf(from('City 3')));
  assert.equal(planOf(from('City 2')), planOf(from('City 3')));
  db.close();
});

test('a text that goes on in the next line is one literal', () => {
  const db = opened();
  db.exec('CREATE TABLE t (a text)');
  for (const end of ['\n', ' \t\r\n  ', ' -- no end\n']) {
    db.exec('DELETE FROM t');
    db.query(`INSERT INTO t VALUES ('one'${end}'two')`);
    assert.deepEqual(outcome(db, `SELECT a FROM t WHERE a = 'onet'${end}'wo'`), ['onetwo']);
    db.query(`UPDATE t SET a = 'a'${end}'b'${end}'c' WHERE a <> 'x'`);
    assert.deepEqual(outcome(db, 'SELECT a FROM t'), ['abc']);
  }
  assert.match(outcome(db, "SELECT a FROM t WHERE a = 'a' 'b'")[0]!, /^42601/);
  db.close();
});

test('a literal is read by the type its column has by now', () => {
  const db = opened();
  db.exec('CREATE TABLE t (a text); INSERT INTO t VALUES ($$7$$), ($$12$$)');
  const before = db.prepare("SELECT * FROM t WHERE a > '7'");
  assert.deepEqual(before.all(), []);
  db.exec('ALTER TABLE t ALTER a TYPE int USING a::int');
  assert.deepEqual(before.all(), [{ a: 12 }]);
  assert.deepEqual(db.prepare("SELECT * FROM t WHERE a > '8'").all(), [{ a: 12 }]);
  db.close();
});

test('a partial index made after a plan was shared serves the texts that come then', () => {
  const db = opened();
  const few = (id: number): string =>
    `SELECT id FROM o WHERE state = 'paid' AND day = '2021-03-01' AND u < ${id}`;
  assert.ok(db.session.template(few(5)) !== null);
  db.exec("CREATE INDEX o_paid ON o (day) WHERE state = 'paid'");
  // The first text plans anew and finds the index there; from then on each has a plan of its own.
  db.query(few(6));
  assert.equal(db.session.template(few(7)), null);
  db.close();
});

test('places, repeated expressions and patterns keep their literals', () => {
  const db = opened();
  for (const sql of [
    'SELECT age, count(*) FROM u WHERE id > 5 GROUP BY 1 ORDER BY 2, 1 LIMIT 2',
    'SELECT age % 3 = 1 FROM u WHERE id < 9 GROUP BY age % 3 = 1 HAVING (age % 3 = 1) = true',
    "SELECT count(*) FROM u WHERE city LIKE 'Ro%' AND id < 100",
    "SELECT count(*) FROM u WHERE born > date '2020-02-01' AND id < 100",
  ]) {
    const first = outcome(db, sql);
    assert.deepEqual(outcome(db, `/* alone */ ${sql}`), first, sql);
    assert.deepEqual(outcome(db, sql), first);
  }
  db.close();
});

test('however many texts come, few plans are held', () => {
  const templates = new Templates();
  const compiled = { paramTypes: [int4Type], guesses: [] } as unknown as Compiled;
  const planned = Array.from({ length: 2300 }, (_, i) => {
    const family = templates.find(`SELECT a AS c${i} FROM t WHERE id = ${i}`)?.family;
    assert.ok(family !== undefined);
    templates.keep(family, { ...family.statementFor(() => [i]), compiled });
    return family;
  });
  const held = planned.map((family) => family.planFor([1]) !== null);
  assert.equal(held.filter(Boolean).length, 2000);
  assert.deepEqual([held[0], held.at(-1)], [false, true]);
});
