/** The shell: conversations held with it line by line, and one through a real terminal. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Database, openSync } from 'decentdb';
import { completions } from './completion-words.ts';
import { Shell } from './shell.ts';
import { inTerminal } from './terminal.test.kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-shell-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function shellOn(db: Database): {
  shell: Shell;
  say: (...lines: string[]) => Promise<{ out: string; err: string }>;
} {
  let out = '';
  let err = '';
  const terminal = {
    isInteractive: false,
    canDraw: false,
    columns: 80,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    paint: (_: unknown, text: string) => text,
    paintErr: (_: unknown, text: string) => text,
  };
  const shell = new Shell(db, 'dir/app.ddb', { terminal, setExitCode: () => {} });
  shell.settings.format = 'csv';
  return {
    shell,
    say: async (...lines) => {
      out = '';
      err = '';
      for (const line of lines) await shell.line(line);
      return { out, err };
    },
  };
}

test('statements over lines, the prompt, errors with a caret, cancelling', async () => {
  using db = openSync(':memory:');
  const { shell, say } = shellOn(db);
  assert.equal(shell.prompt, 'app=> ');
  await say('CREATE TABLE t (id int PRIMARY KEY,');
  assert.equal(shell.prompt, 'app-> ');
  await say("  name text); INSERT INTO t VALUES (1, 'a;b'), (2, NULL);");
  assert.equal((await say('SELECT *', 'FROM t;')).out, 'id,name\n1,a;b\n2,\n');
  const { err } = await say('SELECT * FROM t WHER id = 1;');
  assert.match(err, /LINE 1: SELECT \* FROM t WHER id = 1\n +\^/);
  // Commands between the lines of a statement.
  assert.equal((await say('SELECT id', '\\p')).out, 'SELECT id\n');
  assert.equal((await say('\\echo still', '  FROM t WHERE id = 1;')).out, 'still\nid\n1\n');
  assert.match((await say('SELECT nonsense', '\\r', 'SELECT 7 AS n;')).out, /reset[\s\S]*n\n7\n/);
  assert.equal((await say("SELECT 'a", "\\r' AS v;")).out, 'v\n"a\n\\r"\n');
  await say('BEGIN;');
  assert.equal(shell.prompt, 'app=*> ');
  await say('ROLLBACK;', "SELECT 'open");
  shell.cancel();
  assert.equal((await say('SELECT 2 AS n;')).out, 'n\n2\n');
});

test('psql and sqlite spellings of one thing', async () => {
  using db = openSync(':memory:');
  const { shell, say } = shellOn(db);
  await say('CREATE TABLE t (id int PRIMARY KEY, name text); CREATE VIEW v AS SELECT id FROM t;');
  for (const command of ['\\dt', '.tables']) assert.match((await say(command)).out, /public,t,table/);
  for (const command of ['\\d', '\\dv']) assert.match((await say(command)).out, /public,v,view/);
  for (const command of [
    '\\di',
    '\\dn',
    '\\ds',
    '\\df',
    '\\du',
    '\\dT',
    '\\conninfo',
    '\\?',
    '.check',
    '.stats',
  ])
    assert.equal((await say(command)).err, '', command);
  assert.match((await say('\\d t')).out, /id,integer,not null,[\s\S]*PRIMARY KEY \(id\)/);
  assert.match((await say('.schema t')).out, /CREATE TABLE public\.t/);
  assert.match((await say('\\x')).out, /on/);
  assert.match((await say('.timer on', 'SELECT 1;', '\\timing off')).out, /Time: [\d.]+ ms/);
  assert.equal(
    (await say('.mode json', '\\x off', 'SELECT 1 AS a;')).out.split('\n').slice(-2).join('\n'),
    '[{"a":1}]\n',
  );
  assert.match((await say('\\nosuch')).err, /no command/);
  assert.match((await say('.mode nosuch')).err, /no format/);
  await say('\\q');
  assert.ok(shell.isDone);
});

test('\\g, \\gx, \\gexec, \\watch, \\o, \\i, \\copy', async () => {
  using db = openSync(':memory:');
  const { say } = shellOn(db);
  const at = (name: string): string => join(folder, name);
  await say("CREATE TABLE t AS SELECT i AS id, 'n' || i AS name FROM generate_series(1, 3) i;");
  assert.equal((await say('SELECT 1 AS a \\g')).out, 'a\n1\n');
  assert.equal((await say('\\g')).out, 'a\n1\n');
  await say(`SELECT 2 AS a \\g ${at('g.csv')}`);
  assert.equal(readFileSync(at('g.csv'), 'utf8'), 'a\n2\n');
  assert.equal((await say("SELECT 'SELECT ' || id || ' AS x' FROM t \\gexec")).out, 'x\n1\nx\n2\nx\n3\n');
  assert.equal((await say('SELECT 1 AS w \\watch 0 3')).out, 'w\n1\nw\n1\nw\n1\n');
  assert.equal((await say("SELECT '\\gx' AS t;")).out, 't\n\\gx\n');
  await say(`\\o ${at('o.csv')}`, 'SELECT 5 AS o;', '\\o');
  assert.equal(readFileSync(at('o.csv'), 'utf8'), 'o\n5\n');
  await say(`\\copy t TO '${at('t.csv')}'`, `\\copy (SELECT id FROM t) TO ${at('q.csv')}`);
  assert.equal(readFileSync(at('q.csv'), 'utf8'), 'id\n1\n2\n3\n');
  await say('DELETE FROM t;', `\\copy t FROM '${at('t.csv')}'`, `.import ${at('t.csv')} fresh`);
  assert.equal((await say('SELECT count(*) FROM t JOIN fresh USING (id, name);')).out, 'count\n3\n');
  await say(`.export t ${at('e.csv')}`);
  assert.equal(readFileSync(at('e.csv'), 'utf8'), readFileSync(at('t.csv'), 'utf8'));
  const planned = (await say('.eqp on', 'SELECT id FROM t WHERE id = 2;', '.eqp off', 'SELECT 1 AS a;')).out;
  assert.match(planned, /^Seq Scan on t[^\n]*\n[^\n]*Filter: \(id = 2\)\nid\n2\na\n1\n$/);
  writeFileSync(at('s.sql'), '-- note\nSELECT 1 AS one;\nSELECT 2 AS two');
  assert.equal((await say(`\\i ${at('s.sql')}`)).out, 'one\n1\ntwo\n2\n');
  assert.match((await say(`\\i ${at('nosuch.sql')}`)).err, /no such file/);
});

test('completion: tables where a name is due, else columns and keywords too', () => {
  using db = openSync(':memory:');
  db.exec('CREATE TABLE artist (artist_id int, name text)');
  assert.deepEqual(completions(db, 'SELECT * FROM ar'), [['artist'], 'ar']);
  assert.deepEqual(completions(db, 'SELECT arti'), [['artist', 'artist_id'], 'arti']);
  assert.deepEqual(completions(db, 'SEL'), [['SELECT'], 'SEL']);
  assert.deepEqual(completions(db, '\\tim'), [['\\timing'], '\\tim']);
});

test('completion: columns of the relations that the statement names, behind an alias too', () => {
  using db = openSync(':memory:');
  db.exec('CREATE TABLE artist (artist_id int, name text); CREATE TABLE album (title text, artist_id int)');
  assert.deepEqual(completions(db, 'SELECT * FROM album a WHERE a.ti'), [['a.title'], 'a.ti']);
  assert.deepEqual(
    completions(db, 'SELECT * FROM album WHERE ti')[0],
    ['TIME', 'title']
      .map((one) => one.toLowerCase())
      .concat(['timestamp', 'timestamptz'])
      .sort(),
  );
  assert.deepEqual(completions(db, 'WHERE tit', 'SELECT * FROM album'), [['title'], 'tit']);
});

test('variables, conditions, results into variables', async () => {
  using db = openSync(':memory:');
  const { shell, say } = shellOn(db);
  await say("\\set who 'O''Brien'", '\\set n 3', '\\set col Odd');
  assert.notEqual((await say('SELECT :nosuch;')).err, '');
  assert.equal(
    (await say("SELECT :n AS n, :'who' AS who, '1'::int AS :\"col\", ':n' AS quoted;")).out,
    "n,who,Odd,quoted\n3,O'Brien,1,:n\n",
  );
  await say('SELECT 7 AS a, NULL AS b, $$x$$ AS c \\gset p_');
  assert.equal((await say('\\echo :p_a :p_c')).out, '7 x\n');
  assert.match((await say('SELECT 1 WHERE false \\gset')).err, /no rows returned/);
  const run = await say(
    '\\if :{?n}',
    'SELECT 1 AS yes;',
    '\\if false',
    'SELECT 2 AS never;',
    '\\elif on',
    'SELECT 3 AS elif;',
    '\\else',
    'SELECT 4 AS other;',
    '\\endif',
    '\\else',
    'SELECT 5 AS no;',
    '\\endif',
  );
  assert.equal(run.out, 'yes\n1\nelif\n3\n');
  assert.match((await say('\\endif')).err, /no matching/);
  assert.match((await say('\\if maybe')).err, /Boolean expected/);
  await say('\\endif', '\\unset n');
  assert.match((await say('\\set')).out, /^col = 'Odd'\np_a = '7'/);
  assert.equal(shell.prompt, 'app=> ');
});

test('grids, plots, descriptions', async () => {
  using db = openSync(':memory:');
  const { say } = shellOn(db);
  const grid = await say(
    "SELECT * FROM (VALUES ('a','x',1),('a','y',2),('b','x',3)) t (r, c, v) \\crosstabview",
  );
  assert.equal(grid.out, 'r,x,y\na,1,2\nb,3,""\n');
  assert.match(
    (await say("SELECT 'a', 'x', i FROM generate_series(1, 2) i \\crosstabview")).err,
    /multiple data values/,
  );
  const bar = await say("SELECT * FROM (VALUES ('ann', 10), ('bo', 5), ('c', NULL)) t (who, n) \\plot bar");
  assert.match(bar.out, /^n\nann 10 {2}█+\nbo {3}5 {2}█+▌?\n\(1 row without a number\)\n$/);
  const [long = '', short = ''] = bar.out
    .split('\n')
    .slice(1, 3)
    .map((line) => line.replace(/[^█]/g, ''));
  assert.equal(long.length, 2 * short.length + (long.length % 2));
  const line = await say('SELECT i, i * i AS square FROM generate_series(1, 200) i \\plot line i square');
  assert.match(line.out, /^square\n[\s\S]*39403[\s\S]*┤[\s\S]*1 \.\.\. 200\n$/);
  assert.match(
    (await say('SELECT i % 10 AS d FROM generate_series(1, 1000) i \\plot hist d')).out,
    /^d\n0 \.\. 0\.75/,
  );
  assert.match((await say('SELECT 1 AS a \\plot line nosuch')).err, /no column "nosuch"/);
  assert.equal(
    (await say("SELECT 1 AS a, 'x'::varchar(3) AS b \\gdesc")).out,
    'Column,Type\na,integer\nb,character varying(3)\n',
  );
});

test('did you mean; errors in detail; scripts that stop', async () => {
  using db = openSync(':memory:');
  const { shell, say } = shellOn(db);
  await say('CREATE TABLE customer (name text, city text);');
  assert.match((await say('SELECT * FROM custmer;')).err, /Did you mean "customer"\?/);
  assert.match((await say('SELECT cty FROM customer;')).err, /"customer\.city"/);
  assert.match((await say('SELET 1;')).err, /Did you mean SELECT\?/);
  assert.match((await say('SELECT lenght(name) FROM customer;')).err, /"length"/);
  assert.match((await say('\\errverbose')).out, /42883/);
  writeFileSync(join(folder, 'stop.sql'), 'SELECT 1 AS a;\nSELECT nosuch;\nSELECT 2 AS b;\n');
  await say('\\set ON_ERROR_STOP 1');
  assert.equal((await say(`\\i ${join(folder, 'stop.sql')}`)).out, 'a\n1\n');
  assert.equal(shell.hasStopped, true);
});

test('the editor, the buffer, printing settings', async () => {
  using db = openSync(':memory:');
  const { say, shell } = shellOn(db);
  process.env['DECENTDB_EDITOR'] = "sed -i 's/1/42/'";
  assert.equal((await say('SELECT 1 AS edited;', '\\e')).out, 'edited\n1\nedited\n42\n');
  delete process.env['DECENTDB_EDITOR'];
  assert.match((await say('\\p')).out, /SELECT 42 AS edited/);
  assert.equal(
    (await say("\\pset null '-'", 'SELECT NULL AS n;')).out.split('\n').slice(-3).join('\n'),
    'n\n-\n',
  );
  await say('\\t on');
  assert.equal((await say('SELECT 5 AS five;')).out, '5\n');
  await say('\\t off', '\\pset format table', '\\x auto');
  assert.match((await say(`SELECT '${'y'.repeat(100)}' AS wide;`)).out, /-\[ record 1 \]/);
  assert.equal(shell.settings.isExpandedAuto, true);
});

const SCRIPT = `
import os, pty, sys, time, select
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b''
def until(text):
    global seen
    end = time.time() + 20
    while text not in seen and time.time() < end:
        if select.select([fd], [], [], 0.2)[0]:
            try: seen += os.read(fd, 65536)
            except OSError: break
    if text not in seen: sys.exit('waited for %r, saw %r' % (text, seen))
    seen = seen.split(text, 1)[1]
def send(text): os.write(fd, text)
until(b'app=> ')
send(b'CREATE TABLE artist (id int,\\r'); until(b'app-> ')
send(b'name text);\\r'); until(b'app=> ')
send(b'SELECT broken\\x03'); until(b'^C'); until(b'app=> ')
send(b'SELECT count(*) FROM ar'); until(b'FROM ar'); send(b'\\t'); until(b'tist'); send(b';\\r'); until(b'(1 row)'); until(b'app=> ')
send(b'begin;\\r'); until(b'app=*> ')
send(b'rollback;\\r'); until(b'app=> ')
send(b'\\\\x\\r'); until(b'Expanded display is on'); until(b'app=> ')
send(b'SELECT count(*) FROM generate_series(1, 4000000000) i WHERE i % 7 = 3;\\r'); time.sleep(1.5); send(b'\\x03'); until(b'canceling statement due to user request'); until(b'app=> ')
send(b'begin;\\x12\\x15SELECT 41 + 1 AS answer;\\r'); until(b'42'); until(b'=> ')
send(b'\\x12answ'); until(b"search)\`answ': SELECT 41 + 1"); send(b'\\r'); until(b'42'); until(b'=> ')
send(b'\\x12count\\x12\\x12\\x07'); until(b'count'); send(b'SELECT 6 * 7 AS again;\\r'); until(b'again | 42'); until(b'=> ')
send(b'\\x04')
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
`;

test('in a terminal: prompts, tab, Ctrl-C, Ctrl-D, history', (t) => {
  const ran = inTerminal(SCRIPT, folder);
  if (ran === null) {
    t.skip('python3 is not here');
    return;
  }
  const { status, stderr, history } = ran;
  assert.equal(status, 0, stderr);
  assert.match(readFileSync(history, 'utf8'), /SELECT count\(\*\) FROM artist;\nbegin;/);
});
