/**
 * Crash testing: run a workload once, then reopen every state a power cut could have left, and judge each.
 *
 * The oracles (numbered as in docs/testing.md):
 *   O1 it opens without manual help            O2 every acknowledged commit is there
 *   O3 the one in flight is whole or absent    O4 the state is one the workload went through, exactly
 *   O5 the integrity check is clean            O6 recovering twice gives the bytes of recovering once
 *   O7 it takes a write, a checkpoint, a reopen  O8 no file is left behind that the database does not own
 *   O10 only catalogued errors
 * and, with `nestedDepth`, the same after crashing again at each point of the recovery itself.
 *
 * I1  A run is a function of (workload, options): a failure is replayed by running it again with `only`.
 * I2  Equal disks are judged once; both counts (states, distinct states) are reported.
 */
import { crc32 } from '../base/checksum.ts';
import { DecentDbError } from '../base/errors.ts';
import { FaultyVfs } from '../vfs/faulty/faulty-vfs.ts';
import type { IoTrace } from '../vfs/faulty/io-trace.ts';
import { type MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { CrashModel } from './crash-model.ts';
import { crashChoices } from './crash-states.ts';

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
  readonly vfs: Vfs;
  /**
   * Says that a commit was acknowledged and what the database holds now. `durable` false: the mode in force does not promise
   * that it survives (deferred durability); a later durable one, or `flushed()`, makes it so.
   */
  committed(fingerprint: string, options?: { readonly durable?: boolean }): void;
  flushed(): void;
}

export interface CrashWorkload {
  readonly name: string;
  run(run: CrashRun): void;
  /** Opens the database on a crashed disk. Returns null when it does not exist there (allowed before the first commit only). */
  open(vfs: Vfs): CrashSubject | null;
  /** File names the database may own after a clean close. */
  readonly ownedFiles: readonly string[];
}

export interface CrashTestOptions {
  readonly seed: number;
  readonly randomSubsets?: number;
  /** Crash again inside recovery, this many levels deep. Default 0. */
  readonly nestedDepth?: number;
  /** Judge only every n-th point (1 = all). */
  readonly pointStride?: number;
  /** Stop after this many distinct states. */
  readonly statesMax?: number;
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

interface Expectation {
  /** Fingerprints in commit order; the first is "nothing committed" (null: the database need not exist). */
  readonly states: readonly (string | null)[];
  /** Index of the last state that must survive, and of the last one that may be there. */
  readonly least: number;
  readonly most: number;
}

/** Failures kept; the first few tell the story. */
const FAILURES_MAX = 20;

/** Runs `workload` and judges every crash state of it. */
export function crashTest(workload: CrashWorkload, options: CrashTestOptions): CrashReport {
  const vfs = new FaultyVfs(new MemoryVfs());
  const states: (string | null)[] = [null];
  workload.run({
    vfs,
    committed: (fingerprint, how) => {
      states.push(fingerprint);
      vfs.trace.mark(how?.durable === false ? 'committed' : 'acknowledged');
    },
    flushed: () => vfs.trace.mark('flushed'),
  });
  const judge = new Judge(workload, options, states);
  judge.walk(vfs.trace, vfs, { least: 0, most: 0 }, options.nestedDepth ?? 0, '');
  return judge.report();
}

class Judge {
  private readonly workload: CrashWorkload;
  private readonly options: CrashTestOptions;
  private readonly states: readonly (string | null)[];
  private readonly seen: Set<string> = new Set();
  private readonly failures: CrashFailure[] = [];
  private points = 0;
  private stateCount = 0;

  constructor(workload: CrashWorkload, options: CrashTestOptions, states: readonly (string | null)[]) {
    this.workload = workload;
    this.options = options;
    this.states = states;
  }

  report(): CrashReport {
    return {
      workload: this.workload.name,
      points: this.points,
      states: this.stateCount,
      distinct: this.seen.size,
      failures: this.failures,
    };
  }

  /** Judges every crash point of a trace; `bounds` is what must and may be there before its first mark. */
  walk(
    trace: IoTrace,
    vfs: Vfs,
    bounds: { readonly least: number; readonly most: number },
    depth: number,
    prefix: string,
  ): void {
    const model = new CrashModel(trace, (path) => vfs.directoryOf(path));
    let committed = bounds.most;
    let least = bounds.least;
    const stride = this.options.pointStride ?? 1;
    for (let point = 0; point <= trace.ops.length; point++) {
      const isMark = trace.ops[point]?.kind === 'mark';
      if (!isMark && point % stride === 0) {
        const most = prefix === '' ? Math.min(committed + 1, this.states.length - 1) : committed;
        this.judgePoint(model, { states: this.states, least, most }, depth, `${prefix}${point}`);
        if (this.isDone()) return;
      }
      const op = trace.ops[point];
      if (op === undefined) continue;
      model.advance(op);
      if (op.kind !== 'mark') continue;
      if (op.label !== 'flushed') committed++;
      if (op.label !== 'committed') least = committed;
    }
  }

