/**
 * How alike texts are by their trigrams: the functions and operators of PostgreSQL's pg_trgm.
 *
 * These trigrams are of words (letters and digits), each padded with two blanks in front and one behind, so they are others
 * than those of trigram indexes (search/trigram/), which are of the text as it is.
 *
 * I1  A trigram is the three bytes of its characters, or three bytes of a checksum where a character has more than one byte,
 *     as PostgreSQL keeps them: texts alike there are alike here.
 * I2  Similarities are float4, thresholds double, as there.
 */
import { SqlArray } from '../types/array.ts';
import { Oid as T } from '../types/oids.ts';
import { fn, op } from './define.ts';
import type { EvalContext, ScalarFunction } from './function.ts';
import { lowerCase } from './string-kernel.ts';

const WORD = /[\p{Alphabetic}\p{N}]+/gu;

/** Trigrams of a text in order, with the first and last of each word marked. */
interface WordTrigrams {
  readonly codes: number[];
  readonly isFirst: boolean[];
  readonly isLast: boolean[];
}

function wordTrigrams(text: string): WordTrigrams {
  const found: WordTrigrams = { codes: [], isFirst: [], isLast: [] };
  for (const [word] of lowerCase(text).matchAll(WORD)) {
    const characters = [' ', ' ', ...word, ' '];
    const last = characters.length - 3;
    for (let i = 0; i <= last; i++) {
      found.codes.push(codeOf(characters[i]!, characters[i + 1]!, characters[i + 2]!));
      found.isFirst.push(i === 0);
      found.isLast.push(i === last);
    }
  }
  return found;
}

function codeOf(a: string, b: string, c: string): number {
  const [x, y, z] = [a.codePointAt(0)!, b.codePointAt(0)!, c.codePointAt(0)!];
  if (x < 128 && y < 128 && z < 128) return (x << 16) | (y << 8) | z;
  const sum = checksum(encoder.encode(a + b + c));
  return ((sum & 0xff) << 16) | (sum & 0xff00) | ((sum >>> 16) & 0xff);
}

const encoder = new TextEncoder();

const crcTable: Uint32Array = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** PostgreSQL's old checksum: the table of one bit order, looked up in the other. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[((crc >>> 24) ^ byte) & 0xff]! ^ (crc << 8);
  return ~crc >>> 0;
}

/** What an index of texts can know of a text's trigrams: those of ASCII characters with one blank at most. */
export function indexedTrigrams(text: string): {
  /** Character codes, each trigram once. */
  readonly known: readonly (readonly [number, number, number])[];
  /** All different trigrams. */
  readonly total: number;
} {
  const known = new Map<number, readonly [number, number, number]>();
  for (const [word] of lowerCase(text).matchAll(WORD)) {
    const characters = [' ', ...word, ' '];
    for (let i = 0; i + 2 < characters.length; i++) {
      const [x, y, z] = [0, 1, 2].map((k) => characters[i + k]!.codePointAt(0)!) as [number, number, number];
      if (x < 128 && y < 128 && z < 128) known.set((x << 16) | (y << 8) | z, [x, y, z]);
    }
  }
  return { known: [...known.values()], total: distinctTrigrams(text).size };
}

function distinctTrigrams(text: string): Set<number> {
  return new Set(wordTrigrams(text).codes);
}

/** Common trigrams as a part of all. */
function ratio(common: number, first: number, second: number): number {
  return Math.fround(common / (first + second - common));
}

function similarity(a: string, b: string): number {
  const first = distinctTrigrams(a);
  const second = distinctTrigrams(b);
  if (first.size === 0 || second.size === 0) return 0;
  let common = 0;
  for (const code of first) if (second.has(code)) common++;
  return ratio(common, first.size, second.size);
}

/**
 * The greatest similarity of `a` to a run of neighbouring trigrams of `b`; strict: of whole words of `b`.
 *
 * Each trigram that may end a run ends one; its start moves right as long as that makes the run more alike.
 */
function wordSimilarity(a: string, b: string, isStrict: boolean): number {
  const wanted = distinctTrigrams(a);
  const { codes, isFirst, isLast } = wordTrigrams(b);
  const run = new Run(wanted, codes);
  let greatest = 0;
  if (isStrict && codes.length > 0) run.start = 0;
  for (let i = 0; i < codes.length; i++) {
    run.take(i);
    if (!(isStrict ? isLast[i]! : wanted.has(codes[i]!))) continue;
    if (run.start < 0) {
      run.start = i;
      run.distinct = 1;
    }
    greatest = Math.max(greatest, run.best(i, isStrict ? isFirst : null));
  }
  return greatest;
}

/** A run of trigrams: where it starts, its distinct trigrams, how many of them are wanted. */
class Run {
  start = -1;
  distinct = 0;
  private common = 0;
  private readonly wanted: ReadonlySet<number>;
  private readonly codes: readonly number[];
  /** Last place of each trigram of the run. */
  private readonly lastPlace: Map<number, number> = new Map();

  constructor(wanted: ReadonlySet<number>, codes: readonly number[]) {
    this.wanted = wanted;
    this.codes = codes;
  }

  /** Lengthens the run by trigram `i`. */
  take(i: number): void {
    const code = this.codes[i]!;
    const isWanted = this.wanted.has(code);
    if (this.start < 0 && !isWanted) return;
    if (!this.lastPlace.has(code)) {
      this.distinct++;
      if (isWanted) this.common++;
    }
    this.lastPlace.set(code, i);
  }

