/**
 * Error sweeps: the same calm run again and again, each time with another call failing, once or for good (RELIABILITY S1 to S3).
 *
 * I1  Each run is judged as a simulation is: nothing acknowledged is lost, the handle works on or says that it must be opened
 *     again, everything closes.
 */
import type { Fault } from '../../vfs/faulty/fault-plan.ts';
import { type Action, type Profile, profileOf, randomActions } from './actions.ts';
import { noCounts, type SimulationFailure, simulate } from './simulator.ts';

export interface SweepKind {
  readonly name: string;
  readonly fault: Omit<Fault, 'call'>;
}

/** An error at every call. */
export function errorSweep(errno: string, sticky: boolean): SweepKind {
  const name = `${errno} at every call${sticky ? ', for good' : ''}`;
  return { name, fault: { on: 'any', sticky, effect: { kind: 'error', errno } } };
}

/** A disk that fills up in the middle of every write. */
export function fullDiskSweep(bytes: number): SweepKind {
  const effect = { kind: 'partialWrite', bytes, errno: 'ENOSPC' } as const;
  return { name: `disk full ${bytes} bytes into every write`, fault: { on: 'write', effect } };
}

/** A bit that flips in every read. */
export function readFlipSweep(bit: number): SweepKind {
  return {
    name: `bit ${bit} flipped in every read`,
    fault: { on: 'read', effect: { kind: 'bitFlip', bit } },
  };
}

export const GATE_SWEEPS: readonly SweepKind[] = [
  errorSweep('EIO', false),
  errorSweep('EIO', true),
  errorSweep('ENOSPC', false),
  fullDiskSweep(0),
  fullDiskSweep(700),
  fullDiskSweep(1 << 20),
  readFlipSweep(77),
];

export interface SweepReport {
  readonly runs: number;
  readonly failures: readonly (SimulationFailure & {
    readonly call: number;
    readonly actions: readonly Action[];
  })[];
}

/** A calm run that meets everything: commits, savepoints, readers, checkpoints, a kill, a reopening. */
export function sweepActions(seed: number, count = 30): Action[] {
  const calm = randomActions(seed, count, { ...profileOf(seed), trouble: 0, keys: 12 });
  const third = Math.floor(count / 3);
  const first = calm.slice(0, third);
  const second = calm.slice(third, 2 * third);
  return [
    ...first,
    { do: 'commit' },
    { do: 'checkpoint' },
    ...second,
    { do: 'commit' },
    { do: 'kill' },
    ...calm.slice(2 * third),
    { do: 'commit' },
    { do: 'reopen' },
  ];
}

/** Runs the actions once for every call that the kind of fault can meet (every `stride`-th). */
export function faultSweep(seed: number, kind: SweepKind, stride = 1): SweepReport {
  const profile: Profile = { ...profileOf(seed), trouble: 0, walBytesMax: 4096 };
  const actions = sweepActions(seed);
  const failures: SweepReport['failures'][number][] = [];
  let runs = 0;
  for (let call = seed % stride; ; call += stride) {
    const fault = { ...kind.fault, call } as Fault;
    const run: Action[] = [{ do: 'fault', fault }, ...actions];
    const counts = noCounts();
    const failure = simulate(run, profile, counts);
    runs++;
    if (failure !== null) failures.push({ ...failure, call, actions: run });
    else if (counts.faultsFired === 0) return { runs, failures };
    if (failures.length >= 3) return { runs, failures };
  }
}
