/**
 * What a tree's nodes are made of: the columns of its leaves and, derived from them, of its inner nodes.
 *
 * I1  Rows of a leaf ascend strictly by the first `keyCount` columns.
 * I2  An inner node has the key columns (separators), then the child's page number, then the rows believed under the child.
 * I3  A leaf may have been written before the last columns came: it then lacks columns at the end, at most as many as
 *     `missing` has values, and all its rows have those values there (docs/decisions/0302).
 */

import { assert } from '../base/assert.ts';
import { datumList } from '../types/datum-list.ts';
import { type ColumnSpec, type Datum, type ObjectCodec, Physical } from '../types/vector.ts';
import type { Column } from './column.ts';

/** Shape of a tree: all columns, of which the first `keyCount` are the unique key. */
export interface TreeSchema {
  readonly columns: readonly ColumnSpec[];
  readonly keyCount: number;
  /** Most rows of a leaf, at most (and by default) ROWS_MAX: few where each commit changes a row or two, which copies the leaf. */
  readonly rowsMax?: number;
  /** Values of the last columns in leaves that do not have them (I3); by default every leaf has every column. */
  readonly missing?: readonly Datum[];
}

/** Most rows a node holds; rows of a few bits are common (trigram postings), so the page should end first. */
export const ROWS_MAX = 8192;

/** How two schemas stand to each other. */
export interface Kinship {
  /** Leading columns that mean the same bytes to both; 0 where their keys differ. Leaves that store no more may be read as of either. */
  readonly sharedColumns: number;
  /** Whether the definitions are equal, made at different times: even what is missing is the same. */
  readonly isEqual: boolean;
}

const strangers: Kinship = { sharedColumns: 0, isEqual: false };

/** Every column's description is of one hidden class, whatever it was made of: comparing keys looks at little else. */
class NodeColumn implements ColumnSpec {
  readonly physical: Physical;
  readonly codec: ObjectCodec | undefined;
  readonly descending: boolean;
  readonly nullsFirst: boolean;

  constructor({ physical, codec, descending, nullsFirst }: ColumnSpec) {
    this.physical = physical;
    this.codec = codec;
    this.descending = descending === true;
    this.nullsFirst = nullsFirst === true;
  }
}

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
  /** Fewest columns a leaf has (I3). */
  readonly columnsMin: number;
  readonly missing: readonly Datum[];
  /** The other schema last asked about, and how it stands to this one. */
  private kin: NodeSchema | null = null;
  private kinship: Kinship = strangers;

  constructor(schema: TreeSchema) {
    const { keyCount, rowsMax = ROWS_MAX, missing = [] } = schema;
    const columns = schema.columns.map((spec) => new NodeColumn(spec));
    assert(rowsMax > 1 && rowsMax <= ROWS_MAX, 'a leaf holds a few rows, and no more than pages may');
    assert(keyCount >= 1 && keyCount <= columns.length, 'a tree has a key of at least one of its columns');
    assert(columns.length - missing.length >= keyCount, 'the key of a tree is never missing');
    this.leaf = columns;
    this.columnsMin = columns.length - missing.length;
    this.missing = missing;
    this.keyCount = keyCount;
    this.rowsMax = rowsMax;
    const keys = columns.slice(0, keyCount);
    const link = new NodeColumn({ physical: Physical.int64 });
    this.inner = [...keys, link, link];
    const variable: number[] = [];
    for (let i = 0; i < columns.length; i++) if (isVariable(columns[i]!)) variable.push(i);
    this.variable = variable;
    this.isVariable = columns.map(isVariable);
    this.fixedBytesMax = 16 + 34 * columns.length;
  }

  /** A list of a node's columns, none of them there: as of datums (datum-list.ts), all lists of columns are of one kind. */
  unreadColumns(level: number): (Column | null)[] {
    return datumList(level === 0 ? this.leaf.length : this.inner.length) as null[];
  }

  /** How nodes of the other schema may be read as nodes of this one. */
  kinshipOf(other: NodeSchema): Kinship {
    if (this.kin === other) return this.kinship;
    this.kin = other;
    this.kinship = kinshipOf(this, other);
    return this.kinship;
  }
}

function kinshipOf(a: NodeSchema, b: NodeSchema): Kinship {
  if (a.keyCount !== b.keyCount) return strangers;
  const length = Math.min(a.leaf.length, b.leaf.length);
  let sharedColumns = 0;
  while (sharedColumns < length && a.leaf[sharedColumns]!.physical === b.leaf[sharedColumns]!.physical)
    sharedColumns++;
  if (sharedColumns < a.keyCount) return strangers;
  const isEqual = sharedColumns === a.leaf.length && sharedColumns === b.leaf.length && hasSameMissing(a, b);
  return { sharedColumns, isEqual };
}

/** An addition that was undone may have been of a type whose values are kept alike and encoded otherwise. */
function hasSameMissing(a: NodeSchema, b: NodeSchema): boolean {
  const { missing, columnsMin } = a;
  return (
    missing.length === b.missing.length &&
    missing.every(
      (value, i) =>
        Object.is(value, b.missing[i]) && a.leaf[columnsMin + i]!.codec === b.leaf[columnsMin + i]!.codec,
    )
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