  private isDone(): boolean {
    return (
      this.failures.length >= FAILURES_MAX ||
      this.seen.size >= (this.options.statesMax ?? Number.POSITIVE_INFINITY)
    );
  }

  private judgePoint(model: CrashModel, expected: Expectation, depth: number, pointId: string): void {
    this.points++;
    const { seed } = this.options;
    const enumeration = { seed: seed + this.points, randomSubsets: this.options.randomSubsets ?? 16 };
    for (const { name, choice } of crashChoices(model, enumeration)) {
      const id = `${pointId}: ${name}`;
      if (this.options.only !== undefined && !this.options.only.startsWith(id)) continue;
      this.stateCount++;
      const disk = model.materialise(choice);
      const key = `${hashOf(disk)}:${expected.least}:${expected.most}`;
      if (this.seen.has(key)) continue;
      this.seen.add(key);
      this.judgeState(disk, expected, depth, id);
      if (this.isDone()) return;
    }
    this.options.onProgress?.({ point: this.points, points: this.points, distinct: this.seen.size });
  }

  private judgeState(disk: MemoryDisk, expected: Expectation, depth: number, id: string): void {
    const recovering = new FaultyVfs(new MemoryVfs(disk.clone()));
    try {
      const found = this.judgeOpened(recovering, expected, id);
      if (found === null) return;
      this.judgeIdempotence(disk, found, id);
      if (depth > 0) {
        const bounds = { least: expected.least, most: expected.most };
        this.walk(recovering.trace, recovering, bounds, depth - 1, `${id} / `);
      }
    } catch (error) {
      const kind = error instanceof DecentDbError ? 'O1' : 'O10';
      const stack = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.fail(id, kind, stack, error);
    }
  }

  /** Opens, compares, checks; leaves the database closed. Returns the index of the state found. */
  private judgeOpened(vfs: FaultyVfs, expected: Expectation, id: string): number | null {
    const subject = this.workload.open(vfs);
    if (subject === null) {
      if (expected.states[expected.least] !== null) this.fail(id, 'O2', 'the database is gone');
      return null;
    }
    const found = this.judgeContent(subject, expected, id);
    subject.close();
    return found;
  }

  private judgeContent(subject: CrashSubject, expected: Expectation, id: string): number {
    const fingerprint = subject.fingerprint();
    let found = -1;
    for (let at = expected.most; at >= expected.least && found < 0; at--) {
      const state = expected.states[at];
      if (state === fingerprint || (state === null && at === 0)) found = at;
    }
    if (found < 0) {
      const earlier = expected.states.indexOf(fingerprint);
      const oracle = earlier >= 0 && earlier < expected.least ? 'O2' : 'O4';
      this.fail(
        id,
        oracle,
        `state ${earlier} of ${expected.least}..${expected.most}; found ${fingerprint.slice(0, 200)}`,
      );
    }
    for (const finding of subject.check()) this.fail(id, 'O5', finding);
    return found;
  }

  /** O6, O7, O8 on a fresh copy of the crashed disk. */
  private judgeIdempotence(disk: MemoryDisk, found: number, id: string): void {
    const once = recovered(this.workload, disk.clone());
    const first = hashOf(once);
    const twice = hashOf(recovered(this.workload, once));
    if (first !== twice) this.fail(id, 'O6', 'recovering twice changed the bytes');
    for (const name of once.files.keys()) {
      if (!this.workload.ownedFiles.includes(name)) this.fail(id, 'O8', `file "${name}" was left behind`);
    }
    const vfs = new MemoryVfs(once);
    const subject = this.workload.open(vfs);
    if (subject === null) return;
    const before = subject.fingerprint();
    subject.writeProbe();
    subject.checkpoint();
    subject.close();
    const again = this.workload.open(vfs);
    if (again === null || again.fingerprint() !== before) {
      this.fail(id, 'O7', `state ${found} did not survive a write, a checkpoint and a reopen`);
    }
    again?.close();
  }

  private fail(id: string, oracle: string, detail: string, _cause?: unknown): void {
    if (this.failures.length < FAILURES_MAX) {
      this.failures.push({ id, workload: this.workload.name, oracle, detail });
    }
  }
}

function recovered(workload: CrashWorkload, disk: MemoryDisk): MemoryDisk {
  workload.open(new MemoryVfs(disk))?.close();
  return disk;
}

/** Two checksums over names and bytes: 64 bits, plenty for some million states. */
function hashOf(disk: MemoryDisk): string {
  let a = 0;
  let b = 0x9e3779b9;
  const encoder = new TextEncoder();
  for (const name of [...disk.files.keys()].sort()) {
    const bytes = disk.files.get(name)!.bytes();
    const label = encoder.encode(`${name}:${bytes.length};`);
    a = crc32(bytes, crc32(label, a));
    b = crc32(label, crc32(bytes, b));
  }
  return `${a.toString(16)}-${b.toString(16)}`;
}
