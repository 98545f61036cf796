/**
 * Rows whose text holds a run of characters, found by one search over all texts of a leaf as the page has them: no string is
 * made, and no place is looked up but those of hits.
 *
 *     title LIKE '%drust%' AND rating > 3      search for "drust"; the rest of the filter sees the rows found
 *
 * I1  Conjuncts looked at: a text column LIKE or ILIKE a pattern with a run of characters, lower() of it LIKE one, or = a value.
 *     The first such one is searched for; the others are the rest. Where a conjunct before it is volatile there is no search.
 * I2  A row is found if and only if its conjunct is true.
 * I3  Leaves that do not have the column as plain bytes (changed, dictionary, large values) are for the whole filter.
 * I4  Where most rows hold the run, searching costs more than it saves: then the whole filter takes over, for this scan.
 */
import { assert } from '../../base/assert.ts';
import { isLikeIgnoringCase } from '../../functions/like.ts';
import { lowerCase } from '../../functions/string-kernel.ts';
import { isLatin1, utf8Bytes } from '../../tree/text-bytes.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { Oid } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import {
  compileIgnoringCase,
  compileLike,
  type LikePart,
  parseLike,
  type TextMatcher,
} from '../compile/like.ts';
import { visitExpr } from '../compile/shape.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import { type ByteRun, ExactRun, FoldedRun, latin1Bytes } from './byte-run.ts';

/** A filter in two: what is searched for, and what is left to ask of the rows found. */
export interface SearchSplit {
  readonly slot: number;
  /** `lower`: the column's lower-case form LIKE the value. */
  readonly kind: 'like' | 'ilike' | 'lower' | 'equal';
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

const kinds: Readonly<Record<string, SearchSplit['kind'] | undefined>> = {
  '~~': 'like',
  '~~*': 'ilike',
  '=': 'equal',
};

function questionOf(expr: Expr): Omit<SearchSplit, 'rest'> | null {
  if (expr.kind !== 'call' || expr.args.length !== 2) return null;
  const { operator } = expr.fn;
  const kind = kinds[operator?.btree ?? operator?.symbol ?? ''];
  const [left, value] = expr.args as [Expr, Expr];
  if (kind === undefined || !isText(left) || !isText(value)) return null;
  if (value.kind !== 'const' && value.kind !== 'param' && value.kind !== 'outer') return null;
  if (left.kind === 'slot') return { slot: left.slot, kind, value };
  const lowered = kind === 'like' ? loweredSlot(left) : null;
  return lowered === null ? null : { slot: lowered, kind: 'lower', value };
}

/** The slot of `lower(column)`. */
function loweredSlot(expr: Expr): number | null {
  if (expr.kind !== 'call' || expr.fn.name !== 'lower' || expr.args.length !== 1) return null;
  const [column] = expr.args as [Expr];
  return column.kind === 'slot' && isText(column) ? column.slot : null;
}

function isText(expr: Expr): boolean {
  return expr.type.oid === Oid.text || expr.type.oid === Oid.varchar;
}

/** More hits than one in so many rows cost more than looking at each row. */
const DENSE_SHARE = 8;
/** I4: leaves full of hits, more than others, before the search is given up. */
const DENSE_LEAVES_MAX = 4;

/** What is looked for in the texts of one character set. */
interface Wanted {
  readonly run: ByteRun;
  /** Whether a text that holds the run is what is looked for; null: all of them are. */
  readonly matcher: TextMatcher | null;
}

/** What a value asks for, by the character set of the texts; null as in {@link TextSearch}. */
interface Asked {
  readonly latin1: Wanted | null;
  readonly utf8: Wanted | null;
}

const noRows = new Int32Array(0);
/** Room for the rows of a leaf that were asked for one by one. */
const ROWS_LEAST = 64;

/** By the split: what its last value asked for. Statements are often run with the same one again. */
const askedLast = new WeakMap<SearchSplit, Asked & { readonly value: string }>();

export class TextSearch {
  private readonly position: number;
  /** Null: no such text is what is looked for. */
  private readonly latin1: Wanted | null;
  /** Null: such texts cannot be searched. */
  private readonly utf8: Wanted | null;
  private dense = 0;
  private touched = 0;
  /** Places of the rows found last. */
  rows: Int32Array = noRows;

  private constructor(position: number, { latin1, utf8 }: Asked) {
    this.position = position;
    this.latin1 = latin1;
    this.utf8 = utf8;
  }

