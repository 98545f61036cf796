import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import { AssertionFailure, DecentDbError } from '../base/errors.ts';
import type { PageNo } from '../base/ids.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import { logPaths } from '../wal/log-file.ts';
import { checkStorage } from './check-storage.ts';
import type { StorageOptions } from './engine-options.ts';
import { openStorage } from './open-storage.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';

setVerify(true);

const PATH = 'd.ddb';
const SMALL: StorageOptions = { pageSize: 512, walStepBytes: 512, walBytesMax: 1 << 20 };
const [WAL_A, WAL_B] = logPaths(PATH);

/** A disk with `commits` commits: cleanly closed, or as a kill left it. */
function disk(commits: number, how: 'closed' | 'killed', options: StorageOptions = {}): MemoryDisk {
  const made = new MemoryDisk();
  const { engine, close } = openStorage(PATH, { ...SMALL, ...options, vfs: new MemoryVfs(made) });
  let page = 0 as PageNo;
  for (let i = 1; i <= commits; i++) {
    const txn = engine.beginWrite();
    if (page === 0) page = addPage(txn, 'v1');
    else setText(txn, page, `v${i}`);
    const spare = addPage(txn, `spare ${i}`);
    if (i === 2) txn.free(spare);
    txn.setCounter(0, page);
    txn.commit();
  }
  const killed = made.clone();
  close();
  return how === 'killed' ? killed : made;
}

