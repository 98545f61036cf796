/** DuckDB through its Node API, one thread. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { DuckDBInstance, version } from '@duckdb/node-api';

export const dialect = 'postgres';
export const isSlow = true;

const plain = (value) =>
  typeof value === 'bigint'
    ? Number(value)
    : value !== null && typeof value === 'object'
      ? String(value)
      : value;

const CSV_CHARS_MAX = 1 << 20;

const csvField = (value) =>
  typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value ?? '');

/** Rows without NULLs in texts as a file for COPY: a prepared INSERT takes a millisecond a row. */
function writeCsv(file, rows) {
  const fd = openSync(file, 'w');
  let count = 0;
  let text = '';
  for (const row of rows) {
    text += `${row.map(csvField).join(',')}\n`;
    count++;
    if (text.length < CSV_CHARS_MAX) continue;
    writeSync(fd, text);
    text = '';
  }
  writeSync(fd, text);
  closeSync(fd);
  return count;
}

export async function open(path) {
  const instance = await DuckDBInstance.create(path, { threads: '1' });
  const connection = await instance.connect();
  const rowsOf = async (reader) =>
    reader
      .getRowObjects()
      .map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, plain(v)])));
  const query = async (sql, params = []) => rowsOf(await connection.runAndReadAll(sql, params));
  const runPrepared = async (sql, rows, each) => {
    const statement = await connection.prepare(sql);
    let count = 0;
    for (const row of rows) {
      statement.bind(row);
      await statement.run();
      await each(++count);
    }
    return count;
  };
  return {
    dialect,
    version: version(),
    exec: async (sql) => void (await connection.run(sql)),
    async getEach(sql, keys, fold) {
      const statement = await connection.prepare(sql);
      for (const key of keys) {
        statement.bind([key]);
        fold((await rowsOf(await statement.runAndReadAll()))[0]);
      }
      return keys.length;
    },
    async allEach(sql, paramLists, fold) {
      const statement = await connection.prepare(sql);
      let count = 0;
      for (const params of paramLists) {
        statement.bind(params);
        const rows = await rowsOf(await statement.runAndReadAll());
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
      await connection.run('BEGIN');
      const count = await runPrepared(sql, rows, async (done) => {
        if (done % rowsPerTransaction !== 0) return;
        await connection.run('COMMIT');
        await connection.run('BEGIN');
      });
      await connection.run('COMMIT');
      return count;
    },
    async loadTable(table, rows) {
      const file = `${path}.csv`;
      const count = writeCsv(file, rows);
      await connection.run(`COPY ${table} FROM '${file}' (HEADER false)`);
      rmSync(file);
      return count;
    },
    runEachDurably: (sql, rows) => runPrepared(sql, rows, async () => {}),
    async distinctTexts(texts, fold) {
      for (const text of texts) fold((await query(text))[0]);
      return texts.length;
    },
    checkpoint: async () => void (await connection.run('CHECKPOINT')),
    analyze: async () => void (await connection.run('ANALYZE')),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
