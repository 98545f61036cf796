/**
 * What a simulated run may do, as plain data: a run is its list of actions, and every sublist is a run too.
 *
 * I1  An action that makes no sense in the state it meets (commit without a transaction) does nothing. So removing actions
 *     from a failing run gives a run, which is what shrinking needs.
 * I2  The same seed gives the same actions, forever.
 */
import { Prng } from '../../base/prng.ts';
import type { Fault } from '../../vfs/faulty/fault-plan.ts';
import { TREES } from '../storage/store-model.ts';

export type Action =
  | { readonly do: 'put'; readonly tree: number; readonly key: number; readonly length: number }
  | { readonly do: 'delete'; readonly tree: number; readonly key: number }
  | { readonly do: 'drop'; readonly tree: number }
  | { readonly do: 'savepoint' | 'rollbackTo' | 'release' | 'commit' | 'rollback' }
  | { readonly do: 'checkpoint' | 'flush' | 'reopen' | 'kill' | 'expire' | 'disarm' }
  | { readonly do: 'step'; readonly pages: number }
  | { readonly do: 'read' }
  | { readonly do: 'look' | 'end'; readonly reader: number }
  | { readonly do: 'tick'; readonly ms: number }
  | { readonly do: 'powerCut'; readonly seed: number }
  | { readonly do: 'fault'; readonly fault: Fault }
  | { readonly do: 'diskFull'; readonly bytes: number };

export interface Profile {
  readonly name: string;
  readonly durability: 'full' | 'deferred';
  readonly privateBytesMax: number;
  readonly walBytesMax: number;
  readonly cacheBytes: number;
  /** Share of actions that break something. */
  readonly trouble: number;
  readonly keys: number;
}

/** The profile of a seed: small seeds try every mode in turn. */
export function profileOf(seed: number): Profile {
  const random = new Prng(seed ^ 0x51ed270b);
  return {
    name: `seed ${seed}`,
    durability: seed % 4 === 3 ? 'deferred' : 'full',
    privateBytesMax: random.pick([0, 3000, 1 << 20]),
    walBytesMax: random.pick([4096, 8192, 1 << 16]),
    cacheBytes: random.pick([4096, 32_768, 1 << 20]),
    trouble: random.pick([0.01, 0.04, 0.1]),
    keys: random.pick([8, 30, 100]),
  };
}

const LENGTHS = [0, 5, 20, 60, 120, 200, 470, 481, 1000, 2500] as const;
const ERRNOS = ['EIO', 'ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EMFILE'] as const;

/** A random run. */
export function randomActions(seed: number, count: number, profile: Profile = profileOf(seed)): Action[] {
  const random = new Prng(seed);
  const actions: Action[] = [];
  while (actions.length < count) {
    actions.push(random.chance(profile.trouble) ? randomTrouble(random) : randomWork(random, profile));
  }
  return actions;
}

function randomWork(random: Prng, { keys }: Profile): Action {
  const tree = random.below(TREES);
  const roll = random.below(100);
  if (roll < 34) return { do: 'put', tree, key: random.below(keys), length: random.pick(LENGTHS) };
  if (roll < 48) return { do: 'delete', tree, key: random.below(keys) };
  if (roll < 49) return { do: 'drop', tree };
  if (roll < 53) return { do: 'savepoint' };
  if (roll < 57) return { do: 'rollbackTo' };
  if (roll < 60) return { do: 'release' };
  if (roll < 75) return { do: 'commit' };
  if (roll < 78) return { do: 'rollback' };
  if (roll < 82) return { do: 'read' };
  if (roll < 87) return { do: 'look', reader: random.below(8) };
  if (roll < 90) return { do: 'end', reader: random.below(8) };
  if (roll < 94) return { do: 'step', pages: 1 + random.below(6) };
  if (roll < 95) return { do: 'checkpoint' };
  if (roll < 96) return { do: 'flush' };
  if (roll < 98) return { do: 'tick', ms: random.below(80) };
  return { do: random.pick(['expire', 'reopen'] as const) };
}

function randomTrouble(random: Prng): Action {
  const roll = random.below(10);
  if (roll < 3) return { do: 'powerCut', seed: random.uint32() };
  if (roll < 4) return { do: 'kill' };
  if (roll < 5) return { do: 'diskFull', bytes: 2048 + random.below(60_000) };
  if (roll < 6) return { do: 'disarm' };
  return { do: 'fault', fault: randomFault(random) };
}

function randomFault(random: Prng): Fault {
  const call = random.below(6);
  const errno = random.pick(ERRNOS);
  const sticky = random.chance(0.2);
  switch (random.below(6)) {
    case 0:
      return { on: 'sync', call: random.below(3), sticky, effect: { kind: 'error', errno: 'EIO' } };
    case 1:
      return { on: 'write', call, effect: { kind: 'partialWrite', bytes: random.below(1500), errno } };
    case 2:
      return { on: 'read', call, sticky, effect: { kind: 'bitFlip', bit: random.below(4096) } };
    case 3:
      return { on: 'any', call: random.below(20), sticky, effect: { kind: 'error', errno } };
    case 4:
      return { on: 'syncDirectory', call: 0, effect: { kind: 'error', errno: 'EIO' } };
    default:
      return { on: 'write', call, sticky, effect: { kind: 'error', errno } };
  }
}
