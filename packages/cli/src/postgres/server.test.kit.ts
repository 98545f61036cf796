/** A PostgreSQL server for a test, in a folder of its own, reached through a socket; or null where there is none. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestServer {
  readonly socket: string;
  /** Runs a script; throws what psql says when it fails. */
  psql(database: string, script: string): string;
  dump(database: string): string;
  stop(): void;
}

function binaries(): string | null {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return null;
  const folders = readdirSync(root)
    .map((version) => join(root, version, 'bin'))
    .filter((folder) => existsSync(join(folder, 'initdb')));
  return folders.at(-1) ?? null;
}

export function startServer(): TestServer | null {
  const bin = binaries();
  if (bin === null) return null;
  // The server refuses to run as root.
  const isRoot = process.getuid?.() === 0;
  if (isRoot && spawnSync('id', ['postgres']).status !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-pgserver-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const asServer = (program: string, ...args: string[]): void => {
    const command = [join(bin, program), ...args];
    const all = isRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    execFileSync(all[0] as string, all.slice(1), { stdio: 'ignore' });
  };
  asServer(
    'initdb',
    '-D',
    data,
    '-A',
    'trust',
    '-U',
    'postgres',
    '--no-sync',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
  );
  const options = `-k ${folder} -c listen_addresses='' -c fsync=off`;
  asServer('pg_ctl', '-D', data, '-o', options, '-l', join(folder, 'log'), '-w', 'start');
  const env = { ...process.env, PGHOST: folder, PGUSER: 'postgres' };
  const run = (program: string, args: readonly string[], input = ''): string => {
    const done = spawnSync(join(bin, program), args, { env, input, encoding: 'utf8', maxBuffer: 1 << 28 });
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout;
  };
  return {
    socket: folder,
    psql: (database, script) =>
      run('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-d', database], script),
    dump: (database) => run('pg_dump', [database]),
    stop() {
      asServer('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
