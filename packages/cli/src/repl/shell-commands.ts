/** The commands of the shell, by both their names. */
import { dirname, isAbsolute, join } from 'node:path';
import { describeTable, listTables } from '../catalog-queries.ts';
import { dumpScript } from '../dump/write-dump.ts';
import { UsageError } from '../exit-code.ts';
import { csvLines } from '../format/delimited.ts';
import { FORMAT_NAMES, type FormatName } from '../format/formats.ts';
import { queryTable } from '../format/result-table.ts';
import { quoted } from '../import/identifier.ts';
import { loadCsv } from '../import/load-csv.ts';
import { withOutput } from '../output.ts';
import { linesOf } from '../script/lines.ts';
import { needed, switched, unquoted } from './arguments.ts';
import { HELP, LISTINGS, listingQuery } from './catalog-listing.ts';
import { MORE_COMMANDS, type Work } from './more-commands.ts';
import { PSQL_COMMANDS } from './psql-commands.ts';
import type { Shell } from './shell.ts';
import { SQLITE_COMMANDS } from './sqlite-commands.ts';
import { nearest } from './suggest.ts';

const SPELLINGS: Readonly<Record<string, string>> = {
  '.tables': '\\dt',
  '.indexes': '\\di',
  '.indices': '\\di',
  '.timer': '\\timing',
  '.read': '\\i',
  '.output': '\\o',
  '.print': '\\echo',
  '.help': '\\?',
  '.quit': '\\q',
  '.exit': '\\q',
  '\\quit': '\\q',
  '\\dg': '\\du',
  '\\dt+': '\\dt',
  '\\help': '\\h',
  '\\edit': '\\e',
  '\\print': '\\p',
  '\\reset': '\\r',
  '\\write': '\\w',
  '\\include': '\\i',
  '\\include_relative': '\\ir',
  '\\out': '\\o',
  '\\connect': '\\c',
  '\\list': '\\l',
  '.param': '.parameter',
  '.shell': '\\!',
  '.system': '\\!',
  '.cd': '\\cd',
  '.explain': '.eqp',
};

const COMMANDS: Record<string, Work> = {
  '\\?': (shell) => shell.showPage(HELP),
  '\\q': (shell) => {
    shell.isDone = true;
  },
  '\\d': (shell, [name]) => {
    if (name === undefined || /[*?]/.test(name)) list(shell, 'd', name);
    else describe(shell, unquoted(name));
  },
  '\\x': (shell, [word]) => setExpanded(shell, word),
  '\\timing': (shell, [word]) => {
    shell.settings.isTiming = switched(word, shell.settings.isTiming);
    shell.say(`Timing is ${shell.settings.isTiming ? 'on' : 'off'}.`);
  },
  '\\pset': (shell, [name, value]) => setPrinting(shell, name, value),
  '.mode': (shell, [name, into]) => {
    if (name === undefined) shell.say(shell.settings.format);
    else setFormat(shell, name, into);
  },
  '\\o': (shell, [path]) => shell.setOutput(path === undefined ? undefined : unquoted(path)),
  '\\echo': (shell, _, rest) => shell.write(`${rest}\n`),
  '\\i': (shell, [path]) => runScriptFile(shell, needed(path, '\\i FILE')),
  '\\ir': (shell, [path]) => {
    const name = needed(path, '\\ir FILE');
    return runScriptFile(shell, isAbsolute(name) ? name : join(shell.scriptFolder, name));
  },
  '\\conninfo': (shell) => {
    const { db } = shell;
    shell.say(
      `"${shell.path}", ${db.readOnly ? 'read only' : 'read and write'}, ${listTables(db).length} tables and views`,
    );
  },
  '\\copy': (shell, _, rest) => copy(shell, rest),
  '.import': (shell, [file, table]) =>
    load(shell, needed(file, '.import FILE TABLE'), needed(table, '.import FILE TABLE')),
  '.export': (shell, [what = '', file]) => save(shell, what, needed(file, '.export TABLE FILE')),
  '.schema': (shell, names) => script(shell, names, true),
  '.dump': (shell, names) => script(shell, names, false),
  '.backup': async (shell, [path]) => {
    const { pages } = await shell.db.backup(unquoted(needed(path, '.backup FILE')));
    shell.say(`${pages} pages, verified`);
  },
  '.check': (shell) => {
    const { findings } = shell.db.check();
    for (const { message } of findings) shell.say(message);
    if (findings.length === 0) shell.say('ok');
  },
  '.stats': (shell) =>
    shell.say(
      JSON.stringify(shell.db.stats(), (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v), 1),
    ),
};

