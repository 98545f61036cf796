/**
 * The same questions of a table of 10^4, 10^5, ... rows (up to `--rows`): how time grows with size. The exponent of each
 * step is printed: about 0 for look-ups and short ranges, about 1 for scans, joins and loads, a little above 1 for sorts; a
 * jump is a cliff. `--cache` says how much of the largest table the cache holds, `--cpu` counts CPU time.
 *
 * I1  Each size has tables of its own, which are dropped before the next is made: a figure is that of its size alone.
 */
import { randomIds, shuffled, trackRow, trackRows } from '../harness/data.mjs';
import { resultCheck } from '../harness/row-hash.mjs';

export const defaultRows = 1_000_000;
const LOOKUPS = 20_000;
const FIRST = 10_000;
/** Tables beyond this are asked once. */
const WARM_ROWS_MAX = 1_000_000;
/** Largest table filled in random order. */
const RANDOM_ROWS_MAX = 1_000_000;
const RANGE_ROWS = 100;

function sizesUpTo(rows) {
  const sizes = [];
  for (let size = FIRST; size <= rows; size *= 10) sizes.push(size);
  return sizes;
}

const COLUMNS =
  '(id INTEGER PRIMARY KEY, artist_id INTEGER, title TEXT, duration INTEGER, rating DOUBLE PRECISION)';

function* inOrderOf(keys, artists) {
  for (const id of keys) yield trackRow(id, artists);
}

/** Filling the tables: by ascending key, in random order, with an index kept up, and an index made afterwards. */
function loadsOf(size, table, artists, named) {
  const load = (what, name, more, rows) => ({
    name: named(what),
    unit: 'ms',
    bulk: true,
    prepare: (db) => db.exec(`CREATE TABLE ${name} ${COLUMNS};${more}`),
    async run(db) {
      const seen = await db.runAll(`INSERT INTO ${name} VALUES ($1, $2, $3, $4, $5)`, rows());
      return { count: 1, check: [seen] };
    },
  });
  const dropping = (one, name) => ({ ...one, after: (db) => db.exec(`DROP TABLE ${name}`) });
  const indexed = `CREATE INDEX ${table}_kept ON ${table}_i (artist_id)`;
  const inRandomOrder = dropping(
    load('insert in random order', `${table}_r`, '', () => inOrderOf(shuffled(size), artists)),
    `${table}_r`,
  );
  return [
    // Larger tables than memory write every page again for each few rows, whatever the engine.
    ...(size <= RANDOM_ROWS_MAX ? [inRandomOrder] : []),
    dropping(
      load('insert by key with an index', `${table}_i`, indexed, () => trackRows(size, artists)),
      `${table}_i`,
    ),
    load('insert by key', table, '', () => trackRows(size, artists)),
    {
      name: named('build an index'),
      unit: 'ms',
      bulk: true,
      run: async (db) => ({
        count: 1,
        check: [void (await db.exec(`CREATE INDEX ${table}_artist ON ${table} (artist_id)`))],
      }),
    },
    {
      name: named('make the artists'),
      unit: 'ms',
      bulk: true,
      prepare: (db) =>
        db.exec(`CREATE TABLE ${table}_artists (id INTEGER PRIMARY KEY, since INTEGER NOT NULL)`),
      async run(db) {
        const rows = Array.from({ length: artists }, (_, i) => [i + 1, 1950 + (i % 70)]);
        const seen = await db.runAll(`INSERT INTO ${table}_artists VALUES ($1, $2)`, rows);
        await db.analyze();
        await db.checkpoint();
        return { count: 1, check: [seen] };
      },
    },
  ];
}

function casesOf(size) {
  const table = `t${size}`;
  const artists = Math.floor(size / 10);
  const named = (what) => `${what}, ${size.toLocaleString('en')} rows`;
  const ids = randomIds(LOOKUPS, size).map((id) => [id]);
  const ofArtists = randomIds(LOOKUPS / 4, artists).map((id) => [id]);
  const ranges = randomIds(LOOKUPS / 10, size - RANGE_ROWS, 11).map((id) => [id, id + RANGE_ROWS]);
  const warm = size <= WARM_ROWS_MAX;
  const asked = (what, sql, params) => ({
    name: named(what),
    unit: 'ms',
    warm: true,
    async run(db) {
      const seen = await db.allEach(sql, params, () => {});
      return { count: 1, check: [seen] };
    },
  });
  const reported = (what, sql) => ({
    name: named(what),
    unit: 'ms',
    warm,
    run: async (db) => ({ count: 1, check: resultCheck(await db.all(sql)) }),
  });
  return [
    ...loadsOf(size, table, artists, named),
    asked('20,000 look-ups by key', `SELECT * FROM ${table} WHERE id = $1`, ids),
    asked('5,000 look-ups by index', `SELECT * FROM ${table} WHERE artist_id = $1`, ofArtists),
    asked('2,000 ranges of 100 rows', `SELECT * FROM ${table} WHERE id >= $1 AND id < $2`, ranges),
    reported(
      'range of a tenth',
      `SELECT count(*) AS c, sum(duration) AS s FROM ${table} WHERE id >= ${size / 2} AND id < ${size / 2 + size / 10}`,
    ),
    reported('scan', `SELECT count(*) AS c, sum(duration) AS s FROM ${table} WHERE rating > 2.5`),
    reported(
      'group',
      `SELECT count(*) AS c FROM (SELECT artist_id, sum(duration) AS s FROM ${table} GROUP BY artist_id) q`,
    ),
    reported(
      'join',
      `SELECT a.since, count(*) AS c FROM ${table} t JOIN ${table}_artists a ON a.id = t.artist_id GROUP BY a.since ORDER BY a.since`,
    ),
    reported('sort by number', `SELECT id FROM ${table} ORDER BY rating, id LIMIT 1 OFFSET ${size - 1}`),
    {
      ...reported('sort by text', `SELECT id FROM ${table} ORDER BY title, id LIMIT 1 OFFSET ${size - 1}`),
      after: (db) => db.exec(`DROP TABLE ${table}; DROP TABLE ${table}_artists`),
    },
  ];
}

export function cases({ rows }) {
  return sizesUpTo(rows).flatMap(casesOf);
}

/** Figures by question, ascending by size. */
function byQuestion(lines) {
  const found = new Map();
  for (const line of lines) {
    const at = line.name.lastIndexOf(', ');
    if (!line.name.endsWith('rows') || at < 0 || line.name.startsWith('make ')) continue;
    const question = line.name.slice(0, at);
    found.set(question, [...(found.get(question) ?? []), line.figures]);
  }
  return found;
}

/** Points of the charts: the figure of an engine for a question at a number of rows. */
export function growth({ engines, lines }) {
  return [...byQuestion(lines)].flatMap(([question, figures]) =>
    figures.flatMap((ofEngines, i) =>
      engines.flatMap((engine, e) =>
        ofEngines[e] > 0 ? [{ question, engine, rows: FIRST * 10 ** i, ms: ofEngines[e] }] : [],
      ),
    ),
  );
}

/** Exponents between neighbouring sizes, a line a question and engine. */
export function notes({ engines, lines }) {
  return [...byQuestion(lines)].flatMap(([question, figures]) =>
    engines.map((engine, e) => {
      const steps = figures.slice(1).map((now, i) => Math.log10(now[e] / figures[i][e]).toFixed(2));
      return `${question}, ${engine}: grows with the power ${steps.join(', ')}`;
    }),
  );
}
