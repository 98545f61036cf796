/**
 * An order system (BENCHMARKS.md section 3): customers, items, orders, their lines and payments. A catalogue and 50,000 orders are
 * inserted, then histories over four tables, a revenue report, changes in transactions of their own, deletes from several tables.
 */
import { hash32, randomIds, titleOf } from '../harness/data.mjs';
import { resultCheck } from '../harness/row-hash.mjs';

const CUSTOMERS = 10_000;
const ITEMS = 5000;
export const defaultRows = 50_000;

const TABLES = `
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL);
CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, cents INTEGER NOT NULL, stock INTEGER NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), day INTEGER NOT NULL, status TEXT NOT NULL);
CREATE TABLE lines (order_id INTEGER NOT NULL REFERENCES orders (id), no INTEGER NOT NULL, item_id INTEGER NOT NULL REFERENCES items (id),
  count INTEGER NOT NULL, cents INTEGER NOT NULL, PRIMARY KEY (order_id, no));
CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), cents INTEGER NOT NULL);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX lines_item ON lines (item_id);
CREATE INDEX payments_order ON payments (order_id)`;

const rowsOf = function* (count, make) {
  for (let id = 1; id <= count; id++) yield make(id);
};
const linesOf = (id) => 1 + (hash32(id) % 4);
const centsOf = (item) => 100 + (hash32(item + 3) % 9900);

function* orderLines(orders) {
  for (let id = 1; id <= orders; id++)
    for (let no = 1; no <= linesOf(id); no++) {
      const item = 1 + (hash32(id * 8 + no) % ITEMS);
      yield [id, no, item, 1 + (hash32(id + no) % 3), centsOf(item)];
    }
}

const HISTORY = `SELECT o.id, o.day, o.status, i.name, l.count, l.cents, p.cents AS paid
  FROM orders o JOIN lines l ON l.order_id = o.id JOIN items i ON i.id = l.item_id LEFT JOIN payments p ON p.order_id = o.id
  WHERE o.customer_id = $1 ORDER BY o.id, l.no`;
const REVENUE = `SELECT c.city, o.status, count(DISTINCT o.id) AS orders, sum(l.count * l.cents) AS cents
  FROM customers c JOIN orders o ON o.customer_id = c.id JOIN lines l ON l.order_id = o.id
  GROUP BY c.city, o.status ORDER BY c.city, o.status`;
const BEST = `SELECT i.id, i.name, sum(l.count) AS sold FROM lines l JOIN items i ON i.id = l.item_id
  GROUP BY i.id, i.name ORDER BY sold DESC, i.id LIMIT 20`;
const COUNTS = `SELECT (SELECT count(*) FROM customers) AS a, (SELECT count(*) FROM orders) AS b, (SELECT count(*) FROM lines) AS c,
  (SELECT count(*) FROM payments) AS d, (SELECT sum(stock) FROM items) AS e`;

const report = (name, sql) => ({
  name,
  unit: 'ms',
  warm: true,
  run: async (db) => ({ count: 1, check: resultCheck(await db.all(sql)) }),
});

/** Runs statements with their parameters, each list in a transaction of its own. */
async function inTransactions(db, lists) {
  if (db.inTransactions !== undefined) return db.inTransactions(lists);
  for (const list of lists) {
    await db.exec('BEGIN');
    for (const [sql, params] of list) await db.allEach(sql, [params], () => {});
    await db.exec('COMMIT');
  }
  return lists.length;
}

export function cases({ rows: orders }) {
  const lighter = (count, ctx) => (ctx.isSlow ? Math.ceil(count / 50) : count);
  return [
    {
      name: 'insert the catalogue and the orders',
      unit: 'rows/s',
      bulk: true,
      async prepare(db, ctx) {
        if (ctx.dialect === 'sqlite') await db.exec('PRAGMA foreign_keys = ON');
        await db.exec(TABLES);
      },
      async run(db) {
        const places = ['Oslo', 'Lima', 'Kyoto', 'Accra', 'Turin', 'Perth', 'Quito'];
        let count = await db.runAll(
          'INSERT INTO customers VALUES ($1, $2, $3)',
          rowsOf(CUSTOMERS, (id) => [id, titleOf(id), places[id % places.length]]),
        );
        count += await db.runAll(
          'INSERT INTO items VALUES ($1, $2, $3, $4)',
          rowsOf(ITEMS, (id) => [id, titleOf(id + 77), centsOf(id), 100_000]),
        );
        count += await db.runAll(
          'INSERT INTO orders VALUES ($1, $2, $3, $4)',
          rowsOf(orders, (id) => [
            id,
            1 + (hash32(id + 5) % CUSTOMERS),
            19_000 + (id % 700),
            id % 9 === 0 ? 'open' : 'sent',
          ]),
          1000,
        );
        count += await db.runAll('INSERT INTO lines VALUES ($1, $2, $3, $4, $5)', orderLines(orders), 1000);
        count += await db.runAll(
          'INSERT INTO payments VALUES ($1, $2, $3)',
          rowsOf(orders, (id) => [id, id, hash32(id) % 20_000]),
          1000,
        );
        return { count, check: [count] };
      },
    },
    {
      name: 'history of a customer, four tables',
      unit: 'ops/s',
      warm: true,
      async run(db, ctx) {
        const ids = randomIds(lighter(5000, ctx), CUSTOMERS, 2).map((id) => [id]);
        let sum = 0;
        await db.allEach(HISTORY, ids, (row) => {
          sum += row.id + row.count * row.cents + (row.paid ?? 0) + row.name.length;
        });
        return { count: ids.length, check: [sum] };
      },
      verify: 'same-count',
    },
    report('revenue by city and status', REVENUE),
    report('twenty best-selling items', BEST),
    {
      name: 'an order sent: stock, status and payment in a transaction',
      unit: 'ops/s',
      async run(db, ctx) {
        const ids = randomIds(lighter(1000, ctx), orders, 9);
        const lists = ids.map((id, i) => [
          ['UPDATE items SET stock = stock - 1 WHERE id = $1', [1 + (id % ITEMS)]],
          ['UPDATE orders SET status = $1 WHERE id = $2', ['sent', id]],
          ['INSERT INTO payments VALUES ($1, $2, $3)', [orders + 1 + i, id, 100]],
        ]);
        return { count: await inTransactions(db, lists), check: [] };
      },
    },
    {
      name: 'an order and all of it deleted in a transaction',
      unit: 'ops/s',
      async run(db, ctx) {
        const lists = Array.from({ length: lighter(1000, ctx) }, (_, i) => [
          ['DELETE FROM payments WHERE order_id = $1', [i * 40 + 1]],
          ['DELETE FROM lines WHERE order_id = $1', [i * 40 + 1]],
          ['DELETE FROM orders WHERE id = $1', [i * 40 + 1]],
        ]);
        return { count: await inTransactions(db, lists), check: [] };
      },
    },
    report('counts of all tables', COUNTS),
  ];
}