Object.assign(COMMANDS, MORE_COMMANDS, PSQL_COMMANDS, SQLITE_COMMANDS);

/** Names of all commands, for completion. */
export const COMMAND_NAMES: readonly string[] = [
  ...Object.keys(COMMANDS),
  ...Object.keys(SPELLINGS),
  ...Object.keys(LISTINGS).map((name) => `\\${name}`),
  '\\g',
  '\\gx',
  '\\gexec',
  '\\gset',
  '\\gdesc',
  '\\crosstabview',
  '\\plot',
  '\\watch',
  '\\bind',
  '\\if',
  '\\elif',
  '\\else',
  '\\endif',
];

export async function runShellCommand(shell: Shell, text: string): Promise<void> {
  const [, given = '', rest = ''] = /^(\S+)\s*([\s\S]*?)\s*;?$/.exec(text) ?? [];
  const name = SPELLINGS[given] ?? given;
  const args = rest.match(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\S+/g) ?? [];
  const work = COMMANDS[name];
  if (work !== undefined) await work(shell, args, rest);
  else {
    const listed = name.slice(1).replace(/[+S]+$/, '');
    if (listed === 'd' && name.startsWith('\\')) await COMMANDS['\\d']?.(shell, args, rest);
    else if (name.startsWith('\\') && LISTINGS[listed] !== undefined) list(shell, listed, args[0]);
    else {
      const near = nearest(given, COMMAND_NAMES);
      throw new UsageError(
        `there is no command ${given}; ${near === null ? '' : `did you mean ${near}? `}\\? lists them`,
      );
    }
  }
}

function list(shell: Shell, name: string, pattern?: string): void {
  shell.show(queryTable(shell.db, ...listingQuery(name, pattern)), false);
}

function describe(shell: Shell, name: string): void {
  const table = describeTable(shell.db, name);
  if (table === undefined) throw new UsageError(`Did not find any relation named "${name}".`);
  const head = ['Column', 'Type', 'Nullable', 'Default'];
  const defaults = new Map(
    shell.db.query<[string, string | null]>(
      'SELECT column_name, column_default FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2',
      [table.schema, table.name],
      { rowMode: 'array' },
    ).rows,
  );
  const rows =
    table.kind === 'view'
      ? shell.db
          .prepare(`SELECT * FROM ${quoted(table.schema)}.${quoted(table.name)} LIMIT 0`)
          .columns()
          .map(({ name: column, type }) => [column, type, '', defaults.get(column) ?? ''])
      : table.columns.map((one) => [one.name, one.type, one.nullable ? '' : 'not null', one.default ?? '']);
  shell.write(`${table.kind} ${table.schema}.${table.name}\n`);
  shell.show(
    {
      command: 'SELECT',
      returnsRows: true,
      columns: head.map((one) => ({ name: one, typeOid: 25 })),
      rows,
      rowCount: rows.length,
    },
    false,
  );
  for (const { name: index, definition } of table.indexes) shell.write(`Index ${index}: ${definition}\n`);
  for (const { name: one, definition } of table.constraints)
    shell.write(`Constraint ${one}: ${definition}\n`);
}

function script(shell: Shell, names: readonly string[], schemaOnly: boolean): void {
  if (shell.db.inTransaction) throw new UsageError('end the transaction first');
  const choices = { schemaOnly, dataOnly: false, inserts: false, roles: true, tables: names.map(unquoted) };
  for (const piece of dumpScript(shell.db, choices, [])) shell.write(piece);
}

const COPY = /^((?:"(?:[^"]|"")*"|[^\s("]+)+|\([\s\S]*\))\s+(from|to)\s+('(?:[^']|'')*'|\S+)/i;

async function copy(shell: Shell, text: string): Promise<void> {
  const [, what = '', direction = '', file = ''] = COPY.exec(text) ?? [];
  if (what === '')
    throw new UsageError("\\copy takes: TABLE FROM 'FILE', TABLE TO 'FILE', (QUERY) TO 'FILE'");
  if (direction.toLowerCase() === 'from') {
    await load(shell, file, what);
    return;
  }
  await save(shell, what, unquoted(file));
}

