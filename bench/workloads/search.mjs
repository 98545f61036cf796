/**
 * Substring search over titles: a trigram index here and in PostgreSQL (pg_trgm), FTS5 with its trigram tokenizer in SQLite.
 * All sides ignore case: FTS5 knows no other LIKE. Both peers in one run:
 *
 *   npm run bench -- search --engines decentdb,better-sqlite3,pglite --rounds 1
 */
import { titleOf } from '../harness/data.mjs';

export const defaultRows = 1_000_000;
const DURABLE_ROWS = 2000;

function* titles(count) {
  for (let id = 1; id <= count; id++) yield [id, titleOf(id)];
}

function* more(from) {
  for (let id = from; id < from + DURABLE_ROWS; id++) yield [id, titleOf(id)];
}

const isSqlite = (db) => db.dialect === 'sqlite';

function createIndex(db) {
  if (isSqlite(db))
    return db.exec(
      "CREATE VIRTUAL TABLE title_text USING fts5(name, content='title', content_rowid='id', tokenize='trigram');" +
        "INSERT INTO title_text(title_text) VALUES('rebuild')",
    );
  return db.exec(
    'CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE INDEX title_text ON title USING gin (name gin_trgm_ops)',
  );
}

/** By rows where a call costs little, else a thousand rows a statement. */
async function load(db, rows, ctx) {
  if (!ctx.isSlow) return db.runAll('INSERT INTO title VALUES ($1, $2)', titles(rows));
  for (let from = 1; from <= rows; from += 1000) {
    const count = Math.min(1000, rows - from + 1);
    const values = Array.from({ length: count }, (_, i) => `(${from + i}, '${titleOf(from + i)}')`);
    await db.exec(`INSERT INTO title VALUES ${values.join(', ')}`);
  }
  return rows;
}

/** Patterns by how many of a million titles have them. */
const patterns = [
  ['rare', `%${titleOf(4242).slice(3, 16)}%`],
  [
    'of a few hundred rows',
    `%${
      titleOf(77)
        .split(' ')
        .find((word) => word.length > 5) ?? titleOf(77)
    }%`,
  ],
  ['common', '%bake%'],
];

function counting([what, pattern]) {
  return {
    name: `count, ${what} pattern`,
    unit: 'ms',
    warm: true,
    async run(db) {
      const sql = isSqlite(db)
        ? `SELECT count(*) AS n FROM title_text WHERE name LIKE '${pattern}'`
        : `SELECT count(*) AS n FROM title WHERE name ILIKE '${pattern}'`;
      const [row] = await db.all(sql);
      return { count: 1, check: [Number(row.n)] };
    },
  };
}

function first20([what, pattern]) {
  return {
    name: `first 20, ${what} pattern`,
    unit: 'ms',
    warm: true,
    async run(db) {
      const sql = isSqlite(db)
        ? `SELECT rowid AS id, name FROM title_text WHERE name LIKE '${pattern}' LIMIT 20`
        : `SELECT id, name FROM title WHERE name ILIKE '${pattern}' LIMIT 20`;
      return { count: 1, check: [(await db.all(sql)).length] };
    },
  };
}

const queries = [...patterns.map(counting), ...patterns.map(first20)];

function durableInserts(name, table, index) {
  return {
    name,
    unit: 'ops/s',
    prepare: (db) =>
      db.exec(
        `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, name TEXT)${index && !isSqlite(db) ? `; CREATE INDEX ON ${table} USING gin (name gin_trgm_ops)` : ''}${
          index && isSqlite(db)
            ? `; CREATE VIRTUAL TABLE ${table}_text USING fts5(name, content='${table}', content_rowid='id', tokenize='trigram');
               CREATE TRIGGER ${table}_in AFTER INSERT ON ${table} BEGIN INSERT INTO ${table}_text(rowid, name) VALUES (new.id, new.name); END`
            : ''
        }`,
      ),
    run: async (db) => ({
      count: await db.runEachDurably(`INSERT INTO ${table} VALUES ($1, $2)`, more(1)),
      check: [],
    }),
  };
}

export function cases({ rows }) {
  return [
    {
      name: 'load titles',
      unit: 'rows/s',
      bulk: true,
      async prepare(db) {
        if (isSqlite(db)) await db.exec('PRAGMA case_sensitive_like = OFF');
        await db.exec('CREATE TABLE title (id INTEGER PRIMARY KEY, name TEXT)');
      },
      run: async (db, ctx) => ({ count: await load(db, rows, ctx), check: [] }),
    },
    {
      name: 'size of the table',
      unit: 'MB',
      run: async (db) => ({ count: 1, check: [void (await db.checkpoint())] }),
      measuresSize: true,
    },
    {
      name: 'build the index',
      unit: 'ms',
      bulk: true,
      run: async (db) => ({ count: 1, check: [void (await createIndex(db))] }),
    },
    {
      name: 'size with the index',
      unit: 'MB',
      run: async (db) => ({ count: 1, check: [void (await db.checkpoint())] }),
      measuresSize: true,
    },
    ...queries,
    durableInserts(`${DURABLE_ROWS} durable inserts without an index`, 'plain', false),
    durableInserts(`${DURABLE_ROWS} durable inserts with the index`, 'indexed', true),
  ];
}
