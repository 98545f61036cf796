/**
 * Numbers of words as they stand in texts, so that a word seen before is cut out of its text, folded and stemmed no more.
 *
 *     slots      number of the entry + 1, 0: free; open addressing
 *     entries    hash | where its units start | how many | the number kept
 *
 * I1  Words are Latin-1, of at most WORD_UNITS_MAX characters.
 * I2  It holds so many words at most, ENTRIES_MAX where nothing else is said, and forgets all of them when it is full: most words of a text come again soon.
 */
import type { WordNumbers } from '../../types/tsvector.ts';

const WORD_UNITS_MAX = 64;
const ENTRIES_MAX = 1 << 17;
const ENTRY_INTS = 4;
const SLOTS_FIRST = 1 << 12;

export class WordTable implements WordNumbers {
  private slots: Int32Array = new Int32Array(SLOTS_FIRST);
  private entries: Int32Array = new Int32Array(1024 * ENTRY_INTS);
  private units: Uint8Array = new Uint8Array(1 << 14);
  private count = 0;
  private used = 0;
  private readonly numberOf: (lexeme: string) => number;

  private readonly entriesMax: number;

  /** `numberOf` gives the number of a lexeme. */
  constructor(numberOf: (lexeme: string) => number, entriesMax: number = ENTRIES_MAX) {
    this.numberOf = numberOf;
    this.entriesMax = entriesMax;
  }

  find(word: Uint8Array, from: number, to: number): number | undefined {
    const { slots, entries } = this;
    const hash = hashOf(word, from, to);
    const mask = slots.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = slots[at]!;
      if (slot === 0) return undefined;
      const entry = (slot - 1) * ENTRY_INTS;
      if (entries[entry] === hash && this.isAt(entry, word, from, to)) return entries[entry + 3]!;
    }
  }

  private isAt(entry: number, word: Uint8Array, from: number, to: number): boolean {
    const { entries, units } = this;
    const length = to - from;
    if (entries[entry + 2] !== length) return false;
    const start = entries[entry + 1]!;
    for (let i = 0; i < length; i++) if (units[start + i] !== word[from + i]) return false;
    return true;
  }

  learn(word: Uint8Array, from: number, to: number, lexeme: string): number {
    const number = lexeme === '' ? -1 : this.numberOf(lexeme);
    if (to - from <= WORD_UNITS_MAX) this.keep(word, from, to, number);
    return number;
  }

  of(lexeme: string): number {
    return this.numberOf(lexeme);
  }

  private keep(word: Uint8Array, from: number, to: number, number: number): void {
    if (this.count === this.entriesMax) this.clear();
    if (this.count * 2 >= this.slots.length) this.growSlots();
    const entry = this.count * ENTRY_INTS;
    if (entry === this.entries.length) this.entries = grown(this.entries);
    if (this.used + WORD_UNITS_MAX > this.units.length) {
      const units = new Uint8Array(this.units.length * 2);
      units.set(this.units);
      this.units = units;
    }
    const { entries, units } = this;
    entries[entry] = hashOf(word, from, to);
    entries[entry + 1] = this.used;
    entries[entry + 2] = to - from;
    entries[entry + 3] = number;
    units.set(word.subarray(from, to), this.used);
    this.used += to - from;
    this.place(this.count++);
  }

  private place(number: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let at = this.entries[number * ENTRY_INTS]! & mask;
    while (slots[at] !== 0) at = (at + 1) & mask;
    slots[at] = number + 1;
  }

  private growSlots(): void {
    this.slots = new Int32Array(this.slots.length * 4);
    for (let i = 0; i < this.count; i++) this.place(i);
  }

  private clear(): void {
    this.slots.fill(0);
    this.count = 0;
    this.used = 0;
  }
}

function hashOf(word: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ word[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

function grown(ints: Int32Array): Int32Array {
  const larger = new Int32Array(ints.length * 2);
  larger.set(ints);
  return larger;
}
