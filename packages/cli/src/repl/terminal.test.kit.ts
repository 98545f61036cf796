/** The shell in a real terminal, driven by a script for Python's pty. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs `script` with the command line of the shell over `folder`/app.ddb as its arguments; its history goes to `folder`/history. Null
 * where there is no Python.
 */
export function inTerminal(
  script: string,
  folder: string,
): { readonly status: number | null; readonly stderr: string; readonly history: string } | null {
  if (spawnSync('python3', ['-c', 'import pty']).status !== 0) return null;
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const main = fileURLToPath(new URL(`../main.${ending}`, import.meta.url));
  const loader = process.execArgv.filter((one, i, all) => /tsx/.test(one) || /tsx/.test(all[i + 1] ?? ''));
  const history = join(folder, 'history');
  const { status, stderr } = spawnSync(
    'python3',
    ['-c', script, process.execPath, ...loader, main, join(folder, 'app.ddb')],
    {
      encoding: 'utf8',
      env: { ...process.env, DECENTDB_HISTORY: history, TERM: 'xterm', NO_COLOR: '1' },
      timeout: 60_000,
    },
  );
  return { status, stderr, history };
}
