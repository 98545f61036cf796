/** TPC-H: load, index, and the 22 queries one after another (BENCHMARKS.md section 2). */
import { resultCheck } from '../harness/row-hash.mjs';
import { generators } from '../tpch/generate.mjs';
import { queries } from '../tpch/queries.mjs';
import { columnCount, createTable, INDEXES, TABLES } from '../tpch/schema.mjs';

export const defaultScale = 0.1;

function literal(value) {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

async function loadTable(db, table, rows, ctx) {
  if (db.loadTable !== undefined) return db.loadTable(table, rows);
  if (!ctx.isSlow) {
    const places = Array.from({ length: columnCount(table) }, (_, i) => `$${i + 1}`).join(', ');
    return db.runAll(`INSERT INTO ${table} VALUES (${places})`, rows);
  }
  let count = 0;
  let batch = [];
  const flush = async () => {
    if (batch.length > 0) await db.exec(`INSERT INTO ${table} VALUES ${batch.join(',')}`);
    count += batch.length;
    batch = [];
  };
  for (const row of rows) {
    batch.push(`(${row.map(literal).join(',')})`);
    if (batch.length === 2000) await flush();
  }
  await flush();
  return count;
}

export function cases({ scale }) {
  const names = Object.keys(queries('postgres', scale));
  return [
    {
      name: 'load',
      unit: 'rows/s',
      bulk: true,
      async run(db, ctx) {
        let count = 0;
        for (const table of Object.keys(TABLES)) {
          await db.exec(createTable(table, db.dialect));
          count += await loadTable(db, table, generators[table](scale), ctx);
        }
        return { count, check: [count] };
      },
    },
    {
      name: 'indexes and statistics',
      unit: 'ms',
      bulk: true,
      async run(db) {
        for (const sql of INDEXES) await db.exec(sql);
        await db.analyze();
        return { count: 1, check: [] };
      },
    },
    {
      name: 'size after checkpoint',
      unit: 'MB',
      run: async (db) => ({ count: 1, check: [void (await db.checkpoint())] }),
      measuresSize: true,
    },
    ...names.map((name) => ({
      name,
      unit: 'ms',
      warm: true,
      run: async (db) => ({ count: 1, check: resultCheck(await db.all(queries(db.dialect, scale)[name])) }),
    })),
    { name: 'the 22 queries', unit: 'ms', sumOf: names },
  ];
}
