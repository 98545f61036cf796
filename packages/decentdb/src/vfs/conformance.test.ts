import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { FaultyVfs } from './faulty/faulty-vfs.ts';
import { MemoryVfs } from './memory-vfs.ts';
import type { NodeIo } from './node-file.ts';
import { NodeVfs } from './node-vfs.ts';
import type { Vfs } from './vfs.ts';

/** Transfers at most three bytes a call, and interrupts every other call: what a contract-abiding file must hide. */
function stutteringIo(): NodeIo {
  let calls = 0;
  const interrupt = (): void => {
    if (++calls % 2 === 0)
      throw Object.assign(new Error('interrupted'), { code: calls % 4 === 0 ? 'EINTR' : 'EAGAIN' });
  };
  return {
    ...fs,
    readSync: ((fd: number, target: Uint8Array, offset: number, length: number, at: number) => {
      interrupt();
      return fs.readSync(fd, target, offset, Math.min(length, 3), at);
    }) as typeof fs.readSync,
    writeSync: ((fd: number, bytes: Uint8Array, offset: number, length: number, at: number) => {
      interrupt();
      return fs.writeSync(fd, bytes, offset, Math.min(length, 3), at);
    }) as typeof fs.writeSync,
    writevSync: ((fd: number, parts: readonly Uint8Array[], at: number) => {
      interrupt();
      return fs.writeSync(fd, parts.find((part) => part.length > 0)!, 0, 1, at);
    }) as typeof fs.writevSync,
  };
}

const scratch = fs.mkdtempSync(join(tmpdir(), 'decentdb-vfs-'));
after(() => fs.rmSync(scratch, { recursive: true }));
let folders = 0;
function folder(): string {
  const path = join(scratch, String(++folders));
  fs.mkdirSync(path);
  return path;
}

const implementations: readonly { readonly name: string; readonly make: () => { vfs: Vfs; dir: string } }[] =
  [
    { name: 'MemoryVfs', make: () => ({ vfs: new MemoryVfs(), dir: 'd' }) },
    { name: 'NodeVfs', make: () => ({ vfs: new NodeVfs(), dir: folder() }) },
    {
      name: 'NodeVfs with short and interrupted transfers (S4)',
      make: () => ({ vfs: new NodeVfs(stutteringIo()), dir: folder() }),
    },
    { name: 'FaultyVfs without faults', make: () => ({ vfs: new FaultyVfs(new MemoryVfs()), dir: 'd' }) },
  ];

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array): string => new TextDecoder().decode(value);

