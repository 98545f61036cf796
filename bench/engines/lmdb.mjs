/**
 * LMDB, a memory-mapped key-value store: how fast a row can be had by key where nothing else is asked for. Rows are objects packed by
 * its own encoder; a commit is synced. Of SQL it is given only the texts below; every other case is an error of that case.
 */
import { readFileSync } from 'node:fs';
import { open as openStore } from 'lmdb';
import { syncLoops } from '../harness/loops.mjs';

export const dialect = 'sqlite';

/** Its package hides its own description from importers. */
const { version } = JSON.parse(
  readFileSync(new URL('../node_modules/lmdb/package.json', import.meta.url), 'utf8'),
);

const CREATE = /^CREATE TABLE (\w+) \((.*)\)$/is;
const INSERT = /^INSERT INTO (\w+) VALUES \(\$1(?:, \$\d+)*\)$/i;
const GET = /^SELECT \* FROM (\w+) WHERE (\w+) = \$1$/i;
const DELETE = /^DELETE FROM (\w+) WHERE (\w+) = \$1$/i;

class Store {
  constructor(path) {
    this.root = openStore({ path, compression: false });
    this.tables = new Map();
  }

  table(name) {
    const found = this.tables.get(name);
    if (found === undefined) throw new Error(`there is no table ${name} here`);
    return found;
  }

  exec(sql) {
    const create = CREATE.exec(sql);
    if (create === null) throw new Error('a key-value store knows no SQL');
    const columns = create[2].split(',').map((definition) => definition.trim().split(' ')[0]);
    this.tables.set(create[1], {
      columns,
      rows: this.root.openDB(create[1], { keyEncoding: 'ordered-binary' }),
    });
  }

  prepare(sql) {
    const [insert, get, remove] = [INSERT.exec(sql), GET.exec(sql), DELETE.exec(sql)];
    const name = (insert ?? get ?? remove)?.[1];
    if (name === undefined) throw new Error('a key-value store knows no SQL');
    const { columns, rows } = this.table(name);
    if (!insert && (get ?? remove)[2] !== columns[0]) throw new Error('there is one key');
    return {
      get: (key) => rows.get(key),
      run: (...values) =>
        insert
          ? rows.putSync(values[0], Object.fromEntries(columns.map((column, i) => [column, values[i]])))
          : rows.removeSync(values[0]),
    };
  }
}

export function open(path) {
  const store = new Store(path);
  const loops = syncLoops({ prepare: (sql) => store.prepare(sql), exec: (sql) => store.exec(sql) });
  return {
    dialect,
    version,
    ...loops,
    runAll(sql, rows, rowsPerTransaction = Number.POSITIVE_INFINITY) {
      const statement = store.prepare(sql);
      const source = rows[Symbol.iterator]();
      let count = 0;
      for (let next = source.next(); !next.done; )
        store.root.transactionSync(() => {
          do {
            statement.run(...next.value);
            next = source.next();
            count++;
          } while (!next.done && count % rowsPerTransaction !== 0);
        });
      return count;
    },
    checkpoint: () => store.root.flushed,
    analyze: () => {},
    close: () => store.root.close(),
  };
}
