/**
 * Enumerates the crash states at one point of a trace.
 *
 * At a point with pending operations p1..pn the states are: all dropped; all kept; each one dropped alone; each one kept
 * alone; each write torn after its first sector, before its last, in the middle, and with only its second half kept, each with
 * zeros and with garbage for growth; each write's first and last sector garbage; the names dropped and kept, together and one
 * by one; and `randomSubsets` seeded mixtures, half of which also reach the disk in another order or twice.
 *
 * I1  The enumeration is a function of the pending operations and the seed: replay needs nothing else.
 */
import { Prng } from '../base/prng.ts';
import type { CrashChoice, CrashModel, PendingData, TornFate } from './crash-model.ts';

export interface CrashStateOptions {
  readonly seed: number;
  /** Random mixtures tried at each point. Default 16. */
  readonly randomSubsets?: number;
  /** Whether single names are varied too. Default true. */
  readonly variesNames?: boolean;
}

/** One way a crash can go, with a name for reports. */
export interface NamedChoice {
  readonly name: string;
  readonly choice: CrashChoice;
}

const TEARS: readonly {
  readonly name: string;
  readonly keepsSector: (index: number, count: number) => boolean;
}[] = [
  { name: 'first sector only', keepsSector: (index) => index === 0 },
  { name: 'all but the last sector', keepsSector: (index, count) => index < count - 1 },
  { name: 'first half', keepsSector: (index, count) => index < count / 2 },
  { name: 'second half', keepsSector: (index, count) => index >= count / 2 },
];

const GARBLED: readonly (readonly [string, (count: number) => number])[] = [
  ['first', () => 0],
  ['last', (count) => count - 1],
];

/** The choices to try at the model's present point. */
export function* crashChoices(model: CrashModel, options: CrashStateOptions): Generator<NamedChoice> {
  const pending = model.pendingData();
  const names = model.pendingNameCount();
  yield uniform('all kept', true, true);
  if (pending.length + names === 0) return;
  yield uniform('all dropped', false, false);
  if (names > 0) {
    yield uniform('names dropped, data kept', false, true);
    yield uniform('names kept, data dropped', true, false);
    if (options.variesNames !== false && names > 1) yield* singleNames(names);
  }
  yield* singleOperations(pending);
  yield* tornOperations(pending);
  yield* randomMixtures(pending, names, options);
}

/** One state of the model, chosen by a seed: sometimes a plain one, mostly a mixture. */
export function randomChoice(model: CrashModel, seed: number): CrashChoice {
  const choices = [...crashChoices(model, { seed, randomSubsets: 12 })];
  return new Prng(seed).pick(choices).choice;
}

function uniform(name: string, namesKept: boolean, dataKept: boolean): NamedChoice {
  return { name, choice: { keepsName: () => namesKept, dataFate: () => (dataKept ? 'kept' : 'dropped') } };
}

function* singleNames(names: number): Generator<NamedChoice> {
  for (let only = 0; only < names; only++) {
    yield {
      name: `name ${only} dropped`,
      choice: { keepsName: (index) => index !== only, dataFate: () => 'kept' },
    };
    yield {
      name: `name ${only} alone`,
      choice: { keepsName: (index) => index === only, dataFate: () => 'kept' },
    };
  }
}

function* singleOperations(pending: readonly PendingData[]): Generator<NamedChoice> {
  if (pending.length < 2) return;
  for (const [index, only] of pending.entries()) {
    yield {
      name: `operation ${index} dropped`,
      choice: { keepsName: () => true, dataFate: (p) => (p === only ? 'dropped' : 'kept') },
    };
    yield {
      name: `operation ${index} alone`,
      choice: { keepsName: () => true, dataFate: (p) => (p === only ? 'kept' : 'dropped') },
    };
  }
}

function* tornOperations(pending: readonly PendingData[]): Generator<NamedChoice> {
  for (const [index, torn] of pending.entries()) {
    if (torn.op.kind !== 'write') continue;
    for (const tear of TEARS) {
      for (const fill of ['zeros', 'garbage'] as const) {
        const fate: TornFate = { keepsSector: tear.keepsSector, fill };
        yield {
          name: `operation ${index} torn (${tear.name}, growth ${fill})`,
          choice: { keepsName: () => true, dataFate: (p) => (p === torn ? fate : 'kept') },
        };
      }
    }
    for (const [edge, garbledSector] of GARBLED) {
      const fate: TornFate = { keepsSector: () => edge === 'last', fill: 'zeros', garbledSector };
      yield {
        name: `operation ${index} with a garbled ${edge} sector`,
        choice: { keepsName: () => true, dataFate: (p) => (p === torn ? fate : 'kept') },
      };
    }
  }
}

function* randomMixtures(
  pending: readonly PendingData[],
  names: number,
  options: CrashStateOptions,
): Generator<NamedChoice> {
  const prng = new Prng(options.seed);
  for (let mixture = 0; mixture < (options.randomSubsets ?? 16); mixture++) {
    const keptNames = Array.from({ length: names }, () => prng.chance(0.5));
    const fates = new Map<PendingData, 'kept' | 'dropped' | TornFate>();
    for (const each of pending) fates.set(each, randomFate(prng));
    const shuffleSeed = mixture % 2 === 1 ? prng.uint32() : undefined;
    yield {
      name: `mixture ${mixture} of seed ${options.seed}`,
      choice: {
        keepsName: (index) => keptNames[index] === true,
        dataFate: (p) => fates.get(p) ?? 'dropped',
        reorder: (ops) => (shuffleSeed === undefined ? ops : reordered(ops, new Prng(shuffleSeed))),
      },
    };
  }
}

/** The operations in another order, one of them twice. */
function reordered(ops: readonly PendingData[], prng: Prng): PendingData[] {
  const order = [...ops, prng.pick(ops)];
  for (let at = order.length - 1; at > 0; at--) {
    const other = prng.below(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

function randomFate(prng: Prng): 'kept' | 'dropped' | TornFate {
  const roll = prng.below(3);
  if (roll === 0) return 'kept';
  if (roll === 1) return 'dropped';
  const bits = prng.uint32();
  return {
    keepsSector: (index) => ((bits >>> (index & 31)) & 1) === 1,
    fill: prng.chance(0.5) ? 'zeros' : 'garbage',
  };
}
