/** `decentdb precompile`: keeps what V8 compiles of the engine, so that later processes start in half the time. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { bytesText } from '../database-files.ts';

interface Kept {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

export const precompileCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('precompile')
      .description(
        'keep what this Node compiles of the engine beside it: processes then start in half the time',
      )
      .option('--remove', 'throw it away again')
      .option('--json', 'print folder, files and bytes as JSON')
      .addHelpText('after', HELP)
      .action((options: { remove?: boolean; json?: boolean }) => {
        const bundle = dirname(fileURLToPath(import.meta.resolve('decentdb')));
        const all = join(bundle, 'precompiled');
        if (options.remove === true) {
          const isThere = existsSync(all);
          rmSync(all, { recursive: true, force: true });
          context.terminal.out(isThere ? `removed ${all}\n` : 'nothing was kept\n');
          return;
        }
        mkdirSync(all, { recursive: true });
        // A process of its own, with this one's flags: V8 uses what was made with the same ones.
        const args = [...process.execArgv, join(bundle, 'make.cjs')];
        const kept = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Kept;
        if (options.json === true) context.terminal.out(`${JSON.stringify(kept)}\n`);
        else context.terminal.out(`${kept.files} files, ${bytesText(kept.bytes)}, in ${kept.folder}\n`);
      });
  },
};

const HELP = `
To be run once after the package is installed, by the Node that uses it: in the build of a container's image, after a deployment. Another
version of Node, or one with other V8 flags (--max-old-space-size is one), takes no notice of what is kept; damaged files are not used.
`;
