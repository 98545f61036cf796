/**
 * A mix like TPC-C's (BENCHMARKS.md section 3), one client, every transaction durable: new orders 45%, payments 43%, order status,
 * deliveries and stock levels 4% each; per kind the middle and the 95th percentile. Smaller than TPC-C: 300 customers a district and
 * 10,000 items; no thinking time, no wrong items. What the mix leaves behind is compared: sums that must agree among engines.
 */
import { hash32, titleOf } from '../harness/data.mjs';
import { resultCheck } from '../harness/row-hash.mjs';

const DISTRICTS = 10;
const CUSTOMERS = 300;
const ITEMS = 10_000;
const ORDERS = 300;
const TRANSACTIONS = 4000;
export const defaultRows = 2;

const TABLES = `
CREATE TABLE warehouse (w_id INTEGER PRIMARY KEY, w_name TEXT NOT NULL, w_ytd INTEGER NOT NULL);
CREATE TABLE district (w_id INTEGER, d_id INTEGER, d_name TEXT NOT NULL, d_ytd INTEGER NOT NULL, d_next_o_id INTEGER NOT NULL, PRIMARY KEY (w_id, d_id));
CREATE TABLE customer (w_id INTEGER, d_id INTEGER, c_id INTEGER, c_last TEXT NOT NULL, c_balance INTEGER NOT NULL, c_payments INTEGER NOT NULL, c_data TEXT NOT NULL, PRIMARY KEY (w_id, d_id, c_id));
CREATE INDEX customer_last ON customer (w_id, d_id, c_last, c_id);
CREATE TABLE item (i_id INTEGER PRIMARY KEY, i_name TEXT NOT NULL, i_price INTEGER NOT NULL);
CREATE TABLE stock (w_id INTEGER, i_id INTEGER, s_quantity INTEGER NOT NULL, s_ytd INTEGER NOT NULL, s_data TEXT NOT NULL, PRIMARY KEY (w_id, i_id));
CREATE TABLE orders (w_id INTEGER, d_id INTEGER, o_id INTEGER, c_id INTEGER NOT NULL, o_carrier INTEGER, o_lines INTEGER NOT NULL, PRIMARY KEY (w_id, d_id, o_id));
CREATE INDEX orders_customer ON orders (w_id, d_id, c_id, o_id);
CREATE TABLE new_order (w_id INTEGER, d_id INTEGER, o_id INTEGER, PRIMARY KEY (w_id, d_id, o_id));
CREATE TABLE order_line (w_id INTEGER, d_id INTEGER, o_id INTEGER, ol_no INTEGER, i_id INTEGER NOT NULL, ol_quantity INTEGER NOT NULL, ol_amount INTEGER NOT NULL, ol_delivered INTEGER, PRIMARY KEY (w_id, d_id, o_id, ol_no));
CREATE TABLE history (h_id INTEGER PRIMARY KEY, w_id INTEGER NOT NULL, d_id INTEGER NOT NULL, c_id INTEGER NOT NULL, h_amount INTEGER NOT NULL)`;

const TEXTS = {
  nextOrder: 'UPDATE district SET d_next_o_id = d_next_o_id + 1 WHERE w_id = $1 AND d_id = $2',
  district: 'SELECT d_name, d_next_o_id FROM district WHERE w_id = $1 AND d_id = $2',
  customer: 'SELECT c_last, c_balance FROM customer WHERE w_id = $1 AND d_id = $2 AND c_id = $3',
  byName: 'SELECT c_id, c_balance FROM customer WHERE w_id = $1 AND d_id = $2 AND c_last = $3 ORDER BY c_id',
  insertOrder: 'INSERT INTO orders VALUES ($1, $2, $3, $4, NULL, $5)',
  insertNew: 'INSERT INTO new_order VALUES ($1, $2, $3)',
  item: 'SELECT i_name, i_price FROM item WHERE i_id = $1',
  stock: 'SELECT s_quantity, s_data FROM stock WHERE w_id = $1 AND i_id = $2',
  takeStock: 'UPDATE stock SET s_quantity = $1, s_ytd = s_ytd + $2 WHERE w_id = $3 AND i_id = $4',
  insertLine: 'INSERT INTO order_line VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)',
  payWarehouse: 'UPDATE warehouse SET w_ytd = w_ytd + $1 WHERE w_id = $2',
  payDistrict: 'UPDATE district SET d_ytd = d_ytd + $1 WHERE w_id = $2 AND d_id = $3',
  payCustomer:
    'UPDATE customer SET c_balance = c_balance - $1, c_payments = c_payments + 1 WHERE w_id = $2 AND d_id = $3 AND c_id = $4',
  insertHistory: 'INSERT INTO history VALUES ($1, $2, $3, $4, $5)',
  lastOrder:
    'SELECT o_id, o_carrier FROM orders WHERE w_id = $1 AND d_id = $2 AND c_id = $3 ORDER BY o_id DESC LIMIT 1',
  lines:
    'SELECT i_id, ol_quantity, ol_amount, ol_delivered FROM order_line WHERE w_id = $1 AND d_id = $2 AND o_id = $3',
  oldestNew: 'SELECT o_id FROM new_order WHERE w_id = $1 AND d_id = $2 ORDER BY o_id LIMIT 1',
  removeNew: 'DELETE FROM new_order WHERE w_id = $1 AND d_id = $2 AND o_id = $3',
  orderCustomer: 'SELECT c_id FROM orders WHERE w_id = $1 AND d_id = $2 AND o_id = $3',
  carry: 'UPDATE orders SET o_carrier = $1 WHERE w_id = $2 AND d_id = $3 AND o_id = $4',
  deliver: 'UPDATE order_line SET ol_delivered = $1 WHERE w_id = $2 AND d_id = $3 AND o_id = $4',
  amount: 'SELECT sum(ol_amount) AS amount FROM order_line WHERE w_id = $1 AND d_id = $2 AND o_id = $3',
  credit: 'UPDATE customer SET c_balance = c_balance + $1 WHERE w_id = $2 AND d_id = $3 AND c_id = $4',
  stockLevel: `SELECT count(DISTINCT l.i_id) AS low FROM order_line l JOIN stock s ON s.w_id = l.w_id AND s.i_id = l.i_id
    WHERE l.w_id = $1 AND l.d_id = $2 AND l.o_id >= $3 AND l.o_id < $4 AND s.s_quantity < $5`,
};