  /** The greatest similarity of runs that end at `end`; the run is cut to the one that has it. */
  best(end: number, isStart: readonly boolean[] | null): number {
    const { wanted, codes, lastPlace } = this;
    const from = this.start;
    let greatest = ratio(this.common, wanted.size, this.distinct);
    let { common, distinct } = this;
    for (let at = from; at <= end; at++) {
      if (isStart === null || isStart[at]!) {
        const now = ratio(common, wanted.size, distinct);
        if (now > greatest) {
          greatest = now;
          this.distinct = distinct;
          this.start = at;
          this.common = common;
        }
      }
      const code = codes[at]!;
      if (lastPlace.get(code) !== at) continue;
      distinct--;
      if (wanted.has(code)) common--;
    }
    for (let at = from; at < this.start; at++) {
      const code = codes[at]!;
      if (lastPlace.get(code) === at) lastPlace.delete(code);
    }
    return greatest;
  }
}

/** Trigrams as show_trgm prints them, in the order of their bytes (signed, as on most machines). */
function showTrigrams(text: string): SqlArray {
  const order = (code: number): number => code ^ 0x808080;
  const codes = [...distinctTrigrams(text)].sort((a, b) => order(a) - order(b));
  return SqlArray.of(
    codes.map((code) => {
      const bytes = String.fromCharCode(code >> 16, (code >> 8) & 0xff, code & 0xff);
      return /^[0-9A-Za-z ]{3}$/.test(bytes) ? bytes : `0x${code.toString(16).padStart(6, '0')}`;
    }),
  );
}

const SIMILARITY = 'pg_trgm.similarity_threshold';

type Measure = (a: string, b: string) => number;

const word: Measure = (a, b) => wordSimilarity(a, b, false);
const strictWord: Measure = (a, b) => wordSimilarity(a, b, true);
const swapped =
  (measure: Measure): Measure =>
  (a, b) =>
    measure(b, a);

const { text, float4, bool } = T;
const stable = { volatility: 'stable' } as const;

/** An operator that is true from a threshold on, and the function behind it. */
function above(
  symbol: string,
  commutator: string,
  name: string,
  setting: string,
  measure: Measure,
): ScalarFunction[] {
  const test = (context: EvalContext, a: string, b: string): boolean =>
    measure(a, b) >= Number(context.setting(setting));
  const what = `Whether similarity reaches ${setting}.`;
  return [
    op(symbol, [text, text], bool, test, what, null, { ...stable, info: { commutator } }),
    fn(name, [text, text], bool, test, `The function behind ${symbol}.`, null, stable),
  ];
}

function distance(symbol: string, commutator: string, name: string, measure: Measure): ScalarFunction[] {
  const far = (_: EvalContext, a: string, b: string): number => Math.fround(1 - measure(a, b));
  return [
    op(symbol, [text, text], float4, far, 'One minus the similarity.', null, { info: { commutator } }),
    fn(name, [text, text], float4, far, `The function behind ${symbol}.`, null),
  ];
}

export const trigramFunctions: readonly ScalarFunction[] = [
  fn('show_trgm', [text], T.textArray, (_, a: string) => showTrigrams(a), 'The trigrams of a text.', [
    "show_trgm('cat')",
    '{"  c"," ca","at ",cat}',
  ]),
  fn(
    'similarity',
    [text, text],
    float4,
    (_, a: string, b: string) => similarity(a, b),
    'How alike two texts are, from 0 to 1.',
    ["similarity('word', 'two words')", '0.36363637'],
  ),
  fn(
    'word_similarity',
    [text, text],
    float4,
    (_, a: string, b: string) => word(a, b),
    'How alike the first text and the most similar part of the second are.',
    ["word_similarity('word', 'two words')", '0.8'],
  ),
  fn(
    'strict_word_similarity',
    [text, text],
    float4,
    (_, a: string, b: string) => strictWord(a, b),
    'How alike the first text and the most similar words of the second are.',
    ["strict_word_similarity('word', 'two words')", '0.5714286'],
  ),
  ...above('%', '%', 'similarity_op', SIMILARITY, similarity),
  ...above('<%', '%>', 'word_similarity_op', 'pg_trgm.word_similarity_threshold', word),
  ...above('%>', '<%', 'word_similarity_commutator_op', 'pg_trgm.word_similarity_threshold', swapped(word)),
  ...above('<<%', '%>>', 'strict_word_similarity_op', 'pg_trgm.strict_word_similarity_threshold', strictWord),
  ...above(
    '%>>',
    '<<%',
    'strict_word_similarity_commutator_op',
    'pg_trgm.strict_word_similarity_threshold',
    swapped(strictWord),
  ),
  ...distance('<->', '<->', 'similarity_dist', similarity),
  ...distance('<<->', '<->>', 'word_similarity_dist_op', word),
  ...distance('<->>', '<<->', 'word_similarity_dist_commutator_op', swapped(word)),
  ...distance('<<<->', '<->>>', 'strict_word_similarity_dist_op', strictWord),
  ...distance('<->>>', '<<<->', 'strict_word_similarity_dist_commutator_op', swapped(strictWord)),
  fn(
    'show_limit',
    [],
    float4,
    (context) => Math.fround(Number(context.setting(SIMILARITY))),
    'The threshold of %.',
    null,
    stable,
  ),
  fn(
    'set_limit',
    [float4],
    float4,
    (context, value: number) => {
      context.setSetting(SIMILARITY, String(Number(value.toPrecision(7))), false);
      return value;
    },
    'Sets the threshold of %.',
    null,
    { volatility: 'volatile' },
  ),
];
