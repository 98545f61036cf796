/**
 * The loops every engine with synchronous prepared statements runs the same way. An engine with another kind of API
 * brings its own object with these methods (see engines/pglite.mjs).
 *
 * Statements are prepared once, outside the loop; rows arrive as objects; `fold(row)` reads them.
 */
export function syncLoops({ prepare, exec }) {
  return {
    exec,
    /** One row object a key. Returns how many were found. */
    getEach(sql, keys, fold) {
      const statement = prepare(sql);
      let found = 0;
      for (let i = 0; i < keys.length; i++) {
        const row = statement.get(keys[i]);
        if (row !== undefined) {
          fold(row);
          found++;
        }
      }
      return found;
    },
    /** Milliseconds of each look-up by key, ascending. */
    latencies(sql, keys) {
      const statement = prepare(sql);
      const all = new Float64Array(keys.length);
      for (let i = 0; i < keys.length; i++) {
        const started = performance.now();
        if (statement.get(keys[i]) === undefined) throw new Error(`there is no row ${keys[i]}`);
        all[i] = performance.now() - started;
      }
      return all.sort();
    },
    /** All rows of each parameter list. */
    allEach(sql, paramLists, fold) {
      const statement = prepare(sql);
      let count = 0;
      for (let i = 0; i < paramLists.length; i++) {
        const rows = statement.all(...paramLists[i]);
        for (let r = 0; r < rows.length; r++) fold(rows[r]);
        count += rows.length;
      }
      return count;
    },
    all(sql, params = []) {
      return prepare(sql).all(...params);
    },
    iterate(sql, params, fold) {
      let count = 0;
      for (const row of prepare(sql).iterate(...params)) {
        fold(row);
        count++;
      }
      return count;
    },
    /** Inserts (or updates, or deletes) row by row in transactions of `rowsPerTransaction`. */
    runAll(sql, rows, rowsPerTransaction = Number.POSITIVE_INFINITY) {
      const statement = prepare(sql);
      let count = 0;
      exec('BEGIN');
      for (const row of rows) {
        statement.run(...row);
        if (++count % rowsPerTransaction === 0) {
          exec('COMMIT');
          exec('BEGIN');
        }
      }
      exec('COMMIT');
      return count;
    },
    /** Lists of statements with their parameters, each list a transaction. */
    inTransactions(lists) {
      for (const list of lists) {
        exec('BEGIN');
        for (const [sql, params] of list) prepare(sql).run(...params);
        exec('COMMIT');
      }
      return lists.length;
    },
    /** Statements prepared once under names, for transactions that read before they write. */
    client(texts) {
      const statements = new Map(Object.entries(texts).map(([name, sql]) => [name, prepare(sql)]));
      return {
        begin: () => exec('BEGIN'),
        commit: () => exec('COMMIT'),
        get: (name, ...params) => statements.get(name).get(...params),
        all: (name, ...params) => statements.get(name).all(...params),
        run: (name, ...params) => void statements.get(name).run(...params),
      };
    },
    /** The same, each row its own durable transaction. */
    runEachDurably(sql, rows) {
      const statement = prepare(sql);
      let count = 0;
      for (const row of rows) {
        statement.run(...row);
        count++;
      }
      return count;
    },
    /** A different SQL text each time, one row each. */
    distinctTexts(texts, fold) {
      for (const text of texts) fold(prepare(text).get());
      return texts.length;
    },
  };
}
