/**
 * Judges one crash image: opens it, looks at everything, closes it, opens it again and uses it.
 *
 * I1  An image is opened once; its outcome is kept by its key. Whether the state found was allowed is the caller's question,
 *     since the same image can come from several points of a run.
 * I2  Images that recover to the same bytes share the verdict on what comes after recovery (O6, O7, O8).
 */
import { AssertionFailure, DecentDbError } from '../base/errors.ts';
import { FaultyVfs } from '../vfs/faulty/faulty-vfs.ts';
import type { IoTrace } from '../vfs/faulty/io-trace.ts';
import { type MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { CrashImage } from './crash-model.ts';
import type { CrashedDatabase } from './crash-run.ts';

export interface OracleProblem {
  readonly oracle: string;
  readonly detail: string;
}

export interface Outcome {
  /** Fingerprint of the state found; null without a database, undefined when it did not open. */
  readonly found: string | null | undefined;
  /** What was wrong whatever state was expected; only the first time the image is met. */
  readonly newProblems: readonly OracleProblem[];
}

type OnRecovered = (trace: IoTrace, vfs: Vfs, found: string | null) => void;

export class CrashOracles {
  private readonly workload: CrashedDatabase;
  private readonly outcomes: Map<string, string | null | undefined> = new Map();
  private readonly recoveredSeen: Set<string> = new Set();

  constructor(workload: CrashedDatabase) {
    this.workload = workload;
  }

  /** Different images judged so far. */
  get distinct(): number {
    return this.outcomes.size;
  }

  /** Judges an image; `onRecovered` gets the operations of its recovery, the first time. */
  judge(image: CrashImage, onRecovered: OnRecovered): Outcome {
    const key = image.key();
    if (this.outcomes.has(key)) return { found: this.outcomes.get(key), newProblems: [] };
    this.outcomes.set(key, undefined);
    const problems: OracleProblem[] = [];
    const disk = image.disk();
    const vfs = new FaultyVfs(new MemoryVfs(disk));
    let found: string | null | undefined;
    try {
      found = this.open(vfs, problems);
      this.outcomes.set(key, found);
      if (vfs.openFiles > 0) problems.push({ oracle: 'T4', detail: `${vfs.openFiles} files stay open` });
      if (disk.locks.size > 0) problems.push({ oracle: 'T4', detail: 'a lock stays held' });
      if (found !== null) this.judgeRecovered(disk, found, problems);
    } catch (error) {
      problems.push(problemOf(error));
    }
    if (found !== undefined) onRecovered(vfs.trace, vfs, found);
    return { found, newProblems: problems };
  }

  private open(vfs: Vfs, problems: OracleProblem[]): string | null {
    const subject = this.workload.open(vfs);
    if (subject === null) return null;
    try {
      const found = subject.fingerprint();
      for (const detail of subject.check()) problems.push({ oracle: 'O5', detail });
      return found;
    } finally {
      subject.close();
    }
  }

  /** O6, O7, O8 on a recovered disk. */
  private judgeRecovered(disk: MemoryDisk, found: string, problems: OracleProblem[]): void {
    const recovered = CrashImage.of(disk).key();
    if (this.recoveredSeen.has(recovered)) return;
    this.recoveredSeen.add(recovered);
    for (const name of disk.files.keys()) {
      if (!this.workload.ownedFiles.some((owned) => isNamed(name, owned))) {
        problems.push({ oracle: 'O8', detail: `file "${name}" was left behind` });
      }
    }
    const vfs = new MemoryVfs(disk);
    this.workload.open(vfs)?.close();
    if (CrashImage.of(disk).key() !== recovered) {
      problems.push({ oracle: 'O6', detail: 'recovering twice changed the bytes' });
    }
    const subject = this.workload.open(vfs);
    if (subject === null) return;
    subject.writeProbe();
    subject.checkpoint();
    subject.close();
    const again = this.workload.open(vfs);
    if (again?.fingerprint() !== found) {
      problems.push({ oracle: 'O7', detail: 'the state did not survive a write, a checkpoint and a reopen' });
    }
    for (const detail of again?.check() ?? []) problems.push({ oracle: 'O7', detail });
    again?.close();
  }
}

function isNamed(name: string, owned: string): boolean {
  return owned.endsWith('*') ? name.startsWith(owned.slice(0, -1)) : name === owned;
}

function problemOf(error: unknown): OracleProblem {
  if (error instanceof DecentDbError && !(error instanceof AssertionFailure)) {
    return { oracle: 'O1', detail: `${error.code} ${error.message} ${error.detail ?? ''}` };
  }
  const detail =
    error instanceof Error
      ? (error.stack ?? error.message).split('\n').slice(0, 6).join(' | ')
      : String(error);
  return { oracle: 'O10', detail };
}
