import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FaultyVfs } from '../vfs/faulty/faulty-vfs.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import type { Vfs } from '../vfs/vfs.ts';
import type { CrashWorkload } from './crash-run.ts';
import { crashTest } from './crash-test.ts';

const text = new TextEncoder();

/** A store of one number in one file, written with or without the care a crash asks for. */
function counterWorkload(care: 'replace' | 'inPlace' | 'noSync' | 'noDirectorySync'): CrashWorkload {
  const read = (vfs: Vfs): string | null => {
    if (!vfs.exists('counter')) return null;
    const file = vfs.open('counter', 'readOnly');
    const bytes = new Uint8Array(file.size());
    file.readAt(bytes, 0);
    file.close();
    return new TextDecoder().decode(bytes);
  };
  return {
    name: `counter ${care}`,
    ownedFiles: ['counter', 'counter.new'],
    run: ({ vfs, committed }) => {
      for (let n = 1; n <= 3; n++) {
        const value = String(n).repeat(600);
        const name = care === 'inPlace' ? 'counter' : 'counter.new';
        const file = vfs.open(name, 'create');
        file.truncate(0);
        file.writeAt(text.encode(value), 0);
        if (care !== 'noSync') file.sync('full');
        file.close();
        if (name !== 'counter') vfs.rename(name, 'counter', { replace: true });
        if (care !== 'noDirectorySync') vfs.syncDirectory('.');
        committed(value);
      }
    },
    open: (vfs) => {
      const value = read(vfs);
      if (value === null) return null;
      return {
        fingerprint: () => value,
        check: () => [],
        writeProbe: () => {},
        checkpoint: () => {},
        close: () => {},
      };
    },
  };
}

test('crash test: write, sync, rename, sync directory survives every crash', () => {
  const report = crashTest(counterWorkload('replace'), { seed: 1 });
  assert.deepEqual(report.failures, []);
  assert.ok(report.distinct > 5 && report.states > report.distinct, JSON.stringify(report));
});

test('crash test: each missing precaution is caught', () => {
  for (const care of ['inPlace', 'noSync', 'noDirectorySync'] as const) {
    const report = crashTest(counterWorkload(care), { seed: 1 });
    assert.notEqual(report.failures.length, 0, care);
  }
});

test('crash test: a failure replays from its id', () => {
  const first = crashTest(counterWorkload('noSync'), { seed: 1 }).failures[0]!;
  const again = crashTest(counterWorkload('noSync'), { seed: 1, only: first.id });
  assert.deepEqual(again.failures[0], first);
});

test('faulty files: errors, partial writes, lost writes and full disks do as the plan says', () => {
  const vfs = new FaultyVfs(new MemoryVfs(), {
    seed: 0,
    faults: [
      { on: 'write', call: 0, effect: { kind: 'error', errno: 'EIO' } },
      { on: 'write', call: 1, effect: { kind: 'partialWrite', bytes: 2, errno: 'ENOSPC' } },
      { on: 'write', call: 2, effect: { kind: 'lostWrite' } },
      { on: 'sync', call: 0, sticky: true, effect: { kind: 'error', errno: 'EIO' } },
    ],
    diskBytesMax: 8,
  });
  const file = vfs.open('f', 'create');
  const four = text.encode('abcd');
  assert.throws(() => file.writeAt(four, 0), { code: '58030' });
  assert.throws(() => file.writeAt(four, 0), { code: '53100' });
  assert.equal(file.size(), 2);
  file.writeAt(text.encode('zz'), 0);
  const bytes = new Uint8Array(2);
  file.readAt(bytes, 0);
  assert.equal(new TextDecoder().decode(bytes), 'ab');
  assert.throws(() => file.writeAt(new Uint8Array(9), 0), { code: '53100' });
  assert.throws(() => file.sync('data'), { code: '58030' });
  assert.throws(() => file.sync('data'), { code: '58030' });
  file.close();
  assert.equal(vfs.openFiles, 0);
  assert.deepEqual(
    vfs.schedule.fired.map(({ call }) => call),
    [0, 1, 2, 0, 1],
  );
});
