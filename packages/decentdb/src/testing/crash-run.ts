/**
 * What a crash workload is, and what it tells the machine while it runs: which states it went through, and what was promised.
 *
 * I1  States are numbered in the order they were told; state 0 is "nothing committed" (the database need not exist).
 * I2  Everything told is a mark in the trace, so that it has its place among the file operations.
 */
import { FaultyVfs } from '../vfs/faulty/faulty-vfs.ts';
import type { IoTrace } from '../vfs/faulty/io-trace.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import type { Vfs } from '../vfs/vfs.ts';

/** A database under test, reopened after a crash. */
export interface CrashSubject {
  /** Everything a user can see, as text: equal states give equal texts. */
  fingerprint(): string;
  /** Findings of the integrity check; empty when clean. */
  check(): readonly string[];
  /** Commits something small and takes it back, so that the fingerprint is as before. */
  writeProbe(): void;
  checkpoint(): void;
  close(): void;
}

/** What a workload is given. */
export interface CrashRun {
  /** Where it keeps its files; `arm` makes calls fail. */
  readonly vfs: FaultyVfs;
  /**
   * Says that a commit was acknowledged and what the database holds now. `durable` false: the mode in force does not promise
   * that it survives (deferred durability), or nobody knows (a commit that failed with the whole handle); a later durable
   * one, or `flushed()`, makes it so.
   */
  committed(fingerprint: string, options?: { readonly durable?: boolean }): void;
  /** Everything told so far is durable. */
  flushed(): void;
  /** The state told as number `state` (the first told is 1), and all before it, are durable: for commits that wait. */
  kept(state: number): void;
  /** A commit begins that may fail: until the next call here its state may be found as well. */
  attempting(fingerprint: string): void;
  /** The attempt was reported as failed: its state must never be found. */
  failed(): void;
  /**
   * Asks before every file operation how many of the commits told are visible to a new reader, those in flight included.
   * What a reader could see must survive (O9). For durable modes only.
   */
  watch(visibleStates: () => number): void;
}

export interface CrashWorkload extends CrashedDatabase {
  run(run: CrashRun): void;
}

/** The same with commits that wait, checkpoints that run off the event loop, and whatever else takes promises. */
export interface AsyncCrashWorkload extends CrashedDatabase {
  run(run: CrashRun): Promise<void>;
}

/** What is judged after a crash. */
export interface CrashedDatabase {
  readonly name: string;
  /** Opens the database on a crashed disk. Returns null when it does not exist there (allowed before the first commit only). */
  open(vfs: Vfs): CrashSubject | null;
  /** File names the database may own after a clean close; one that ends in `*` stands for all that begin so. */
  readonly ownedFiles: readonly string[];
  /** Rules for the trace itself (T1 to T3): findings, empty when kept. */
  readonly traceRules?: (trace: IoTrace) => readonly string[];
}

/** A run of a workload: its operations, and the states it told of. */
export interface RecordedRun {
  readonly vfs: FaultyVfs;
  /** Fingerprints by number; null for state 0. */
  readonly states: readonly (string | null)[];
  /** Fingerprints of attempts, by number of the attempt. */
  readonly attempts: readonly string[];
}

/** What a mark in the trace says. */
export type RunMark =
  | { readonly kind: 'committed' | 'acknowledged' | 'flushed' | 'failed' }
  | { readonly kind: 'attempt' | 'observed'; readonly number: number };

export function parseMark(label: string): RunMark {
  const [kind, number] = label.split(' ');
  switch (kind) {
    case 'attempt':
    case 'observed':
      return { kind, number: Number(number) };
    case 'committed':
    case 'acknowledged':
    case 'flushed':
    case 'failed':
      return { kind };
    default:
      throw new RangeError(`unknown mark "${label}" in a trace`);
  }
}

/** Runs the workload once, in memory, and records it. */
export function recordRun(workload: CrashWorkload): RecordedRun {
  const recorder = new Recorder();
  workload.run(recorder);
  return recorder.recorded();
}

export async function recordRunAsync(workload: AsyncCrashWorkload): Promise<RecordedRun> {
  const recorder = new Recorder();
  await workload.run(recorder);
  return recorder.recorded();
}

/** Its functions need no `this`: a workload may take the run apart. */
class Recorder implements CrashRun {
  readonly vfs: FaultyVfs = new FaultyVfs(new MemoryVfs());
  private readonly states: (string | null)[] = [null];
  private readonly attempts: string[] = [];
  private observed = 0;

  readonly committed = (fingerprint: string, how?: { readonly durable?: boolean }): void => {
    this.states.push(fingerprint);
    this.vfs.trace.mark(how?.durable === false ? 'committed' : 'acknowledged');
  };

  readonly flushed = (): void => {
    this.vfs.trace.mark('flushed');
  };

  readonly kept = (state: number): void => {
    if (state <= this.observed) return;
    this.observed = state;
    this.vfs.trace.mark(`observed ${state}`);
  };

  readonly attempting = (fingerprint: string): void => {
    this.vfs.trace.mark(`attempt ${this.attempts.length}`);
    this.attempts.push(fingerprint);
  };

  readonly failed = (): void => {
    this.vfs.trace.mark('failed');
  };

  readonly watch = (visibleStates: () => number): void => {
    this.vfs.onCall = () => this.kept(visibleStates());
  };

  recorded(): RecordedRun {
    this.vfs.onCall = () => {};
    return { vfs: this.vfs, states: this.states, attempts: this.attempts };
  }
}
