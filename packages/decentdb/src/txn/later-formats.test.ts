import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import { crc32 } from '../base/checksum.ts';
import type { PageNo } from '../base/ids.ts';
import { FORMAT_VERSION_MAX, FormatVersion } from '../pager/meta.ts';
import { viewOf } from '../pager/page-layout.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import { logPaths } from '../wal/log-file.ts';
import { LogVersion } from '../wal/log-layout.ts';
import type { StorageOptions } from './engine-options.ts';
import { openStorage } from './open-storage.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';

setVerify(true);

const PATH = 'f.ddb';
/** Header copies of page file and log have checksum and version at the same places. */
const COPY_BYTES = 512;
const CHECKSUM_AT = 8;
const VERSION_AT = 12;

function open(disk: MemoryDisk, options: StorageOptions = {}): ReturnType<typeof openStorage> {
  return openStorage(PATH, { vfs: new MemoryVfs(disk), pageSize: 4096, ...options });
}

function edit(disk: MemoryDisk, path: string, change: (bytes: Uint8Array) => void): void {
  const file = new MemoryVfs(disk).open(path, 'readWrite');
  const bytes = new Uint8Array(file.size());
  file.readAt(bytes, 0);
  change(bytes);
  file.writeAt(bytes, 0);
  file.close();
}

function contentOf(disk: MemoryDisk): Record<string, string> {
  const vfs = new MemoryVfs(disk);
  const content: Record<string, string> = {};
  for (const path of [PATH, ...logPaths(PATH)]) {
    if (!vfs.exists(path)) continue;
    const file = vfs.open(path, 'readOnly');
    const bytes = new Uint8Array(file.size());
    file.readAt(bytes, 0);
    file.close();
    content[path] = Buffer.from(bytes).toString('base64');
  }
  return content;
}

function seal(copy: Uint8Array): void {
  const sum = crc32(copy.subarray(VERSION_AT, COPY_BYTES), crc32(copy.subarray(0, CHECKSUM_AT), 0));
  viewOf(copy).setUint32(CHECKSUM_AT, sum, true);
}

/** Gives header copies a version; without `isSealed` the checksum is that of the version before. */
function setVersion(bytes: Uint8Array, at: readonly number[], version: number, isSealed: boolean): void {
  for (const offset of at) {
    const copy = bytes.subarray(offset, offset + COPY_BYTES);
    viewOf(copy).setUint32(VERSION_AT, version, true);
    if (isSealed) seal(copy);
  }
}

/** A database whose process was killed: its last commits are in the log only. */
function killed(options: StorageOptions = {}): { disk: MemoryDisk; page: PageNo } {
  const disk = new MemoryDisk();
  const { engine, close } = open(disk, options);
  let page = 0 as PageNo;
  for (let i = 0; i < 5; i++) {
    const txn = engine.beginWrite();
    if (i === 0) page = addPage(txn, 'text 0');
    else setText(txn, page, `text ${i}`);
    txn.commit();
  }
  const image = disk.clone();
  close();
  return { disk: image, page };
}

function assertRefused(disk: MemoryDisk, what: string): void {
  const before = contentOf(disk);
  for (const options of [{}, { mode: 'open' }, { mode: 'readOnly' }, { recover: 'truncate' }] as const) {
    assert.throws(() => open(disk, options), { code: '0A000', message: /newer version of DecentDB/ }, what);
    assert.deepEqual(contentOf(disk), before, `${what}: nothing is changed`);
  }
}

function assertReads(disk: MemoryDisk, page: PageNo): void {
  const { engine, close } = open(disk);
  const read = engine.beginRead();
  assert.equal(textOf(read, page), 'text 4');
  read.end();
  close();
}

test('a log of a later format is refused, never taken for a torn one', () => {
  const later = LogVersion.changes + 1;
  for (const path of logPaths(PATH)) {
    for (const at of [[0, 512], [0], [512]]) {
      const { disk } = killed();
      edit(disk, path, (bytes) => setVersion(bytes, at, later, true));
      assertRefused(disk, `copies ${at} of ${path}`);
    }
    const { disk } = killed();
    edit(disk, path, (bytes) => setVersion(bytes, [0, 512], later, false));
    assertRefused(disk, `a checksum that is elsewhere in ${path}`);
  }
});

test('a flipped bit of the version in one copy of a log header does no harm', () => {
  for (const path of logPaths(PATH)) {
    for (const at of [0, 512]) {
      for (let bit = 0; bit < 32; bit++) {
        const { disk, page } = killed();
        edit(disk, path, (bytes) => {
          bytes[at + VERSION_AT + (bit >> 3)]! ^= 1 << (bit & 7);
        });
        assertReads(disk, page);
      }
    }
  }
});

test('a file with a copy of its header of a later format is refused; a flipped bit of the version in one does no harm', () => {
  for (const at of [[0, 4096], [0], [4096]]) {
    const { disk } = killed();
    edit(disk, PATH, (bytes) => setVersion(bytes, at, FORMAT_VERSION_MAX + 1, true));
    assertRefused(disk, `copies ${at}`);
  }
  const torn = killed();
  edit(torn.disk, PATH, (bytes) => {
    setVersion(bytes, [4096], FORMAT_VERSION_MAX + 1, true);
    bytes[CHECKSUM_AT]! ^= 1;
  });
  assertRefused(torn.disk, 'the first copy is torn, the second of a later format');
  const { disk } = killed();
  edit(disk, PATH, (bytes) => setVersion(bytes, [0, 4096], FORMAT_VERSION_MAX + 1, false));
  assertRefused(disk, 'a checksum that is elsewhere');
  for (const at of [0, 4096]) {
    for (let bit = 0; bit < 32; bit++) {
      const flipped = killed();
      edit(flipped.disk, PATH, (bytes) => {
        bytes[at + VERSION_AT + (bit >> 3)]! ^= 1 << (bit & 7);
      });
      assertReads(flipped.disk, flipped.page);
    }
  }
});

test('a file says that its log may hold changes as long as there is one: builds that know none refuse it', () => {
  const versions = (disk: MemoryDisk): number[] => {
    const bytes = Buffer.from(contentOf(disk)[PATH]!, 'base64');
    return [0, 4096].map((at) => bytes.readUInt32LE(at + VERSION_AT));
  };
  for (const isLoggingChanges of [true, false]) {
    const wanted = isLoggingChanges ? FormatVersion.loggedChanges : FormatVersion.first;
    const { disk, page } = killed({ isLoggingChanges });
    assert.deepEqual(versions(disk), [wanted, wanted]);
    assertReads(disk, page);
    assert.deepEqual(versions(disk), [1, 1], 'a closed file has no log');
    const { engine, close } = open(disk, { isLoggingChanges });
    for (let i = 0; i < 3; i++) {
      const txn = engine.beginWrite();
      setText(txn, page, `more ${i}`);
      txn.commit();
      engine.checkpoint();
      assert.deepEqual(versions(disk), [wanted, wanted]);
    }
    close();
    assert.deepEqual(versions(disk), [1, 1]);
  }
});
