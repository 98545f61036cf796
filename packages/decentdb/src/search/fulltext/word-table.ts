/**
 * Numbers of words as they stand in texts, so that a word seen before is cut out of its text, folded and stemmed no more.
 *
 *     entries    hash | its first 16 units, 4 a number | how many there are, 0: free | where the units behind start | the number kept
 *                (32 bytes; open addressing)
 *
 * I1  Words are Latin-1, of at most WORD_UNITS_MAX characters; UNITS_SPARE units behind a word may be read.
 * I2  It holds so many words at most, ENTRIES_MAX where nothing else is said, and forgets all of them when it is full: most words of a text come again soon.
 * I3  A look at a word of 16 units or less is a look at one line of the processor's cache, as a rule: the table is larger than the cache.
 */
import type { WordNumbers } from '../../types/tsvector.ts';

const WORD_UNITS_MAX = 64;
const ENTRIES_MAX = 1 << 17;
const ENTRY_LOG = 3;
const ENTRY_INTS = 1 << ENTRY_LOG;
const SLOTS_FIRST = 1 << 12;
/** Units that an entry has itself. */
const OWN_UNITS = 16;
/** Of an entry. */
const UNITS = 1;
const LENGTH = 5;
const START = 6;
const NUMBER = 7;

export class WordTable implements WordNumbers {
  private entries: Int32Array = new Int32Array(SLOTS_FIRST << ENTRY_LOG);
  private mask: number = SLOTS_FIRST - 1;
  /** Units of longer words behind those that their entries have. */
  private units: Uint8Array = new Uint8Array(1 << 12);
  private count = 0;
  private used = 0;
  private readonly numberOf: (lexeme: string) => number;
  private readonly entriesMax: number;

  /** `numberOf` gives the number of a lexeme. */
  constructor(numberOf: (lexeme: string) => number, entriesMax: number = ENTRIES_MAX) {
    this.numberOf = numberOf;
    this.entriesMax = entriesMax;
  }

  find(word: Uint8Array, from: number, to: number, hash: number): number | undefined {
    const { entries, mask } = this;
    const length = to - from;
    for (let at = placeOf(hash) & mask; ; at = (at + 1) & mask) {
      const entry = at << ENTRY_LOG;
      const own = entries[entry + LENGTH]!;
      if (own === 0) return undefined;
      if (entries[entry] === hash && own === length && this.isAt(entry, word, from, length))
        return entries[entry + NUMBER]!;
    }
  }

  private isAt(entry: number, word: Uint8Array, from: number, length: number): boolean {
    const { entries, units } = this;
    let at = 0;
    for (let i = entry + UNITS; at < length && at < OWN_UNITS; i++, at += 4)
      if (entries[i] !== fourUnits(word, from + at, length - at)) return false;
    const start = entries[entry + START]! - OWN_UNITS;
    for (; at < length; at++) if (units[start + at] !== word[from + at]) return false;
    return true;
  }

  learn(word: Uint8Array, from: number, to: number, hash: number, lexeme: string): number {
    const number = lexeme === '' ? -1 : this.numberOf(lexeme);
    if (to - from <= WORD_UNITS_MAX) this.keep(word, from, to - from, hash, number);
    return number;
  }

  of(lexeme: string): number {
    return this.numberOf(lexeme);
  }

  private keep(word: Uint8Array, from: number, length: number, hash: number, number: number): void {
    if (this.count === this.entriesMax) this.clear();
    if (this.count * 2 > this.mask) this.grow();
    const { entries } = this;
    const entry = this.freeFor(hash) << ENTRY_LOG;
    entries[entry] = hash;
    for (let at = 0; at < length && at < OWN_UNITS; at += 4)
      entries[entry + UNITS + (at >>> 2)] = fourUnits(word, from + at, length - at);
    entries[entry + LENGTH] = length;
    entries[entry + START] = this.used;
    entries[entry + NUMBER] = number;
    this.count++;
    if (length > OWN_UNITS) this.keepRest(word.subarray(from + OWN_UNITS, from + length));
  }

  private keepRest(rest: Uint8Array): void {
    if (this.used + rest.length > this.units.length) {
      const units = new Uint8Array(this.units.length * 2);
      units.set(this.units);
      this.units = units;
    }
    this.units.set(rest, this.used);
    this.used += rest.length;
  }

  private freeFor(hash: number): number {
    const { entries, mask } = this;
    let at = placeOf(hash) & mask;
    while (entries[(at << ENTRY_LOG) + LENGTH] !== 0) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const old = this.entries;
    this.entries = new Int32Array(old.length * 2);
    this.mask = (this.entries.length >>> ENTRY_LOG) - 1;
    for (let entry = 0; entry < old.length; entry += ENTRY_INTS)
      if (old[entry + LENGTH] !== 0)
        this.entries.set(old.subarray(entry, entry + ENTRY_INTS), this.freeFor(old[entry]!) << ENTRY_LOG);
  }

  private clear(): void {
    this.entries.fill(0);
    this.count = 0;
    this.used = 0;
  }
}

/** Up to four units as one number; what is behind the word counts for nothing. */
function fourUnits(word: Uint8Array, at: number, length: number): number {
  const four = word[at]! | (word[at + 1]! << 8) | (word[at + 2]! << 16) | (word[at + 3]! << 24);
  return length >= 4 ? four : four & ((1 << (length * 8)) - 1);
}

/** Where the search for a hash begins: its low bits are the least mixed. */
function placeOf(hash: number): number {
  return hash ^ (hash >>> 15);
}
