/** Words for the tab key: names of the catalogue where a name is due, else keywords too. */
import type { Database } from 'decentdb';
import { KEYWORDS } from './keywords.ts';
import { COMMAND_NAMES } from './shell-commands.ts';

const NAME_DUE = /\b(from|join|into|update|table|truncate|vacuum|reindex)\s+[\w".]*$/i;

/** Completions of the word at the end of the line, and that word: what node:readline asks for. */
export function completions(db: Database, line: string, before = ''): [string[], string] {
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
  const statement = `${before}\n${line}`;
  const relations = relationsIn(statement);
  const dot = /^(\w+)\.(\w*)$/.exec(word);
  if (dot !== null && !isMeta) {
    const of = relations.get((dot[1] as string).toLowerCase()) ?? (dot[1] as string);
    const found = columnsOf(db, [of]).filter((one) => one.startsWith((dot[2] as string).toLowerCase()));
    if (found.length > 0) return [found.map((one) => `${dot[1]}.${one}`).sort(), word];
  }
  const here = relations.size > 0 ? columnsOf(db, [...relations.values()]) : [];
  const columns =
    NAME_DUE.test(line) || isMeta
      ? []
      : here.length > 0
        ? here
        : texts(db, 'SELECT DISTINCT name FROM sys.columns');
  const keywords = NAME_DUE.test(line) || isMeta ? [] : KEYWORDS;
  const isLower = word !== '' && word === word.toLowerCase();
  const all = [...names, ...columns, ...keywords.map((one) => (isLower ? one.toLowerCase() : one))];
  const found = [...new Set(all)].filter((one) => one.toLowerCase().startsWith(word.toLowerCase()));
  return [found.sort(), word];
}

/** Relations named in a statement: alias or name to name, lower case. */
function relationsIn(statement: string): Map<string, string> {
  const found = new Map<string, string>();
  const pattern =
    /\b(?:from|join|update|into)\s+(?:only\s+)?(?:\w+\.)?(\w+)(?:\s+(?:as\s+)?(?!(?:where|on|using|set|join|left|right|full|inner|cross|natural|group|order|limit|values|select|returning)\b)(\w+))?/gi;
  for (const [, name = '', alias] of statement.matchAll(pattern)) {
    found.set(name.toLowerCase(), name.toLowerCase());
    if (alias !== undefined) found.set(alias.toLowerCase(), name.toLowerCase());
  }
  return found;
}

function columnsOf(db: Database, names: readonly string[]): string[] {
  const list = names.map((name) => `'${name.toLowerCase().replaceAll("'", "''")}'`).join(', ');
  return texts(db, `SELECT DISTINCT name FROM sys.columns WHERE table_name IN (${list})`);
}

function texts(db: Database, sql: string): string[] {
  try {
    const { rows } = db.query(sql, [], { rowMode: 'array', format: 'text' });
    return (rows as unknown as (string | null)[][]).map(([name]) => name ?? '');
  } catch {
    return []; // A key press must not fail: a transaction that has failed answers nothing.
  }
}
