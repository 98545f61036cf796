/**
 * Error sweeps over many small sessions, and damage sweeps over files at rest.
 */
import {
  cutShort,
  type DamageReport,
  errorSweep,
  exchangePages,
  faultSweep,
  filesOf,
  flipBits,
  GATE_SWEEPS,
  STORE_PATH,
  type SweepKind,
  specimen,
} from 'decentdb/testing';
import { Budget } from './budget.ts';
import type { PartFailure, PartReport } from './report.ts';

export interface SweepPartOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Sessions swept with each kind of fault. */
  readonly sessions: number;
  /** Every errno instead of those of the gate. */
  readonly isFull: boolean;
}

const ERRNOS = [
  'EIO',
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EROFS',
  'EACCES',
  'EPERM',
  'EMFILE',
  'ENFILE',
  'EBADF',
  'ENODEV',
] as const;

function kindsOf({ isFull }: SweepPartOptions): readonly SweepKind[] {
  if (!isFull) return GATE_SWEEPS;
  return [...GATE_SWEEPS, ...ERRNOS.flatMap((errno) => [errorSweep(errno, false), errorSweep(errno, true)])];
}

export function sweepPart(options: SweepPartOptions): PartReport {
  const budget = new Budget(options.minutes);
  const failures: PartFailure[] = [];
  const kinds = kindsOf(options);
  let runs = 0;
  let sessions = 0;
  for (let seed = options.seed; sessions < options.sessions && !budget.isSpent; seed++, sessions++) {
    for (const kind of kinds) {
      const report = faultSweep(seed, kind);
      runs += report.runs;
      for (const failure of report.failures.slice(0, 1)) {
        const message = `${kind.name}, session ${seed}, call ${failure.call}, action ${failure.at}: ${failure.message}`;
        failures.push({
          message,
          replay: `sweep --seed ${seed} --sessions 1${options.isFull ? ' --full' : ''}`,
        });
      }
    }
    if (failures.length >= 5) break;
  }
  const counts = { sessions, 'kinds of fault': kinds.length, runs, 's CPU': budget.cpuSeconds };
  return { part: 'sweep', counts, failures };
}

/** Flips every `stride`-th bit of a database and of a log, exchanges pages, cuts the file. */
export function damagePart(seed: number, stride: number, rows: number): PartReport {
  const budget = new Budget(60);
  const closed = specimen('closed', seed, rows);
  const killed = specimen('killed', seed, rows);
  const failures: PartFailure[] = [];
  const count = (report: DamageReport): number => {
    for (const message of report.failures)
      failures.push({ message, replay: `damage --seed ${seed} --stride ${stride}` });
    return report.cases;
  };
  const pageBits = count(flipBits(closed, STORE_PATH, stride, seed % stride));
  let logBits = 0;
  for (const path of filesOf(killed))
    if (path !== STORE_PATH) logBits += count(flipBits(killed, path, stride, seed % stride));
  const counts = {
    'bytes of database': closed.disk.files.get(STORE_PATH)!.length,
    'bits of it flipped': pageBits,
    'bits of log flipped': logBits,
    'page pairs exchanged': count(exchangePages(closed, 512, Math.max(1, Math.floor(stride / 2)))),
    'cut files': count(cutShort(closed, 128)),
    's CPU': budget.cpuSeconds,
  };
  return { part: 'damage', counts, failures };
}
