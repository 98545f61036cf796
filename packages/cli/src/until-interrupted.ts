/**
 * Work that Ctrl-C ends in an orderly way.
 *
 * I1  The first Ctrl-C aborts the signal: the work stops at its next check and undoes what is not committed. The second one
 *     ends the process, as it would without this.
 */
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';

export async function untilInterrupted<T>(
  context: CommandContext,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const stop = new AbortController();
  const onInterrupt = (): void => {
    process.removeListener('SIGINT', onInterrupt);
    stop.abort(new Error('interrupted'));
  };
  process.on('SIGINT', onInterrupt);
  try {
    return await work(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    context.terminal.err('interrupted: nothing of it stays\n');
    context.setExitCode(EXIT.interrupted);
    return undefined;
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
}
