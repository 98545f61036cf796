/** "Did you mean": names of the catalogue that are near one that is not there. */
import { type Database, DecentDbError } from 'decentdb';

const QUERIES: Readonly<Record<string, string>> = {
  '42P01': `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  '42703': `SELECT DISTINCT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attnum > 0 AND c.relkind IN ('r', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  '42883': 'SELECT DISTINCT proname FROM pg_proc',
  '42704': 'SELECT typname FROM pg_type',
};

const KEYWORD_STARTS =
  'SELECT INSERT UPDATE DELETE CREATE ALTER DROP BEGIN COMMIT ROLLBACK EXPLAIN ANALYZE VACUUM TRUNCATE WITH VALUES GRANT REVOKE COPY SHOW SET'.split(
    ' ',
  );

/** Gives an error about an unknown name a hint, where a known one is near and the error has none of its own. */
export function suggest(db: Database, error: unknown): void {
  if (!(error instanceof DecentDbError)) return;
  if (error.hint !== undefined && !error.hint.startsWith('No function matches')) return;
  if (error.code === '42601') {
    const word = /syntax error at or near "(\w+)"/.exec(error.message)?.[1];
    const near = word === undefined ? null : nearest(word.toUpperCase(), KEYWORD_STARTS);
    if (near !== null && near !== word?.toUpperCase()) error.hint = `Did you mean ${near}?`;
    return;
  }
  const query = QUERIES[error.code];
  const given = /(?:relation|column|type) "?([^"\s]+)"?|function ([\w.]+)\(/.exec(error.message);
  const name = (given?.[1] ?? given?.[2])?.split('.').at(-1);
  if (query === undefined || name === undefined) return;
  const near = nearest(name, namesOf(db, query));
  // The name itself: its arguments are what is wrong.
  if (near !== null && near !== name) error.hint = `Did you mean "${near}"?`;
}

function namesOf(db: Database, sql: string): string[] {
  try {
    return (
      db.query(sql, [], { rowMode: 'array', format: 'text' }).rows as unknown as (string | null)[][]
    ).map(([name]) => name ?? '');
  } catch {
    return []; // The hint is a courtesy: a transaction that has failed answers nothing.
  }
}

/** The one at the least distance, if that is small for the length of the word. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const other of known) {
    if (Math.abs(other.length - word.length) >= least) continue;
    const distance = distanceOf(word.toLowerCase(), other.toLowerCase());
    if (distance < least) {
      least = distance;
      best = other;
    }
  }
  return best;
}

/** Changes, insertions, deletions and swaps of neighbours that make one of the other. */
function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let k = 1; k <= b.length; k++) {
      const change = a[i - 1] === b[k - 1] ? 0 : 1;
      let cost = Math.min((row[k] ?? 0) + 1, (next[k - 1] ?? 0) + 1, (row[k - 1] ?? 0) + change);
      if (i > 1 && k > 1 && a[i - 1] === b[k - 2] && a[i - 2] === b[k - 1])
        cost = Math.min(cost, (before[k - 2] ?? 0) + 1);
      next.push(cost);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
