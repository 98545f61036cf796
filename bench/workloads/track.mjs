/** The track table of BENCHMARKS.md section 1: one million rows of five columns, an index on the artist. */
import { hash32, randomIds, titleOf, trackRow, trackRows } from '../harness/data.mjs';
import { resultCheck } from '../harness/row-hash.mjs';

const CREATE = (name) =>
  `CREATE TABLE ${name} (id INTEGER PRIMARY KEY, artist_id INTEGER, title TEXT, duration INTEGER, rating DOUBLE PRECISION)`;
const INSERT = (name) => `INSERT INTO ${name} VALUES ($1, $2, $3, $4, $5)`;

/** Adds up something of every column of a row, so that none is left undecoded. */
class Sum {
  value = 0;
  fold = (row) => {
    this.value += row.id + row.artist_id + row.title.length + row.duration + row.rating;
  };
  get check() {
    return [Math.round(this.value * 1000) / 1000];
  }
}

async function summed(work) {
  const sum = new Sum();
  const count = await work(sum.fold);
  return { count, check: sum.check };
}

/** A query whose small result is compared as a whole, timed as milliseconds. */
function report(name, sql, target, extra = {}) {
  return {
    name,
    unit: 'ms',
    target,
    warm: true,
    async run(db) {
      return {
        count: 1,
        check: resultCheck(await db.all(typeof sql === 'function' ? sql(db.dialect) : sql)),
      };
    },
    ...extra,
  };
}

/** What the prepared loops of slow engines do in a reasonable time. */
const lighter = (count, ctx) => (ctx.isSlow ? Math.ceil(count / 50) : count);

export const defaultRows = 1_000_000;

