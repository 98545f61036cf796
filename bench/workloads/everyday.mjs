/**
 * What applications send all day: look-ups by id, by e-mail and through indexes, pages, small joins, counts, upserts, changes of
 * a few rows within a transaction, and statements whose text is new each time. Users, their orders and tags, a key-value table.
 */
import { hash32 } from '../harness/data.mjs';
import { resultCheck } from '../harness/row-hash.mjs';

const TABLES = `
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, age INTEGER, city TEXT, created TEXT, bio TEXT);
CREATE INDEX users_city ON users (city);
CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER, amount DOUBLE PRECISION, status TEXT, day TEXT);
CREATE INDEX orders_user ON orders (user_id);
CREATE INDEX orders_status_day ON orders (status, day);
CREATE TABLE tags (user_id INTEGER, tag TEXT, PRIMARY KEY (user_id, tag));
CREATE TABLE kv (k TEXT PRIMARY KEY, v TEXT);
`;
const STATES = ['new', 'paid', 'shipped', 'done'];
const two = (n) => String(n).padStart(2, '0');
const dayOf = (h) => `2024-${two(1 + (h % 12))}-${two(1 + ((h >>> 8) % 28))}`;

export const defaultRows = 200_000;

function tables(rows) {
  const users = rows >> 1;
  const list = (count, row) => Array.from({ length: count }, (_, i) => row(i));
  return {
    users: list(users, (i) => [
      i + 1,
      `user${i}@example.com`,
      `User ${i}`,
      20 + (i % 60),
      `City ${(i * 7) % 50}`,
      dayOf(hash32(i)),
      'bio '.repeat(1 + (i % 20)),
    ]),
    orders: list(rows, (i) => [
      i + 1,
      1 + (hash32(i) % users),
      (hash32(i + 5) % 10_000) / 100,
      STATES[i % 4],
      dayOf(hash32(i + 9)),
    ]),
    tags: list(rows, (i) => [1 + (i % users), `tag${(hash32(i) % 97) + 100 * Math.floor(i / users)}`]),
    kv: list(rows >> 2, (i) => [`key:${(i * 7919) % (rows >> 2)}`, `value ${i}`]),
  };
}

const marks = (row) => row.map((_, i) => `$${i + 1}`).join(', ');
const lighter = (list, ctx) => (ctx.isSlow ? list.slice(0, Math.ceil(list.length / 50)) : list);

function load(name, rows) {
  return {
    name: `insert ${name}, one transaction`,
    unit: 'rows/s',
    bulk: true,
    run: async (db) => ({
      count: await db.runAll(`INSERT INTO ${name} VALUES (${marks(rows[0])})`, rows),
      check: [],
    }),
  };
}

/** Many executions of one prepared query; every row is looked at. */
function asked(name, sql, params) {
  return {
    name,
    unit: 'ops/s',
    warm: true,
    verify: 'same-count',
    async run(db, ctx) {
      const list = lighter(params, ctx);
      let seen = 0;
      await db.allEach(sql, list, (row) => {
        seen += Object.keys(row).length;
      });
      return { count: list.length, check: [seen] };
    },
  };
}

/** Many executions of one prepared change, in one transaction. */
function changed(name, sql, params) {
  return {
    name,
    unit: 'ops/s',
    async run(db, ctx) {
      return { count: await db.runAll(sql, lighter(params, ctx)), check: [] };
    },
  };
}

function reported(name, sql) {
  return {
    name,
    unit: 'ms',
    warm: true,
    run: async (db) => ({ count: 1, check: resultCheck(await db.all(sql)) }),
  };
}

function adHoc(name, count, textOf) {
  return {
    name,
    unit: 'ops/s',
    verify: 'same-count',
    async run(db, ctx) {
      const texts = lighter(
        Array.from({ length: count }, (_, i) => textOf(i + 1)),
        ctx,
      );
      let found = 0;
      await db.distinctTexts(texts, (row) => {
        if (row !== undefined) found++;
      });
      return { count: texts.length, check: [found] };
    },
  };
}

