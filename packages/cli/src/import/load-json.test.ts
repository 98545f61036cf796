/** JSON and NDJSON into tables: types that hold every value, exact integers, errors with their line. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSync } from 'decentdb';
import { jsonOf, parseExact } from './json-source.ts';
import { loadJson } from './load-json.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-json-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const choices = {
  table: 't',
  sniffRows: 1000,
  types: new Map<string, string>(),
  keepNames: false,
  onProgress: (): void => {},
};

test('types are chosen from all rows looked at; long integers stay exact', async () => {
  const path = file(
    'a.ndjson',
    '{"id":1,"Big One":9007199254740993,"x":1,"ok":true,"at":"2020-01-01T00:00:00Z","o":{"n":12345678901234567890},"m":1}\n\n' +
      '{"id":2,"x":1.5,"ok":null,"at":null,"o":[1],"m":"x","late":"9007199254740993"}\n',
  );
  using db = openSync(':memory:', { int8: 'bigint' });
  const report = await loadJson(db, path, choices);
  assert.deepEqual(
    report.columns.map(({ name, type }) => `${name} ${type}`),
    [
      'id integer',
      'big_one bigint',
      'x double precision',
      'ok boolean',
      'at timestamptz',
      'o jsonb',
      'm text',
      'late text',
    ],
  );
  assert.deepEqual(
    db.query('SELECT id, big_one, x, ok, o::text, m, late FROM t', [], { rowMode: 'array' }).rows,
    [
      [1, 9007199254740993n, 1, true, '{"n": 12345678901234567890}', '1', null],
      [2, null, 1.5, null, '[1]', 'x', '9007199254740993'],
    ],
  );
  assert.equal((await loadJson(db, file('b.json', '[{"id":3},{"id":4}]'), choices)).created, false);
  assert.equal(db.query<{ n: bigint }>('SELECT count(*) AS n FROM t').rows[0]?.n, 4n);
});

test('what does not fit is refused by line, and nothing stays', async () => {
  using db = openSync(':memory:');
  await assert.rejects(loadJson(db, file('c.ndjson', '{"a":1}\n{"a":}\n'), choices), /line 2: not JSON/);
  await assert.rejects(
    loadJson(db, file('d.ndjson', '{"a":1}\n[1]\n'), choices),
    /line 2: an object was expected/,
  );
  const late = { ...choices, sniffRows: 1 };
  await assert.rejects(loadJson(db, file('e.ndjson', '{"a":1}\n{"b":1}\n'), late), /"b"/);
  await assert.rejects(loadJson(db, file('f.ndjson', '{"a":1}\n{"a":"x"}\n'), late), { code: '22P02' });
  assert.equal(db.query('SELECT to_regclass($1) AS n', ['t']).rows[0]?.['n'], null);
});

test('JSON with long integers there and back', () => {
  const text =
    '{"a":"1234567890123456789","b":[12345678901234567890,-9007199254740993,0.1234567890123456,1e-7]}';
  assert.equal(jsonOf(parseExact(text)), text);
});