const LEFT_BEHIND = `SELECT (SELECT sum(w_ytd) FROM warehouse) AS a, (SELECT sum(d_ytd) FROM district) AS b,
  (SELECT sum(d_next_o_id) FROM district) AS c, (SELECT sum(c_balance) FROM customer) AS d, (SELECT count(*) FROM new_order) AS e,
  (SELECT sum(s_quantity) FROM stock) AS f, (SELECT sum(ol_amount) FROM order_line WHERE ol_delivered IS NOT NULL) AS g,
  (SELECT count(*) FROM orders WHERE o_carrier IS NULL) AS h, (SELECT sum(h_amount) FROM history) AS i`;

const lastName = (n) => `NAME${hash32(n % 100) % 1000}`;

/** The n-th transaction's own sequence of numbers. */
function numbers(n) {
  let at = n * 64;
  return (max) => hash32(++at) % max;
}

function newOrder(client, n, warehouses) {
  const next = numbers(n);
  const [w, d, c] = [1 + next(warehouses), 1 + next(DISTRICTS), 1 + next(CUSTOMERS)];
  client.run('nextOrder', w, d);
  const order = client.get('district', w, d).d_next_o_id - 1;
  client.get('customer', w, d, c);
  const count = 5 + next(11);
  client.run('insertOrder', w, d, order, c, count);
  client.run('insertNew', w, d, order);
  for (let no = 1; no <= count; no++) {
    const [item, quantity] = [1 + next(ITEMS), 1 + next(10)];
    const { i_price: price } = client.get('item', item);
    const { s_quantity: left } = client.get('stock', w, item);
    client.run(
      'takeStock',
      left >= quantity + 10 ? left - quantity : left - quantity + 91,
      quantity,
      w,
      item,
    );
    client.run('insertLine', w, d, order, no, item, quantity, quantity * price);
  }
}

function payment(client, n, warehouses) {
  const next = numbers(n);
  const [w, d, amount] = [1 + next(warehouses), 1 + next(DISTRICTS), 100 + next(500_000)];
  client.run('payWarehouse', amount, w);
  client.run('payDistrict', amount, w, d);
  let c = 1 + next(CUSTOMERS);
  if (next(100) < 60) {
    const found = client.all('byName', w, d, lastName(c));
    if (found.length > 0) c = found[found.length >> 1].c_id;
  } else client.get('customer', w, d, c);
  client.run('payCustomer', amount, w, d, c);
  client.run('insertHistory', n, w, d, c, amount);
}

function orderStatus(client, n, warehouses) {
  const next = numbers(n);
  const [w, d, c] = [1 + next(warehouses), 1 + next(DISTRICTS), 1 + next(CUSTOMERS)];
  client.get('customer', w, d, c);
  const last = client.get('lastOrder', w, d, c);
  if (last !== undefined) client.all('lines', w, d, last.o_id);
}

function delivery(client, n, warehouses) {
  const w = 1 + numbers(n)(warehouses);
  for (let d = 1; d <= DISTRICTS; d++) {
    const oldest = client.get('oldestNew', w, d);
    if (oldest === undefined) continue;
    const { o_id: order } = oldest;
    client.run('removeNew', w, d, order);
    const { c_id: customer } = client.get('orderCustomer', w, d, order);
    client.run('carry', 1 + (n % 10), w, d, order);
    client.run('deliver', n, w, d, order);
    client.run('credit', Number(client.get('amount', w, d, order).amount), w, d, customer);
  }
}

