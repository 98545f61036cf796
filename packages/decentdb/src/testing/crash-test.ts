/**
 * Crash testing: run a workload once, then reopen every state a power cut could have left, and judge each.
 *
 * The oracles (numbered as in docs/testing.md):
 *   O1 it opens without manual help            O2 every acknowledged commit is there
 *   O3 the one in flight is whole or absent    O4 the state is one the workload went through, exactly
 *   O5 the integrity check is clean            O6 recovering twice gives the bytes of recovering once
 *   O7 it takes a write, a checkpoint, a reopen  O8 no file is left behind that the database does not own
 *   O9 what a reader could see survives        O10 only catalogued errors
 *   T1 to T3 rules of the trace                T4 no file stays open, no lock held
 * and, with `nestedDepth`, the same after crashing again at each point of the recovery itself (D3).
 *
 * I1  A run is a function of (workload, options): a failure is replayed by running it again with `only`.
 * I2  Equal images are opened once; `states` counts all, `distinct` the different images.
 * I3  A crash inside recovery must end in the very state that recovery without a crash ends in.
 */
import { FaultyVfs } from '../vfs/faulty/faulty-vfs.ts';
import type { IoTrace } from '../vfs/faulty/io-trace.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { type CrashChoice, CrashModel } from './crash-model.ts';
import { CrashOracles } from './crash-oracles.ts';
import {
  type AsyncCrashWorkload,
  type CrashedDatabase,
  type CrashSubject,
  type CrashWorkload,
  parseMark,
  type RecordedRun,
  recordRun,
  recordRunAsync,
} from './crash-run.ts';
import { crashChoices } from './crash-states.ts';

export interface CrashTestOptions {
  readonly seed: number;
  readonly randomSubsets?: number;
  /** Crash again inside recovery, this many levels deep. Default 0. */
  readonly nestedDepth?: number;
  /** Random mixtures tried at each point of a recovery. Default 2. */
  readonly nestedSubsets?: number;
  /** Crash again inside the recovery of every n-th state only. Default 1. */
  readonly nestedStride?: number;
  /** Kill the process at every n-th point, and cut the power while the next one recovers. 0 (default): never. */
  readonly killStride?: number;
  /** Judge only every n-th point (1 = all). */
  readonly pointStride?: number;
  /** Stop after this many distinct states. */
  readonly statesMax?: number;
  /** Stop after this many failures. Default 20. */
  readonly failuresMax?: number;
  /** Replays one state: the `id` of a failure. */
  readonly only?: string;
  readonly onProgress?: (progress: {
    readonly point: number;
    readonly points: number;
    readonly distinct: number;
  }) => void;
}

export interface CrashFailure {
  /** Point and choice, by path through nested crashes: replays with `only`. */
  readonly id: string;
  readonly workload: string;
  readonly oracle: string;
  readonly detail: string;
}

export interface CrashReport {
  readonly workload: string;
  readonly points: number;
  readonly states: number;
  readonly distinct: number;
  readonly failures: readonly CrashFailure[];
}

/** What may be found after a crash at some point. */
interface Bounds {
  /** Numbers of the last state that must survive, and of the last one that may be there. */
  readonly least: number;
  readonly most: number;
  /** The state of an attempt that has not ended. */
  readonly attempt: string | undefined;
}

/** What the system's cache holds: all of it. */
const EVERYTHING: CrashChoice = { keepsName: () => true, dataFate: () => 'kept' };

/** Failures kept; the first few tell the story. */
const FAILURES_MAX = 20;

/** Runs `workload` and judges every crash state of it. */
export function crashTest(workload: CrashWorkload, options: CrashTestOptions): CrashReport {
  return new CrashTest(workload, options).judge(recordRun(workload));
}

/** The same for a workload that takes promises. Only its run does: judging is the same. */
export async function crashTestAsync(
  workload: AsyncCrashWorkload,
  options: CrashTestOptions,
): Promise<CrashReport> {
  return new CrashTest(workload, options).judge(await recordRunAsync(workload));
}