interface Found {
  readonly text: string;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

function look(on: MemoryDisk, options: StorageOptions = {}): Found {
  const { engine, close } = openStorage(PATH, { vfs: new MemoryVfs(on), mode: 'open', ...options });
  try {
    const read = engine.beginRead();
    const page = read.meta.counters[0]! as PageNo;
    const text = page === 0 ? '' : textOf(read, page);
    read.end();
    const problems = checkStorage(engine).problems.map((problem) => problem.message);
    return { text, problems, warnings: engine.recovery?.warnings ?? [] };
  } finally {
    close();
  }
}

function bytesOf(on: MemoryDisk, path: string): Uint8Array {
  return on.files.get(path)!.bytes();
}

function assertTyped(error: unknown, where: string): DecentDbError {
  assert.ok(
    error instanceof DecentDbError && !(error instanceof AssertionFailure),
    `${where}: ${String((error as Error).stack)}`,
  );
  return error;
}

test('C1: every bit of a closed database is covered: a flip is an error or a finding, never an answer', () => {
  const good = disk(4, 'closed');
  const bits = bytesOf(good, PATH).length * 8;
  for (let bit = 0; bit < bits; bit++) {
    const image = good.clone();
    bytesOf(image, PATH)[bit >> 3]! ^= 1 << (bit & 7);
    try {
      const { text, problems } = look(image, { mode: 'readOnly' });
      assert.ok(problems.length > 0, `bit ${bit} went unnoticed`);
      assert.equal(text, 'v4', `bit ${bit} changed an answer`);
    } catch (error) {
      assertTyped(error, `bit ${bit}`);
    }
  }
});

test('C2 D9 D10: every bit of a log: a flip never changes what is found, and loses at most the last commit silently', () => {
  const good = disk(4, 'killed');
  assert.equal(look(good.clone()).text, 'v4');
  let reported = 0;
  for (const path of [WAL_A, WAL_B]) {
    const bits = bytesOf(good, path).length * 8;
    for (let bit = 0; bit < bits; bit += 3) {
      const image = good.clone();
      bytesOf(image, path)[bit >> 3]! ^= 1 << (bit & 7);
      try {
        const { text, problems } = look(image);
        assert.ok(text === 'v4' || text === 'v3', `bit ${bit} of ${path}: found ${text}`);
        assert.deepEqual(problems, []);
      } catch (error) {
        assert.equal(assertTyped(error, `bit ${bit}`).code, 'XX001');
        reported++;
      }
    }
  }
  assert.ok(reported > 100);
});

test('D9: a torn, zeroed or repeated tail ends the log at the last whole commit', () => {
  const good = disk(3, 'killed');
  const whole = bytesOf(good, WAL_B);
  const end = whole.length - [...whole].reverse().findIndex((byte) => byte !== 0);
  const zeroed = good.clone();
  bytesOf(zeroed, WAL_B).fill(0, end - 100);
  assert.equal(look(zeroed).text, 'v2');
  const cut = good.clone();
  cut.files.get(WAL_B)!.resize(end - 100);
  assert.equal(look(cut).text, 'v2');
  const doubled = good.clone();
  doubled.files.get(WAL_B)!.write(whole.slice(1024, end), Math.ceil(end / 512) * 512);
  assert.equal(look(doubled).text, 'v3');
});

test('D10: damage before durable commits is reported; read-only shows what is left; truncate accepts it', () => {
  const good = disk(5, 'killed');
  bytesOf(good, WAL_B)[1024 + 40]! ^= 4;
  assert.throws(
    () => look(good.clone()),
    (error: unknown) => {
      const { code, detail, hint } = assertTyped(error, 'D10');
      assert.equal(code, 'XX001');
      assert.match(detail!, /Commits 1 to 4 were durable/);
      assert.match(hint!, /recover: 'truncate'/);
      return true;
    },
  );
  const before = good.clone();
  assert.equal(look(good, { mode: 'readOnly' }).text, '');
  for (const [path, data] of before.files)
    assert.deepEqual(bytesOf(good, path), data.bytes(), 'read-only wrote');
  assert.match(look(good.clone(), { mode: 'readOnly' }).warnings[0]!, /damaged/);
  assert.equal(look(good, { recover: 'truncate' }).text, '');
  assert.equal(look(good).text, '');
});

test('a missing log is an error with a remedy, and truncate goes on from the last checkpoint', () => {
  for (const path of [WAL_A, WAL_B]) {
    const image = disk(3, 'killed');
    image.files.delete(path);
    assert.throws(() => look(image), { code: '58P01', message: /is missing/, hint: /Put the log files/ });
    look(image, { recover: 'truncate' });
  }
});

test('the log of another database, or of another time, is refused', () => {
  const mine = disk(3, 'killed');
  const foreign = disk(3, 'killed');
  const swapped = mine.clone();
  swapped.files.set(WAL_B, foreign.files.get(WAL_B)!);
  assert.throws(() => look(swapped), { code: 'XX001', message: /belongs to another database/ });
});

test('C3: a page in the place of another one is detected', () => {
  const image = disk(4, 'closed');
  const bytes = bytesOf(image, PATH);
  bytes.copyWithin(2 * 512, 3 * 512, 4 * 512);
  assert.throws(() => look(image), { code: 'XX001', message: /claims to be page 3/, page: 2 });
});

test('C4: one damaged header copy is survived and told, two are an error', () => {
  for (const copy of [0, 512]) {
    const image = disk(4, 'closed');
    bytesOf(image, PATH).fill(0x55, copy, copy + 512);
    const found = look(image, { mode: 'readOnly' });
    assert.equal(found.text, 'v4');
    assert.match(found.problems[0]!, /copies of the file header is damaged/);
    const { engine, close } = openStorage(PATH, { vfs: new MemoryVfs(image) });
    const txn = engine.beginWrite();
    txn.setCounter(5, 1);
    txn.commit();
    close();
    assert.deepEqual(look(image).problems, [], 'the next write heals it');
  }
  const image = disk(4, 'closed');
  bytesOf(image, PATH)[100]! ^= 1;
  bytesOf(image, PATH)[612]! ^= 1;
  assert.throws(() => look(image), { code: 'XX001', message: /both copies of the file header are damaged/ });
});

test('C5: a foreign, newer, empty, short or truncated file: an exact error, the file untouched', () => {
  const newer = disk(1, 'closed');
  for (const at of [12, 524]) bytesOf(newer, PATH)[at] = 9;
  const truncated = disk(4, 'closed');
  truncated.files.get(PATH)!.resize(1600);
  const plain = (bytes: Uint8Array): MemoryDisk => {
    const made = new MemoryDisk();
    made.create(PATH).write(bytes, 0);
    return made;
  };
  const cases: readonly [string, MemoryDisk, string, RegExp][] = [
    ['newer', newer, '0A000', /newer version/],
    ['truncated', truncated, 'XX001', /truncated/],
    ['empty', plain(new Uint8Array(0)), '58P01', /empty file/],
    ['one byte', plain(Uint8Array.of(68)), '58030', /not a DecentDB database/],
    [
      'text',
      plain(new TextEncoder().encode('hello world\n'.repeat(500))),
      '58030',
      /not a DecentDB database/,
    ],
  ];
  for (const [name, image, code, message] of cases) {
    const before = image.clone();
    for (const mode of ['open', 'create', 'readOnly'] as const) {
      assert.throws(() => look(image, { mode }), { code, message }, name);
    }
    assert.deepEqual([...image.files.keys()], [PATH], name);
    assert.deepEqual(bytesOf(image, PATH), bytesOf(before, PATH), name);
  }
});

test('S6: a reader of a killed database sees its log without writing', () => {
  const image = disk(4, 'killed');
  const before = image.clone();
  assert.equal(look(image, { mode: 'readOnly' }).text, 'v4');
  for (const [path, data] of before.files) assert.deepEqual(bytesOf(image, path), data.bytes());
});

test('readers share a closed file without a lock, and notice a writer', () => {
  const image = disk(4, 'closed');
  const reader = openStorage(PATH, { vfs: new MemoryVfs(image), mode: 'readOnly' });
  assert.throws(() => reader.engine.beginWrite(), { code: '25006' });
  const read = reader.engine.beginRead();
  const page = read.meta.counters[0]! as PageNo;
  assert.throws(() => openStorage(PATH, { vfs: new MemoryVfs(image) }), {
    code: '55006',
    message: /reading only/,
  });
  assert.equal(textOf(read, page), 'v4');
  const elsewhere = image.clone();
  const writer = openStorage(PATH, { vfs: new MemoryVfs(elsewhere) });
  writer.engine.ensureLog(); // What a writer in another process does first.
  bytesOf(image, PATH).set(bytesOf(elsewhere, PATH).subarray(0, 1024));
  writer.close();
  reader.engine.pages.cache.clear();
  assert.throws(() => textOf(read, page), { code: '55000', message: /changed by a writer/ });
  reader.close();
});
