/**
 * The same questions of a table of 10^4, 10^5, ... rows (up to `--rows`): how time grows with size. The exponent of each
 * step is printed: about 0 for look-ups, about 1 for scans, a little above 1 for sorts; a jump is a cliff.
 */
import { randomIds, trackRows } from '../harness/data.mjs';
import { resultCheck } from '../harness/row-hash.mjs';

export const defaultRows = 1_000_000;
const LOOKUPS = 20_000;
const FIRST = 10_000;

function sizesUpTo(rows) {
  const sizes = [];
  for (let size = FIRST; size <= rows; size *= 10) sizes.push(size);
  return sizes;
}

function casesOf(size) {
  const table = `t${size}`;
  const artists = Math.floor(size / 10);
  const named = (what) => `${what}, ${size.toLocaleString('en')} rows`;
  const ids = randomIds(LOOKUPS, size).map((id) => [id]);
  const ofArtists = randomIds(LOOKUPS / 4, artists).map((id) => [id]);
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
    warm: true,
    run: async (db) => ({ count: 1, check: resultCheck(await db.all(sql)) }),
  });
  return [
    {
      name: named('insert with an index'),
      unit: 'ms',
      bulk: true,
      prepare: (db) =>
        db.exec(
          `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, artist_id INTEGER, title TEXT, duration INTEGER, rating DOUBLE PRECISION);
           CREATE INDEX ${table}_artist ON ${table} (artist_id)`,
        ),
      run: async (db) => ({
        count: 1,
        check: [
          await db.runAll(`INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5)`, trackRows(size, artists)),
        ],
      }),
    },
    asked('20,000 look-ups by key', `SELECT * FROM ${table} WHERE id = $1`, ids),
    asked('5,000 look-ups by index', `SELECT * FROM ${table} WHERE artist_id = $1`, ofArtists),
    reported('scan', `SELECT count(*) AS c, sum(duration) AS s FROM ${table} WHERE rating > 2.5`),
    reported(
      'group',
      `SELECT count(*) AS c FROM (SELECT artist_id, sum(duration) AS s FROM ${table} GROUP BY artist_id) q`,
    ),
    reported('sort by text', `SELECT id FROM ${table} ORDER BY title, id LIMIT 1 OFFSET ${size - 1}`),
  ];
}

export function cases({ rows }) {
  return sizesUpTo(rows).flatMap(casesOf);
}

/** Exponents between neighbouring sizes, a line a question and engine. */
export function notes({ engines, lines }) {
  const byQuestion = new Map();
  for (const line of lines) {
    const at = line.name.lastIndexOf(', ');
    if (!line.name.endsWith('rows') || at < 0) continue;
    const question = line.name.slice(0, at);
    byQuestion.set(question, [...(byQuestion.get(question) ?? []), line.figures]);
  }
  return [...byQuestion].flatMap(([question, figures]) =>
    engines.map((engine, e) => {
      const steps = figures.slice(1).map((now, i) => Math.log10(now[e] / figures[i][e]).toFixed(2));
      return `${question}, ${engine}: grows with the power ${steps.join(', ')}`;
    }),
  );
}