/** A table, or a query in brackets, as CSV. */
async function save(shell: Shell, what: string, file: string): Promise<void> {
  const table = queryTable(shell.db, what.startsWith('(') ? what.slice(1, -1) : `SELECT * FROM ${what}`);
  await withOutput(file, shell.context, (output) => {
    for (const piece of csvLines(table)) output.write(piece);
  });
  shell.say(`COPY ${table.rows.length}`);
}

async function load(shell: Shell, file: string, table: string): Promise<void> {
  if (shell.db.inTransaction) throw new UsageError('end the transaction first');
  const path = unquoted(file);
  const loaded = await loadCsv(shell.db, path, {
    table: unquoted(table),
    delimiter: /\.(tsv|tab)$/i.test(path) ? '\t' : ',',
    hasHeader: true,
    nullText: '',
    types: new Map(),
    sniffRows: 10_000,
    keepNames: false,
    onProgress: () => {},
    signal: shell.signal,
  });
  shell.say(`COPY ${loaded.rows}`);
}

function setFormat(shell: Shell, name: string, into?: string): void {
  const format =
    { box: 'table', aligned: 'table', columns: 'column', lines: 'line', unaligned: 'list', tabs: 'tsv' }[
      name
    ] ?? name;
  if (!(FORMAT_NAMES as readonly string[]).includes(format))
    throw new UsageError(`there is no format "${name}"; there are ${FORMAT_NAMES.join(', ')}`);
  shell.settings.format = format as FormatName;
  shell.settings.insertInto = into === undefined ? undefined : quoted(unquoted(into));
}

function setExpanded(shell: Shell, word: string | undefined): void {
  const { settings } = shell;
  settings.isExpandedAuto = word === 'auto';
  settings.isExpanded = word !== 'auto' && switched(word, settings.isExpanded);
  const state = settings.isExpandedAuto ? 'used automatically' : settings.isExpanded ? 'on' : 'off';
  shell.say(`Expanded display is ${state}.`);
}

const IGNORED_PRINTING =
  /^(border|columns|csv_fieldsep|fieldsep|fieldsep_zero|footer|linestyle|numericlocale|pager_min_lines|recordsep|recordsep_zero|tableattr|title|unicode_\w+_linestyle|xheader_width)$/;
const switchText = (isOn: boolean): string => (isOn ? 'on' : 'off');

function setPrinting(shell: Shell, name: string | undefined, value: string | undefined): void {
  const { settings } = shell;
  switch (name) {
    case 'expanded':
    case 'x':
      setExpanded(shell, value);
      return;
    case 'format':
      if (value !== undefined) setFormat(shell, unquoted(value));
      shell.say(`Output format is ${settings.format}.`);
      return;
    case 'null':
      settings.nullText = value === undefined ? undefined : unquoted(value);
      shell.say(`Null display is "${settings.nullText ?? ''}".`);
      return;
    case 'tuples_only':
    case 't':
      settings.isTuplesOnly = switched(value, settings.isTuplesOnly);
      shell.say(`Tuples only is ${settings.isTuplesOnly ? 'on' : 'off'}.`);
      return;
    case 'pager':
      settings.usesPager = switched(value, settings.usesPager);
      shell.say(`Pager is ${settings.usesPager ? 'used for long output' : 'not used'}.`);
      return;
    default:
      // Borders, titles and the like: psql's scripts set them, and nothing depends on them here.
      if (name !== undefined && !IGNORED_PRINTING.test(name))
        throw new UsageError('\\pset takes format, expanded, null, tuples_only or pager');
      if (name === undefined)
        shell.say(
          `format ${settings.format}, expanded ${settings.isExpandedAuto ? 'auto' : switchText(settings.isExpanded)}, null "${settings.nullText ?? ''}", ` +
            `tuples_only ${switchText(settings.isTuplesOnly)}, pager ${switchText(settings.usesPager)}`,
        );
  }
}

async function runScriptFile(shell: Shell, path: string): Promise<void> {
  const outer = shell.scriptFolder;
  shell.scriptFolder = dirname(path);
  try {
    for await (const line of linesOf(path)) {
      await shell.line(line);
      if (shell.isDone || shell.hasStopped) return;
    }
    await shell.end();
  } finally {
    shell.scriptFolder = outer;
  }
}
