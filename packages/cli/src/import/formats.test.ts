/** Packed files, Parquet, rejects: what comes in is what went out. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { openSync } from 'decentdb';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { run } from '../program.test.kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-formats-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);

const DDL = `CREATE TABLE t (id int, big int8, name text, ok boolean, x float8, r real, n numeric(9,3), d date, at timestamp,
  atz timestamptz, j jsonb, u uuid, b bytea, tags text[])`;

test('Parquet there and back keeps values; packed CSV too', async () => {
  const db = openSync(file('a.ddb'));
  db.exec(`${DDL}; INSERT INTO t VALUES
    (1, 9007199254740993, 'Zoë "q"', true, 0.1, 1.5, 12.345, '2024-02-29', '1999-12-31 23:59:59.123456', '2000-01-01 00:00:00.000001+00',
     '{"a": [1, null]}', '00000000-0000-0000-0000-000000000001', '\\x00ff', '{a,NULL}'),
    (2, -1, '', false, 'NaN', '-Infinity', -0.001, '0001-01-01', NULL, NULL, 'null', NULL, NULL, NULL), (NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`);
  db.exec(`${DDL.replace('TABLE t', 'TABLE back')}; ${DDL.replace('TABLE t', 'TABLE packed')}`);
  db.close();
  assert.equal((await run('export', file('a.ddb'), 't', '-o', file('t.parquet'))).code, 0);
  assert.equal((await run('export', file('a.ddb'), 't', '-o', file('t.csv.gz'))).code, 0);
  assert.match(gunzipSync(readFileSync(file('t.csv.gz'))).toString(), /^id,big,name/);
  for (const [name, table] of [
    ['t.parquet', 'back'],
    ['t.csv.gz', 'packed'],
  ] as const) {
    const done = await run('import', file('a.ddb'), file(name), '--table', table);
    assert.equal(done.code, 0, done.err);
  }
  const again = openSync(file('a.ddb'));
  const texts = (table: string): unknown =>
    again.query(`SELECT * FROM ${table} ORDER BY id`, [], { rowMode: 'array', format: 'text' }).rows;
  assert.deepEqual(texts('back'), texts('t'));
  assert.deepEqual(texts('packed'), texts('t'));
  again.close();
});

test('Parquet made by others: decimals, nested values, microseconds', async () => {
  const buffer = parquetWriteBuffer({
    schema: [
      { name: 'root', num_children: 4 },
      {
        name: 'price',
        type: 'INT64',
        converted_type: 'DECIMAL',
        scale: 2,
        precision: 18,
        repetition_type: 'OPTIONAL',
      },
      { name: 'Full Name', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      {
        name: 'at',
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
        repetition_type: 'OPTIONAL',
      },
      { name: 'day', type: 'INT32', converted_type: 'DATE', repetition_type: 'REQUIRED' },
    ],
    columnData: [
      { name: 'price', data: [99999999999.25, null, -0.05] },
      { name: 'Full Name', data: ['a', 'b', null] },
      { name: 'at', data: [1n, -1n, null] },
      { name: 'day', data: [new Date(0), new Date('2024-02-29'), new Date('1969-12-31')] },
    ],
  });
  writeFileSync(file('other.parquet'), new Uint8Array(buffer));
  const done = await run('import', file('b.ddb'), file('other.parquet'));
  assert.equal(done.code, 0, done.err);
  assert.match(
    done.out,
    /created table other \(price numeric\(18,2\), full_name text, at timestamptz, day date\)/,
  );
  const shown = await run(
    'exec',
    file('b.ddb'),
    "SET TimeZone = 'UTC'; SELECT * FROM other",
    '--format',
    'csv',
  );
  assert.equal(
    shown.out.split('\n').slice(-5).join('\n'),
    `price,full_name,at,day\n99999999999.25,a,1970-01-01 00:00:00.000001+00,1970-01-01\n,b,1969-12-31 23:59:59.999999+00,2024-02-29\n-0.05,,,1969-12-31\n`,
  );
  writeFileSync(file('broken.parquet'), 'PAR1 not really');
  assert.equal((await run('import', file('b.ddb'), file('broken.parquet'))).code, 4);
});

test('rows refused go to a file of their own; packed and cut files are errors', async () => {
  writeFileSync(file('r.csv'), 'id,v\n1,a\nx,b\n3\n4,d\n');
  const done = await run(
    'import',
    file('c.ddb'),
    file('r.csv'),
    '--type',
    'id=int',
    '--rejects',
    file('bad.ndjson'),
  );
  assert.equal(done.code, 1);
  assert.match(done.err, /2 rows were refused/);
  const rejected = readFileSync(file('bad.ndjson'), 'utf8').trim().split('\n');
  assert.deepEqual(
    rejected
      .map((line) => JSON.parse(line) as { line: number; code: string; values: unknown })
      .map((one) => [one.line, one.code, one.values]),
    [
      [3, '22P02', ['x', 'b']],
      [4, '22P04', ['3']],
    ],
  );
  assert.equal(
    (await run('exec', file('c.ddb'), 'SELECT id, v FROM r', '--format', 'csv')).out,
    'id,v\n1,a\n4,d\n',
  );
  // One file for all that a command loads.
  writeFileSync(file('r2.csv'), 'id,v\n5,e\ny,f\n');
  const both = [file('r.csv'), file('r2.csv'), '--table', 'both', '--type', 'id=int'];
  assert.equal((await run('import', file('c.ddb'), ...both, '--rejects', file('bad.ndjson'))).code, 1);
  assert.equal(readFileSync(file('bad.ndjson'), 'utf8').trim().split('\n').length, 3);
  writeFileSync(file('cut.csv.gz'), gzipSync('id\n1\n').subarray(0, 12));
  const cut = await run('import', file('c.ddb'), file('cut.csv.gz'));
  assert.equal(cut.code, 4);
  assert.match(cut.err, /cut\.csv\.gz/);
  writeFileSync(file('latin.csv'), Buffer.from('name\nK\u00f6ln\n', 'latin1'));
  const wrong = await run('import', file('c.ddb'), file('latin.csv'));
  assert.match(wrong.err, /invalid byte sequence[\s\S]*Line 2[\s\S]*column 2/);
  assert.equal((await run('import', file('c.ddb'), file('latin.csv'), '--encoding', 'latin1')).code, 0);
  assert.equal(
    (await run('exec', file('c.ddb'), 'SELECT name FROM latin', '--format', 'csv')).out,
    'name\nKöln\n',
  );
});

test('zstd', async () => {
  // 'id,v\n1,a\n2,b\n' as the reference implementation packs it.
  const packed = Buffer.from('28b52ffd005869000069642c760a312c610a322c620a', 'hex');
  writeFileSync(file('z.csv.zst'), packed);
  assert.equal((await run('import', file('z.ddb'), file('z.csv.zst'))).code, 0);
  assert.equal(
    (await run('exec', file('z.ddb'), 'SELECT * FROM z', '--format', 'csv')).out,
    'id,v\n1,a\n2,b\n',
  );
  writeFileSync(file('cut.csv.zst'), packed.subarray(0, 12));
  assert.equal((await run('import', file('z.ddb'), file('cut.csv.zst'))).code, 4);
});

test('a source that cannot be read is said before a database is made', async () => {
  const there = file('there.csv');
  writeFileSync(there, 'id\n1\n');
  mkdirSync(file('folder.csv'));
  const cases = [
    ['import', file('none.csv')],
    ['import', there, file('none.csv.gz')],
    ['import', file('folder.csv')],
    ['import', there, file('folder.csv')],
    ['import', there, '--rejects', file('nowhere/bad.ndjson')],
    ['import', there, '--rejects', file('folder.csv')],
    ['restore', file('none.sql')],
    ['restore', file('folder.csv')],
  ];
  for (const [command, ...rest] of cases) {
    const { code, err } = await run(command as string, file('unmade.ddb'), ...rest);
    assert.equal(code, 4, err);
    assert.match(err, /^error: cannot (read|write) ".*": (there is no such f|it is a directory)/);
  }
  const files = readdirSync(folder).filter((name) => /^(unmade|folder)/.test(name));
  assert.deepEqual(files, ['folder.csv']);
});
