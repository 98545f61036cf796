/**
 * Long work on whole databases (check, backup, vacuum, recover): how it tells of itself and how it is stopped, the same everywhere.
 *
 * I1  `onProgress` is called between two steps, on the caller's thread; what it throws stops the work as `signal` does.
 * I2  Work that is stopped leaves nothing behind and nothing half done: its steps end through `return`.
 */
import { DecentDbError } from '../base/errors.ts';
import { monotonicMs, soon } from '../vfs/node-platform.ts';

export interface OperationProgress {
  /** What is being done: 'pages', 'rows', ... Each has figures of its own. */
  readonly phase: string;
  readonly done: number;
  /** 0 where nobody knows. */
  readonly total: number;
}

export interface OperationOptions {
  /** Told between steps how far the work is. */
  readonly onProgress?: (progress: OperationProgress) => void;
  /** Stops the work (57014); nothing is left behind. A call that does not turn the event loop looks at it between steps. */
  readonly signal?: AbortSignal;
}

type Steps<T> = Generator<OperationProgress, T>;

/** Milliseconds of work between two turns of the event loop. */
const TURN_MS = 10;

/** In one go. */
export function runSteps<T>(steps: Steps<T>, options: OperationOptions, what: string): T {
  try {
    for (;;) {
      const result = next(steps, options, what);
      if (result.done === true) return result.value;
    }
  } finally {
    steps.return(undefined as never);
  }
}

/** Between two steps others get a turn. */
export async function takeSteps<T>(
  steps: Steps<T>,
  options: OperationOptions,
  what: string,
  defer: (action: () => void) => void = soon,
): Promise<T> {
  let turned = monotonicMs();
  try {
    for (;;) {
      const result = next(steps, options, what);
      if (result.done === true) return result.value;
      if (monotonicMs() - turned < TURN_MS) continue;
      await new Promise<void>((resolve) => defer(resolve));
      turned = monotonicMs();
    }
  } finally {
    steps.return(undefined as never);
  }
}

function next<T>(
  steps: Steps<T>,
  options: OperationOptions,
  what: string,
): IteratorResult<OperationProgress, T> {
  const { onProgress, signal } = options;
  if (signal?.aborted === true)
    throw new DecentDbError('57014', `${what} was cancelled`, { cause: signal.reason });
  const result = steps.next();
  if (result.done !== true) onProgress?.(result.value);
  return result;
}
