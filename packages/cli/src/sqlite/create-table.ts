/**
 * SQLite's CREATE TABLE text, understood as far as an import needs it: columns, keys, references, defaults.
 *
 * I1  What is not understood (CHECK, COLLATE, generated columns) is named in `notes`, not lost in silence.
 */

export interface SqliteColumn {
  readonly name: string;
  /** Declared type as written, '' when there is none. */
  readonly type: string;
  notNull: boolean;
  unique: boolean;
  /** A literal in SQL, or null. */
  defaultSql: string | null;
  generated: 'stored' | 'virtual' | null;
}

export interface SqliteReference {
  readonly columns: readonly string[];
  readonly table: string;
  /** Empty: the primary key. */
  readonly targets: readonly string[];
  readonly actions: string;
}

export interface SqliteTable {
  readonly columns: SqliteColumn[];
  primaryKey: readonly string[];
  /** The INTEGER PRIMARY KEY column, which is the rowid itself. */
  rowidColumn: string | null;
  isAutoincrement: boolean;
  readonly uniques: (readonly string[])[];
  readonly references: SqliteReference[];
  isWithoutRowid: boolean;
  readonly notes: string[];
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[\p{L}_\d.$]+|\S/gu;

function tokensOf(sql: string): string[] {
  return (sql.match(TOKEN) ?? []).filter((token) => !token.startsWith('--') && !token.startsWith('/*'));
}

function nameOf(token: string | undefined): string {
  const text = token ?? '';
  if (/^["`']/.test(text))
    return text.slice(1, -1).replaceAll((text[0] as string).repeat(2), text[0] as string);
  return text.startsWith('[') ? text.slice(1, -1) : text;
}

/** The items between the outermost parentheses, each as its tokens, and the tokens after them. */
function split(tokens: readonly string[]): { items: string[][]; tail: string[] } {
  const open = tokens.indexOf('(');
  const items: string[][] = [[]];
  let depth = 1;
  let at = open + 1;
  for (; at < tokens.length; at++) {
    const token = tokens[at] as string;
    if (token === '(') depth++;
    if (token === ')' && --depth === 0) break;
    if (token === ',' && depth === 1) items.push([]);
    else (items.at(-1) as string[]).push(token);
  }
  return { items, tail: tokens.slice(at + 1) };
}

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get isEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  get word(): string {
    return (this.#tokens[this.#at] ?? '').toUpperCase();
  }

  next(): string {
    return this.#tokens[this.#at++] ?? '';
  }

  accept(...words: string[]): boolean {
    if (!words.every((word, i) => (this.#tokens[this.#at + i] ?? '').toUpperCase() === word)) return false;
    this.#at += words.length;
    return true;
  }

  /** The tokens in the parentheses that begin here. */
  group(): string[] {
    const inside: string[] = [];
    if (!this.accept('(')) return inside;
    for (let depth = 1; !this.isEnd; ) {
      const token = this.next();
      if (token === '(') depth++;
      if (token === ')' && --depth === 0) break;
      inside.push(token);
    }
    return inside;
  }

  names(): string[] {
    const list: string[] = [];
    let isNew = true;
    for (const token of this.group()) {
      if (token === ',') isNew = true;
      else if (isNew) {
        list.push(nameOf(token));
        isNew = false;
      }
    }
    return list;
  }
}

export function parseCreateTable(sql: string): SqliteTable {
  const { items, tail } = split(tokensOf(sql));
  const table: SqliteTable = {
    columns: [],
    primaryKey: [],
    rowidColumn: null,
    isAutoincrement: false,
    uniques: [],
    references: [],
    isWithoutRowid: tail.some(
      (token, i) => token.toUpperCase() === 'WITHOUT' && tail[i + 1]?.toUpperCase() === 'ROWID',
    ),
    notes: [],
  };
  for (const item of items) {
    const first = (item[0] ?? '').toUpperCase();
    if (['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'].includes(first))
      readConstraint(table, new Reader(item));
    else if (item.length > 0) readColumn(table, new Reader(item));
  }
  const [key, ...more] = table.primaryKey;
  const column = table.columns.find(({ name }) => name.toLowerCase() === key?.toLowerCase());
  if (more.length === 0 && column?.type.toUpperCase() === 'INTEGER' && !table.isWithoutRowid)
    table.rowidColumn = column.name;
  return table;
}

const COLUMN_WORDS = /^(CONSTRAINT|PRIMARY|NOT|NULL|UNIQUE|CHECK|DEFAULT|COLLATE|REFERENCES|GENERATED|AS)$/;

function readColumn(table: SqliteTable, reader: Reader): void {
  const name = nameOf(reader.next());
  let type = '';
  while (!reader.isEnd && !COLUMN_WORDS.test(reader.word)) {
    if (reader.word === '(') type += `(${reader.group().join('')})`;
    else type += `${type === '' ? '' : ' '}${nameOf(reader.next())}`;
  }
  const column: SqliteColumn = {
    name,
    type,
    notNull: false,
    unique: false,
    defaultSql: null,
    generated: null,
  };
  table.columns.push(column);
  while (!reader.isEnd) {
    if (reader.accept('CONSTRAINT')) reader.next();
    else if (reader.accept('PRIMARY', 'KEY')) table.primaryKey = [name];
    else if (reader.accept('AUTOINCREMENT')) table.isAutoincrement = true;
    else if (reader.accept('NOT', 'NULL')) column.notNull = true;
    else if (reader.accept('UNIQUE')) column.unique = true;
    else if (reader.accept('DEFAULT')) column.defaultSql = readDefault(table, reader, name);
    else if (reader.accept('REFERENCES')) table.references.push(readReference([name], reader));
    else if (reader.accept('CHECK')) note(table, `CHECK (${reader.group().join(' ')}) of column "${name}"`);
    else if (reader.accept('COLLATE')) note(table, `COLLATE ${reader.next()} of column "${name}"`);
    else if (reader.accept('AS')) {
      note(table, `column "${name}" is generated as (${reader.group().join(' ')})`);
      column.generated = reader.accept('STORED') ? 'stored' : 'virtual';
    } else reader.next();
  }
}

function note(table: SqliteTable, text: string): void {
  table.notes.push(text);
}

function readDefault(table: SqliteTable, reader: Reader, name: string): string | null {
  if (reader.word === '(') {
    const inside = reader.group().join(' ');
    if (/^(-?\s*\d+(\.\d+)?|'.*')$/.test(inside)) return inside;
    note(table, `DEFAULT (${inside}) of column "${name}"`);
    return null;
  }
  const sign = reader.accept('-') ? '-' : reader.accept('+') ? '' : '';
  const token = reader.next();
  if (/^\d/.test(token)) return `${sign}${token}`;
  if (token.startsWith("'")) return token;
  if (token.startsWith('"')) return `'${nameOf(token).replaceAll("'", "''")}'`;
  const word = token.toUpperCase();
  if (word === 'NULL') return null;
  if (/^(TRUE|FALSE|CURRENT_TIMESTAMP|CURRENT_DATE|CURRENT_TIME)$/.test(word)) return word;
  note(table, `DEFAULT ${token} of column "${name}"`);
  return null;
}

function readConstraint(table: SqliteTable, reader: Reader): void {
  if (reader.accept('CONSTRAINT')) reader.next();
  if (reader.accept('PRIMARY', 'KEY')) table.primaryKey = reader.names();
  else if (reader.accept('UNIQUE')) table.uniques.push(reader.names());
  else if (reader.accept('CHECK')) note(table, `CHECK (${reader.group().join(' ')})`);
  else if (reader.accept('FOREIGN', 'KEY')) {
    const columns = reader.names();
    if (reader.accept('REFERENCES')) table.references.push(readReference(columns, reader));
  }
}

function readReference(columns: readonly string[], reader: Reader): SqliteReference {
  const table = nameOf(reader.next());
  const targets = reader.word === '(' ? reader.names() : [];
  let actions = '';
  while (reader.accept('ON')) {
    const event = reader.next().toUpperCase();
    const words = [reader.next().toUpperCase()];
    if (words[0] === 'SET' || words[0] === 'NO') words.push(reader.next().toUpperCase());
    actions += ` ON ${event} ${words.join(' ')}`;
  }
  if (reader.accept('DEFERRABLE', 'INITIALLY', 'DEFERRED')) actions += ' DEFERRABLE INITIALLY DEFERRED';
  return { columns, table, targets, actions };
}
