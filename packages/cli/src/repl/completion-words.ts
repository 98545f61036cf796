/** Words for the tab key: names of the catalogue where a name is due, else keywords too. */
import type { Database } from 'decentdb';
import { COMMAND_NAMES } from './shell-commands.ts';

const KEYWORDS = (
  'SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET JOIN LEFT RIGHT FULL INNER CROSS LATERAL ON USING AS DISTINCT UNION ' +
  'INTERSECT EXCEPT ALL INSERT INTO VALUES RETURNING CONFLICT DO NOTHING UPDATE SET DELETE CREATE TABLE INDEX UNIQUE VIEW ' +
  'MATERIALIZED SEQUENCE SCHEMA TYPE DOMAIN ENUM ALTER ADD COLUMN CONSTRAINT DROP RENAME TO TRUNCATE BEGIN COMMIT ROLLBACK ' +
  'SAVEPOINT RELEASE EXPLAIN ANALYZE VACUUM WITH RECURSIVE CASE WHEN THEN ELSE END AND OR NOT NULL IS IN EXISTS BETWEEN LIKE ' +
  'ILIKE PRIMARY KEY REFERENCES FOREIGN CHECK DEFAULT GENERATED IDENTITY CASCADE integer bigint text boolean numeric timestamptz ' +
  'jsonb uuid date SHOW'
).split(' ');

const NAME_DUE = /\b(from|join|into|update|table|truncate|vacuum|reindex)\s+[\w".]*$/i;

/** Completions of the word at the end of the line, and that word: what node:readline asks for. */
export function completions(db: Database, line: string): [string[], string] {
  if (/^\s*[\\.]\S*$/.test(line)) {
    const word = line.trim();
    return [COMMAND_NAMES.filter((name) => name.startsWith(word)), word];
  }
  const word = /[\w".]*$/.exec(line)?.[0] ?? '';
  const names = texts(
    db,
    `SELECT table_name FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema', 'sys')`,
  );
  const isMeta = /^\s*[\\.]/.test(line);
  const columns = NAME_DUE.test(line) || isMeta ? [] : texts(db, 'SELECT DISTINCT name FROM sys.columns');
  const keywords = NAME_DUE.test(line) || isMeta ? [] : KEYWORDS;
  const isLower = word !== '' && word === word.toLowerCase();
  const all = [...names, ...columns, ...keywords.map((one) => (isLower ? one.toLowerCase() : one))];
  const found = [...new Set(all)].filter((one) => one.toLowerCase().startsWith(word.toLowerCase()));
  return [found.sort(), word];
}

function texts(db: Database, sql: string): string[] {
  try {
    const { rows } = db.query(sql, [], { rowMode: 'array', format: 'text' });
    return (rows as unknown as (string | null)[][]).map(([name]) => name ?? '');
  } catch {
    return []; // A key press must not fail: a transaction that has failed answers nothing.
  }
}
