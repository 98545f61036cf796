import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import { crc32 } from '../base/checksum.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import { getU64, viewOf } from '../pager/page-layout.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import { LogFile, logPaths, readLogHeader } from '../wal/log-file.ts';
import { FRAME_AT, FRAME_HEADER_BYTES, FrameType, frameBytes, LOG_FIRST_FRAME } from '../wal/log-layout.ts';
import { checkStorage } from './check-storage.ts';
import type { StorageOptions } from './engine-options.ts';
import { openStorage } from './open-storage.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';

setVerify(true);

const SEED = Number(process.env['SEED'] ?? 20_311);
const LONG = 'what stays as it was '.repeat(150);
const textAt = (i: number): string => `${LONG.slice(0, 1500)} ${i} ${LONG.slice(0, 1000)}`;

function open(disk: MemoryDisk, options: StorageOptions = {}): ReturnType<typeof openStorage> {
  return openStorage('c.ddb', {
    vfs: new MemoryVfs(disk),
    pageSize: 4096,
    isLoggingChanges: true,
    ...options,
  });
}

/** Frames of the log files by type, whatever generation they are of. */
function framesOf(disk: MemoryDisk): { pages: number; changes: number } {
  const found = { pages: 0, changes: 0 };
  const vfs = new MemoryVfs(disk);
  for (const path of ['c.ddb-wal-a', 'c.ddb-wal-b']) {
    if (!vfs.exists(path)) continue;
    const file = vfs.open(path, 'readOnly');
    const bytes = new Uint8Array(file.size());
    file.readAt(bytes, 0);
    file.close();
    const view = viewOf(bytes);
    for (let at = 1024; at + 40 <= bytes.length; ) {
      const type = view.getUint8(at + FRAME_AT.type);
      if (type === 0) break;
      if (type === FrameType.page) found.pages++;
      if (type === FrameType.change) found.changes++;
      at += 40 + Math.ceil(view.getUint32(at + FRAME_AT.payloadBytes, true) / 8) * 8;
    }
  }
  return found;
}

/** Log versions that the headers of both files name. */
function versionsOf(disk: MemoryDisk): (number | undefined)[] {
  const vfs = new MemoryVfs(disk);
  return logPaths('c.ddb').map((path) => {
    const file = vfs.open(path, 'readOnly');
    const version = readLogHeader(file)?.version;
    file.close();
    return version;
  });
}

test('small changes of a page go to the log as changes, with a whole page now and then, and every version is found', () => {
  const disk = new MemoryDisk();
  const { engine, close } = open(disk, { cacheBytes: 4096 });
  let txn = engine.beginWrite();
  const page = addPage(txn, textAt(0));
  txn.commit();
  const begun = engine.stats().log!.activeBytes;
  const readers = [];
  for (let i = 1; i <= 200; i++) {
    if (i % 20 === 0) readers.push({ read: engine.beginRead(), text: textAt(i - 1) });
    txn = engine.beginWrite();
    setText(txn, page, textAt(i));
    txn.commit();
  }
  const frames = framesOf(disk);
  assert.deepEqual(frames, { pages: 7, changes: 194 });
  assert.ok(engine.stats().log!.activeBytes - begun < 200 * 700, 'a commit takes a sector or two');
  // Two versions of one page in one thread's cache at a time at most: the others come from the log.
  for (const { read, text } of readers) assert.equal(textOf(read, page), text);
  const crashed = disk.clone();
  for (const { read } of readers) read.end();
  engine.checkpoint();
  close();
  for (const image of [crashed, disk]) {
    const again = open(image);
    const read = again.engine.beginRead();
    assert.equal(textOf(read, page), textAt(200));
    read.end();
    assert.deepEqual(checkStorage(again.engine).problems, []);
    again.close();
  }
});

test('with whole pages only no change is written', () => {
  const disk = new MemoryDisk();
  const { engine, close } = open(disk, { isLoggingChanges: false });
  let page = 0 as PageNo;
  for (let i = 0; i < 10; i++) {
    const txn = engine.beginWrite();
    if (i === 0) page = addPage(txn, textAt(i));
    else setText(txn, page, textAt(i));
    txn.commit();
  }
  assert.deepEqual(framesOf(disk), { pages: 10, changes: 0 });
  assert.deepEqual(versionsOf(disk), [1, 1], 'what knows no changes reads it');
  close();
});

test('a log that may hold changes says so in its version', () => {
  const disk = new MemoryDisk();
  const { engine, close } = open(disk);
  const txn = engine.beginWrite();
  addPage(txn, textAt(0));
  txn.commit();
  assert.deepEqual(versionsOf(disk), [2, 2]);
  close();
});