class CrashTest {
  private readonly workload: CrashedDatabase;
  private readonly options: CrashTestOptions;
  private readonly oracles: CrashOracles;
  private readonly failures: CrashFailure[] = [];
  private points = 0;
  private pointsTotal = 0;
  private stateCount = 0;
  private opened = 0;

  constructor(workload: CrashedDatabase, options: CrashTestOptions) {
    this.workload = workload;
    this.options = options;
    this.oracles = new CrashOracles(workload);
  }

  judge(recorded: RecordedRun): CrashReport {
    for (const finding of this.workload.traceRules?.(recorded.vfs.trace) ?? []) {
      this.fail('trace', finding.slice(0, 2), finding);
    }
    if (recorded.vfs.openFiles > 0) this.fail('end', 'T4', `${recorded.vfs.openFiles} files stay open`);
    this.pointsTotal = recorded.vfs.trace.ops.length;
    this.walk(recorded);
    return {
      workload: this.workload.name,
      points: this.points,
      states: this.stateCount,
      distinct: this.oracles.distinct,
      failures: this.failures,
    };
  }

  /** Judges every crash point of the run. */
  private walk(recorded: RecordedRun): void {
    const { trace } = recorded.vfs;
    const model = new CrashModel(trace, (path) => recorded.vfs.directoryOf(path));
    const stride = this.options.pointStride ?? 1;
    let told = 0;
    let least = 0;
    let attempt: string | undefined;
    for (let point = 0; point <= trace.ops.length && !this.isDone(); point++) {
      const op = trace.ops[point];
      if (op?.kind !== 'mark') {
        const most = Math.min(told + 1, recorded.states.length - 1);
        const bounds = { least, most, attempt };
        if (isTaken(point, stride)) this.judgePoint(model, recorded, bounds, `${point}`);
        const { killStride = 0 } = this.options;
        if (killStride > 0 && isTaken(point, killStride)) this.judgeKill(model, recorded, bounds, point);
        if (op !== undefined) model.advance(op);
        continue;
      }
      const mark = parseMark(op.label);
      if (mark.kind === 'committed' || mark.kind === 'acknowledged') told++;
      if (mark.kind === 'acknowledged' || mark.kind === 'flushed') least = told;
      if (mark.kind === 'observed')
        least = Math.max(least, Math.min(mark.number, recorded.states.length - 1));
      else attempt = mark.kind === 'attempt' ? recorded.attempts[mark.number] : undefined;
    }
  }

  private judgePoint(model: CrashModel, recorded: RecordedRun, bounds: Bounds, pointId: string): void {
    const enumeration = {
      seed: this.options.seed + ++this.points,
      randomSubsets: this.options.randomSubsets ?? 16,
    };
    for (const { name, choice } of crashChoices(model, enumeration)) {
      const id = `${pointId}: ${name}`;
      if (this.isLeftOut(id)) continue;
      this.stateCount++;
      const image = model.materialise(choice);
      const depth =
        this.opened++ % (this.options.nestedStride ?? 1) === 0 ? (this.options.nestedDepth ?? 0) : 0;
      const outcome = this.oracles.judge(image, (recovery, vfs, found) => {
        if (depth > 0) this.walkRecovery(recovery, vfs, found, depth - 1, `${id} / `);
      });
      for (const { oracle, detail } of outcome.newProblems) this.fail(id, oracle, detail);
      this.judgeContent(outcome.found, recorded.states, bounds, id);
      if (this.isDone()) return;
    }
    this.options.onProgress?.({
      point: this.points,
      points: this.pointsTotal,
      distinct: this.oracles.distinct,
    });
  }

