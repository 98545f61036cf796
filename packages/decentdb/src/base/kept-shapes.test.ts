/** Full collections leave the compiled code of commits alone: what was forgotten with a hidden class would be compiled again. */
import { strictEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

const entry = new URL('../index.js', import.meta.url);

const program = `
import { openSync } from ${JSON.stringify(entry.href)};
const db = openSync(':memory:');
db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE, v TEXT, n INTEGER); CREATE INDEX ON t (v); CREATE INDEX ON t (n)');
const insert = db.prepare('INSERT INTO t VALUES ($1, $2, $3, $4)');
for (let round = 0; round < 4; round++) {
  db.exec('BEGIN');
  for (let i = 0; i < 8000; i++) insert.run(round * 8000 + i, 'k' + i * 7919 % 8000 + ':' + round, 'v' + i % 50, i * 7919 % 1000);
  db.exec('COMMIT');
  console.log('@@', round);
  // V8 keeps what nobody refers to through two collections.
  for (let i = 0; i < 4; i++) gc();
}
`;

test('code that encodes pages outlives full collections', () => {
  const flags = [
    '--expose-gc',
    '--trace-deopt',
    '--single-threaded-gc',
    '--input-type=module',
    '-e',
    program,
  ];
  const env = { ...process.env, DECENTDB_VERIFY: '0' };
  const trace = execFileSync(process.execPath, flags, { env, encoding: 'utf8', maxBuffer: 1 << 28 });
  strictEqual(trace.split('@@').length, 5);
  const lost = trace.split('\n').filter((line) => line.includes('weak objects'));
  const ours = lost.filter((line) =>
    /SharedFunctionInfo (encode|signed|u8|u16|writeStrings|take|accepts|moveTo)>/.test(line),
  );
  strictEqual(ours.join('\n'), '');
});
