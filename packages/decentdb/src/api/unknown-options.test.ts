/** An option, a mode or a format that nobody knows is an error that says what was meant, wherever options are taken. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { open, openSync, recoverSync, vacuumFile } from '../index.ts';

const db = openSync(':memory:');
const async = await open(':memory:');
after(async () => {
  db.close();
  await async.close();
});
// What a program without types may write.
const odd = (options: object): never => options as never;

const calls: Readonly<Record<string, () => unknown>> = {
  durability: () => openSync(':memory:', odd({ durabilty: 'full' })),
  cacheBytes: () => open(':memory:', odd({ cacheByte: 1 })),
  rowMode: () => db.query('SELECT 1', [], odd({ rowmode: 'array' })),
  analyze: () => db.explain('SELECT 1', [], odd({ analyse: true })),
  overwrite: () => db.backupSync('copy.ddb', odd({ overwrit: true })),
  pagesPerStep: () => db.backup('copy.ddb', odd({ pagePerStep: 1 })),
  progress: () => vacuumFile('a.ddb', odd({ progres: () => {} })),
  onProgress: () => recoverSync('a.ddb', 'b.ddb', odd({ onprogress: () => {} })),
  onError: () => db.bulkLoad('t', [], odd({ onErorr: 'skip' })),
  batchRows: () => async.stream('SELECT 1', [], odd({ batchRow: 1 })).next(),
  immediate: () => db.begin(odd('immediat' as never)),
  readOnly: () => db.begin(odd('readonly' as never)),
  timeoutMs: () => async.exec('SELECT 1', odd({ timeoutMS: 1 })),
  signal: () => async.transaction(async () => 1, odd({ sgnal: null })),
  format: () => async.queryAll('SELECT 1', odd({ fromat: 'text' })),
};

test('what is misspelt is named, and what was meant', async () => {
  for (const [meant, call] of Object.entries(calls))
    await assert.rejects(async () => call(), { code: '22023', hint: `Did you mean "${meant}"?` }, meant);
  await assert.rejects(async () => async.batch(['SELECT 1'], odd({ mode: 'write' })), {
    code: '22023',
    message: 'unknown option "mode" of batch',
  });
  await assert.rejects(async () => open(':memory:', odd({ readers: 2 })), {
    message: 'unknown option "readers" of open',
  });
  assert.throws(() => db.explain('SELECT 1', [], odd({ format: 'yaml' })), { code: '22023' });
  assert.equal(db.inTransaction, false);
});