test('a bit of the type of a frame that flips, or a version before that is another one, is told when the frame is read alone', () => {
  const disk = new MemoryDisk();
  const { engine, close } = open(disk);
  let page = 0 as PageNo;
  for (let i = 0; i < 6; i++) {
    const txn = engine.beginWrite();
    if (i === 0) page = addPage(txn, textAt(i));
    else setText(txn, page, textAt(i));
    txn.commit();
  }
  const file = new MemoryVfs(disk).open('c.ddb-wal-b', 'readWrite');
  const log = new LogFile(file, readLogHeader(file)!, file.size());
  const head = new Uint8Array(FRAME_HEADER_BYTES);
  const view = viewOf(head);
  let frames = 0;
  let last = 0;
  let at = LOG_FIRST_FRAME;
  for (; file.readAt(head, at) === head.length && head[FRAME_AT.type] !== 0; ) {
    const type = head[FRAME_AT.type]!;
    const lsn = getU64(view, FRAME_AT.lsn) as Lsn;
    for (let bit = 0; bit < 8 && type !== FrameType.commit; bit++) {
      file.writeAt(Uint8Array.of(type ^ (1 << bit)), at + FRAME_AT.type);
      assert.throws(() => log.readFrame(at, page, lsn), { code: 'XX001' });
    }
    file.writeAt(Uint8Array.of(type), at + FRAME_AT.type);
    if (type !== FrameType.commit) {
      assert.equal(new TextDecoder().decode(log.readFrame(at, page, lsn).payload), textAt(lsn - 1));
      last = at;
      frames++;
    }
    at += frameBytes(view.getUint32(FRAME_AT.payloadBytes, true));
  }
  assert.equal(frames, 6);
  // A frame that is sound, of the right page and version, and says something else.
  const sound = new Uint8Array(frameBytes(textAt(0).length));
  file.readAt(sound, LOG_FIRST_FRAME);
  const first = sound.slice();
  first[FRAME_HEADER_BYTES + 1]! ^= 1;
  viewOf(first).setUint32(FRAME_AT.payloadChecksum, crc32(first.subarray(FRAME_HEADER_BYTES), 0), true);
  file.writeAt(first, LOG_FIRST_FRAME);
  log.readFrame(LOG_FIRST_FRAME, page, 1 as Lsn);
  assert.throws(() => log.readFrame(last, page, 6 as Lsn), { code: 'XX001' });
  file.writeAt(sound, LOG_FIRST_FRAME);
  file.close();
  close();
});

test('of a large batch not every page is remembered', () => {
  const disk = new MemoryDisk();
  const { engine, close } = open(disk, { pageSize: 512, walBytesMax: 1 << 28 });
  const pages: PageNo[] = [];
  for (let i = 0; i < 3; i++) {
    const txn = engine.beginWrite();
    for (let k = 0; k < 5000; k++) {
      const text = `${LONG.slice(0, 200)} ${i} ${k}`;
      if (i === 0) pages.push(addPage(txn, text));
      else setText(txn, pages[k]!, text);
    }
    txn.commit();
  }
  assert.deepEqual(framesOf(disk), { pages: 5000 + 2 * 904, changes: 2 * 4096 });
  close();
});

test('a change never leads to a frame that was rolled back', () => {
  const disk = new MemoryDisk();
  const { engine, close } = open(disk, { privateBytesMax: 0 });
  let txn = engine.beginWrite();
  const page = addPage(txn, textAt(0));
  txn.commit();
  for (let i = 1; i < 40; i++) {
    txn = engine.beginWrite();
    setText(txn, page, textAt(1000 + i));
    txn.relieve(); // Written ahead of its commit.
    if (i % 3 === 0) {
      txn.rollback();
      txn = engine.beginWrite();
    }
    const mark = txn.savepoint();
    setText(txn, page, textAt(2000 + i));
    txn.relieve();
    if (i % 4 === 0) txn.rollbackTo(mark);
    setText(txn, page, textAt(i));
    txn.commit();
    const again = open(disk.clone());
    const read = again.engine.beginRead();
    assert.equal(textOf(read, page), textAt(i));
    read.end();
    again.close();
  }
  close();
});

test(`random commits, checkpoints, crashes and small caches: what is read is what was written (SEED=${SEED})`, () => {
  for (let round = 0; round < 30; round++) {
    const random = new Prng(SEED + round);
    const options: StorageOptions = {
      cacheBytes: random.pick([4096, 1 << 20]),
      walBytesMax: random.pick([16_384, 65_536, 1 << 20]),
      durability: random.pick(['full', 'deferred', 'none']),
      flushIntervalMs: 0,
      privateBytesMax: random.pick([0, 10_000, 1 << 20]),
    };
    let disk = new MemoryDisk();
    let { engine, close } = open(disk, options);
    const texts = new Map<PageNo, string>();
    for (let step = 0; step < 150; step++) {
      const txn = engine.beginWrite();
      const draft = new Map(texts);
      for (let i = random.below(3); i >= 0; i--) {
        const text = textAt(step * 10 + i).slice(random.below(30), 2000 + random.below(500));
        if (draft.size < 6) draft.set(addPage(txn, text), text);
        else {
          const page = random.pick([...draft.keys()]);
          setText(txn, page, text);
          draft.set(page, text);
        }
        if (random.chance(0.3)) txn.relieve();
      }
      if (random.chance(0.2)) txn.rollback();
      else {
        txn.commit();
        for (const [page, text] of draft) texts.set(page, text);
      }
      if (random.chance(0.05)) engine.checkpoint();
      else if (random.chance(0.1)) engine.checkpointStep(1);
      if (random.chance(0.04)) {
        engine.flush();
        if (random.chance(0.5)) disk = disk.clone();
        else close();
        ({ engine, close } = open(disk, options));
      }
      const read = engine.beginRead();
      for (const [page, text] of texts) assert.equal(textOf(read, page), text);
      read.end();
    }
    assert.deepEqual(checkStorage(engine).problems, []);
    close();
  }
});
