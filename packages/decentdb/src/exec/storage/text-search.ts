/**
 * Rows whose text holds a run of characters, found by one search over all texts of a leaf as the page has them: no string is
 * made, and no place is looked up but those of hits.
 *
 *     title LIKE '%drust%' AND rating > 3      search for "drust"; the rest of the filter sees the rows found
 *
 * I1  Conjuncts looked at: a text column LIKE a pattern with a run of characters, or = a value. The first such one is searched
 *     for; the others are the rest. Where a conjunct before it is volatile there is no search.
 * I2  A row is found if and only if its conjunct is true.
 * I3  Leaves that do not have the column as plain bytes (changed, dictionary, large values) are for the whole filter.
 * I4  Where most rows hold the run, searching costs more than it saves: then the whole filter takes over, for this scan.
 */
import { assert } from '../../base/assert.ts';
import { indexOfBytes, isLatin1, latin1Write, utf8Bytes } from '../../tree/text-bytes.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { Oid } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import { compileLike, parseLike, type TextMatcher } from '../compile/like.ts';
import { visitExpr } from '../compile/shape.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';

/** A filter in two: what is searched for, and what is left to ask of the rows found. */
export interface SearchSplit {
  readonly slot: number;
  readonly kind: 'like' | 'equal';
  readonly value: Expr;
  readonly rest: Expr | null;
}

const splits = new WeakMap<Expr, SearchSplit | { readonly kind: 'none' }>();

/** The split of a plan's filter; null when nothing in it can be searched for (I1). */
export function searchSplit(filter: Expr | null): SearchSplit | null {
  if (filter === null) return null;
  let split = splits.get(filter);
  if (split === undefined) {
    split = splitOf(filter) ?? { kind: 'none' };
    splits.set(filter, split);
  }
  return split.kind === 'none' ? null : split;
}

function splitOf(filter: Expr): SearchSplit | null {
  const conjuncts = filter.kind === 'and' ? filter.args : [filter];
  for (let i = 0; i < conjuncts.length; i++) {
    const asked = questionOf(conjuncts[i]!);
    if (asked === null) {
      if (isVolatile(conjuncts[i]!)) return null;
      continue;
    }
    const others = conjuncts.filter((_, k) => k !== i);
    const rest =
      others.length < 2 ? (others[0] ?? null) : { ...(filter as Expr & { kind: 'and' }), args: others };
    return { ...asked, rest };
  }
  return null;
}

function isVolatile(expr: Expr): boolean {
  let found = false;
  visitExpr(expr, (node) => {
    if (node.kind === 'subquery' || (node.kind === 'call' && node.fn.volatility === 'volatile')) found = true;
  });
  return found;
}

function questionOf(expr: Expr): Omit<SearchSplit, 'rest'> | null {
  if (expr.kind !== 'call' || expr.args.length !== 2) return null;
  const { operator } = expr.fn;
  const kind = operator?.symbol === '~~' ? 'like' : operator?.btree === '=' ? 'equal' : null;
  const [column, value] = expr.args as [Expr, Expr];
  if (kind === null || column.kind !== 'slot' || !isText(column) || !isText(value)) return null;
  const isFixed = value.kind === 'const' || value.kind === 'param' || value.kind === 'outer';
  return isFixed ? { slot: column.slot, kind, value } : null;
}

function isText(expr: Expr): boolean {
  return expr.type.oid === Oid.text || expr.type.oid === Oid.varchar;
}

/** More hits than one in so many rows cost more than looking at each row. */
const DENSE_SHARE = 8;
/** I4: leaves full of hits, more than others, before the search is given up. */
const DENSE_LEAVES_MAX = 4;

export class TextSearch {
  private readonly position: number;
  private readonly latin1: Uint8Array | null;
  private readonly utf8: Uint8Array;
  /** Whether a text that holds the run is what is looked for; null: all of them are. */
  private readonly matcher: TextMatcher | null;
  private dense = 0;
  /** Places of the rows found last. */
  rows: Int32Array = new Int32Array(256);

  private constructor(position: number, run: string, matcher: TextMatcher | null) {
    this.position = position;
    this.latin1 = isLatin1(run) ? latin1Bytes(run) : null;
    this.utf8 = utf8Bytes(run);
    this.matcher = matcher;
  }

  /** A search of the column at `position` of a leaf; null when the value asks for none. */
  static of(split: SearchSplit, position: number, context: ExecContext): TextSearch | null {
    const value: Datum = evaluatorOf(split.value)(emptyRow, 0, context);
    if (typeof value !== 'string' || value.length === 0) return null;
    if (split.kind === 'equal') return new TextSearch(position, value, (text) => text === value);
    const parts = parseLike(value);
    if (parts === null) return null;
    let run = '';
    for (const part of parts) if (part.kind === 'text' && part.text.length > run.length) run = part.text;
    if (run === '') return null;
    const isBare = parts.length === 3 && parts[0]!.kind === 'any' && parts[2]!.kind === 'any';
    return new TextSearch(position, run, isBare ? null : compileLike(value));
  }

  /** Finds rows from..to-1 of the leaf (`rows`) and returns how many; -1: the leaf cannot be searched. */
  find(leaf: TreeNode, from: number, to: number): number {
    if (this.dense > DENSE_LEAVES_MAX) return -1;
    const block = leaf.textBlock(this.position);
    if (block === null) return -1;
    const run = block.isLatin1 ? this.latin1 : this.utf8;
    if (run === null) return 0;
    if (this.rows.length < to - from) this.rows = new Int32Array(leaf.count);
    const { bytes, start } = block;
    let hit = indexOfBytes(bytes, run, start, block.end);
    if (hit < 0) return 0;
    const { offsets, nulls } = block;
    const { rows, matcher } = this;
    let hits = 0;
    let kept = 0;
    let row = rowAt(offsets, from, hit - start);
    while (row < to) {
      const next = start + offsets[row + 1]!;
      let resume = next;
      if (hit < start + offsets[row]!) resume = start + offsets[row]!;
      else if (hit + run.length > next)
        resume = hit + 1; // Across the end of the row.
      else {
        hits++;
        const isNull = nulls !== null && nulls[row] !== 0;
        if (!isNull && (matcher === null || matcher(block.cell(row)))) rows[kept++] = row;
      }
      hit = indexOfBytes(bytes, run, resume, block.end);
      if (hit < 0) break;
      row = rowAt(offsets, row, hit - start);
    }
    assert(kept <= to - from, 'a row was found twice');
    this.dense = hits * DENSE_SHARE > to - from ? this.dense + 1 : Math.max(0, this.dense - 1);
    return kept;
  }
}

/** The first row from `row` on that ends behind the place; the number of rows when none does. */
function rowAt(offsets: Int32Array, row: number, place: number): number {
  let low = row;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsets[middle + 1]! > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  latin1Write(bytes, text, 0);
  return bytes;
}
