/**
 * Options of COPY: read, checked against each other, and what they default to in each format.
 *
 * I1  Errors and their codes are PostgreSQL's; the binary format is refused by name.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { CopyStmt, DefElem } from '../../sql/ast/nodes.ts';
import { bindError, bindNotSupported } from '../../sql/bind/errors.ts';

export interface CopyOptions {
  readonly format: 'text' | 'csv';
  readonly delimiter: string;
  readonly nullText: string;
  /** Stands for a column's default; null: nothing does. */
  readonly defaultText: string | null;
  /** First line: none, names to skip or write, names that must be those of the columns. */
  readonly header: 'none' | 'names' | 'match';
  readonly quote: string;
  readonly escape: string;
  /** Columns by name; '*' is all of them. */
  readonly forceQuote: readonly string[];
  readonly forceNotNull: readonly string[];
  readonly forceNull: readonly string[];
  /** What a value its column's type cannot read does. */
  readonly onError: 'stop' | 'ignore';
  readonly isVerbose: boolean;
  readonly rejectLimit: number | null;
}

const KNOWN: ReadonlySet<string> = new Set([
  'format',
  'freeze',
  'delimiter',
  'null',
  'default',
  'header',
  'quote',
  'escape',
  'force_quote',
  'force_not_null',
  'force_null',
  'encoding',
  'on_error',
  'log_verbosity',
  'reject_limit',
]);

export function readCopyOptions(stmt: CopyStmt): CopyOptions {
  const given = new Map<string, DefElem>();
  for (const option of stmt.options) {
    if (!KNOWN.has(option.defname))
      throw bindError('42601', `option "${option.defname}" not recognized`, option.location);
    if (given.has(option.defname))
      throw bindError('42601', 'conflicting or redundant options', option.location);
    given.set(option.defname, option);
  }
  const text = (name: string): string | null => {
    const option = given.get(name);
    return option === undefined ? null : textOf(option);
  };
  const format = formatOf(given.get('format'));
  const isCsv = format === 'csv';
  const options: CopyOptions = {
    format,
    delimiter: text('delimiter') ?? (isCsv ? ',' : '\t'),
    nullText: text('null') ?? (isCsv ? '' : '\\N'),
    defaultText: text('default'),
    header: headerOf(given.get('header'), stmt.is_from),
    quote: text('quote') ?? '"',
    escape: text('escape') ?? text('quote') ?? '"',
    forceQuote: namesOf(given.get('force_quote')),
    forceNotNull: namesOf(given.get('force_not_null')),
    forceNull: namesOf(given.get('force_null')),
    onError: onErrorOf(given.get('on_error'), stmt.is_from),
    isVerbose: text('log_verbosity') === 'verbose',
    rejectLimit: limitOf(given.get('reject_limit')),
  };
  checkEncoding(given.get('encoding'));
  checkCharacters(options);
  checkModes(given, options, stmt.is_from);
  return options;
}

function textOf({ arg, defname, location }: DefElem): string {
  switch (arg?.kind) {
    case 'String':
      return arg.sval;
    case 'Boolean':
      return arg.boolval ? 'true' : 'false';
    case 'Integer':
      return String(arg.ival);
    case 'Float':
      return arg.fval;
    case undefined:
      throw bindError('42601', `${defname} requires a parameter`, location);
    default:
      throw bindError('22023', `argument to option "${defname}" must be a string`, location);
  }
}

function formatOf(option: DefElem | undefined): 'text' | 'csv' {
  if (option === undefined) return 'text';
  const name = textOf(option);
  if (name === 'text' || name === 'csv') return name;
  if (name === 'binary') throw bindNotSupported('COPY in binary format', option.location);
  throw bindError('22023', `COPY format "${name}" not recognized`, option.location);
}

function headerOf(option: DefElem | undefined, isFrom: boolean): CopyOptions['header'] {
  if (option === undefined) return 'none';
  if (option.arg === null) return 'names';
  const text = textOf(option).toLowerCase();
  if (['true', 'on', '1', 'yes'].includes(text)) return 'names';
  if (['false', 'off', '0', 'no'].includes(text)) return 'none';
  if (text === 'match') {
    if (!isFrom) throw new DecentDbError('0A000', 'cannot use "match" with HEADER in COPY TO');
    return 'match';
  }
  throw new DecentDbError('42601', 'header requires a Boolean value or "match"');
}