export function cases({ rows }) {
  const data = tables(rows);
  const users = data.users.length;
  const ids = Array.from({ length: Math.min(20_000, rows) }, (_, i) => 1 + (hash32(i + 77) % users));
  const some = ids.slice(0, ids.length / 10);
  const each = ids.map((id) => [id]);
  return [
    { ...load('users', data.users), prepare: (db) => db.exec(TABLES) },
    load('orders', data.orders),
    load('tags', data.tags),
    { ...load('kv', data.kv), after: (db) => db.analyze() },
    asked('user by id', 'SELECT * FROM users WHERE id = $1', each),
    asked(
      'user by e-mail',
      'SELECT * FROM users WHERE email = $1',
      ids.map((id) => [`user${id - 1}@example.com`]),
    ),
    asked(
      'value by key',
      'SELECT v FROM kv WHERE k = $1',
      ids.map((id) => [`key:${id % (rows >> 2)}`]),
    ),
    asked('orders of a user', 'SELECT * FROM orders WHERE user_id = $1', each),
    asked(
      'last 3 orders of a user',
      'SELECT * FROM orders WHERE user_id = $1 ORDER BY day DESC, id LIMIT 3',
      each,
    ),
    asked('tags of a user', 'SELECT tag FROM tags WHERE user_id = $1 ORDER BY tag', each),
    asked(
      'user with orders',
      'SELECT u.name, o.amount FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = $1',
      each,
    ),
    asked(
      'count and sum for a user',
      'SELECT count(*) AS c, sum(amount) AS s FROM orders WHERE user_id = $1',
      each,
    ),
    asked(
      'page by key',
      'SELECT id, name FROM users WHERE id > $1 ORDER BY id LIMIT 20',
      some.map((id) => [id]),
    ),
    asked(
      'page by status and day',
      'SELECT id, day FROM orders WHERE status = $1 AND day > $2 ORDER BY day, id LIMIT 20',
      some.map((id) => [STATES[id % 4], dayOf(id)]),
    ),
    asked(
      'five ids at once',
      'SELECT name FROM users WHERE id IN ($1, $2, $3, $4, $5)',
      some.map((id) => [
        id,
        1 + ((id * 3) % users),
        1 + ((id * 5) % users),
        1 + ((id * 7) % users),
        1 + ((id * 11) % users),
      ]),
    ),
    reported(
      'users by city',
      'SELECT city, count(*) AS c, avg(age) AS a FROM users GROUP BY city ORDER BY city',
    ),
    reported(
      'revenue by city',
      'SELECT u.city, sum(o.amount) AS s FROM orders o JOIN users u ON u.id = o.user_id GROUP BY u.city ORDER BY u.city',
    ),
    reported('distinct cities', 'SELECT DISTINCT city FROM users ORDER BY city'),
    reported(
      'users without orders',
      'SELECT count(*) AS c FROM users u WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id)',
    ),
    reported('ten largest orders', 'SELECT id, amount FROM orders ORDER BY amount DESC, id LIMIT 10'),
    reported(
      'recursion of 100,000 steps',
      'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 100000) SELECT sum(n) AS s FROM t',
    ),
    reported(
      'running sums',
      'SELECT sum(r) AS s FROM (SELECT sum(amount) OVER (PARTITION BY user_id ORDER BY id) AS r FROM orders) q',
    ),
    adHoc('new text: user by id', 5000, (i) => `SELECT * FROM users WHERE id = ${i}`),
    adHoc(
      'new text: join with a range',
      1000,
      (i) =>
        `SELECT u.name, o.amount FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = ${i} AND o.amount > 0.${i}`,
    ),
    adHoc(
      'new text: subqueries',
      500,
      (i) =>
        `SELECT name FROM users WHERE id IN (SELECT user_id FROM orders WHERE id = ${i}) AND EXISTS (SELECT 1 FROM tags WHERE tags.user_id = users.id)`,
    ),
    changed('update by id', 'UPDATE users SET age = age + 1 WHERE id = $1', each),
    changed(
      'update an indexed column',
      'UPDATE users SET city = $1 WHERE id = $2',
      ids.map((id) => [`City ${id % 51}`, id]),
    ),
    changed('update the orders of a user', 'UPDATE orders SET amount = amount + 1 WHERE user_id = $1', each),
    changed(
      'upsert',
      'INSERT INTO kv VALUES ($1, $2) ON CONFLICT (k) DO UPDATE SET v = excluded.v',
      ids.map((id, i) => [`key:${id % (rows >> 1)}`, `new ${i}`]),
    ),
    changed(
      'insert or ignore',
      'INSERT INTO tags VALUES ($1, $2) ON CONFLICT DO NOTHING',
      ids.map((id) => [id, 'tag1']),
    ),
    changed(
      'delete by a key of two columns',
      'DELETE FROM tags WHERE user_id = $1 AND tag = $2',
      ids.map((id) => [id, 'tag1']),
    ),
    changed('delete the orders of a user', 'DELETE FROM orders WHERE user_id = $1', each),
    reported('what is left', 'SELECT count(*) AS c, sum(amount) AS s FROM orders'),
  ];
}
