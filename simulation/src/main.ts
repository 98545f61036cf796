/**
 * The fault simulator's command.
 *
 *     node simulation/dist/main.js gate   [--seed S]                     everything a CI run must pass, in a few minutes
 *     node simulation/dist/main.js crash  [--seed S] [--minutes N] [--depth D] [--workload NAME --id ID]
 *     node simulation/dist/main.js sweep  [--seed S] [--minutes N] [--sessions N] [--full]
 *     node simulation/dist/main.js damage [--seed S] [--stride N] [--rows N]
 *     node simulation/dist/main.js random [--seed S] [--minutes N] [--runs N] [--actions N]
 *     node simulation/dist/main.js soak   [--seed S] [--minutes N] [--log FILE]   crash, sweep and random in turn, seed after seed
 *
 * I1  What a run does depends on its arguments alone; a failure prints the arguments that show it again.
 * I2  Leaves with 1 when anything failed.
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Budget } from './budget.ts';
import { crashPart, replayCrash } from './crash-part.ts';
import { randomPart } from './random-part.ts';
import { type PartReport, printReport } from './report.ts';
import { damagePart, sweepPart } from './sweep-part.ts';

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

/** The gate of RELIABILITY section 7: counts it must reach, in minutes on one core. */
function gate(): Iterable<PartReport> {
  return (function* () {
    yield crashPart({ seed, minutes: 4, distinctMax: whole('states', values.states, 100_000), depth: 1 });
    yield sweepPart({ seed, minutes: 2, sessions: 40, isFull: false });
    yield damagePart(seed, 5, 60);
    yield randomPart({ seed, minutes: 3, runsMax: whole('runs', values.runs, 150), actions: 400 });
  })();
}

function* soak(): Iterable<PartReport> {
  const budget = new Budget(minutes);
  for (let round = seed; !budget.isSpent; round++) {
    yield crashPart({ seed: round, minutes: 10, distinctMax: 200_000, depth: 2 });
    if (budget.isSpent) return;
    yield sweepPart({ seed: round * 40, minutes: 5, sessions: 40, isFull: true });
    if (budget.isSpent) return;
    yield randomPart({ seed: round * 100_000, minutes: 5, runsMax: 100_000, actions: 1000 });
  }
}

function* parts(): Iterable<PartReport> {
  switch (positionals[0] ?? 'gate') {
    case 'gate':
      yield* gate();
      return;
    case 'crash': {
      const depth = whole('depth', values.depth);
      if (values.id !== undefined) yield replayCrash(seed, depth, values.workload ?? '', values.id);
      else
        yield crashPart({
          seed,
          minutes,
          distinctMax: whole('states', values.states, values.minutes === undefined ? 1 : UNLIMITED),
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
      yield randomPart({
        seed,
        minutes,
        runsMax: whole('runs', values.runs, values.minutes === undefined ? 200 : UNLIMITED),
        actions: whole('actions', values.actions),
      });
      return;
    case 'soak':
      yield* soak();
      return;
    default:
      throw new RangeError(`unknown command "${positionals[0]}": gate, crash, sweep, damage, random or soak`);
  }
}

let failures = 0;
for (const report of parts()) {
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
