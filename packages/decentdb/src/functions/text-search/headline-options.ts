/**
 * The options of ts_headline: a list of names and values, `MaxWords=10, StartSel="<i>"`.
 */
import { DecentDbError } from '../../base/errors.ts';

export interface HeadlineOptions {
  readonly startSel: string;
  readonly stopSel: string;
  readonly maxWords: number;
  readonly minWords: number;
  readonly shortWord: number;
  readonly highlightAll: boolean;
  readonly maxFragments: number;
  readonly fragmentDelimiter: string;
}

const defaults: HeadlineOptions = {
  startSel: '<b>',
  stopSel: '</b>',
  maxWords: 35,
  minWords: 15,
  shortWord: 3,
  highlightAll: false,
  maxFragments: 0,
  fragmentDelimiter: ' ... ',
};

const OPTION = /\s*([A-Za-z]+)\s*=\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*(?:,|$)/y;

export function parseHeadlineOptions(text: string): HeadlineOptions {
  const found: Record<string, unknown> = { ...defaults };
  OPTION.lastIndex = 0;
  while (OPTION.lastIndex < text.length) {
    const from = OPTION.lastIndex;
    const match = OPTION.exec(text);
    if (match === null) {
      if (text.slice(from).trim() === '') break;
      throw new DecentDbError('42601', `invalid parameter list format: "${text}"`);
    }
    const value = match[2]?.replaceAll('""', '"') ?? match[3] ?? '';
    setOption(found, match[1]!.toLowerCase(), value, match[1]!);
  }
  const options = found as unknown as HeadlineOptions;
  if (!options.highlightAll) checkLengths(options);
  return options;
}

function setOption(found: Record<string, unknown>, name: string, value: string, written: string): void {
  const key = Object.keys(defaults).find((one) => one.toLowerCase() === name);
  if (key === undefined) throw new DecentDbError('22023', `unrecognized headline parameter: "${written}"`);
  if (key === 'highlightAll') found[key] = /^(1|on|true|t|y|yes)$/i.test(value);
  else if (typeof defaults[key as keyof HeadlineOptions] === 'number') {
    if (!/^[-+]?\d+$/.test(value))
      throw new DecentDbError('22P02', `invalid input syntax for type integer: "${value}"`);
    found[key] = Number(value);
  } else found[key] = value;
}

function checkLengths(options: HeadlineOptions): void {
  const fail = (message: string): never => {
    throw new DecentDbError('22023', message);
  };
  if (options.minWords >= options.maxWords) fail('MinWords must be less than MaxWords');
  if (options.minWords <= 0) fail('MinWords must be positive');
  if (options.shortWord < 0) fail('ShortWord must be >= 0');
  if (options.maxFragments < 0) fail('MaxFragments must be >= 0');
}