  /**
   * The process dies here; the next one recovers from what the system's cache holds; the power goes while it does, or after.
   * Once recovery has shown a state, that state must stay (O9).
   */
  private judgeKill(model: CrashModel, recorded: RecordedRun, bounds: Bounds, point: number): void {
    const restarted = new FaultyVfs(new MemoryVfs(model.materialise(EVERYTHING).disk()));
    let subject: CrashSubject | null;
    try {
      subject = this.workload.open(restarted);
    } catch {
      return; // The same image is judged by judgePoint, where its failure is told.
    }
    if (subject === null) return;
    const shown = subject.fingerprint();
    const { trace } = restarted;
    const ops = trace.ops.slice(); // Not the close.
    subject.close();
    const powered = model.afterKill(trace);
    for (let at = 0; at <= ops.length; at++) {
      const enumeration = { seed: this.options.seed + at, randomSubsets: this.options.nestedSubsets ?? 2 };
      for (const { name, choice } of crashChoices(powered, enumeration)) {
        const id = `${point} killed / ${at}: ${name}`;
        if (this.isLeftOut(id)) continue;
        this.stateCount++;
        const outcome = this.oracles.judge(powered.materialise(choice), () => {});
        for (const { oracle, detail } of outcome.newProblems)
          this.fail(id, oracle, `after a kill: ${detail}`);
        if (at < ops.length) this.judgeContent(outcome.found, recorded.states, bounds, id);
        else if (outcome.found !== undefined && outcome.found !== shown && shown !== recorded.states[1]) {
          this.fail(id, 'O9', `recovery showed ${shortened(shown)}, then ${shortened(outcome.found)}`);
        }
        if (this.isDone()) return;
      }
      const op = ops[at];
      if (op !== undefined) powered.advance(op);
    }
  }

  /** Crashes at every point of a recovery that, undisturbed, ended in `found` (I3). */
  private walkRecovery(trace: IoTrace, vfs: Vfs, found: string | null, depth: number, prefix: string): void {
    const model = new CrashModel(trace, (path) => vfs.directoryOf(path));
    for (let point = 0; point <= trace.ops.length; point++) {
      const enumeration = { seed: this.options.seed + point, randomSubsets: this.options.nestedSubsets ?? 2 };
      for (const { name, choice } of crashChoices(model, enumeration)) {
        const id = `${prefix}${point}: ${name}`;
        if (this.isLeftOut(id)) continue;
        this.stateCount++;
        const outcome = this.oracles.judge(model.materialise(choice), (recovery, inner, again) => {
          if (depth > 0) this.walkRecovery(recovery, inner, again, depth - 1, `${id} / `);
        });
        for (const { oracle, detail } of outcome.newProblems) this.fail(id, oracle, `in recovery: ${detail}`);
        if (outcome.found !== undefined && outcome.found !== found) {
          this.fail(id, 'O6', `a crash in recovery changed the outcome: ${shortened(outcome.found)}`);
        }
        if (this.isDone()) return;
      }
      const op = trace.ops[point];
      if (op !== undefined) model.advance(op);
    }
  }

  private judgeContent(
    found: string | null | undefined,
    states: readonly (string | null)[],
    bounds: Bounds,
    id: string,
  ): void {
    if (found === undefined) return; // It did not open, which is a problem of its own.
    const { least, most, attempt } = bounds;
    if (found === null) {
      if (least > 0) this.fail(id, 'O2', `the database is gone; state ${least} was acknowledged`);
      return;
    }
    if (found === attempt) return;
    for (let at = most; at >= least; at--) if (states[at] === found) return;
    const earlier = states.indexOf(found);
    const oracle = earlier >= 0 && earlier < least ? 'O2' : 'O4';
    this.fail(id, oracle, `state ${earlier}, not one of ${least}..${most}: ${shortened(found)}`);
  }

  private isLeftOut(id: string): boolean {
    const { only } = this.options;
    return only !== undefined && only !== id && !only.startsWith(`${id} / `);
  }

  private isDone(): boolean {
    return (
      this.failures.length >= (this.options.failuresMax ?? FAILURES_MAX) ||
      this.oracles.distinct >= (this.options.statesMax ?? Number.POSITIVE_INFINITY)
    );
  }

  private fail(id: string, oracle: string, detail: string): void {
    if (this.failures.length >= (this.options.failuresMax ?? FAILURES_MAX)) return;
    this.failures.push({ id, workload: this.workload.name, oracle, detail });
  }
}

/** Every n-th point, each time one further on: runs repeat themselves, and a fixed step would always meet the same moment. */
function isTaken(point: number, stride: number): boolean {
  return (point + Math.floor(point / stride)) % stride === 0;
}

function shortened(text: string | null): string {
  return text === null ? 'no database' : text.slice(0, 200);
}