export function cases({ rows }) {
  const artists = Math.max(1, Math.floor(rows / 10));
  return [
    {
      name: 'insert, one transaction, no index',
      unit: 'rows/s',
      target: 1,
      bulk: true,
      prepare: (db) => db.exec(CREATE('t')),
      async run(db, ctx) {
        const count = lighter(rows, ctx);
        await db.runAll(INSERT('t'), trackRows(count, artists));
        return { count, check: [] };
      },
      async after(db, ctx) {
        if (!ctx.isSlow) return;
        const literals = [];
        for (let id = lighter(rows, ctx) + 1; id <= rows; id++) {
          const [key, artist, title, duration, rating] = trackRow(id, artists);
          literals.push(`(${key},${artist},'${title}',${duration},${rating})`);
          if (literals.length === 10_000 || id === rows)
            await db.exec(`INSERT INTO t VALUES ${literals.splice(0).join(',')}`);
        }
      },
    },
    {
      name: 'create index on artist_id',
      unit: 'ms',
      run: async (db) => ({
        count: 1,
        check: [void (await db.exec('CREATE INDEX t_artist ON t (artist_id)'))],
      }),
    },
    {
      name: 'file size after checkpoint',
      unit: 'MB',
      lowerIsBetter: true,
      target: 0.75,
      run: async (db) => ({ count: 1, check: [], bytes: void (await db.checkpoint()) }),
      measuresSize: true,
    },
    {
      name: 'get by primary key, prepared',
      unit: 'ops/s',
      target: 4,
      warm: true,
      run: (db, ctx) =>
        summed((fold) =>
          db.getEach('SELECT * FROM t WHERE id = $1', randomIds(lighter(300_000, ctx), rows), fold),
        ),
      verify: 'same-count',
    },
    {
      name: 'all ~10 rows by artist_id through the index',
      unit: 'ops/s',
      warm: true,
      async run(db, ctx) {
        const lists = randomIds(lighter(40_000, ctx), artists, 3).map((id) => [id]);
        const done = await summed((fold) => db.allEach('SELECT * FROM t WHERE artist_id = $1', lists, fold));
        return { ...done, count: lists.length };
      },
      verify: 'same-count',
    },
    ...[100, 1000].map((width) => ({
      name: `range of ${width} rows by id`,
      unit: 'rows/s',
      target: width === 100 ? 5 : undefined,
      warm: true,
      run: (db, ctx) => {
        const lists = randomIds(lighter(2_000_000 / width, ctx), rows - width, 5).map((id) => [
          id,
          id + width - 1,
        ]);
        return summed((fold) => db.allEach('SELECT * FROM t WHERE id BETWEEN $1 AND $2', lists, fold));
      },
      verify: 'same-count',
    })),
    {
      name: 'all rows as objects (iterate)',
      unit: 'rows/s',
      target: 8,
      warm: true,
      run: (db) => summed((fold) => db.iterate('SELECT * FROM t', [], fold)),
    },
    {
      name: 'all rows as objects (all)',
      unit: 'rows/s',
      target: 8,
      warm: true,
      run: (db) => summed((fold) => db.allEach('SELECT * FROM t', [[]], fold)),
    },
    report(
      'filter + count, sum, avg',
      'SELECT count(*) AS n, sum(duration) AS s, avg(rating) AS a FROM t WHERE rating > 2.5',
      5,
    ),
    report(
      'group by artist_id, top 10',
      'SELECT artist_id, count(*) AS n, sum(duration) AS s FROM t GROUP BY artist_id ORDER BY s DESC, artist_id LIMIT 10',
    ),
    report(
      'group by duration',
      'SELECT duration, count(*) AS n, avg(rating) AS a FROM t GROUP BY duration ORDER BY duration',
    ),
    report('order by rating desc, id limit 20', 'SELECT id, rating FROM t ORDER BY rating DESC, id LIMIT 20'),
    report(
      'full sort by title, row at nine tenths',
      `SELECT id, title FROM t ORDER BY title, id LIMIT 1 OFFSET ${Math.floor(rows * 0.9)}`,
    ),
    report("title LIKE '%drust%' count, no index", "SELECT count(*) AS n FROM t WHERE title LIKE '%drust%'"),
    {
      name: '20,000 distinct texts, one row each',
      unit: 'ops/s',
      run: (db, ctx) => {
        const ids = randomIds(lighter(20_000, ctx), rows, 11);
        return summed((fold) =>
          db.distinctTexts(
            ids.map((id) => `SELECT * FROM t WHERE id = ${id}`),
            fold,
          ),
        );
      },
      verify: 'same-count',
    },
    {
      name: 'update 200k rows by key, one transaction',
      unit: 'rows/s',
      run: async (db, ctx) => {
        const ids = randomIds(lighter(200_000, ctx), rows, 17).map((id) => [hash32(id) % 600, id]);
        await db.runAll('UPDATE t SET duration = $1 WHERE id = $2', ids);
        return { count: ids.length, check: [] };
      },
    },
    {
      name: 'delete 200k rows by key, one transaction',
      unit: 'rows/s',
      run: async (db, ctx) => {
        const ids = Array.from({ length: lighter(200_000, ctx) }, (_, i) => [1 + ((i * 5) % rows)]);
        await db.runAll('DELETE FROM t WHERE id = $1', ids);
        return { count: ids.length, check: [] };
      },
    },
    {
      name: 'insert, one transaction, with the index',
      unit: 'rows/s',
      prepare: (db) => db.exec(`${CREATE('u')}; CREATE INDEX u_artist ON u (artist_id)`),
      async run(db, ctx) {
        const count = lighter(rows, ctx);
        await db.runAll(INSERT('u'), trackRows(count, artists));
        return { count, check: [] };
      },
    },
    {
      name: 'insert, transactions of 1,000',
      unit: 'rows/s',
      prepare: (db) => db.exec(CREATE('v')),
      async run(db, ctx) {
        const count = lighter(rows / 2, ctx);
        await db.runAll(INSERT('v'), trackRows(count, artists), 1000);
        return { count, check: [] };
      },
    },
    {
      name: 'durable single-row autocommit',
      unit: 'ops/s',
      prepare: (db) => db.exec('CREATE TABLE w (id INTEGER PRIMARY KEY, title TEXT)'),
      run: async (db) => {
        // Long enough that what is measured is the commits, not the first use of their code.
        const lines = Array.from({ length: 5000 }, (_, i) => [i + 1, titleOf(i)]);
        return { count: await db.runEachDurably('INSERT INTO w VALUES ($1, $2)', lines), check: [] };
      },
    },
  ];
}
