/**
 * Which calls fail, and how: a fault plan is plain data, so that a failing run is its plan and its seed.
 *
 * I1  Calls are counted per operation name and over all operations (`any`), from 0, in the order they are made.
 * I2  The same plan on the same workload does the same thing.
 */

/** The calls a file system can fail. */
export const IO_OPERATIONS = [
  'open',
  'read',
  'write',
  'truncate',
  'size',
  'sync',
  'syncDirectory',
  'delete',
  'rename',
  'exists',
  'list',
  'lock',
] as const;
export type IoOperation = (typeof IO_OPERATIONS)[number];

export interface Fault {
  /** The operation that fails; `any` counts every call. */
  readonly on: IoOperation | 'any';
  /** Which call of that operation, from 0. */
  readonly call: number;
  /** Also every later one. */
  readonly sticky?: boolean;
  /** Only for files whose name ends so. */
  readonly pathSuffix?: string;
  readonly effect:
    | { readonly kind: 'error'; readonly errno: string; readonly syscall?: string }
    /** Writes the first `bytes` bytes, then fails. */
    | { readonly kind: 'partialWrite'; readonly bytes: number; readonly errno: string }
    /** Reports success but makes nothing durable. */
    | { readonly kind: 'lie' }
    /** Flips one bit of what is read or written. */
    | { readonly kind: 'bitFlip'; readonly bit: number }
    /** Puts the bytes elsewhere in the file. */
    | { readonly kind: 'misdirect'; readonly distanceBytes: number }
    /** Reports success and writes nothing (a lost write). */
    | { readonly kind: 'lostWrite' }
    /** Takes virtual time. */
    | { readonly kind: 'slow'; readonly delayMs: number };
}

export interface FaultPlan {
  readonly seed: number;
  readonly faults: readonly Fault[];
  /** Writes fail with ENOSPC when all files together would pass this size. */
  readonly diskBytesMax?: number;
  /** Every sync succeeds without doing anything. */
  readonly syncLies?: boolean;
}

export const NO_FAULTS: FaultPlan = { seed: 0, faults: [] };

/** Finds the fault, if any, that a call meets; keeps the counts. */
export class FaultSchedule {
  private readonly plan: FaultPlan;
  private readonly counts: Map<IoOperation | 'any', number> = new Map();
  /** Faults that fired, for the log of a run. */
  readonly fired: { readonly fault: Fault; readonly path: string; readonly call: number }[] = [];

  constructor(plan: FaultPlan) {
    this.plan = plan;
  }

  /** Calls made so far of one operation. */
  calls(operation: IoOperation | 'any'): number {
    return this.counts.get(operation) ?? 0;
  }

  next(operation: IoOperation, path: string): Fault | undefined {
    const call = this.calls(operation);
    const overall = this.calls('any');
    this.counts.set(operation, call + 1);
    this.counts.set('any', overall + 1);
    for (const fault of this.plan.faults) {
      if (fault.on !== operation && fault.on !== 'any') continue;
      const at = fault.on === 'any' ? overall : call;
      if (at !== fault.call && !(fault.sticky === true && at > fault.call)) continue;
      if (fault.pathSuffix !== undefined && !path.endsWith(fault.pathSuffix)) continue;
      this.fired.push({ fault, path, call: at });
      return fault;
    }
    return undefined;
  }
}
