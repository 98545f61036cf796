/**
 * The fault simulator's command.
 *
 *     node simulation/dist/main.js gate   [--seed S]                     everything a CI run must pass, in a few minutes
 *     node simulation/dist/main.js crash  [--seed S] [--minutes N] [--depth D] [--workload NAME --id ID]
 *     node simulation/dist/main.js sweep  [--seed S] [--minutes N] [--sessions N] [--full]
 *     node simulation/dist/main.js damage [--seed S] [--stride N] [--rows N]
 *     node simulation/dist/main.js random [--seed S] [--minutes N] [--runs N] [--actions N]
 *     node simulation/dist/main.js histories | orders   [--seed S] [--minutes N] [--runs N]
 *     node simulation/dist/main.js kills | threads      [--seed S] [--minutes N] [--runs N]   real processes, real threads
 *     node simulation/dist/main.js bounded [--seed S] [--minutes N]                           in real time
 *     node simulation/dist/main.js soak   [--seed S] [--minutes N] [--log FILE]   all of them in turn, seed after seed
 *
 * I1  What a run does depends on its arguments alone (but for kills, threads and real time); a failure prints the arguments
 *     that show it again.
 * I2  Leaves with 1 when anything failed.
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { boundedPart } from './bounded-part.ts';
import { Budget } from './budget.ts';
import { crashPart, replayCrash } from './crash-part.ts';
import { historiesPart, ordersPart } from './isolation-part.ts';
import { killPart } from './kill-part.ts';
import { randomPart } from './random-part.ts';
import { type PartReport, printReport } from './report.ts';
import { damagePart, sweepPart } from './sweep-part.ts';
import { threadsPart } from './threads-part.ts';

const UNLIMITED: number = Number.MAX_SAFE_INTEGER;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    depth: { type: 'string', default: '1' },
    states: { type: 'string' },
    sessions: { type: 'string' },
    runs: { type: 'string' },
    actions: { type: 'string', default: '400' },
    stride: { type: 'string', default: '1' },
    rows: { type: 'string', default: '60' },
    full: { type: 'boolean', default: false },
    workload: { type: 'string' },
    id: { type: 'string' },
    log: { type: 'string' },
  },
});

const seed = whole('seed', values.seed);
const minutes = values.minutes === undefined ? UNLIMITED : Number(values.minutes);

function whole(name: string, text: string | undefined, otherwise: number = UNLIMITED): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`--${name} must be a whole number, not ${text}`);
  return value;
}

/** Random runs of the gate: half a minute of one core. Counted, not timed, so that the same seed does the same everywhere. */
const GATE_RUNS = 600;

/** The gate of RELIABILITY section 7: counts it must reach, in minutes on one core. */
async function* gate(): AsyncGenerator<PartReport> {
  yield await crashPart({ seed, minutes: 5, distinctMax: whole('states', values.states, 100_000), depth: 1 });
  yield sweepPart({ seed, minutes: 2, sessions: 40, isFull: false });
  yield damagePart(seed, 5, 60);
  yield randomPart({ seed, minutes: 3, runsMax: whole('runs', values.runs, GATE_RUNS), actions: 400 });
}

/** Parts of a round of soaking. Each gets an equal share of a round's time. */
const SOAK_PARTS = 8;
const SHARE_MINUTES_MAX = 10;
/** Seeds of one round: no round goes over those of the next. */
const ROUND_SEEDS = 1_000_000;

async function* soak(): AsyncGenerator<PartReport> {
  const budget = new Budget(minutes, { isReal: true });
  const share = Math.min(SHARE_MINUTES_MAX, minutes / SOAK_PARTS);
  for (let round = seed; !budget.isSpent; round++) {
    const first = round * ROUND_SEEDS;
    const timed = { seed: first, minutes: share };
    yield await crashPart({ ...timed, seed: round, distinctMax: UNLIMITED, depth: 2 });
    yield sweepPart({ ...timed, sessions: ROUND_SEEDS, isFull: true });
    yield randomPart({ ...timed, runsMax: ROUND_SEEDS, actions: [400, 120, 2000, 40][round % 4]! });
    yield await historiesPart({ ...timed, runsMax: ROUND_SEEDS });
    yield ordersPart({ ...timed, runsMax: UNLIMITED });
    yield await killPart({ ...timed, killsMax: UNLIMITED });
    yield await threadsPart({ ...timed, threadsMax: UNLIMITED });
    yield await boundedPart(timed);
  }
}

/** `--runs`; without it, so many as fit into `--minutes`, or `otherwise`. */
function runsOr(otherwise: number): number {
  return whole('runs', values.runs, values.minutes === undefined ? otherwise : UNLIMITED);
}

async function* parts(): AsyncGenerator<PartReport> {
  switch (positionals[0] ?? 'gate') {
    case 'gate':
      yield* gate();
      return;
    case 'crash': {
      const depth = whole('depth', values.depth);
      const otherwise = values.minutes === undefined ? 1 : UNLIMITED;
      if (values.id !== undefined) yield await replayCrash(seed, depth, values.workload ?? '', values.id);
      else
        yield await crashPart({
          seed,
          minutes,
          distinctMax: whole('states', values.states, otherwise),
          depth,
        });
      return;
    }
    case 'sweep':
      yield sweepPart({
        seed,
        minutes,
        sessions: whole('sessions', values.sessions, 40),
        isFull: values.full,
      });
      return;
    case 'damage':
      yield damagePart(seed, whole('stride', values.stride), whole('rows', values.rows));
      return;
    case 'random':
      yield randomPart({ seed, minutes, runsMax: runsOr(200), actions: whole('actions', values.actions) });
      return;
    case 'histories':
      yield await historiesPart({ seed, minutes, runsMax: runsOr(2000) });
      return;
    case 'orders':
      yield ordersPart({ seed, minutes, runsMax: runsOr(10_000) });
      return;
    case 'kills':
      yield await killPart({ seed, minutes, killsMax: runsOr(200) });
      return;
    case 'threads':
      yield await threadsPart({ seed, minutes, threadsMax: runsOr(60) });
      return;
    case 'bounded':
      yield await boundedPart({ seed, minutes: values.minutes === undefined ? 10 : minutes });
      return;
    case 'soak':
      yield* soak();
      return;
    default:
      throw new RangeError(`unknown command "${positionals[0]}": see the head of simulation/src/main.ts`);
  }
}

let failures = 0;
for await (const report of parts()) {
  printReport(report);
  failures += report.failures.length;
  if (values.log !== undefined) {
    appendFileSync(
      values.log,
      `${JSON.stringify({ command: positionals[0] ?? 'gate', seed, ...report, failures: report.failures.length })}\n`,
    );
  }
}
process.exitCode = failures === 0 ? 0 : 1;
