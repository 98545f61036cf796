/**
 * A prepared statement: parsed and planned once, run many times.
 *
 * I1  The plan follows schema changes by itself; a statement object stays valid until its database is closed or it is
 *     finalised.
 * I2  `iterate` reads a snapshot: writes made meanwhile do not show, and the snapshot is given back when the loop ends,
 *     however it ends.
 */
import { DecentDbError } from '../base/errors.ts';
import { keepShape } from '../base/kept-shapes.ts';
import { RowBuilder } from '../exec/rows/row-builder.ts';
import { openCursor } from '../session/cursor.ts';
import type { Compiled } from '../session/run/compiled.ts';
import type { RowStream } from '../session/run/outcome.ts';
import type { Session } from '../session/session.ts';
import type { JsOptions } from '../types/sql-type.ts';
import { directParams, fewRows, pointReadFor, returnedRows } from './point-reads.ts';
import type { Row } from './result.ts';
import { appendAll, collectRows } from './result-rows.ts';
import { RowIterator } from './row-iterator.ts';
import { paramSource, type Understood } from './statement-text.ts';
import { type RowClass, type StandardSchema, TypedStatement } from './typed-rows.ts';

/** What `run` returns. */
export interface RunResult {
  /** Rows inserted, updated or deleted. */
  readonly changes: number;
  readonly rowCount: number;
}

/** A result column of a prepared statement. */
export interface StatementColumn {
  readonly name: string;
  readonly type: string;
  readonly typeOid: number;
  readonly nullable: boolean | null;
  readonly table: string | null;
  readonly column: string | null;
  readonly schema: string | null;
}

/** What a statement needs of its database. */
export interface StatementHost {
  readonly session: Session;
  jsOptions(): JsOptions;
}

/**
 * @example
 * const byId = db.prepare('SELECT name FROM users WHERE id = $1');
 * byId.get(7)?.name;
 */
export class Statement<R = Row> {
  readonly source: string;
  readonly #host: StatementHost;
  readonly #session: Session;
  readonly #understood: Understood;
  #isFinalized = false;
  #mode: 'object' | 'array' = 'object';
  #isPlucked = false;
  #builder: RowBuilder | null = null;
  #builtFor: Compiled | null = null;
  #builtOptions: JsOptions | null = null;

  constructor(host: StatementHost, source: string, understood: Understood) {
    this.#host = host;
    this.#session = host.session;
    this.source = source;
    this.#understood = understood;
  }

  /** Whether the statement changes nothing. */
  get readonly(): boolean {
    return this.#understood.prepared.compiled?.plan.isReadOnly ?? false;
  }

