/** A prepared statement of an asynchronous database: where it runs is decided once. */
import type { AsyncCalls, CallOptions, Target } from './async-calls.ts';
import type { Row } from './result.ts';
import type { RunResult, Statement } from './statement.ts';

export class AsyncStatement<R = Row> {
  readonly source: string;
  readonly #calls: AsyncCalls;
  readonly #target: Target;
  readonly #reads: Statement<R>;
  #writes: Statement<R> | null = null;

  constructor(calls: AsyncCalls, source: string) {
    this.source = source;
    this.#calls = calls;
    this.#target = calls.targetOf(source);
    this.#reads = calls.reader.prepare<R>(source);
  }

  /** Runs the statement and returns how many rows it changed. */
  run(...params: unknown[]): Promise<RunResult> {
    return this.#on(undefined, (statement) => statement.run(...params));
  }

  /** The first row, or undefined. */
  get(...params: unknown[]): Promise<R | undefined> {
    return this.#on(undefined, (statement) => statement.get(...params));
  }

  all(...params: unknown[]): Promise<R[]> {
    return this.#on(undefined, (statement) => statement.all(...params));
  }

  async #on<T>(options: CallOptions | undefined, action: (statement: Statement<R>) => T): Promise<T> {
    this.#calls.check('a statement', options);
    if (this.#target === 'read') return this.#calls.read(options, () => action(this.#reads));
    return this.#calls.write(options, (db) => {
      this.#writes ??= db.prepare<R>(this.source);
      return action(this.#writes);
    });
  }
}
