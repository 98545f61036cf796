/**
 * Copies a tree row by row, in key order, into a new one: pages come out full, large values get chains of their own.
 *
 * I1  The source may be in another database; where it is in the same write transaction it is left as it is.
 */
import type { PageNo } from '../base/ids.ts';
import type { ReadView, WriteView } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import { createTree, Tree } from './tree.ts';
import { TreeCursor, WHOLE_TREE } from './tree-cursor.ts';

/** Rows between two chances for the transaction to give up memory. */
const ROWS_BETWEEN_RELIEF = 1024;

export interface CopiedTree {
  readonly root: PageNo;
  readonly rows: number;
}

/** Returns the new tree's root and its rows. */
export function copyTree(source: Tree, from: ReadView, to: WriteView): CopiedTree {
  const steps = copyTreeSteps(source, from, to);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same in steps of about a thousand rows, each of which gives the rows copied since the last. `pause` is called between steps,
 * and gives the transaction to go on in.
 */
export function* copyTreeSteps(
  source: Tree,
  from: ReadView,
  first: WriteView,
  pause: (to: WriteView) => WriteView = relieved,
): Generator<number, CopiedTree> {
  let to = first;
  const { leaf: columns, keyCount } = source.schema;
  const schema = { columns, keyCount };
  const root = createTree(to, schema);
  const target = new Tree(root, schema, source.name);
  const cursor = new TreeCursor(source, from);
  const row = new Array<Datum>(columns.length);
  let rows = 0;
  let told = 0;
  cursor.seek(WHOLE_TREE);
  while (cursor.next()) {
    const { leaf } = cursor;
    if (leaf === null) break;
    for (let i = cursor.from; i < cursor.to; i++) {
      for (let c = 0; c < row.length; c++) row[c] = source.datum(from, leaf, i, c);
      target.insert(to, row);
      rows++;
    }
    // Between two leaves, when no node of either tree is held.
    if (rows - told < ROWS_BETWEEN_RELIEF) continue;
    to = pause(to);
    yield rows - told;
    told = rows;
  }
  return { root, rows };
}

function relieved(view: WriteView): WriteView {
  view.relieve();
  return view;
}
