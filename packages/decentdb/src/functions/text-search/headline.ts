/**
 * ts_headline: the part of a text that shows best where it satisfies a query, with the words of the query marked
 * (PostgreSQL manual 12.3.4).
 *
 * I1  Text between tokens is kept as it is; a tag becomes a blank unless everything is shown.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { TsNode, TsOperand, TsQuery } from '../../types/tsquery.ts';
import type { SearchConfig } from './analysis.ts';
import { matches, type Occurrences } from './match.ts';
import { TokenType, tokenize } from './tokenizer.ts';

interface HeadlineOptions {
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

interface Word {
  readonly type: number;
  readonly text: string;
  readonly operands: readonly TsOperand[];
  readonly position: number;
}

const hidden: ReadonlySet<number> = new Set([
  TokenType.url,
  TokenType.numCompound,
  TokenType.asciiCompound,
  TokenType.compound,
]);
const noWord: ReadonlySet<number> = new Set([...hidden, TokenType.blank, TokenType.tag]);
const noEnd: ReadonlySet<number> = new Set([
  ...noWord,
  TokenType.scientific,
  TokenType.version,
  TokenType.float,
  TokenType.int,
  TokenType.uint,
  TokenType.entity,
]);

function wordsOf(config: SearchConfig, text: string, root: TsNode | null): Word[] {
  const operands = root === null ? [] : operandsOf(root);
  let position = 0;
  return tokenize(text).map((token) => {
    const lexeme = config.lexemeOf(token.type, token.text);
    if (lexeme !== null) position++;
    const found =
      lexeme === null || lexeme === ''
        ? []
        : operands.filter((one) => (one.isPrefix ? lexeme.startsWith(one.lexeme) : lexeme === one.lexeme));
    return { type: token.type, text: token.text, operands: found, position };
  });
}

function operandsOf(node: TsNode): TsOperand[] {
  if (node.kind === 'value') return [node];
  if (node.kind === 'not') return operandsOf(node.child);
  return [...operandsOf(node.left), ...operandsOf(node.right)];
}

class WordsSeen implements Occurrences {
  readonly found: Map<TsOperand, number[]> = new Map();

  add(word: Word, isBackward: boolean): void {
    for (const operand of word.operands) {
      const list = this.found.get(operand) ?? [];
      if (isBackward) list.unshift(word.position);
      else list.push(word.position);
      this.found.set(operand, list);
    }
  }

  has(operand: TsOperand): boolean {
    return this.found.has(operand);
  }

  positions(operand: TsOperand): readonly number[] | null {
    return this.found.get(operand) ?? null;
  }
}

interface Cover {
  readonly from: number;
  readonly to: number;
}

/** The next shortest run of words that satisfies the query, begun at `from` or later. */
function nextCover(words: readonly Word[], root: TsNode, from: number): Cover | null {
  const forward = new WordsSeen();
  let to = -1;
  for (let i = from; i < words.length && to < 0; i++) {
    if (words[i]!.operands.length === 0) continue;
    forward.add(words[i]!, false);
    if (matches(root, forward, true)) to = i;
  }
  if (to < 0) return null;
  const backward = new WordsSeen();
  for (let i = to; i >= from; i--) {
    if (words[i]!.operands.length === 0) continue;
    backward.add(words[i]!, true);
    if (matches(root, backward, true)) return { from: i, to };
  }
  return null;
}

class HeadlineMaker {
  private readonly words: readonly Word[];
  private readonly options: HeadlineOptions;
  private readonly root: TsNode | null;

  constructor(words: readonly Word[], options: HeadlineOptions, root: TsNode | null) {
    this.words = words;
    this.options = options;
    this.root = root;
  }

  private isWord(i: number): boolean {
    return !noWord.has(this.words[i]!.type);
  }

  private isBadEnd(i: number): boolean {
    const word = this.words[i]!;
    const isShort = noEnd.has(word.type) || word.text.length <= this.options.shortWord;
    return isShort && word.operands.length === 0;
  }

  private countWords(from: number, to: number): number {
    let count = 0;
    for (let i = from; i <= to; i++) if (this.isWord(i)) count++;
    return count;
  }

  private countHits(from: number, to: number): number {
    let count = 0;
    for (let i = from; i <= to; i++) if (this.words[i]!.operands.length > 0) count++;
    return count;
  }

  /** The first words, where nothing satisfies the query. */
  private opening(): Cover {
    let count = 0;
    let to = -1;
    for (let i = 0; i < this.words.length && count < this.options.minWords; i++) {
      if (this.isWord(i)) count++;
      to = i;
    }
    return { from: 0, to };
  }

