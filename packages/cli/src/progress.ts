/** A progress bar on stderr where somebody looks at it, nothing where not. */
import cliProgress from 'cli-progress';
import type { Terminal } from './terminal.ts';

export interface Progress {
  /** `total` where it was not known at the start. */
  update(done: number, total?: number): void;
  stop(): void;
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