  /** A search of the column at `position` of a leaf; null when the value asks for none. */
  static of(split: SearchSplit, position: number, context: ExecContext): TextSearch | null {
    const value: Datum = evaluatorOf(split.value)(emptyRow, 0, context);
    if (typeof value !== 'string' || value.length === 0) return null;
    const last = askedLast.get(split);
    if (last?.value === value) return new TextSearch(position, last);
    const asked = askedOf(split.kind, value);
    if (asked === null) return null;
    askedLast.set(split, { value, ...asked });
    return new TextSearch(position, asked);
  }

  /** Finds rows from..to-1 of the leaf (`rows`) and returns how many; -1: the leaf cannot be searched. */
  find(leaf: TreeNode, from: number, to: number): number {
    if (this.dense > DENSE_LEAVES_MAX) return -1;
    const block = leaf.textBlock(this.position);
    if (block === null) return -1;
    const wanted = block.isLatin1 ? this.latin1 : this.utf8;
    if (wanted === null) return block.isLatin1 ? 0 : -1;
    if (this.rows.length < to - from) this.rows = new Int32Array(leaf.count);
    const { bytes, start } = block;
    const { run, matcher } = wanted;
    if (!run.suits(bytes, start, block.end)) return -1;
    let hit = run.indexIn(bytes, start, block.end);
    if (hit < 0) return 0;
    const { offsets, nulls } = block;
    const { rows } = this;
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
      hit = run.indexIn(bytes, resume, block.end);
      if (hit < 0) break;
      row = rowAt(offsets, row, hit - start);
    }
    assert(kept <= to - from, 'a row was found twice');
    this.dense = hits * DENSE_SHARE > to - from ? this.dense + 1 : Math.max(0, this.dense - 1);
    return kept;
  }

  touch(leaf: TreeNode, places: Int32Array, from: number, to: number): void {
    const block = leaf.textBlock(this.position);
    if (block === null) return;
    const { bytes, start, offsets } = block;
    for (let i = from; i < to; i++) this.touched += bytes[start + offsets[places[i]!]!] ?? 0;
  }

  /** Of the rows at `places` from..to-1 finds those that are looked for, as {@link find} does. */
  among(leaf: TreeNode, places: Int32Array, from: number, to: number): number {
    const block = leaf.textBlock(this.position);
    if (block === null) return -1;
    const wanted = block.isLatin1 ? this.latin1 : this.utf8;
    if (wanted === null) return block.isLatin1 ? 0 : -1;
    if (this.rows.length < to - from) this.rows = new Int32Array(Math.max(to - from, ROWS_LEAST));
    const { bytes, start, offsets, nulls } = block;
    const { run, matcher } = wanted;
    const { rows } = this;
    let kept = 0;
    for (let i = from; i < to; i++) {
      const row = places[i]!;
      if (nulls !== null && nulls[row] !== 0) continue;
      const begin = start + offsets[row]!;
      const end = start + offsets[row + 1]!;
      if (!run.suits(bytes, begin, end)) return -1;
      if (run.isIn(bytes, begin, end) && (matcher === null || matcher(block.cell(row)))) rows[kept++] = row;
    }
    return kept;
  }
}

function longestRun(parts: readonly LikePart[]): string {
  let run = '';
  for (const part of parts) if (part.kind === 'text' && part.text.length > run.length) run = part.text;
  return run;
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

function askedOf(kind: SearchSplit['kind'], value: string): Asked | null {
  if (kind === 'equal') return exactly(value, (text) => text === value);
  const parts = parseLike(value);
  if (parts === null) return null;
  const run = longestRun(parts);
  if (run === '') return null;
  const isBare = parts.length === 3 && parts[0]!.kind === 'any' && parts[2]!.kind === 'any';
  if (kind === 'like') return exactly(run, isBare ? null : compileLike(value));
  // What has capitals is in no lower-case form.
  if (kind === 'lower' && lowerCase(value) !== value) return null;
  const matcher = compileIgnoringCase(value) ?? ((text: string) => isLikeIgnoringCase(text, value));
  return ignoringCase(lowerCase(run), isBare, matcher);
}

function exactly(run: string, matcher: TextMatcher | null): Asked {
  const latin1 = isLatin1(run) ? { run: new ExactRun(latin1Bytes(run)), matcher } : null;
  return { latin1, utf8: { run: new ExactRun(utf8Bytes(run)), matcher } };
}

/** `isBare`: a text that holds the run in any case is what is looked for. */
function ignoringCase(run: string, isBare: boolean, matcher: TextMatcher): Asked {
  const latin1 = isLatin1(run) ? { run: FoldedRun.latin1(run), matcher: isBare ? null : matcher } : null;
  const simple = FoldedRun.simplePart(run);
  const isWhole = isBare && simple === run;
  const utf8 = simple === '' ? null : { run: FoldedRun.ascii(simple), matcher: isWhole ? null : matcher };
  return { latin1, utf8 };
}
