/**
 * ts_headline: the part of a text that shows best where it satisfies a query, with the words of the query marked
 * (PostgreSQL manual 12.3.4).
 *
 * I1  Text between tokens is kept as it is; a tag becomes a blank unless everything is shown.
 * I2  No word is in two fragments.
 */
import type { TsQuery } from '../../types/tsquery.ts';
import type { SearchConfig } from './configurations.ts';
import { type Cover, coversOf, type HeadlineWord, wordsOf } from './headline-covers.ts';
import { type HeadlineOptions, parseHeadlineOptions } from './headline-options.ts';
import { TokenType } from './token-types.ts';

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
  TokenType.protocol,
  TokenType.entity,
]);

/** A cover made longer or shorter. */
interface Part extends Cover {
  /** Words of the query in it. */
  readonly hits: number;
  readonly count: number;
}

class HeadlineMaker {
  private readonly words: readonly HeadlineWord[];
  private readonly options: HeadlineOptions;
  private readonly covers: readonly Cover[];
  /** By word: whether it is shown. */
  private readonly isShown: Uint8Array;

  constructor(words: readonly HeadlineWord[], options: HeadlineOptions, covers: readonly Cover[]) {
    this.words = words;
    this.options = options;
    this.covers = covers;
    this.isShown = new Uint8Array(words.length);
  }

  private isWord(i: number): boolean {
    return !noWord.has(this.words[i]!.type);
  }

  private isHit(i: number): boolean {
    const word = this.words[i]!;
    return word.operand !== null && !word.isRepeated;
  }

  private isBadEnd(i: number): boolean {
    const word = this.words[i]!;
    return (noEnd.has(word.type) || word.bytes <= this.options.shortWord) && !this.isHit(i);
  }