function namesOf(option: DefElem | undefined): readonly string[] {
  const arg = option?.arg ?? null;
  if (option === undefined) return [];
  if (arg?.kind === 'NameList') return arg.names;
  throw bindError(
    '22023',
    `argument to option "${option.defname}" must be a list of column names`,
    option.location,
  );
}

function onErrorOf(option: DefElem | undefined, isFrom: boolean): 'stop' | 'ignore' {
  if (option === undefined) return 'stop';
  if (!isFrom) throw bindError('22023', 'COPY ON_ERROR cannot be used with COPY TO', option.location);
  const text = textOf(option);
  if (text === 'stop' || text === 'ignore') return text;
  throw bindError('22023', `COPY ON_ERROR "${text}" not recognized`, option.location);
}

function limitOf(option: DefElem | undefined): number | null {
  if (option === undefined) return null;
  const limit = Number(textOf(option));
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw bindError('22023', 'REJECT_LIMIT must be greater than zero', option.location);
}

function checkEncoding(option: DefElem | undefined): void {
  if (option === undefined) return;
  const name = textOf(option).toLowerCase().replaceAll(/[-_]/g, '');
  if (name === 'utf8' || name === 'unicode' || name === 'sqlascii') return;
  throw bindNotSupported(`COPY in encoding ${textOf(option)}`, option.location);
}

const isOneByte = (text: string): boolean => text.length === 1 && text.charCodeAt(0) < 128;

function checkCharacters(options: CopyOptions): void {
  const { delimiter, nullText, defaultText, format } = options;
  if (!isOneByte(delimiter))
    throw new DecentDbError('0A000', 'COPY delimiter must be a single one-byte character');
  if (/[\r\n]/.test(delimiter))
    throw new DecentDbError('22023', 'COPY delimiter cannot be newline or carriage return');
  if (/[\r\n]/.test(nullText))
    throw new DecentDbError('22023', 'COPY null representation cannot use newline or carriage return');
  if (defaultText !== null && /[\r\n]/.test(defaultText))
    throw new DecentDbError('22023', 'COPY default representation cannot use newline or carriage return');
  if (format === 'text' && /[\\.a-z0-9]/.test(delimiter))
    throw new DecentDbError('22023', `COPY delimiter cannot be "${delimiter}"`);
  if (nullText.includes(delimiter))
    throw new DecentDbError('0A000', 'COPY delimiter character must not appear in the NULL specification');
}

function checkModes(given: ReadonlyMap<string, DefElem>, options: CopyOptions, isFrom: boolean): void {
  const isCsv = options.format === 'csv';
  const refuse = (message: string): DecentDbError => new DecentDbError('0A000', message);
  const csvOnly: readonly (readonly [string, string])[] = [
    ['quote', 'COPY quote available only in CSV mode'],
    ['escape', 'COPY escape available only in CSV mode'],
    ['force_quote', 'COPY force quote available only in CSV mode'],
    ['force_not_null', 'COPY force not null available only in CSV mode'],
    ['force_null', 'COPY force null available only in CSV mode'],
  ];
  for (const [name, message] of csvOnly) if (given.has(name) && !isCsv) throw refuse(message);
  if (isCsv) {
    if (!isOneByte(options.quote)) throw refuse('COPY quote must be a single one-byte character');
    if (options.quote === options.delimiter)
      throw new DecentDbError('22023', 'COPY delimiter and quote must be different');
    if (!isOneByte(options.escape)) throw refuse('COPY escape must be a single one-byte character');
    if (options.nullText.includes(options.quote))
      throw refuse('CSV quote character must not appear in the NULL specification');
  }
  if (given.has('force_quote') && isFrom) throw refuse('COPY force quote only available using COPY TO');
  if (given.has('force_not_null') && !isFrom)
    throw refuse('COPY force not null only available using COPY FROM');
  if (given.has('force_null') && !isFrom) throw refuse('COPY force null only available using COPY FROM');
  if (given.has('default') && !isFrom) throw refuse('COPY DEFAULT only available using COPY FROM');
  if (options.defaultText !== null && options.defaultText === options.nullText)
    throw refuse('NULL specification and DEFAULT specification cannot be the same');
  if (given.has('reject_limit') && options.onError !== 'ignore')
    throw new DecentDbError('22023', 'COPY REJECT_LIMIT requires ON_ERROR to be set to IGNORE');
}
