/**
 * The iterator behind `iterate`.
 *
 * I1  `return`, `throw`, the end of the rows and an error all close the cursor; an iterator that is dropped half way is closed
 *     when it is collected.
 */

import type { RowBuilder } from '../exec/rows/row-builder.ts';
import type { Cursor } from '../session/cursor.ts';

const dropped = new FinalizationRegistry<Cursor>((cursor) => cursor.close());

export class RowIterator<R> implements IterableIterator<R>, Disposable {
  readonly #cursor: Cursor;
  readonly #builder: RowBuilder;
  readonly #form: 'object' | 'array' | 'pluck';
  #rows: unknown[] = [];
  #at = 0;
  #isDone = false;

  constructor(cursor: Cursor, builder: RowBuilder, form: 'object' | 'array' | 'pluck') {
    this.#cursor = cursor;
    this.#builder = builder;
    this.#form = form;
    dropped.register(this, cursor, this);
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<R> {
    if (this.#at === this.#rows.length && !this.#fill()) return { done: true, value: undefined };
    const row = this.#rows[this.#at++];
    return { done: false, value: (this.#form === 'pluck' ? (row as readonly unknown[])[0] : row) as R };
  }

  return(value?: unknown): IteratorResult<R> {
    this.#close();
    return { done: true, value };
  }

  throw(error?: unknown): IteratorResult<R> {
    this.#close();
    throw error;
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #fill(): boolean {
    if (this.#isDone) return false;
    let batch: ReturnType<Cursor['next']>;
    try {
      batch = this.#cursor.next();
    } catch (error) {
      this.#close();
      throw error;
    }
    if (batch === null) {
      this.#close();
      return false;
    }
    const rows: unknown[] = [];
    if (this.#form === 'object') this.#builder.objects(batch, rows);
    else this.#builder.arrays(batch, rows);
    this.#rows = rows;
    this.#at = 0;
    return rows.length > 0 || this.#fill();
  }

  #close(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#rows = [];
    this.#at = 0;
    dropped.unregister(this);
    this.#cursor.close();
  }
}
