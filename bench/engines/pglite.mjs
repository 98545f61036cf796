/** PostgreSQL in WebAssembly, data in a folder. It does not sync at all: its commit figures are not comparable. */
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';

export const dialect = 'postgres';
export const isSlow = true;

export async function open(path) {
  const db = await PGlite.create(path, { extensions: { pg_trgm } });
  const query = async (sql, params) => (await db.query(sql, params)).rows;
  return {
    dialect,
    version: `${(await query('SHOW server_version'))[0].server_version}`,
    exec: async (sql) => void (await db.exec(sql)),
    async getEach(sql, keys, fold) {
      for (const key of keys) fold((await query(sql, [key]))[0]);
      return keys.length;
    },
    async allEach(sql, paramLists, fold) {
      let count = 0;
      for (const params of paramLists) {
        const rows = await query(sql, params);
        rows.forEach(fold);
        count += rows.length;
      }
      return count;
    },
    all: query,
    async iterate(sql, params, fold) {
      const rows = await query(sql, params);
      rows.forEach(fold);
      return rows.length;
    },
    async runAll(sql, rows, rowsPerTransaction = Number.POSITIVE_INFINITY) {
      let count = 0;
      await db.exec('BEGIN');
      for (const row of rows) {
        await db.query(sql, row);
        if (++count % rowsPerTransaction === 0) await db.exec('COMMIT; BEGIN');
      }
      await db.exec('COMMIT');
      return count;
    },
    async runEachDurably(sql, rows) {
      let count = 0;
      for (const row of rows) {
        await db.query(sql, row);
        count++;
      }
      return count;
    },
    async distinctTexts(texts, fold) {
      for (const text of texts) fold((await query(text))[0]);
      return texts.length;
    },
    checkpoint: async () => void (await db.exec('CHECKPOINT')),
    analyze: async () => void (await db.exec('ANALYZE')),
    close: () => db.close(),
  };
}
