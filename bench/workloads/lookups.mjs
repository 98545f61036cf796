/**
 * Look-ups by primary key in tables of 10^3, 10^4, ... rows (up to `--rows`), each timed alone (PERF-004, AC-P4.2, AC-P4.3): the
 * median and the 95th percentile, warm and among all rows; and how much the median grows from the smallest to the largest.
 */
import { randomIds, trackRows } from '../harness/data.mjs';

export const defaultRows = 1_000_000;
const LOOKUPS = 50_000;
const FIRST = 1000;
/** Keys of the warm look-ups: what an application comes back to. */
const HOT_KEYS = 5000;

function casesOf(size) {
  const table = `t${size}`;
  const named = (what) => `${what}, ${size.toLocaleString('en')} rows`;
  const sql = `SELECT * FROM ${table} WHERE id = $1`;
  const hot = randomIds(HOT_KEYS, size, 3);
  const timed = (what, keys, share) => ({
    name: named(what),
    unit: 'us',
    async run(db) {
      await db.latencies(sql, keys);
      const all = await db.latencies(sql, keys);
      return { count: 1, check: [], ms: all[Math.floor(all.length * share)] };
    },
  });
  const everywhere = randomIds(LOOKUPS, size);
  const again = randomIds(LOOKUPS, HOT_KEYS, 5).map((at) => hot[at - 1]);
  return [
    {
      name: named('load'),
      unit: 'ms',
      bulk: true,
      prepare: (db) =>
        db.exec(
          `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, artist_id INTEGER, title TEXT, duration INTEGER, rating DOUBLE PRECISION)`,
        ),
      async run(db) {
        const rows = trackRows(size, Math.ceil(size / 10));
        await db.runAll(`INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5)`, rows);
        await db.checkpoint();
        return { count: 1, check: [] };
      },
    },
    timed(`median, ${HOT_KEYS} keys again and again`, again, 0.5),
    timed(`P95, ${HOT_KEYS} keys again and again`, again, 0.95),
    timed('median, any key', everywhere, 0.5),
    timed('P95, any key', everywhere, 0.95),
  ];
}

export function cases({ rows }) {
  const sizes = [];
  for (let size = FIRST; size <= rows; size *= 10) sizes.push(size);
  return sizes.flatMap(casesOf);
}

/** How much the largest table's figure is over the smallest's. */
export function notes({ engines, lines }) {
  const byQuestion = new Map();
  for (const line of lines) {
    const at = line.name.lastIndexOf(', ');
    if (!line.name.endsWith('rows') || at < 0) continue;
    const question = line.name.slice(0, at);
    if (question !== 'load') byQuestion.set(question, [...(byQuestion.get(question) ?? []), line.figures]);
  }
  return [...byQuestion].flatMap(([question, figures]) =>
    engines.map((engine, e) => {
      const growth = figures.at(-1)[e] / figures[0][e];
      return `${question}, ${engine}: ${growth.toFixed(2)} times the smallest table's`;
    }),
  );
}
