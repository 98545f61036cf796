/**
 * Rows checked by a schema, or made objects of a class: `statement.as(...)`.
 *
 * I1  A row that the schema refuses is an error that names row and place (22000), never a row of the wrong shape.
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import type { RunResult } from './statement.ts';

/** The part of Standard Schema (standardschema.dev) that is used: zod, valibot, arktype and others have it. */
export interface StandardSchema<T> {
  readonly '~standard': {
    readonly version: 1;
    validate(value: unknown): StandardOutcome<T> | Promise<StandardOutcome<T>>;
  };
}
export type StandardOutcome<T> =
  | { readonly value: T; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
      }[];
    };

/** A class whose objects rows become: the columns are their properties, the constructor does not run. */
export type RowClass<T> = abstract new (...args: never[]) => T;

/** What is needed of a statement. */
interface RowSource {
  run(...params: unknown[]): RunResult;
  get(...params: unknown[]): unknown;
  all(...params: unknown[]): unknown[];
  iterate(...params: unknown[]): IterableIterator<unknown> & Disposable;
}

/** A statement whose rows are of type T. */
export class TypedStatement<T> {
  readonly #source: RowSource;
  readonly #make: (row: unknown, index: number) => T;

  constructor(source: RowSource, shape: StandardSchema<T> | RowClass<T>) {
    this.#source = source;
    this.#make = makerOf(shape);
  }

  run(...params: unknown[]): RunResult {
    return this.#source.run(...params);
  }

  get(...params: unknown[]): T | undefined {
    const row = this.#source.get(...params);
    return row === undefined ? undefined : this.#make(row, 0);
  }

  all(...params: unknown[]): T[] {
    return this.#source.all(...params).map((row, i) => this.#make(row, i));
  }

  *iterate(...params: unknown[]): Generator<T, void, undefined> {
    const rows = this.#source.iterate(...params);
    try {
      let index = 0;
      for (const row of rows) yield this.#make(row, index++);
    } finally {
      rows[Symbol.dispose]();
    }
  }
}

function makerOf<T>(shape: StandardSchema<T> | RowClass<T>): (row: unknown, index: number) => T {
  // Some schemas are functions too (arktype): what says it is a schema is one.
  if (shape !== null && (typeof shape === 'object' || typeof shape === 'function') && '~standard' in shape)
    return (row, index) => validated(shape, row, index);
  if (typeof shape === 'function') {
    const prototype = (shape as { readonly prototype: object }).prototype;
    return (row) => Object.assign(Object.create(prototype) as object, row) as T;
  }
  throw invalidUse(
    'as() takes a class or a schema',
    'A schema is an object with "~standard", as zod and others make them.',
  );
}

function validated<T>(schema: StandardSchema<T>, row: unknown, index: number): T {
  const outcome = schema['~standard'].validate(row);
  if (outcome instanceof Promise)
    throw invalidUse('as() takes a schema that validates at once, without a promise');
  if (outcome.issues === undefined) return outcome.value;
  const [issue] = outcome.issues;
  const path = (issue?.path ?? [])
    .map((part) => String(typeof part === 'object' ? part.key : part))
    .join('.');
  throw new DecentDbError(
    '22000',
    `row ${index + 1} does not fit its schema: ${issue?.message ?? 'unknown'}`,
    {
      detail: outcome.issues
        .map(
          ({ message, path: at }) =>
            `${(at ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')}: ${message}`,
        )
        .join('\n'),
      ...(path === '' ? {} : { column: path }),
    },
  );
}