for (const { name, make } of implementations) {
  describe(`VFS contract: ${name}`, () => {
    test('what is written is read back, the end is short, gaps are zero', () => {
      const { vfs, dir } = make();
      const file = vfs.open(join(dir, 'a'), 'createNew');
      file.writeAt(bytes('hello world'), 3);
      file.writeVectorAt([bytes('HE'), bytes(''), bytes('LLO')], 3);
      const target = new Uint8Array(20).fill(7);
      assert.equal(file.readAt(target, 0), 14);
      assert.equal(text(target.subarray(3, 14)), 'HELLO world');
      assert.deepEqual([...target.subarray(0, 3)], [0, 0, 0]);
      assert.deepEqual([...target.subarray(14)], [7, 7, 7, 7, 7, 7]);
      assert.equal(file.readAt(target, 14), 0);
      assert.equal(file.size(), 14);
      file.close();
    });

    test('many parts, more than one vectored write takes', () => {
      const { vfs, dir } = make();
      const file = vfs.open(join(dir, 'a'), 'create');
      const parts = Array.from({ length: 1500 }, (_, i) => Uint8Array.of(i & 255, i >> 8));
      file.writeVectorAt(parts, 10);
      const target = new Uint8Array(3000);
      assert.equal(file.readAt(target, 10), 3000);
      for (const [i, part] of parts.entries()) assert.deepEqual(target.subarray(2 * i, 2 * i + 2), part);
      file.close();
    });

    test('truncate cuts, and extends with zeros', () => {
      const { vfs, dir } = make();
      const file = vfs.open(join(dir, 'a'), 'create');
      file.writeAt(bytes('abcdef'), 0);
      file.truncate(2);
      file.truncate(4);
      const target = new Uint8Array(4);
      assert.equal(file.readAt(target, 0), 4);
      assert.deepEqual([...target], [97, 98, 0, 0]);
      file.close();
    });

    test('open modes: an existing file is wanted, made, or refused', () => {
      const { vfs, dir } = make();
      const path = join(dir, 'a');
      assert.throws(() => vfs.open(path, 'readWrite'), { code: '58P01', errno: 'ENOENT', file: path });
      assert.throws(() => vfs.open(path, 'readOnly'), { code: '58P01' });
      vfs.open(path, 'createNew').close();
      assert.throws(() => vfs.open(path, 'createNew'), { code: '58P02', errno: 'EEXIST' });
      vfs.open(path, 'create').close();
      const readOnly = vfs.open(path, 'readOnly');
      assert.throws(() => readOnly.writeAt(bytes('x'), 0), DecentDbError);
      assert.throws(() => readOnly.truncate(1), DecentDbError);
      readOnly.close();
    });

    test('a closed file and an offset out of range are errors, closing twice is not', async () => {
      const { vfs, dir } = make();
      const file = vfs.open(join(dir, 'a'), 'create');
      for (const offset of [-1, 0.5, 2 ** 53, Number.NaN]) {
        assert.throws(() => file.readAt(new Uint8Array(1), offset), { code: '22023' });
        assert.throws(() => file.writeAt(new Uint8Array(1), offset), { code: '22023' });
      }
      file.close();
      file.close();
      assert.throws(() => file.size(), { code: '58030', errno: 'EBADF' });
      assert.throws(() => file.readAt(new Uint8Array(1), 0), { code: '58030' });
      assert.throws(() => file.writeAt(new Uint8Array(1), 0), { code: '58030' });
      assert.throws(() => file.sync('data'), { code: '58030' });
      await assert.rejects(async () => file.syncAsync('data'), { code: '58030' });
    });

    test('sync in both kinds, now and later, and of the directory', async () => {
      const { vfs, dir } = make();
      const file = vfs.open(join(dir, 'a'), 'create');
      file.writeAt(bytes('x'), 0);
      file.sync('data');
      file.sync('full');
      await file.syncAsync('data');
      await file.syncAsync('full');
      vfs.syncDirectory(dir);
      file.close();
    });

    test('names: exists, list, delete, rename with and without replacing', () => {
      const { vfs, dir } = make();
      const path = (file: string): string => join(dir, file);
      for (const file of ['a', 'b']) {
        const made = vfs.open(path(file), 'create');
        made.writeAt(bytes(file), 0);
        made.close();
      }
      assert.deepEqual(vfs.list(dir).sort(), ['a', 'b']);
      assert.throws(() => vfs.rename(path('a'), path('b'), { replace: false }), { code: '58P02' });
      assert.ok(vfs.exists(path('a')));
      vfs.rename(path('a'), path('c'), { replace: false });
      assert.deepEqual(vfs.list(dir).sort(), ['b', 'c']);
      vfs.rename(path('c'), path('b'), { replace: true });
      assert.deepEqual(vfs.list(dir), ['b']);
      const file = vfs.open(path('b'), 'readOnly');
      const target = new Uint8Array(1);
      file.readAt(target, 0);
      assert.equal(text(target), 'a');
      file.close();
      vfs.delete(path('b'));
      assert.equal(vfs.exists(path('b')), false);
      assert.throws(() => vfs.delete(path('b')), { code: '58P01' });
      assert.equal(vfs.directoryOf(path('b')), dir);
    });

    test('identity is the file, not its name', () => {
      const { vfs, dir } = make();
      const path = join(dir, 'a');
      assert.equal(vfs.identityOf(path), undefined);
      const file = vfs.open(path, 'create');
      assert.equal(vfs.identityOf(path), file.identity());
      vfs.rename(path, join(dir, 'b'), { replace: false });
      assert.equal(vfs.identityOf(join(dir, 'b')), file.identity());
      const other = vfs.open(path, 'create');
      assert.notEqual(other.identity(), file.identity());
      file.close();
      other.close();
    });

    test('a temporary file leaves no name', () => {
      const { vfs, dir } = make();
      const file = vfs.openTemporary(join(dir, 'a'));
      file.writeAt(bytes('spilled'), 5);
      assert.equal(file.size(), 12);
      file.close();
      assert.deepEqual(vfs.list(dir), []);
    });

    test('L1: the lock has one holder, and can be taken again once released', () => {
      const { vfs, dir } = make();
      const path = join(dir, 'a');
      const file = vfs.open(path, 'create');
      const options = { mayCreateFile: true };
      const lock = vfs.lock(path, file.identity(), options);
      assert.throws(() => vfs.lock(path, file.identity(), options), {
        code: '55006',
        message: /is locked by/,
      });
      lock.release();
      lock.release();
      vfs.lock(path, file.identity(), options).release();
      assert.deepEqual(vfs.list(dir), ['a']);
      file.close();
    });
  });
}

test('C5: a directory or a device is not opened as a file', () => {
  const vfs = new NodeVfs();
  for (const mode of ['readOnly', 'readWrite', 'create'] as const) {
    assert.throws(() => vfs.open(scratch, mode), { code: '42809', message: /is a directory/ });
    if (process.platform !== 'win32') assert.throws(() => vfs.open('/dev/zero', mode), { code: '42809' });
  }
});

test('S3: every errno becomes its SQLSTATE, with path, system call and errno', () => {
  const cases: readonly [string, string][] = [
    ['ENOSPC', '53100'],
    ['EDQUOT', '53100'],
    ['EFBIG', '53100'],
    ['EIO', '58030'],
    ['EBADF', '58030'],
    ['ENODEV', '58030'],
    ['EROFS', '25006'],
    ['EACCES', '42501'],
    ['EPERM', '42501'],
    ['EMFILE', '53000'],
    ['ENFILE', '53000'],
    ['EWHATEVER', '58030'],
  ];
  for (const [errno, sqlstate] of cases) {
    const io: NodeIo = {
      ...fs,
      writeSync: (() => {
        throw Object.assign(new Error(errno), { code: errno, syscall: 'write' });
      }) as typeof fs.writeSync,
    };
    const path = join(folder(), 'a');
    const file = new NodeVfs(io).open(path, 'create');
    assert.throws(
      () => file.writeAt(new Uint8Array(1), 0),
      (error: unknown) => {
        assert.ok(error instanceof DecentDbError);
        assert.deepEqual([error.code, error.errno, error.file], [sqlstate, errno, path]);
        assert.match(error.message, /could not write file .*write, /);
        assert.ok(error.cause instanceof Error);
        return true;
      },
    );
    file.close();
  }
});