  /** The cover made longer or shorter, to a good end. */
  private fitted(cover: Cover): Cover {
    const { minWords, maxWords } = this.options;
    const { words } = this;
    let from = cover.from;
    let to = cover.to;
    let count = this.countWords(from, to);
    if (count >= maxWords) {
      while (to > from && this.countWords(from, to) > maxWords) to--;
      for (count = this.countWords(from, to); count > minWords && this.isBadEnd(to); to--)
        if (this.isWord(to)) count--;
      return { from, to };
    }
    for (let i = cover.to; i < words.length && count < maxWords; i++) {
      if (i !== cover.to && this.isWord(i)) count++;
      to = i;
      if (!this.isBadEnd(i) && count >= minWords) break;
    }
    if (count < minWords) {
      let i = from - 1;
      for (; i >= 0; i--) {
        if (this.isWord(i)) count++;
        if (count >= maxWords) break;
        if (!this.isBadEnd(i) && count >= minWords) break;
      }
      from = Math.max(i, 0);
    }
    return { from, to };
  }

  private isMatch(root: TsNode): boolean {
    const seen = new WordsSeen();
    for (const word of this.words) seen.add(word, false);
    return matches(root, seen);
  }

  private covers(): Cover[] {
    const found: Cover[] = [];
    if (this.root === null || !this.isMatch(this.root)) return found;
    for (let from = 0; ; ) {
      const cover = nextCover(this.words, this.root, from);
      if (cover === null) return found;
      found.push(cover);
      from = cover.from + 1;
    }
  }

  best(): Cover {
    let best: Cover | null = null;
    let bestHits = -1;
    let bestIsWhole = false;
    for (const cover of this.covers()) {
      const fitted = this.fitted(cover);
      const hits = this.countHits(fitted.from, fitted.to);
      const isWhole = fitted.from <= cover.from && fitted.to >= cover.to;
      const isBetter =
        best === null ||
        (isWhole && !bestIsWhole) ||
        (isWhole === bestIsWhole &&
          (hits > bestHits || (hits === bestHits && !this.isBadEnd(fitted.to) && this.isBadEnd(best.to))));
      if (!isBetter) continue;
      best = fitted;
      bestHits = hits;
      bestIsWhole = isWhole;
    }
    return best ?? this.opening();
  }

  /** Several covers, those with most hits first, none overlapping, each stretched to both sides. */
  fragments(): Cover[] {
    const { maxFragments, maxWords } = this.options;
    const ranked = this.covers()
      .map((cover) => this.shortened(cover))
      .sort((a, b) => this.countHits(b.from, b.to) - this.countHits(a.from, a.to) || a.from - b.from);
    const chosen: Cover[] = [];
    for (const cover of ranked) {
      if (chosen.length === maxFragments) break;
      if (chosen.some((one) => cover.from <= one.to && cover.to >= one.from)) continue;
      chosen.push(this.stretched(cover, chosen, maxWords));
    }
    return chosen.length === 0 ? [this.opening()] : chosen.sort((a, b) => a.from - b.from);
  }

  private shortened(cover: Cover): Cover {
    let { to } = cover;
    while (to > cover.from && this.countWords(cover.from, to) > this.options.maxWords) to--;
    return { from: cover.from, to };
  }

  private stretched(cover: Cover, taken: readonly Cover[], maxWords: number): Cover {
    let { from, to } = cover;
    const isFree = (i: number): boolean => !taken.some((one) => i >= one.from && i <= one.to);
    let count = this.countWords(from, to);
    if (count < maxWords) {
      const room = Math.trunc((maxWords - count) / 2);
      let stretch = 0;
      let marker = from;
      let i = from - 1;
      for (; i >= 0 && stretch < room && isFree(i); i--) {
        if (this.isWord(i)) {
          count++;
          stretch++;
        }
        marker = i;
      }
      for (i = marker; i < from && this.isBadEnd(i); i++) if (this.isWord(i)) count--;
      from = i;
      marker = to;
      for (i = to + 1; i < this.words.length && count < maxWords && isFree(i); i++) {
        if (this.isWord(i)) count++;
        marker = i;
      }
      for (i = marker; i > to && this.isBadEnd(i); i--);
      to = i;
    }
    return { from, to };
  }

  text(covers: readonly Cover[]): string {
    const { highlightAll, startSel, stopSel, fragmentDelimiter } = this.options;
    return covers
      .map(({ from, to }) => {
        let shown = '';
        for (let i = from; i <= to; i++) {
          const word = this.words[i]!;
          if (hidden.has(word.type)) continue;
          if (word.type === TokenType.tag && !highlightAll) shown += ' ';
          else shown += word.operands.length > 0 ? `${startSel}${word.text}${stopSel}` : word.text;
        }
        return shown;
      })
      .join(fragmentDelimiter);
  }
}

export function headline(config: SearchConfig, text: string, query: TsQuery, optionText: string): string {
  const options = parseHeadlineOptions(optionText);
  const words = wordsOf(config, text, query.root);
  const maker = new HeadlineMaker(words, options, query.root);
  if (options.highlightAll) return maker.text([{ from: 0, to: words.length - 1 }]);
  return maker.text(options.maxFragments > 0 ? maker.fragments() : [maker.best()]);
}
