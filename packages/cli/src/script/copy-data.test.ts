/** COPY in scripts: data in with COPY's own options, data out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from 'decentdb';
import { ScriptRunner } from './run-script.ts';

async function script(
  text: string,
  data: readonly string[] | null = null,
  keepGoing = false,
): Promise<{ out: string; err: string; ok: boolean }> {
  using db = openSync(':memory:');
  let out = '';
  let err = '';
  const context = {
    terminal: {
      isInteractive: false,
      canDraw: false,
      columns: 80,
      out: () => {},
      err: (piece: string) => {
        err += piece;
      },
      paint: (_: unknown, piece: string) => piece,
      paintErr: (_: unknown, piece: string) => piece,
    },
    setExitCode: () => {},
  };
  const choices = {
    format: 'csv' as const,
    params: [],
    timing: false,
    keepGoing,
    psql: false,
    write: (piece: string) => {
      out += piece;
    },
  };
  async function* lines(): AsyncGenerator<string> {
    yield* data ?? [];
  }
  const runner = new ScriptRunner(db, choices, context as never);
  const ok = await runner.run(text.split('\n'), data === null ? null : lines());
  return { out, err, ok };
}

test('data in and out', async () => {
  const { out, err } = await script(
    'CREATE TABLE t (a int, b text);\n' +
      'COPY t FROM STDIN WITH (FORMAT csv, HEADER, NULL \'-\', FORCE_NOT_NULL (b));\na,b\n1,"x,y"\n2,-\n-,\n\\.\n' +
      'COPY t (b, a) FROM stdin;\nq\\tr\t7\n\\N\t\\N\n\\.\n' +
      '-- out\nCOPY t TO STDOUT;\n' +
      'COPY (SELECT a FROM t ORDER BY a DESC) TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE *);\nSELECT count(*) FROM t;',
  );
  assert.equal(err, '');
  assert.equal(out, '1\tx,y\n2\t-\n\\N\t\n7\tq\\tr\n\\N\t\\N\na\n\n\n"7"\n"2"\n"1"\ncount\n5\n');
});

test('a COPY that ends the text takes its data from elsewhere', async () => {
  const text = 'CREATE TABLE t (a int); COPY t FROM STDIN';
  const { out, ok } = await script(`${text}`, ['1', '2']);
  assert.deepEqual([out, ok], ['', true]);
  const bad = await script(`${text} (FORMAT csv)`, ['1', 'x']);
  assert.equal(bad.ok, false);
  assert.match(bad.err, /invalid input syntax for type integer: "x"[\s\S]*COPY t, line 2, column a: "x"/);
});

test('much data comes in parts, and is all there or not at all', async () => {
  const create = 'CREATE TABLE t (a int, b text);\n';
  const copy = (rows: number, bad: number): string => {
    const lines = Array.from(
      { length: rows },
      (_, i) => `${i === bad ? 'x' : i}\t${i % 7 === 0 ? 'a\\\nb' : 'v'}`,
    );
    return `COPY t FROM stdin;\n${lines.join('\n')}\n\\.\n`;
  };
  const count = "SELECT count(*), count(*) FILTER (WHERE b = E'a\\nb'), sum(a) FROM t;";
  const rows = 50_001;
  const whole = await script(create + copy(rows, -1) + count);
  assert.equal(whole.err, '');
  assert.equal(whole.out, `count,count,sum\n${rows},${Math.ceil(rows / 7)},${(rows * (rows - 1)) / 2}\n`);
  for (const [before, after] of [
    ['', ''],
    ['BEGIN; INSERT INTO t VALUES (1);\n', 'COMMIT; DELETE FROM t WHERE b IS NULL;\n'],
  ]) {
    const broken = await script(create + before + copy(rows, 45_000) + after + count, null, true);
    assert.equal(broken.out, 'count,count,sum\n0,0,\n');
    assert.equal(broken.err.match(/ERROR/g)?.length, 1);
    // Every seventh row takes two lines.
    const line = 45_000 + Math.ceil(45_000 / 7) + 1 + 2 + (before === '' ? 0 : 1);
    assert.match(broken.err, new RegExp(`Line ${line},`));
  }
});