function stockLevel(client, n, warehouses) {
  const next = numbers(n);
  const [w, d] = [1 + next(warehouses), 1 + next(DISTRICTS)];
  const { d_next_o_id: order } = client.get('district', w, d);
  client.get('stockLevel', w, d, order - 20, order, 10 + next(11));
}

/** Of a hundred transactions, which is of which kind. */
const MIX = [
  ['new order', 45, newOrder],
  ['payment', 88, payment],
  ['order status', 92, orderStatus],
  ['delivery', 96, delivery],
  ['stock level', 100, stockLevel],
];

async function load(db, warehouses) {
  const each = function* (counts, make) {
    const [first, ...rest] = counts;
    for (let id = 1; id <= first; id++)
      if (rest.length === 0) yield make(id);
      else yield* each(rest, (...ids) => make(id, ...ids));
  };
  const insert = (table, width, rows) =>
    db.runAll(
      `INSERT INTO ${table} VALUES (${Array.from({ length: width }, (_, i) => `$${i + 1}`).join(', ')})`,
      rows,
    );
  await insert(
    'warehouse',
    3,
    each([warehouses], (w) => [w, titleOf(w), 0]),
  );
  await insert(
    'district',
    5,
    each([warehouses, DISTRICTS], (w, d) => [w, d, titleOf(w * 31 + d), 0, ORDERS + 1]),
  );
  await insert(
    'customer',
    7,
    each([warehouses, DISTRICTS, CUSTOMERS], (w, d, c) => [
      w,
      d,
      c,
      lastName(c),
      -1000,
      1,
      titleOf(w * 7 + d * 1000 + c).repeat(8),
    ]),
  );
  await insert(
    'item',
    3,
    each([ITEMS], (i) => [i, titleOf(i), 100 + (hash32(i) % 9900)]),
  );
  await insert(
    'stock',
    5,
    each([warehouses, ITEMS], (w, i) => [w, i, 10 + (hash32(w * ITEMS + i) % 91), 0, titleOf(i + w)]),
  );
  await insert(
    'orders',
    6,
    each([warehouses, DISTRICTS, ORDERS], (w, d, o) => [
      w,
      d,
      o,
      1 + (hash32(w * 101 + d * 1009 + o) % CUSTOMERS),
      o > 210 ? null : 1 + (o % 10),
      5,
    ]),
  );
  await insert(
    'new_order',
    3,
    each([warehouses, DISTRICTS, ORDERS - 210], (w, d, o) => [w, d, 210 + o]),
  );
  await insert(
    'order_line',
    8,
    each([warehouses, DISTRICTS, ORDERS, 5], (w, d, o, no) => {
      const h = hash32(w * 7_000_003 + d * 70_001 + o * 11 + no);
      return [w, d, o, no, 1 + (h % ITEMS), 5, h % 10_000, o > 210 ? null : 1];
    }),
  );
}

/** Milliseconds of each transaction of the mix, by kind; the same list for each case that asks for one of them. */
const measured = new WeakMap();

function runMix(db, warehouses, count) {
  const client = db.client(TEXTS);
  const times = new Map(MIX.map(([name]) => [name, []]));
  for (let n = 1; n <= count; n++) {
    const turn = hash32(n + 17) % 100;
    const [name, , work] = MIX.find(([, below]) => turn < below);
    const started = performance.now();
    client.begin();
    work(client, n, warehouses);
    client.commit();
    times.get(name).push(performance.now() - started);
  }
  for (const list of times.values()) list.sort((a, b) => a - b);
  measured.set(db, times);
}

const percentileCase = (kind, part) => ({
  name: `${kind}, ${part === 0.5 ? 'middle' : '95th percentile'}`,
  unit: 'us',
  async run(db) {
    const times = measured.get(db)?.get(kind);
    if (times === undefined) throw new Error('the mix did not run');
    return { count: 1, check: [], ms: times[Math.floor(times.length * part)] };
  },
});

export function cases({ rows: warehouses }) {
  return [
    {
      name: 'load',
      unit: 'ms',
      bulk: true,
      prepare: (db) => db.exec(TABLES),
      async run(db) {
        await load(db, warehouses);
        return { count: 1, check: [] };
      },
      after: (db) => db.analyze(),
    },
    {
      name: 'the mix',
      unit: 'ops/s',
      bulk: true,
      async run(db) {
        if (db.client === undefined) throw new Error('this engine has no synchronous transactions');
        runMix(db, warehouses, TRANSACTIONS);
        return { count: TRANSACTIONS, check: [] };
      },
    },
    {
      name: 'sums over what is left behind',
      unit: 'ms',
      run: async (db) => ({ count: 1, check: resultCheck(await db.all(LEFT_BEHIND)) }),
    },
    ...MIX.flatMap(([kind]) => [percentileCase(kind, 0.5), percentileCase(kind, 0.95)]),
  ];
}
