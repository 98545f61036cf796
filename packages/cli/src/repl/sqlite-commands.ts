/** Commands of sqlite3's shell that psql has not: copies, limits, logs, advice. */
import { appendFileSync } from 'node:fs';
import { openSync } from 'decentdb';
import { listTables } from '../catalog-queries.ts';
import { unindexedReferences } from '../doctor/unindexed-references.ts';
import { dumpScript } from '../dump/write-dump.ts';
import { UsageError } from '../exit-code.ts';
import { queryTable } from '../format/result-table.ts';
import { needed, switched, unquoted } from './arguments.ts';
import { adviseIndexes } from './index-advice.ts';
import type { Work } from './more-commands.ts';
import type { Shell } from './shell.ts';

export const SQLITE_COMMANDS: Readonly<Record<string, Work>> = {
  '.clone': (shell, [path]) => {
    const { rows, bytes } = shell.db.vacuumInto(needed(path, '.clone FILE'));
    shell.say(`${rows} rows, ${bytes} bytes`);
  },
  '.restore': (shell, [path]) => restore(shell, needed(path, '.restore FILE')),
  '.recover': () => {
    throw new UsageError(
      'a database that can be opened needs no recovery; from outside: decentdb recover FROM TO',
    );
  },
  '.open': () => {
    throw new UsageError('one shell has one database open: leave with .quit, then "decentdb FILE"');
  },
  '.expert': (shell) => {
    const text = shell.buffer;
    if (text === '') throw new UsageError('there is no statement to look at: run one, then .expert');
    const advice = adviseIndexes(shell.db, text);
    if (advice.length === 0) shell.say('No index would help it by a tenth.');
    for (const { statement, costBefore, cost } of advice)
      shell.say(`${statement}  -- cost ${costBefore.toFixed(2)} -> ${cost.toFixed(2)}`);
  },
  '.lint': (shell) => {
    const found = unindexedReferences(shell.db);
    if (found.length === 0) shell.say('Every foreign key has an index.');
    for (const { remedy, constraint, target } of found) shell.say(`${remedy}  -- ${constraint} to ${target}`);
  },
  '.width': (shell, widths) => {
    shell.settings.widths = widths.map((word) => {
      if (!/^-?\d+$/.test(word))
        throw new UsageError('.width takes numbers: columns of each value, 0 for as many as it needs');
      return Math.abs(Number(word));
    });
  },
  '.parameter': (shell, args) => parameter(shell, args),
  '.limit': (shell, [name, value]) => {
    if (name === undefined) {
      const sql = `SELECT name, setting FROM pg_settings
        WHERE name ~ '(_timeout|_mem|_keys|_max|_length)$' OR name ~ '^(max|temp)_' ORDER BY name`;
      shell.show(queryTable(shell.db, sql), false);
    } else if (value === undefined) shell.show(queryTable(shell.db, `SHOW ${name}`), false);
    else shell.db.query('SELECT set_config($1, $2, false)', [name, unquoted(value)]);
  },
  '.log': (shell, [path]) => {
    const file = path === undefined || path === 'off' ? null : unquoted(path);
    shell.onStatement =
      file === null ? null : (text, ms) => appendFileSync(file, `${ms.toFixed(3)} ms  ${text}\n`);
  },
  '.trace': (shell, [word]) => {
    const isOn = switched(word, shell.onStatement === null);
    shell.onStatement = isOn
      ? (text, ms) => shell.context.terminal.err(`${ms.toFixed(3)} ms  ${text}\n`)
      : null;
  },
  '.progress': (shell, [word]) => {
    shell.settings.showsProgress = switched(word, shell.settings.showsProgress);
    shell.say(`Progress is ${shell.settings.showsProgress ? 'shown on a terminal' : 'not shown'}.`);
  },
  '.version': (shell) => shell.show(queryTable(shell.db, 'SELECT version()'), false),
  '.bail': (shell, [word]) => shell.variables.set('ON_ERROR_STOP', switched(word, false) ? 'on' : 'off'),
};

/** `.parameter set NAME VALUE`: `$1` is a value of statements to come, other names stand as `:NAME`. */
function parameter(shell: Shell, [what, name, ...words]: readonly string[]): void {
  const { parameters, variables } = shell;
  switch (what) {
    case 'list':
      for (const [at, value] of parameters) shell.write(`$${at} ${value ?? 'NULL'}\n`);
      for (const [key, value] of variables.values) shell.write(`:${key} ${value}\n`);
      return;
    case 'clear':
      parameters.clear();
      return;
    case 'unset':
    case 'set': {
      const [, at, word] = /^(?:\$?(\d+)|[:@$]?(\w+))$/.exec(needed(name, `.parameter ${what} NAME`)) ?? [];
      if (at === undefined && word === undefined) throw new UsageError(`"${name}" is no name of a parameter`);
      const value = what === 'set' ? valueOf(shell, words.join(' ')) : null;
      if (at === undefined) {
        if (what === 'unset') variables.unset(word as string);
        else variables.set(word as string, value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);
      } else if (what === 'unset') parameters.delete(Number(at));
      else parameters.set(Number(at), value);
      return;
    }
    default:
      throw new UsageError('.parameter takes: set NAME VALUE, unset NAME, list, clear');
  }
}

/** As sqlite3 has it: an expression of SQL where it is one, else the text. */
function valueOf(shell: Shell, text: string): string | null {
  try {
    return queryTable(shell.db, `SELECT (${text})::text`).rows[0]?.[0] ?? null;
  } catch {
    return unquoted(text);
  }
}

/** What another database file holds, into this one, which is empty: whole or not at all. */
async function restore(shell: Shell, path: string): Promise<void> {
  const { db } = shell;
  if (db.inTransaction) throw new UsageError('end the transaction first');
  if (listTables(db).length > 0)
    throw new UsageError(
      'this database is not empty: a backup is a database file, open it itself (decentdb FILE)',
    );
  const source = openSync(path, { mode: 'readOnly' });
  try {
    db.exec('BEGIN');
    const choices = { schemaOnly: false, dataOnly: false, inserts: false, roles: true, tables: [] };
    await shell.runPieces(dumpScript(source, choices, []));
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  } finally {
    source.close();
  }
  shell.say(`${listTables(db).length} tables and views`);
}
