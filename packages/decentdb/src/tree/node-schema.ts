/**
 * What a tree's nodes are made of: the columns of its leaves and, derived from them, of its inner nodes.
 *
 * I1  Rows of a leaf ascend strictly by the first `keyCount` columns.
 * I2  An inner node has the key columns (separators), then the child's page number, then the rows believed under the child.
 */
import { assert } from '../base/assert.ts';
import { type ColumnSpec, Physical } from '../types/vector.ts';

/** Shape of a tree: all columns, of which the first `keyCount` are the unique key. */
export interface TreeSchema {
  readonly columns: readonly ColumnSpec[];
  readonly keyCount: number;
  /** Most rows of a leaf, at most (and by default) ROWS_MAX: few where each commit changes a row or two, which copies the leaf. */
  readonly rowsMax?: number;
}

/** Most rows a node holds; rows of a few bits are common (trigram postings), so the page should end first. */
export const ROWS_MAX = 8192;

/** A schema made ready for use by nodes. */
export class NodeSchema {
  readonly leaf: readonly ColumnSpec[];
  readonly inner: readonly ColumnSpec[];
  readonly keyCount: number;
  /** Most rows of a leaf. */
  readonly rowsMax: number;
  /** Indexes of the leaf columns whose values may be large. */
  readonly variable: readonly number[];
  readonly isVariable: readonly boolean[];
  /** Most bytes a leaf of one row takes besides its variable values: heads of page and columns, fixed-width values, markers. */
  readonly fixedBytesMax: number;
  /** The last other schema found to be like this one. */
  private like: NodeSchema | null = null;

  constructor(schema: TreeSchema) {
    const { columns, keyCount, rowsMax = ROWS_MAX } = schema;
    assert(rowsMax > 1 && rowsMax <= ROWS_MAX, 'a leaf holds a few rows, and no more than pages may');
    assert(keyCount >= 1 && keyCount <= columns.length, 'a tree has a key of at least one of its columns');
    this.leaf = columns;
    this.keyCount = keyCount;
    this.rowsMax = rowsMax;
    const keys = columns.slice(0, keyCount);
    this.inner = [...keys, { physical: Physical.int64 }, { physical: Physical.int64 }];
    const variable: number[] = [];
    for (let i = 0; i < columns.length; i++) if (isVariable(columns[i]!)) variable.push(i);
    this.variable = variable;
    this.isVariable = columns.map(isVariable);
    this.fixedBytesMax = 16 + 34 * columns.length;
  }

  /** Whether nodes of the other schema may be read as nodes of this one: an equal definition, made at another time. */
  isLike(other: NodeSchema): boolean {
    if (this.like === other) return true;
    if (!hasSameColumns(this, other)) return false;
    this.like = other;
    return true;
  }
}

/** Columns of the same kinds: what the bytes of a node are read by. */
function hasSameColumns(a: NodeSchema, b: NodeSchema): boolean {
  return (
    a.keyCount === b.keyCount &&
    a.leaf.length === b.leaf.length &&
    a.leaf.every(({ physical }, i) => physical === b.leaf[i]!.physical)
  );
}

function isVariable(spec: ColumnSpec): boolean {
  switch (spec.physical) {
    case Physical.text:
    case Physical.bytes:
    case Physical.object:
    case Physical.numeric:
      return true;
    default:
      return false;
  }
}
