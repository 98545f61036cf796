/**
 * Random changes of rows, as applications prepare them: by whole keys, by first columns of keys, by secondary indexes, upserts, MERGE,
 * keys that move, references with actions, and values that grow so that leaves split and merge under a statement.
 *
 * I1  What a statement does is determined: no statement moves a unique key to a value that another row of it leaves.
 */
import type { Prng } from 'decentdb/testing';
import type { Change, ChangeSource } from './change-source.ts';

/** Values of `o`, of `a` and of parent keys. */
const GROUPS = 60;
const WIDTHS = 3;

function changeSchema(prng: Prng): string[] {
  const onDelete = prng.pick(['CASCADE', 'SET NULL', 'NO ACTION']);
  const reference = prng.chance(0.5) ? ` REFERENCES parent ON DELETE ${onDelete} ON UPDATE CASCADE` : '';
  const key = prng.pick(['w, o, n', 'o, w, n', 'n, o, w']);
  const statements = [
    'CREATE TABLE parent (id int PRIMARY KEY, name text, times int DEFAULT 0)',
    `CREATE TABLE t (w int, o int, n int, a int, b text, c numeric, id int${prng.chance(0.5) ? ' UNIQUE' : ''}, parent int${reference}, PRIMARY KEY (${key}))`,
    'CREATE TABLE removed (b text, o int)',
    `CREATE INDEX ON t (a${prng.chance(0.5) ? ', b' : ''})`,
  ];
  for (const index of [
    'CREATE INDEX ON t (b)',
    'CREATE INDEX ON t ((a + n)) WHERE c > 5',
    'CREATE UNIQUE INDEX ON t (o, id DESC)',
    'CREATE INDEX ON t (parent)',
    'CREATE INDEX ON t (o, n) INCLUDE (c)',
  ])
    if (prng.chance(0.5)) statements.push(index);
  return statements;
}

const LOOKS: readonly Change[] = [
  ...['t', 'parent', 'removed'].map((table) => ({ sql: `SELECT * FROM ${table}`, params: [] })),
  ...[7, 23, 41].flatMap((key) => [
    { sql: 'SELECT w, o, n FROM t WHERE a = $1', params: [key] },
    { sql: 'SELECT w, o, n, b FROM t WHERE o = $1', params: [key] },
    { sql: 'SELECT count(*), sum(a), min(c) FROM t WHERE parent = $1', params: [key] },
  ]),
];

export class ChangeGenerator implements ChangeSource {
  readonly schema: readonly string[];
  readonly looks: readonly Change[] = LOOKS;
  private readonly prng: Prng;
  /** Never given twice. */
  private nextId = 1;

  constructor(prng: Prng) {
    this.prng = prng;
    this.schema = changeSchema(prng);
  }

