/** Long work on whole databases: all of it tells how far it is in one form, and is stopped in one way, leaving nothing. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type OperationOptions,
  type OperationProgress,
  open,
  openSync,
  recover,
  recoverSync,
  vacuumFile,
  vacuumFileAsync,
} from '../index.ts';
import { checkSteps } from './check.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-steps-'));
const path = join(folder, 'a.ddb');
const copy = join(folder, 'copy.ddb');
after(() => rmSync(folder, { recursive: true }));

before(() => {
  const db = openSync(path);
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE nothing (id int); CREATE INDEX by_v ON t (v);
    INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 12000) i`);
  db.close();
});

type Work = (options: OperationOptions) => unknown;

/** By name: the work, on the file of its own connection or on the closed file. */
const all: Readonly<Record<string, Work>> = {
  check: (options) => withSync((db) => db.check(options)),
  'check, async': (options) => withAsync((db) => db.check(options)),
  backup: (options) => withSync((db) => db.backup(copy, { ...options, pagesPerStep: 8 })),
  backupSync: (options) => withSync((db) => db.backupSync(copy, { ...options, pagesPerStep: 8 })),
  vacuumInto: (options) => withSync((db) => db.vacuumInto(copy, options)),
  'vacuumInto, async': (options) => withAsync((db) => db.vacuumInto(copy, options)),
  vacuumFile: (options) => vacuumFile(path, options),
  vacuumFileAsync: (options) => vacuumFileAsync(path, options),
  recover: (options) => recover(path, copy, options),
  recoverSync: (options) => recoverSync(path, copy, options),
};

async function withSync<T>(work: (db: ReturnType<typeof openSync>) => T | Promise<T>): Promise<T> {
  const db = openSync(path);
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

async function withAsync<T>(work: (db: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
  const db = await open(path);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

test('progress: phases one after the other, never back, never beyond the total', async () => {
  for (const [name, work] of Object.entries(all)) {
    const steps: OperationProgress[] = [];
    await work({ onProgress: (step) => steps.push({ ...step }) });
    rmSync(copy, { force: true });
    assert.ok(steps.length > 1, name);
    const phases = steps.map(({ phase }) => phase).filter((phase, i, list) => phase !== list[i - 1]);
    assert.deepEqual(phases, [...new Set(phases)], name);
    for (const [i, { phase, done, total }] of steps.entries()) {
      const last = steps[i - 1];
      assert.ok(done <= total, `${name}: ${done} of ${total} ${phase}`);
      if (last?.phase === phase) assert.ok(done >= last.done && total === last.total, name);
    }
  }
});

test('a signal or an error of onProgress stops the work at the next step, and nothing is left', async () => {
  for (const [name, work] of Object.entries(all)) {
    const stop = new AbortController();
    let steps = 0;
    const stopped = async (): Promise<unknown> =>
      work({
        signal: stop.signal,
        onProgress: () => {
          if (++steps === 2) stop.abort(new Error('enough'));
        },
      });
    await assert.rejects(stopped, { code: '57014' }, name);
    assert.equal(steps, 2, name);
    await assert.rejects(
      async () =>
        work({
          onProgress: () => {
            throw new RangeError('mine');
          },
        }),
      RangeError,
      name,
    );
    await assert.rejects(async () => work({ signal: AbortSignal.abort() }), { code: '57014' }, name);
    assert.deepEqual(readdirSync(folder), ['a.ddb'], name);
  }
  await withSync((db) => {
    assert.equal(db.check().ok, true);
    assert.throws(() => db.check({ onprogress: () => {} } as never), {
      code: '22023',
      hint: 'Did you mean "onProgress"?',
    });
  });
});

test('others write and read while an asynchronous check goes on', async () => {
  await withAsync(async (db) => {
    let written = 0;
    const checked = db.check({
      onProgress: () => {
        if (written < 5) db.query('INSERT INTO nothing VALUES ($1)', [written++]).catch(assert.fail);
      },
    });
    const { ok, rows } = await checked;
    assert.equal(ok, true);
    assert.ok(rows >= 12000);
    assert.ok(written > 1);
  });
});

test('a check whose database is closed meanwhile finds no damage: it fails', () => {
  for (const phase of ['pages', 'rows']) {
    const db = openSync(':memory:', { pageSize: 4096 });
    db.exec('CREATE TABLE t (id int PRIMARY KEY, v text); CREATE INDEX ON t (v)');
    db.exec('INSERT INTO t SELECT i, repeat(md5(i::text), 20) FROM generate_series(1, 3000) i');
    const steps = checkSteps(db.session, { onProgress: () => {} });
    let step = steps.next();
    while (step.done !== true && step.value.phase !== phase) step = steps.next();
    assert.ok(step.done !== true);
    db.close();
    assert.throws(() => [...steps], { code: '08003' });
  }
});
