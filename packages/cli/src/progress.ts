/** A progress bar on stderr where somebody looks at it, nothing where not. */
import cliProgress from 'cli-progress';
import type { OperationProgress } from 'decentdb';
import type { CommandContext } from './command.ts';
import type { Terminal } from './terminal.ts';
import { untilInterrupted } from './until-interrupted.ts';

export interface Progress {
  /** `total` where it was not known at the start. */
  update(done: number, total?: number): void;
  stop(): void;
}

/** What the work of `untilInterrupted` hands to the engine. */
export interface Operation {
  readonly onProgress: (progress: OperationProgress) => void;
  readonly signal: AbortSignal;
}

/**
 * Work of the engine with a bar for each of its phases, that Ctrl-C ends: nothing of it is left then.
 * Undefined: it was ended.
 */
export function withProgress<T>(
  context: CommandContext,
  labels: Readonly<Record<string, string>>,
  work: (operation: Operation) => Promise<T>,
): Promise<T | undefined> {
  let bar: Progress | null = null;
  let drawn = '';
  const onProgress = ({ phase, done, total }: OperationProgress): void => {
    if (phase !== drawn) {
      bar?.stop();
      bar = startProgress(context.terminal, labels[phase] ?? phase, total, phase);
      drawn = phase;
    }
    bar?.update(done, total);
  };
  return untilInterrupted(context, async (signal) => {
    try {
      return await work({ onProgress, signal });
    } finally {
      bar?.stop();
    }
  });
}

/** Starts a bar that counts to `total` of `unit`. */
export function startProgress(terminal: Terminal, label: string, total: number, unit: string): Progress {
  if (!terminal.canDraw) return { update: () => {}, stop: () => {} };
  const bar = new cliProgress.SingleBar(
    {
      format: `${label} [{bar}] {percentage}%  {value}/{total} ${unit}  {duration_formatted}, {eta_formatted} to go`,
      barCompleteChar: '#',
      barIncompleteChar: '-',
      barsize: 30,
      // So many updates go into the time that is left: it would jump with fewer.
      etaBuffer: 200,
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    },
    cliProgress.Presets.legacy,
  );
  bar.start(total, 0);
  return {
    update: (done, known) => {
      if (known !== undefined) bar.setTotal(known);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
