/**
 * What functions may ask of the running statement, answered by the session.
 *
 * I1  Times are taken when first asked for in a statement, and then stay: most statements never ask.
 */
import { DecentDbError, notSupported } from '../base/errors.ts';
import { Prng } from '../base/prng.ts';
import type { EvalContext, RoutineCall } from '../functions/function.ts';
import type { TypeSettings } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { Clock } from './clock.ts';
import type { Settings } from './settings/settings.ts';

/** Answers one service; see services.ts for those there are. */
export type Service = (args: readonly Datum[]) => Datum;

export interface EvalHost {
  readonly settings: Settings;
  readonly clock: Clock;
  /** Start of the transaction, or null outside of one: then the statement's start counts. */
  transactionStart(): number | null;
  service(name: string): Service | undefined;
  randomBytes(count: number): Uint8Array;
  callRoutine(call: RoutineCall, args: readonly Datum[]): readonly (readonly Datum[])[];
}

export class SessionEvalContext implements EvalContext {
  readonly #host: EvalHost;
  #statementStart = -1;
  #prng: { next(): number } | null = null;

  constructor(host: EvalHost) {
    this.#host = host;
  }

  /** A new statement begins: its time is taken when first asked for. */
  beginStatement(): void {
    this.#statementStart = -1;
  }

  /** The same for a statement that began in another thread. */
  beginStatementAt(micros: number): void {
    this.#statementStart = micros;
  }

  get statementMicros(): number {
    if (this.#statementStart === -1) this.#statementStart = this.#host.clock.nowMicros();
    return this.#statementStart;
  }

  get transactionMicros(): number {
    return this.#host.transactionStart() ?? this.statementMicros;
  }

  clockMicros(): number {
    return this.#host.clock.nowMicros();
  }

  get typeSettings(): TypeSettings {
    return this.#host.settings.types;
  }

  setting(name: string): string {
    return this.#host.settings.get(name);
  }

  setSetting(name: string, value: string, isLocal: boolean): void {
    this.#host.settings.set(name, value, isLocal);
  }

  random(): number {
    return this.#prng === null ? Math.random() : this.#prng.next();
  }

  setSeed(seed: number): void {
    if (!(seed >= -1 && seed <= 1))
      throw new DecentDbError('22023', `setseed parameter ${seed} is out of allowed range [-1,1]`);
    this.#prng = seededRandom(seed);
  }

  randomBytes(count: number): Uint8Array {
    return this.#host.randomBytes(count);
  }

  callRoutine(call: RoutineCall, args: readonly Datum[]): readonly (readonly Datum[])[] {
    return this.#host.callRoutine(call, args);
  }

  service(name: string, args: readonly Datum[]): Datum {
    const service = this.#host.service(name);
    if (service === undefined) throw notSupported(`function ${name}()`);
    return service(args);
  }
}

/** Uniform numbers in [0, 1) from a seed in [-1, 1]. */
function seededRandom(seed: number): { next(): number } {
  const prng = new Prng(Math.floor((seed + 1) * 2 ** 30));
  return { next: () => prng.unit() };
}