  /** Whether the statement returns rows at all. */
  get returnsRows(): boolean {
    return (this.#understood.prepared.compiled?.columns.length ?? 0) > 0;
  }

  /** Runs the statement and returns how many rows it changed. */
  run(...params: unknown[]): RunResult {
    const understood = this.#use();
    const { prepared } = understood;
    if (understood.names === null && understood.literals === null) {
      const changes = this.#session.runPointWrite(prepared, params);
      if (changes >= 0) return { changes, rowCount: changes };
    }
    const outcome = this.#session.run(prepared, paramSource(this.#session, understood, params), countRows);
    const changes = outcome.affected ?? 0;
    return { changes, rowCount: outcome.affected ?? outcome.value };
  }

  /** The first row, or undefined. */
  get(...params: unknown[]): R | undefined {
    const understood = this.#use();
    const { prepared } = understood;
    const point =
      understood.names === null && prepared.compiled !== null
        ? pointReadFor(this.#host, prepared.compiled)
        : null;
    if (point !== null) {
      const compiled = prepared.compiled as Compiled;
      const view = this.#session.beginPointRead(compiled);
      if (view !== null) {
        try {
          const datums = directParams(this.#session, understood, compiled, params);
          if (this.#mode === 'object' && !this.#isPlucked) return point.object(view, datums) as R | undefined;
          const row = point.array(view, datums) as readonly unknown[] | undefined;
          return (this.#isPlucked ? row?.[0] : row) as R | undefined;
        } finally {
          this.#session.endPointRead(view);
        }
      }
    } else {
      const few = this.#fewRows(understood, params);
      if (few !== null) return (this.#isPlucked ? (few[0] as unknown[] | undefined)?.[0] : few[0]) as R;
    }
    return this.#session.run(prepared, paramSource(this.#session, understood, params), (rows) => {
      const batch = rows.next();
      if (batch === null) return undefined;
      const builder = this.#builderFor(rows);
      if (this.#asObjects) return builder.object(batch, 0) as R;
      const row = builder.array(batch, 0);
      return (this.#isPlucked ? row[0] : row) as R;
    }).value;
  }

  /** All rows. */
  all(...params: unknown[]): R[] {
    const understood = this.#use();
    const { prepared } = understood;
    const few = this.#fewRows(understood, params);
    if (few !== null)
      return (this.#isPlucked ? few.map((row) => (row as readonly unknown[])[0]) : few) as R[];
    return this.#session.run(prepared, paramSource(this.#session, understood, params), (rows) => {
      const out: unknown[] = [];
      appendAll(rows, this.#builderFor(rows), this.#asObjects, out);
      if (this.#isPlucked) for (let i = 0; i < out.length; i++) out[i] = (out[i] as readonly unknown[])[0];
      return out as R[];
    }).value;
  }

  /** All rows as arrays. */
  values(...params: unknown[]): unknown[][] {
    const understood = this.#use();
    const { prepared } = understood;
    const options = this.#host.jsOptions();
    return this.#session.run(
      prepared,
      paramSource(this.#session, understood, params),
      (rows) => collectRows(rows, 'array', options) as unknown[][],
    ).value;
  }

  /** Rows one after the other, from one snapshot. */
  iterate(...params: unknown[]): IterableIterator<R> & Disposable {
    const understood = this.#use();
    const { prepared } = understood;
    const cursor = openCursor(this.#session, prepared, paramSource(this.#session, understood, params));
    const builder = new RowBuilder(cursor.columns, this.#host.jsOptions());
    const form = this.#isPlucked ? 'pluck' : this.#mode;
    return new RowIterator<R>(cursor, builder, form);
  }

  /** Rows as arrays from now on (or objects again). */
  raw(on = true): this {
    this.#mode = on ? 'array' : 'object';
    this.#isPlucked = false;
    return this;
  }

  /** The first column alone from now on (or whole rows again). */
  pluck(on = true): this {
    this.#isPlucked = on;
    return this;
  }

  /**
   * The same statement with rows of a shape: objects of a class, or what a schema (zod, valibot, arktype ...) makes of them.
   *
   * @example
   * const customers = db.prepare('SELECT id, name FROM customer').as(CustomerSchema).all();
   */
  as<T>(shape: StandardSchema<T> | RowClass<T>): TypedStatement<T> {
    return new TypedStatement<T>(this, shape);
  }

  /** Result columns. */
  columns(): StatementColumn[] {
    const { prepared } = this.#useChecked();
    return (prepared.compiled?.columns ?? []).map((c) => {
      const column = c.origin?.table.columns[c.origin.column];
      return {
        name: c.name,
        type: c.type.sqlName(c.typmod),
        typeOid: c.type.oid,
        nullable: column === undefined ? null : !column.notNull,
        table: c.origin?.table.name ?? null,
        column: column?.name ?? null,
        schema: c.origin?.table.schema ?? null,
      };
    });
  }

  /** Types of the parameters, `$1` first. */
  params(): { readonly name: string | null; readonly type: string; readonly typeOid: number }[] {
    const understood = this.#useChecked();
    const { prepared } = understood;
    return (prepared.compiled?.paramTypes ?? []).map((type, i) => ({
      name: understood.names?.[i] ?? null,
      type: type.sqlName(-1),
      typeOid: type.oid,
    }));
  }

  toString(): string {
    return this.source;
  }

  /** Ends the statement: later calls are errors. Idempotent. */
  finalize(): void {
    this.#isFinalized = true;
  }

  [Symbol.dispose](): void {
    this.finalize();
  }

  #use(): Understood {
    if (this.#isFinalized)
      throw new DecentDbError('26000', 'the statement is finalized', { hint: 'Prepare it again.' });
    this.#session.checkOpen();
    return this.#understood;
  }

  /** Bound to the tables as they are now: another statement may have changed them since it was prepared. */
  #useChecked(): Understood {
    const understood = this.#use();
    if (this.#session.transaction?.isFailed !== true) this.#session.check(understood.prepared);
    return understood;
  }

  /** All rows on a short path, if the statement has one. */
  #fewRows(understood: Understood, params: readonly unknown[]): unknown[] | null {
    const form = this.#asObjects ? 'object' : 'array';
    return (
      returnedRows(this.#host, understood, form, params) ?? fewRows(this.#host, understood, form, params)
    );
  }

  get #asObjects(): boolean {
    return this.#mode === 'object' && !this.#isPlucked;
  }

  /** What is built for one plan and one set of options is used as long as both stay. */
  #renew(compiled: Compiled | null): void {
    const options = this.#host.jsOptions();
    if (this.#builtFor === compiled && this.#builtOptions === options && compiled !== null) return;
    this.#builtFor = compiled;
    this.#builtOptions = options;
    this.#builder = null;
  }

  #builderFor(rows: RowStream): RowBuilder {
    this.#renew(this.#understood.prepared.compiled);
    this.#builder ??= new RowBuilder(rows.columns, this.#host.jsOptions());
    return this.#builder;
  }
}

function countRows(rows: RowStream): number {
  let count = 0;
  for (let batch = rows.next(); batch !== null; batch = rows.next()) count += batch.count;
  return count;
}

keepShape(new Statement({} as StatementHost, '', {} as Understood));
