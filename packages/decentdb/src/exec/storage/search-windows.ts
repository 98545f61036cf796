/**
 * Candidates of a single pattern read window by window (search/trigram/posting-windows.ts), and when that is worth it.
 *
 * I1  What a condition's pattern asks for is kept with the plan, for the pattern asked last: statements are often run with the same one
 *     again. Lengths of lists are those of the roots they were counted under; they decide costs, never answers.
 */
import type { TableDef } from '../../catalog/schema.ts';
import { hasRows } from '../../search/tree-reading.ts';
import type { RankedList } from '../../search/trigram/posting-sample.ts';
import type { PostingWindows } from '../../search/trigram/posting-windows.ts';
import { fetchRoot } from '../../tree/tree-descent.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import type { TrigramCondition } from '../physical/access.ts';
import type { ReadSoFar } from './search-pace.ts';
import { postingStore, searchTrees } from './search-stores.ts';
import { tableTree } from './stored-trees.ts';
import { isOfPattern, type MatchCondition, patternQuery } from './trigram-search.ts';

/** Candidates are not fetched one by one when they are more than this part of the table. */
export const CANDIDATES_PART_MAX = 0.15;
/** Below this many rows a fetch is always cheap. */
export const FETCH_ALWAYS = 64;

interface AskedLast {
  readonly pattern: string;
  readonly postings: TreeNode;
  readonly rows: TreeNode;
  /** Empty: not to be read in windows. */
  readonly lists: readonly RankedList[];
  /** What reading it came to the last time. */
  read: ReadSoFar | null;
}

/** Windows, and what was kept of the question they answer. */
export interface AskedWindows {
  readonly windows: PostingWindows;
  readonly asked: { read: ReadSoFar | null };
}

const askedLast = new WeakMap<TrigramCondition, AskedLast>();

/** Rows noted since the last merge are left out; null where all candidates are to be found at once, or none are worth it. */
export function candidateWindows(
  condition: TrigramCondition,
  table: TableDef,
  context: ExecContext,
): AskedWindows | null {
  if (condition.kind !== 'match' || !isOfPattern(condition)) return null;
  const pattern: Datum = evaluatorOf(condition.pattern)(emptyRow, 0, context);
  if (typeof pattern !== 'string') return null;
  const { view } = context.statement;
  const noted = searchTrees(condition.index).pendingRows(view);
  if (!isFew(table, view, noted)) return null;
  const asked = askedOf(condition, pattern, table, view);
  if (asked.lists.length === 0) return null;
  return { windows: postingStore(condition.index).windows(view, condition.key, asked.lists), asked };
}

function isFew(table: TableDef, view: ReadView, rows: number): boolean {
  return rows <= FETCH_ALWAYS || hasRows(tableTree(table), view, rows / CANDIDATES_PART_MAX);
}

/** I1. */
function askedOf(condition: MatchCondition, pattern: string, table: TableDef, view: ReadView): AskedLast {
  const store = postingStore(condition.index);
  const postings = fetchRoot(store.postings, view);
  const rows = fetchRoot(tableTree(table), view);
  const last = askedLast.get(condition);
  if (last?.pattern === pattern && last.postings === postings && last.rows === rows) return last;
  const query = patternQuery(condition, pattern);
  const found = query === null ? [] : store.listsOf(view, condition.key, query);
  const lists = found[0] !== undefined && isFew(table, view, found[0].estimate) ? found : [];
  const asked = { pattern, postings, rows, lists, read: null };
  if (!postings.isPrivate && !rows.isPrivate) askedLast.set(condition, asked);
  return asked;
}
