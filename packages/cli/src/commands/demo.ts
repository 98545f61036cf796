/** `decentdb demo`: the whole thing at work on a music library, with timings. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { openSync } from 'decentdb';
import type { CommandContext, CommandModule } from '../command.ts';
import { commitOften, type DemoRun, load, lookUp, reopenAndCheck, runQueries } from '../demo/steps.ts';
import { durationText } from '../demo/timing.ts';
import { EXIT, UsageError } from '../exit-code.ts';

function tracksOf(text: string): number {
  const tracks = Number(text);
  if (!Number.isInteger(tracks) || tracks < 1000)
    throw new InvalidArgumentError('give a whole number from 1000');
  return tracks;
}

function runDemo(run: DemoRun): boolean {
  const created = performance.now();
  const db = openSync(run.path, { mode: 'createNew' });
  run.context.terminal.out(
    `New database ${run.path}, made in ${durationText(performance.now() - created)}\n`,
  );
  let plays = 0;
  try {
    load(run, db);
    runQueries(run, db);
    lookUp(run, db);
    plays = commitOften(run, db);
  } finally {
    db.close();
  }
  return reopenAndCheck(run, plays);
}

function demo(path: string | undefined, tracks: number, context: CommandContext): void {
  if (path !== undefined && existsSync(path))
    throw new UsageError(`"${path}" is already there: the demo makes a new file`);
  const folder = path === undefined ? mkdtempSync(join(tmpdir(), 'decentdb-demo-')) : undefined;
  const started = performance.now();
  try {
    const isWell = runDemo({ path: path ?? join(folder ?? '', 'music.ddb'), tracks, context });
    const { terminal } = context;
    terminal.out(
      isWell
        ? `\n${terminal.paint('green', 'All is well')}: ${durationText(performance.now() - started)} in all.\n`
        : `\n${terminal.paint('red', 'Something is wrong')}: see above.\n`,
    );
    if (!isWell) context.setExitCode(EXIT.damaged);
    else if (path !== undefined)
      terminal.out(`Try it: decentdb exec ${path} "SELECT * FROM artists ORDER BY name LIMIT 5"\n`);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

export const demoCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('demo')
      .description('make a music library, query it, check it, and show how long everything took')
      .argument('[database]', 'a file to keep the library in (default: a temporary one, removed at the end)')
      .option('--tracks <count>', 'how many tracks', tracksOf, 100_000)
      .action((path: string | undefined, options: { tracks: number }) => demo(path, options.tracks, context));
  },
};
