/**
 * Damage to files at rest: every bit flipped, pages exchanged, files cut short (RELIABILITY C1 to C6). What must never happen is
 * a wrong answer or an error that is not one of the catalogue.
 *
 * I1  Every damaged copy is opened for reading, read whole and checked; the copy is thrown away.
 * I2  Of a database file every flip is told: by an error, or by a finding of the check next to right answers.
 * I3  Of a log, damage may take the last commit (it looks like a torn tail); anything more is told.
 */
import { AssertionFailure, DecentDbError } from '../../base/errors.ts';
import { Prng } from '../../base/prng.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import { churn, filled } from './content.ts';
import { StoreModel } from './store-model.ts';
import { Change } from './store-session.ts';
import { STORE_PATH, storeFilePaths, TreeStore } from './tree-store.ts';

export interface DamageReport {
  /** Damaged copies looked at. */
  readonly cases: number;
  /** Damage that went unnoticed or did harm; the first few. */
  readonly failures: readonly string[];
}

const FAILURES_MAX = 5;

/** A database as it was closed or killed, and the states it went through. */
export interface Specimen {
  readonly disk: MemoryDisk;
  readonly states: readonly string[];
}

export function specimen(how: 'closed' | 'killed', seed: number, rows = 60): Specimen {
  const disk = new MemoryDisk();
  const store = TreeStore.open(new MemoryVfs(disk), { walBytesMax: how === 'closed' ? 8192 : 1 << 20 });
  const random = new Prng(seed);
  let model = new StoreModel();
  const states = [model.fingerprint()];
  const commit = (body: (change: Change) => void): void => {
    const change = new Change(store, model);
    body(change);
    change.txn.commit();
    model = change.model;
    states.push(model.fingerprint());
  };
  commit((c) => {
    for (let i = 0; i < rows; i++) c.put(0, i, filled(`row ${i}`, 100));
  });
  commit((c) => {
    for (let i = 0; i < rows; i += 3) c.delete(0, i);
    c.put(1, 1, filled('large', 3000));
  });
  for (let i = 0; i < 4; i++) commit((c) => churn(c, random, `${i}`));
  const killed = disk.clone();
  store.close();
  return { disk: how === 'killed' ? killed : disk, states };
}

/** Flips every `stride`-th bit of one file of the specimen, from bit `first` on. */
export function flipBits(on: Specimen, path: string, stride: number, first = 0): DamageReport {
  const bits = on.disk.files.get(path)!.length * 8;
  const damages: Iterable<Damage> = (function* () {
    for (let bit = first; bit < bits; bit += stride) {
      const undo = (bytes: Uint8Array): void => {
        bytes[bit >> 3]! ^= 1 << (bit & 7);
      };
      yield { name: `bit ${bit} of ${path}`, apply: undo, undo };
    }
  })();
  return path === STORE_PATH ? lookAtPages(on, damages) : lookAtLog(on, path, damages);
}

/** Puts every page in the place of every other one. */
export function exchangePages(on: Specimen, pageBytes: number, stride = 1): DamageReport {
  const pages = on.disk.files.get(STORE_PATH)!.length / pageBytes;
  const exchange = (bytes: Uint8Array, a: number, b: number): void => {
    const kept = bytes.slice(a * pageBytes, (a + 1) * pageBytes);
    bytes.copyWithin(a * pageBytes, b * pageBytes, (b + 1) * pageBytes);
    bytes.set(kept, b * pageBytes);
  };
  const damages: Iterable<Damage> = (function* () {
    let count = 0;
    for (let a = 2; a < pages; a++) {
      for (let b = a + 1; b < pages; b++) {
        if (count++ % stride !== 0) continue;
        const swap = (bytes: Uint8Array): void => exchange(bytes, a, b);
        yield { name: `pages ${a} and ${b} exchanged`, apply: swap, undo: swap };
      }
    }
  })();
  return lookAtPages(on, damages);
}

/** Cuts the database file at every multiple of `step`. */
export function cutShort(on: Specimen, step: number): DamageReport {
  const whole = on.disk.files.get(STORE_PATH)!.bytes();
  const failures: string[] = [];
  let cases = 0;
  for (let length = 0; length < whole.length; length += step) {
    const disk = new MemoryDisk();
    disk.create(STORE_PATH).write(whole.subarray(0, length), 0);
    cases++;
    const seen = look(disk);
    if (seen.kind !== 'error') failures.push(`a file cut at ${length}: ${seen.kind}`);
    else if (!seen.isCatalogued) failures.push(`a file cut at ${length}: ${seen.message}`);
    if (failures.length >= FAILURES_MAX) break;
  }
  return { cases, failures };
}

interface Damage {
  readonly name: string;
  apply(bytes: Uint8Array): void;
  undo(bytes: Uint8Array): void;
}

type Seen =
  | { readonly kind: 'error'; readonly isCatalogued: boolean; readonly message: string }
  | { readonly kind: 'read'; readonly text: string; readonly findings: number; readonly warnings: number };

function look(disk: MemoryDisk): Seen {
  try {
    const store = TreeStore.open(new MemoryVfs(disk), { mode: 'readOnly' });
    try {
      const text = store.fingerprint();
      const findings = store.check().length;
      return { kind: 'read', text, findings, warnings: store.engine.recovery?.warnings.length ?? 0 };
    } finally {
      store.close();
    }
  } catch (error) {
    const isCatalogued = error instanceof DecentDbError && !(error instanceof AssertionFailure);
    return {
      kind: 'error',
      isCatalogued,
      message: error instanceof Error ? (error.stack ?? '') : String(error),
    };
  }
}

function lookAtPages(on: Specimen, damages: Iterable<Damage>): DamageReport {
  const right = on.states[on.states.length - 1]!;
  return lookAtAll(on.disk, STORE_PATH, damages, (seen) => {
    if (seen.kind === 'error') return seen.isCatalogued ? undefined : seen.message;
    if (seen.findings === 0) return 'went unnoticed';
    return seen.text === right ? undefined : 'changed an answer';
  });
}

function lookAtLog(on: Specimen, path: string, damages: Iterable<Damage>): DamageReport {
  return lookAtAll(on.disk, path, damages, (seen) => {
    if (seen.kind === 'error') return seen.isCatalogued ? undefined : seen.message;
    const state = on.states.lastIndexOf(seen.text);
    if (state < 0) return `gave a state that never was: ${seen.text}`;
    const isTold = seen.warnings > 0 || seen.findings > 0;
    return state >= on.states.length - 2 || isTold ? undefined : `went back to state ${state} without a word`;
  });
}

function lookAtAll(
  disk: MemoryDisk,
  path: string,
  damages: Iterable<Damage>,
  judge: (seen: Seen) => string | undefined,
): DamageReport {
  const copy = disk.clone();
  const bytes = copy.files.get(path)!.bytes();
  const failures: string[] = [];
  let cases = 0;
  for (const damage of damages) {
    cases++;
    damage.apply(bytes);
    const problem = judge(look(copy));
    damage.undo(bytes);
    if (problem !== undefined) failures.push(`${damage.name}: ${problem}`);
    if (failures.length >= FAILURES_MAX) break;
  }
  return { cases, failures };
}

/** The files of a specimen that hold anything. */
export function filesOf(on: Specimen): readonly string[] {
  return storeFilePaths().filter((path) => (on.disk.files.get(path)?.length ?? 0) > 0);
}
