// Finds the keyword a run of characters spells, without allocating: an open-addressed table over a hash that the lexer
// folds while it scans the identifier.
//
// I1  The hash folds each code unit with bit 0x20 set, so it is the same for both cases; candidates are compared in full.

import { KEYWORD_FIRST, KEYWORD_NAMES } from './keywords.ts';

const TABLE_BITS = 11;
const TABLE_MASK = (1 << TABLE_BITS) - 1;
const LENGTH_MAX = KEYWORD_NAMES.reduce((most, name) => Math.max(most, name.length), 0);

const slots = new Uint16Array(1 << TABLE_BITS);
const letterOffset = new Uint16Array(KEYWORD_NAMES.length + 1);
const letters = new Uint8Array(KEYWORD_NAMES.reduce((sum, name) => sum + name.length, 0));

/** One step of the identifier hash. */
function fold(hash: number, code: number): number {
  return (Math.imul(hash, 31) + (code | 0x20)) | 0;
}

{
  let at = 0;
  for (let k = 0; k < KEYWORD_NAMES.length; k++) {
    const name = KEYWORD_NAMES[k]!;
    let hash = 0;
    letterOffset[k] = at;
    for (let i = 0; i < name.length; i++) {
      hash = fold(hash, name.charCodeAt(i));
      letters[at++] = name.charCodeAt(i);
    }
    let slot = (hash ^ (hash >>> TABLE_BITS)) & TABLE_MASK;
    while (slots[slot] !== 0) slot = (slot + 1) & TABLE_MASK;
    slots[slot] = KEYWORD_FIRST + k;
  }
  letterOffset[KEYWORD_NAMES.length] = at;
}

/** The keyword code of `sql[start, end)`, or 0. `hash` is that of the lexer (fold, from 0, over every code unit). */
export function keywordOf(sql: string, start: number, end: number, hash: number): number {
  const length = end - start;
  if (length > LENGTH_MAX) return 0;
  let slot = (hash ^ (hash >>> TABLE_BITS)) & TABLE_MASK;
  for (;;) {
    const code = slots[slot]!;
    if (code === 0) return 0;
    const k = code - KEYWORD_FIRST;
    const from = letterOffset[k]!;
    if (letterOffset[k + 1]! - from === length && spells(sql, start, from, length)) return code;
    slot = (slot + 1) & TABLE_MASK;
  }
}

function spells(sql: string, start: number, from: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    let c = sql.charCodeAt(start + i);
    if (c >= 65 && c <= 90) c += 32;
    if (c !== letters[from + i]!) return false;
  }
  return true;
}
