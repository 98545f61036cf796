/**
 * Reading the few rows that share a key of an index: descend once in the index, once in the table for each row, build the
 * objects. No operators, no batches.
 *
 * I1  Same rows and values as the plan run by operators (a test compares); the order is the index's, or that of row ids.
 * I2  Only for few rows: where there are more than ROWS_MAX, the operators fetch them leaf by leaf.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { EvalContext } from '../../functions/function.ts';
import { lowerBound, upperBound } from '../../tree/node-search.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeCursor } from '../../tree/tree-cursor.ts';
import { childBefore, fetchChild, fetchRoot } from '../../tree/tree-descent.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { JsOptions } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import type { PhysicalPlan } from '../physical.ts';
import type { ResultColumn } from '../rows/row-builder.ts';
import { indexTree, tableTree } from '../storage/stored-trees.ts';
import { PointContext } from './datum-row.ts';
import { projectedRows, type RowsAccess } from './point-plan.ts';
import { type BuildRow, CellReader } from './point-read.ts';

/** Rows fetched one by one at most. */
const ROWS_MAX = 64;

export class PointRows {
  private readonly access: RowsAccess;
  private readonly tree: Tree;
  private readonly index: Tree;
  private readonly keys: readonly Evaluator[];
  private readonly context: PointContext;
  private readonly buildObject: BuildRow;
  private readonly buildArray: BuildRow;
  private readonly position: TreePosition = new TreePosition();
  private readonly rowIdKey: Datum[] = [null];

  constructor(
    access: RowsAccess,
    outputs: readonly number[],
    columns: readonly ResultColumn[],
    options: JsOptions,
    evalContext: EvalContext,
  ) {
    this.access = access;
    this.tree = tableTree(access.table);
    this.index = indexTree(access.table, access.index);
    this.keys = access.keys.map(evaluatorOf);
    this.context = new PointContext(evalContext);
    const reader = new CellReader(access, outputs, columns, options, this.tree);
    this.buildObject = reader.objectBuilder();
    this.buildArray = reader.arrayBuilder();
  }

  /** The rows as objects; null when there are too many for this path. */
  objects(view: ReadView, params: readonly Datum[]): unknown[] | null {
    return this.read(view, params, this.buildObject);
  }

  /** The rows as arrays; null when there are too many for this path. */
  arrays(view: ReadView, params: readonly Datum[]): unknown[] | null {
    return this.read(view, params, this.buildArray);
  }

  private read(view: ReadView, params: readonly Datum[], build: BuildRow): unknown[] | null {
    const { tree, position, rowIdKey } = this;
    const rows = this.rowIds(view, params);
    if (rows === null) return null;
    for (let i = 0; i < rows.length; i++) {
      rowIdKey[0] = rows[i] as Datum;
      if (!tree.get(view, rowIdKey, position)) throw this.missingRow();
      rows[i] = build(view, position.leaf, position.index);
    }
    return rows;
  }

  /** Ids of the rows, in the order they are to come; the array is the caller's. */
  private rowIds(view: ReadView, params: readonly Datum[]): unknown[] | null {
    const { index, keys, context, access } = this;
    context.params = params;
    const key: Datum[] = [];
    for (let i = 0; i < keys.length; i++) {
      const value = keys[i]!(emptyRow, 0, context);
      if (value === null) return [];
      key.push(value);
    }
    let leaf = fetchRoot(index, view);
    while (leaf.level > 0) leaf = fetchChild(index, view, leaf, childBefore(leaf, key, key.length));
    const from = lowerBound(leaf, key, key.length, 0);
    const to = upperBound(leaf, key, key.length, from);
    const ids: unknown[] = [];
    if (to === leaf.count) {
      // The rows may begin or go on in the next leaf.
      if (!this.collect(view, key, ids)) return null;
    } else if (to - from > ROWS_MAX) return null;
    else this.append(leaf, from, to, ids);
    if (access.isByRowId) ids.sort(compareIds);
    return ids;
  }

  private collect(view: ReadView, key: readonly Datum[], ids: unknown[]): boolean {
    const cursor = new TreeCursor(this.index, view);
    cursor.seekPrefix(key);
    while (cursor.next()) {
      if (ids.length + cursor.to - cursor.from > ROWS_MAX) return false;
      this.append(cursor.leaf!, cursor.from, cursor.to, ids);
    }
    return true;
  }

  private append(leaf: TreeNode, from: number, to: number, ids: unknown[]): void {
    // Row ids are never NULL and never kept elsewhere.
    const column = leaf.column(this.index.schema.leaf.length - 1);
    for (let row = from; row < to; row++) ids.push(column.cell(row));
  }

  private missingRow(): DecentDbError {
    return new DecentDbError(
      'XX002',
      `index "${this.access.index.name}" refers to a row that does not exist`,
    );
  }
}

function compareIds(a: unknown, b: unknown): number {
  return (a as number) < (b as number) ? -1 : 1;
}

/** The short path of a plan that reads the rows of an index key; null when the plan is not such. */
export function pointRowsOf(
  plan: PhysicalPlan,
  columns: readonly ResultColumn[],
  options: JsOptions,
  evalContext: EvalContext,
): PointRows | null {
  const found = plan.isReadOnly ? projectedRows(plan.root) : null;
  if (found === null) return null;
  return new PointRows(found.access, found.outputs, columns, options, evalContext);
}