  show({ from, to }: Cover): void {
    for (let i = from; i <= to; i++) this.isShown[i] = this.words[i]!.isRepeated ? 0 : 1;
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

  /** A cover made longer or shorter, to a good end. */
  private fitted(cover: Cover): Part {
    const { maxWords } = this.options;
    let count = 0;
    let hits = 0;
    let i = cover.from;
    for (; i <= cover.to && count < maxWords; i++) {
      if (this.isWord(i)) count++;
      if (this.isHit(i)) hits++;
    }
    const part = { from: cover.from, to: i - 1, hits, count };
    return count < maxWords ? this.longer(part, cover) : this.shorter(part, Math.min(i, cover.to));
  }

  private longer(part: Part, cover: Cover): Part {
    const { minWords, maxWords } = this.options;
    let { from, to, hits, count } = part;
    for (let i = to; i < this.words.length && count < maxWords; i++) {
      if (i > cover.to) {
        if (this.isWord(i)) count++;
        if (this.isHit(i)) hits++;
      }
      to = i;
      if (!this.isBadEnd(i) && count >= minWords) break;
    }
    if (count >= minWords) return { from, to, hits, count };
    let i = from - 1;
    for (; i >= 0; i--) {
      if (this.isWord(i)) count++;
      if (this.isHit(i)) hits++;
      if (count >= maxWords) break;
      if (!this.isBadEnd(i) && count >= minWords) break;
    }
    from = Math.max(i, 0);
    return { from, to, hits, count };
  }

  private shorter(part: Part, last: number): Part {
    let { to, hits, count } = part;
    for (let i = last; count > this.options.minWords && this.isBadEnd(i); i--) {
      if (this.isWord(i)) count--;
      if (this.isHit(i)) hits--;
      to = i - 1;
    }
    return { from: part.from, to, hits, count };
  }

  /** One that holds its cover, else with most words of the query, else with a good end. */
  showBest(): void {
    let best: Part | null = null;
    let bestIsWhole = false;
    for (const cover of this.covers) {
      const part = this.fitted(cover);
      const isWhole = part.from <= cover.from && part.to >= cover.to;
      const isBetter =
        best === null ||
        (isWhole && !bestIsWhole) ||
        (isWhole === bestIsWhole &&
          (part.hits > best.hits ||
            (part.hits === best.hits && !this.isBadEnd(part.to) && this.isBadEnd(best.to))));
      if (!isBetter) continue;
      best = part;
      bestIsWhole = isWhole;
    }
    this.show(best ?? this.opening());
  }

  /** Several, those with most words of the query first, the shortest of them, each stretched to both sides. */
  showFragments(): void {
    let open: readonly Part[] = this.covers.flatMap((cover) => this.pieces(cover));
    for (let n = 0; n < this.options.maxFragments; n++) {
      let best: Part | null = null;
      for (const one of open)
        if (one.hits > (best?.hits ?? 0) || (one.hits === best?.hits && one.count < best.count)) best = one;
      if (best === null) {
        if (n === 0) break;
        return;
      }
      const { from, to } = this.stretched(best);
      this.show({ from, to });
      const chosen = best;
      open = open.filter((one) => one !== chosen && (one.to < from || one.from > to));
      if (n === this.options.maxFragments - 1) return;
    }
    this.show(this.opening());
  }

  /** A cover in pieces that are not too long and begin and end with words of the query. */
  private pieces(cover: Cover): Part[] {
    const found: Part[] = [];
    for (let start = cover.from; start <= cover.to; ) {
      const piece = this.pieceFrom(start, cover.to);
      found.push(piece);
      start = piece.to + 1;
    }
    return found;
  }

  private pieceFrom(start: number, last: number): Part {
    let from = start;
    while (from < last && !this.isHit(from)) from++;
    let count = 0;
    let hits = 0;
    let i = from;
    for (; i <= last && count < this.options.maxWords; i++) {
      if (this.isWord(i)) count++;
      if (this.isHit(i)) hits++;
    }
    if (last <= i) return { from, to: last, hits, count };
    for (; i > from && !this.isHit(i); i--) if (this.isWord(i)) count--;
    return { from, to: i, hits, count };
  }

  private stretched(part: Part): Cover {
    const { maxWords } = this.options;
    let { from, to, count } = part;
    if (count >= maxWords) return part;
    const room = Math.trunc((maxWords - count) / 2);
    let stretch = 0;
    let reached = from;
    for (let i = from - 1; i >= 0 && stretch < room && this.isShown[i] === 0; i--) {
      if (this.isWord(i)) {
        count++;
        stretch++;
      }
      reached = i;
    }
    for (; reached < from && this.isBadEnd(reached); reached++) if (this.isWord(reached)) count--;
    from = reached;
    reached = to;
    for (let i = to + 1; i < this.words.length && count < maxWords && this.isShown[i] === 0; i++) {
      if (this.isWord(i)) count++;
      reached = i;
    }
    while (reached > to && this.isBadEnd(reached)) reached--;
    to = reached;
    return { from, to };
  }

  text(): string {
    const { highlightAll, startSel, stopSel, fragmentDelimiter } = this.options;
    let shown = '';
    let hasFragment = false;
    let isInFragment = false;
    this.words.forEach((word, i) => {
      if (word.isRepeated) return;
      if (this.isShown[i] === 0) {
        isInFragment = false;
        return;
      }
      if (!isInFragment && hasFragment) shown += fragmentDelimiter;
      isInFragment = true;
      hasFragment = true;
      if (hidden.has(word.type)) return;
      if (word.type === TokenType.tag && !highlightAll) shown += ' ';
      else shown += word.operand !== null ? `${startSel}${word.text}${stopSel}` : word.text;
    });
    return shown;
  }
}

export function headline(config: SearchConfig, text: string, query: TsQuery, optionText: string): string {
  const options = parseHeadlineOptions(optionText);
  const words = wordsOf(config, text, query.root);
  const maker = new HeadlineMaker(words, options, coversOf(words, query.root));
  if (options.maxFragments > 0) maker.showFragments();
  else if (options.highlightAll) maker.show({ from: 0, to: words.length - 1 });
  else maker.showBest();
  return maker.text();
}
