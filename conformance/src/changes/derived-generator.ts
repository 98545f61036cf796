/**
 * Random changes whose rows come from queries: UPDATE ... FROM, DELETE ... USING, MERGE, INSERT ... SELECT and subqueries in SET and
 * WHERE, over joins, views, sets, groupings, windows, recursion and WITH.
 *
 * I1  What a statement does is determined: no row is changed twice, and LIMIT stands over a total order.
 */
import type { Prng } from 'decentdb/testing';
import type { Change, ChangeSource } from './change-source.ts';

const KEYS = 14;
/** Queries in FROM of queries in FROM. */
const DEPTH_MAX = 2;

const letter = (expression: string): string => `chr(97 + ${expression} % 6)`;

export class DerivedGenerator implements ChangeSource {
  readonly schema: readonly string[];
  readonly looks: readonly Change[] = ['t', 'u', 'w'].map((table) => change(`SELECT * FROM ${table}`));
  private readonly prng: Prng;

  constructor(prng: Prng) {
    this.prng = prng;
    this.schema = [
      `CREATE TABLE t (id int ${prng.pick(['PRIMARY KEY', '', 'NOT NULL'])}, a int, b text, c numeric, d date, f float8 DEFAULT 1.5)`,
      'CREATE TABLE u (x int, y int, z text, PRIMARY KEY (x, y))',
      `CREATE TABLE w (k text ${prng.pick(['PRIMARY KEY', 'UNIQUE', ''])}, v int, g int)`,
      ...['ON t (a, b)', 'ON t (c) WHERE a > 3', 'ON u (z)']
        .filter(() => prng.chance(0.5))
        .map((what) => `CREATE INDEX ${what}`),
      'CREATE VIEW joined AS SELECT t.id, t.a, u.z, w.v FROM t LEFT JOIN u ON u.x = t.id LEFT JOIN w ON w.k = u.z',
      'CREATE VIEW grouped AS SELECT a, count(*) AS n, max(id) AS m FROM t GROUP BY a',
      this.refill(),
      `INSERT INTO u SELECT g % 13, g, ${letter('g')} FROM generate_series(1, 40) g`,
      'INSERT INTO w SELECT chr(97 + g), g, g % 3 FROM generate_series(0, 7) g',
    ];
  }

  change(): Change {
    const { prng } = this;
    switch (prng.below(15)) {
      case 0:
        return prng.chance(0.5) ? change(this.refill()) : change('DELETE FROM u WHERE y >= 1000');
      case 1:
      case 2:
        return change(
          `UPDATE t SET ${prng.pick(['a = q.n', 'b = q.s', 'c = q.n / 2.0, b = coalesce(q.s, b)', '(a, b) = (q.n, q.s)', 'f = q.n, a = t.a + 1'])} ` +
            `FROM ${this.single()} q WHERE q.i = t.id AND ${this.condition()} RETURNING t.id, t.a, q.n`,
        );
      case 3:
        return change(
          `DELETE FROM t USING ${this.source()} q WHERE q.i = t.id AND ${this.condition()} AND t.id % 3 = ${prng.below(3)}`,
        );
      case 4:
        return change(
          `DELETE FROM u USING ${this.source()} q, w WHERE q.i = u.x AND w.k = u.z AND ${this.condition()} AND w.v > ${this.key()} AND u.y % 4 = ${prng.below(4)}`,
        );
      case 5:
        return change(
          `INSERT INTO t (id, a, b) SELECT i + ${100 + prng.below(900)}, n, s FROM ${this.single()} q WHERE ${this.condition()} ORDER BY i LIMIT 12 ON CONFLICT DO NOTHING RETURNING id, b`,
        );
      case 6:
        return change(
          `INSERT INTO u SELECT i, ${1000 + prng.below(100_000)}, s FROM ${this.single()} q WHERE ${this.condition()} ORDER BY i LIMIT 12 ON CONFLICT (x, y) DO UPDATE SET z = excluded.z`,
        );
      case 7:
      case 8:
      case 9:
        return change(this.merge());
      case 10:
        return change(
          `UPDATE u SET z = (SELECT min(s) FROM ${this.source()} q WHERE q.i = u.x) WHERE x ${prng.pick(['=', '<'])} ${this.key()} RETURNING x, y, z`,
        );
      case 11:
        return change(
          `UPDATE w SET (v, g) = (SELECT count(*), max(n) FROM ${this.source()} q WHERE q.s = w.k AND ${this.condition()})` +
            (prng.chance(0.5)
              ? ` WHERE EXISTS (SELECT 1 FROM ${this.source()} q WHERE q.s = w.k AND ${this.condition()})`
              : ''),
        );
      case 12:
        return change(
          `WITH q AS ${this.single()}, d AS (DELETE FROM t USING q WHERE q.i = t.id AND ${this.condition()} AND t.id < 500 AND t.id % 4 = ${prng.below(4)} RETURNING t.*) ` +
            'INSERT INTO t SELECT id + 500, a, b, c, d, f FROM d ON CONFLICT DO NOTHING RETURNING id',
        );
      case 13:
        return change(
          `DELETE FROM t WHERE id IN (SELECT i FROM ${this.source()} q WHERE ${this.condition()}) AND id % 5 = ${prng.below(5)} RETURNING id`,
        );
      default:
        return change(
          `DELETE FROM t WHERE NOT EXISTS (SELECT FROM ${this.source()} q WHERE q.i = t.id) AND id % 6 = ${prng.below(6)}`,
        );
    }
  }

  private refill(): string {
    const rows = 20 + this.prng.below(60);
    return `INSERT INTO t SELECT g, g % 7, CASE WHEN g % 5 > 0 THEN ${letter('g')} END, g / 4.0, date '2024-01-01' + g FROM generate_series(1, ${rows}) g ON CONFLICT DO NOTHING`;
  }

