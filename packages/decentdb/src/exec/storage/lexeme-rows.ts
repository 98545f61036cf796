/**
 * A batch of rows that a full text index vouches for: its columns come from the table when they are asked for, the vector of its
 * query's words from the postings.
 *
 * I1  While somebody writes, columns of the table are copied at once: rows may move before they are asked for.
 */
import type { RowSet } from '../../search/trigram/row-set.ts';
import { isWriteView, type ReadView } from '../../txn/page-view.ts';
import type { TsQuery } from '../../types/tsquery.ts';
import { type Datum, Physical, type Vector } from '../../types/vector.ts';
import { Batch, type ColumnSource } from '../batch.ts';
import { type LexemeKey, lexemeVectors } from './lexeme-search.ts';
import type { RowFetcher } from './row-fetcher.ts';

/** Where the vectors of a batch come from. */
export interface VectorColumn {
  readonly key: LexemeKey;
  readonly query: TsQuery;
}

export class LexemeRows implements ColumnSource {
  private readonly rows: RowSet;
  private readonly fetcher: RowFetcher;
  /** Of the last column; null: all columns are the table's. */
  private readonly vector: VectorColumn | null;
  private readonly width: number;
  /** Which columns are the row id, and how it is kept; null for others. */
  private readonly rowIdColumns: readonly (Physical | null)[];
  private fetched: Batch | null = null;

  constructor(
    rows: RowSet,
    fetcher: RowFetcher,
    rowIdColumns: readonly (Physical | null)[],
    vector: VectorColumn | null,
  ) {
    this.rows = rows;
    this.fetcher = fetcher;
    this.width = rowIdColumns.length + (vector === null ? 0 : 1);
    this.rowIdColumns = rowIdColumns;
    this.vector = vector;
  }

  batch(view: ReadView): Batch {
    const ofTable = this.vector === null ? this.width : this.width - 1;
    if (ofTable > 0 && isWriteView(view)) this.fetch();
    return Batch.lazy(this.width, this.rows.length, null, this);
  }

  private fetch(): Batch {
    if (this.fetched === null) {
      const ids: Datum[] = Array.from(this.rows);
      this.fetched = this.fetcher.find(ids, ids.length);
    }
    return this.fetched;
  }

  load(column: number): Vector {
    const { vector } = this;
    const rowIds = this.rowIdColumns[column];
    if (rowIds !== null && rowIds !== undefined) return rowIdVector(this.rows, rowIds);
    if (vector === null || column < this.width - 1) return this.fetch().column(column);
    const { key, query } = vector;
    const values = query.root === null ? [] : lexemeVectors(key, query.root, this.rows);
    return { physical: Physical.object, values: values as object[], nulls: null };
  }
}

function rowIdVector(rows: RowSet, physical: Physical): Vector {
  return physical === Physical.int32
    ? { physical, values: Int32Array.from(rows), nulls: null }
    : { physical: Physical.int64, values: rows, nulls: null };
}
