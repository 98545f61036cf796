/** COPY in scripts: data in with COPY's own options, data out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from 'decentdb';
import { ScriptRunner } from './run-script.ts';

async function script(
  text: string,
  data: readonly string[] | null = null,
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
    keepGoing: false,
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
