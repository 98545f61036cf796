import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { acquireLock, isStaleHolder, type LockHolder, lockFilePath } from './node-lock.ts';
import { processIdentity } from './node-platform.ts';

const dir = fs.mkdtempSync(join(tmpdir(), 'decentdb-lock-'));
after(() => fs.rmSync(dir, { recursive: true }));
const self = processIdentity();
const options = { mayCreateFile: true };
let made = 0;
const fresh = (): { path: string; identity: string } => {
  made++;
  return { path: join(dir, `${made}.ddb`), identity: `test-${process.pid}-${made}` };
};

function holder(change: Partial<LockHolder>): LockHolder {
  return { ...self, nonce: 'n', ...change };
}

test('L3: who counts as gone: the matrix of holder, host, boot, namespace, start time', () => {
  const dead = () => ({ isAlive: false, startTime: '' });
  const alive = () => ({ isAlive: true, startTime: self.startTime });
  const other = () => ({ isAlive: true, startTime: '42' });
  assert.equal(isStaleHolder(holder({}), self, alive), false, 'runs');
  assert.equal(isStaleHolder(holder({}), self, dead), true, 'died');
  assert.equal(isStaleHolder(holder({ startTime: '41' }), self, other), true, 'its pid was reused');
  assert.equal(isStaleHolder(holder({ startTime: '' }), self, other), false, 'start time unknown');
  assert.equal(isStaleHolder(holder({ bootId: 'before' }), self, alive), true, 'the machine was restarted');
  assert.equal(
    isStaleHolder(holder({ bootId: 'x', host: 'elsewhere' }), self, dead),
    false,
    'another machine',
  );
  assert.equal(isStaleHolder(holder({ host: 'elsewhere' }), self, dead), false, 'another host name');
  assert.equal(isStaleHolder(holder({ pidNamespace: 'pid:[1]' }), self, dead), false, 'another container');
});

test('L3: a stale or half-written lock file is replaced, a foreign one is honoured', () => {
  const stale = fresh();
  fs.writeFileSync(lockFilePath(stale.path), JSON.stringify(holder({ startTime: '1' })));
  acquireLock(stale.path, stale.identity, options).release();
  assert.equal(fs.existsSync(lockFilePath(stale.path)), false);

  const torn = fresh();
  fs.writeFileSync(lockFilePath(torn.path), '{"pid":');
  acquireLock(torn.path, torn.identity, options).release();

  const twin = fresh();
  fs.writeFileSync(
    lockFilePath(twin.path),
    JSON.stringify(holder({ pid: 4242, pidNamespace: 'pid:[1]', host: 'box' })),
  );
  assert.throws(() => acquireLock(twin.path, twin.identity, options), {
    code: '55006',
    message: `database "${twin.path}" is locked by process 4242`,
    detail: /host "box"/,
    hint: /delete/,
  });
  assert.ok(fs.existsSync(lockFilePath(twin.path)));
});

test('L5: what a terminated thread of this process left is replaced', () => {
  const own = fresh();
  fs.writeFileSync(lockFilePath(own.path), JSON.stringify({ ...processIdentity(), nonce: 'gone' }));
  const lock = acquireLock(own.path, own.identity, options);
  // The kernel's guard tells threads that are still there from those that are not.
  assert.throws(() => acquireLock(own.path, own.identity, options), {
    code: '55006',
    detail: /this process/,
  });
  lock.release();
  assert.equal(fs.existsSync(lockFilePath(own.path)), false);
});

test('a lock that may not create a file leaves none', () => {
  const { path, identity } = fresh();
  const lock = acquireLock(path, identity, { mayCreateFile: false });
  assert.equal(fs.existsSync(lockFilePath(path)), false);
  lock.release();
});

test('AC-A1.5 L1 L2: another process is refused with the pid of the holder, and succeeds once the holder is killed', async () => {
  const { path, identity } = fresh();
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const module = new URL(`./node-lock.${extension}`, import.meta.url).href;
  const script = `const { acquireLock } = await import(${JSON.stringify(module)});
    acquireLock(${JSON.stringify(path)}, ${JSON.stringify(identity)}, { mayCreateFile: true });
    process.stdout.write('held'); setInterval(() => {}, 1000);`;
  const child = spawn(
    process.execPath,
    [...process.execArgv.filter((arg) => !arg.startsWith('--test')), '--input-type=module', '-e', script],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await new Promise((resolve) => child.stdout.once('data', resolve));
  assert.throws(() => acquireLock(path, identity, options), {
    code: '55006',
    message: `database "${path}" is locked by process ${child.pid}`,
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  acquireLock(path, identity, options).release();
  assert.equal(fs.existsSync(lockFilePath(path)), false);
});