  change(): Change {
    const { prng } = this;
    const [o, w, n, a] = [prng.below(GROUPS), 1 + prng.below(WIDTHS), prng.below(12), prng.below(GROUPS)];
    switch (prng.below(15)) {
      case 0:
        return this.parents();
      case 1:
      case 2:
        return this.insert(w, o, n);
      case 3:
        return this.series(w, o);
      case 4:
      case 5:
        return {
          sql: prng.pick([
            'UPDATE t SET b = $3 WHERE w = $1 AND o = $2',
            'UPDATE t SET b = $3 WHERE o = $2 AND w = $1 AND n > 2',
            'UPDATE t SET b = $3, c = c + 1 WHERE o = $2 AND w >= $1',
            'UPDATE t SET b = b || $3 WHERE o = $2 AND n IN (1, $1, 5) RETURNING *',
          ]),
          params: [w, o, this.text()],
        };
      case 6:
        return {
          sql: prng.pick([
            'UPDATE t SET b = $2, c = c + 1 WHERE a = $1',
            'UPDATE t SET a = a + 1 WHERE a = $1 AND b IS DISTINCT FROM $2',
            'UPDATE t SET b = b || $2 WHERE a = $1 RETURNING w, o, n, b',
            'UPDATE t SET a = $1 WHERE b = $2',
          ]),
          params: [a, this.text()],
        };
      case 7:
        return this.movedKeys(w, o);
      case 8:
        return {
          sql: 'UPDATE t SET parent = $1 WHERE o = $2 AND n < 4',
          params: [prng.chance(0.7) ? a : null, o],
        };
      case 9:
        return prng.pick([
          {
            sql: 'UPDATE t SET b = parent.name, a = parent.times FROM parent WHERE parent.id = t.parent AND t.o = $1',
            params: [o],
          },
          {
            sql: 'DELETE FROM t USING parent WHERE parent.id = t.parent AND parent.times > $1 AND t.w = $2 RETURNING t.o',
            params: [prng.below(3), w],
          },
          {
            sql: 'WITH gone AS (DELETE FROM t WHERE o = $1 RETURNING *) INSERT INTO removed SELECT b, o FROM gone',
            params: [o],
          },
        ]);
      case 10:
      case 11:
        return {
          sql: prng.pick([
            'DELETE FROM t WHERE w = $1 AND o = $2',
            'DELETE FROM t WHERE o = $2 AND n > $1',
            'DELETE FROM t WHERE w = $1 AND o = $2 AND n IN (1, 3, 5, 7)',
          ]),
          params: [w, o],
        };
      case 12:
        return prng.chance(0.5)
          ? { sql: 'DELETE FROM t WHERE a = $1 RETURNING w, o, n, a', params: [a] }
          : { sql: 'UPDATE t SET c = c * 1.5, b = left(b, 5) WHERE o BETWEEN $1 AND $1 + 3', params: [o] };
      case 13:
        return {
          sql:
            'MERGE INTO t USING (SELECT $1::int AS o, $2::text AS b) s ON t.o = s.o WHEN MATCHED AND n > 6 THEN DELETE ' +
            'WHEN MATCHED THEN UPDATE SET b = s.b WHEN NOT MATCHED THEN INSERT (w, o, n, b) VALUES (9, s.o, 1, s.b)',
          params: [o, this.text()],
        };
      default:
        return { sql: 'SELECT * FROM t WHERE w = $1 AND o = $2', params: [w, o] };
    }
  }

  private text(): string | null {
    if (this.prng.chance(0.12)) return null;
    const times = this.prng.below(this.prng.chance(0.15) ? 40 : 4);
    return `${'xyzzy '.repeat(times)}${this.prng.below(30)}`;
  }

  private parents(): Change {
    const { prng } = this;
    const [id, other] = [prng.below(GROUPS), prng.below(GROUPS)];
    return prng.pick<Change>([
      {
        sql: 'INSERT INTO parent (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET times = parent.times + 1, name = excluded.name',
        params: [id, this.text()],
      },
      { sql: 'UPDATE parent SET id = $1 WHERE id = $2', params: [id, other] },
      { sql: 'DELETE FROM parent WHERE id = $1', params: [id] },
    ]);
  }

  private insert(w: number, o: number, n: number): Change {
    const { prng } = this;
    const end = prng.pick([
      '',
      ' ON CONFLICT DO NOTHING',
      ' ON CONFLICT (w, o, n) DO UPDATE SET a = t.a + 1, b = excluded.b',
      ' ON CONFLICT DO NOTHING RETURNING w, o, n',
    ]);
    return {
      sql: `INSERT INTO t (w, o, n, a, b, c, id, parent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)${end}`,
      params: [
        w,
        o,
        n,
        prng.below(GROUPS),
        this.text(),
        prng.below(1000) / 8,
        this.nextId++,
        prng.chance(0.75) ? null : prng.below(GROUPS),
      ],
    };
  }

  private series(w: number, o: number): Change {
    const count = 1 + this.prng.below(40);
    const first = this.nextId;
    this.nextId += count + 1;
    return {
      sql: `INSERT INTO t (w, o, n, a, b, c, id) SELECT $1::int, $2::int + i / 10, i % 12, i, 'series ' || i, i / 4.0, $3::int + i FROM generate_series(1, ${count}) i ON CONFLICT DO NOTHING`,
      params: [w, o, first],
    };
  }

  /** I1: to values that no row has. */
  private movedKeys(w: number, o: number): Change {
    this.nextId += 100;
    return this.prng.chance(0.5)
      ? { sql: 'UPDATE t SET n = n % 12 + $2 WHERE w = $1 AND o = $3', params: [w, 12 * this.nextId, o] }
      : { sql: 'UPDATE t SET id = id + $2 WHERE o = $1', params: [o, 1000 * this.nextId] };
  }
}
