// Micro-benchmark of the parser: `npx tsx parse.bench.ts`. Targets: < 4 us for the point query, < 40 us for the six-way join.

import { parse } from './parse.ts';

const CASES: readonly (readonly [string, string])[] = [
  ['point query', 'SELECT a, b FROM t WHERE id = 17'],
  ['insert', "INSERT INTO users (id, name, email, created_at) VALUES (1, 'Ann', 'ann@example.com', now())"],
  [
    'six-way join with grouping',
    `select n_name, sum(l_extendedprice * (1 - l_discount)) as revenue
       from customer, orders, lineitem, supplier, nation, region
      where c_custkey = o_custkey and l_orderkey = o_orderkey and l_suppkey = s_suppkey
        and c_nationkey = s_nationkey and s_nationkey = n_nationkey and n_regionkey = r_regionkey
        and r_name = 'ASIA' and o_orderdate >= date '1994-01-01'
        and o_orderdate < date '1994-01-01' + interval '1' year
      group by n_name order by revenue desc`,
  ],
  [
    'create table',
    `CREATE TABLE orders (id bigint PRIMARY KEY, customer_id int NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
       total numeric(12,2) NOT NULL DEFAULT 0 CHECK (total >= 0), placed_at timestamptz DEFAULT now(), UNIQUE (customer_id, placed_at))`,
  ],
  [
    'insert of 1000 rows',
    `INSERT INTO t VALUES ${Array.from({ length: 1000 }, (_, i) => `(${i}, 'name ${i}', ${i}.5)`).join(', ')}`,
  ],
];

for (const [name, sql] of CASES) {
  const rounds = Math.max(200, Math.ceil(6_000_000 / sql.length));
  for (let i = 0; i < rounds / 4; i++) parse(sql);
  let best = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 5; repeat++) {
    const start = performance.now();
    for (let i = 0; i < rounds / 5; i++) parse(sql);
    best = Math.min(best, ((performance.now() - start) * 1000) / (rounds / 5));
  }
  console.log(`${name}: ${best.toFixed(2)} us (${(sql.length / best) | 0} MB/s of text)`);
}