  private merge(): string {
    const { prng } = this;
    const maybe = (text: string): string => (prng.chance(0.5) ? ` ${text}` : '');
    return [
      `MERGE INTO t USING ${this.single()} q ON q.i = t.id`,
      maybe(`AND ${prng.pick(['q.n > 1', 't.a < 5', 'q.s = t.b'])}`),
      maybe(
        `WHEN MATCHED AND ${this.condition()} THEN ${prng.pick(['DELETE', 'DO NOTHING', 'UPDATE SET a = q.n'])}`,
      ),
      maybe('WHEN MATCHED THEN UPDATE SET b = q.s, c = t.c + coalesce(q.n, 0)'),
      ' WHEN NOT MATCHED AND q.i > 200 THEN INSERT (id, a, b) VALUES (q.i, q.n, q.s)',
      maybe(
        `WHEN NOT MATCHED BY SOURCE AND t.id % 5 = ${prng.below(5)} THEN ${prng.pick(['DELETE', 'UPDATE SET f = 2 * t.f'])}`,
      ),
      ' RETURNING merge_action(), t.id, q.s',
    ].join('');
  }

  private key(): number {
    return this.prng.below(KEYS);
  }

  private condition(): string {
    return this.prng.pick([
      `q.n > ${this.key()}`,
      "q.s = 'c'",
      'q.s IS NULL',
      'q.n IS NOT NULL',
      'true',
      'EXISTS (SELECT 1 FROM u WHERE u.x = q.i)',
      'q.i IN (SELECT a FROM t)',
      `q.n = ANY (ARRAY[1, 2, ${this.key()}])`,
    ]);
  }

  private source(): string {
    return this.prng.chance(0.6) ? `(${this.rows(0)})` : this.single();
  }

  /** At most one row for each `i`. */
  private single(): string {
    return `(SELECT i, min(n) AS n, min(s) AS s FROM (${this.rows(0)}) z WHERE i IS NOT NULL GROUP BY i)`;
  }

  /** A query of i int, n int and s text. */
  private rows(depth: number): string {
    const { prng } = this;
    return depth < DEPTH_MAX && prng.chance(0.6) ? this.nested(depth + 1) : this.plain();
  }

  private plain(): string {
    const { prng } = this;
    return prng.pick([
      `SELECT id AS i, a AS n, b AS s FROM t WHERE a > ${this.key()}`,
      'SELECT x AS i, y AS n, z AS s FROM u',
      `SELECT v AS i, g AS n, k AS s FROM w WHERE g <> ${prng.below(3)}`,
      'SELECT a AS i, count(*)::int AS n, max(b) AS s FROM t GROUP BY a',
      'SELECT DISTINCT a AS i, a % 3 AS n, b AS s FROM t',
      `SELECT t.id AS i, u.y AS n, u.z AS s FROM t ${prng.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'])} u ON u.x = t.id AND t.a < ${this.key()}`,
      `SELECT g AS i, g * 2 AS n, ${letter('g')} AS s FROM generate_series(${prng.below(5)}, ${5 + prng.below(10)}) g`,
      `SELECT i, n, s FROM (VALUES (1, 2, 'a'), (${this.key()}, NULL, 'b'), (NULL, ${this.key()}, NULL)) v (i, n, s)`,
      `SELECT id AS i, v AS n, z AS s FROM joined WHERE ${prng.pick(['v IS NULL', 'a > 2', "z = 'c'", 'true'])}`,
      'SELECT m AS i, n::int, a::text AS s FROM grouped',
      `SELECT t.id AS i, l.n, l.s FROM t, LATERAL (SELECT y AS n, z AS s FROM u WHERE u.x = t.a ORDER BY y DESC LIMIT ${1 + prng.below(2)}) l`,
      `WITH RECURSIVE r AS (SELECT 1 AS i, 1 AS n, 'a' AS s UNION ALL SELECT i + ${1 + prng.below(3)}, n + i, ${letter('i')} FROM r WHERE i < ${5 + prng.below(20)}) SELECT i, n, s FROM r`,
    ]);
  }

  private nested(depth: number): string {
    const { prng } = this;
    const inner = this.rows(depth);
    switch (prng.below(7)) {
      case 0:
        return `SELECT i, n, s FROM (${inner}) q WHERE n ${prng.pick(['>', '<', '<>'])} ${this.key()}`;
      case 1:
        return `(${inner}) ${prng.pick(['UNION', 'UNION ALL', 'EXCEPT', 'INTERSECT', 'EXCEPT ALL'])} (${this.rows(depth)})`;
      case 2:
        return `SELECT i, n, s FROM (SELECT *, row_number() OVER (PARTITION BY i ORDER BY n, s) AS r FROM (${inner}) q) p WHERE r = 1`;
      case 3:
        return `SELECT i, sum(n)::int AS n, min(s) AS s FROM (${inner}) q GROUP BY i${prng.pick(['', ' HAVING count(*) > 1'])}`;
      case 4:
        return `SELECT i, n, s FROM (${inner}) q ORDER BY i, n, s LIMIT ${1 + prng.below(6)}`;
      case 5:
        return `WITH c AS ${prng.pick(['', 'MATERIALIZED ', 'NOT MATERIALIZED '])}(${inner}) SELECT DISTINCT c.i, d.n, c.s FROM c JOIN c d ON c.i = d.n`;
      default:
        return `SELECT i, (SELECT max(y) FROM u WHERE u.x = q.i) AS n, s FROM (${inner}) q`;
    }
  }
}

const change = (sql: string): Change => ({ sql, params: [] });
