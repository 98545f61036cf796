/** The terminal goes away: what was typed is in the history, and the database is closed. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inTerminal } from './terminal.test.kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-hangup-'));
after(() => rmSync(folder, { recursive: true }));

/** Types two lines, then closes the terminal: the system sends SIGHUP. */
const SCRIPT = `
import os, pty, sys, time, select
pid, fd = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
seen = b''
def until(text):
    global seen
    end = time.time() + 20
    while text not in seen and time.time() < end:
        if select.select([fd], [], [], 0.2)[0]: seen += os.read(fd, 65536)
    if text not in seen: sys.exit('waited for %r, saw %r' % (text, seen))
    seen = seen.split(text, 1)[1]
until(b'app=> ')
os.write(fd, b'CREATE TABLE kept (id int);\\r'); until(b'CREATE TABLE'); until(b'app=> ')
os.write(fd, b'BEGIN; INSERT INTO kept VALUES (1);\\r'); until(b'INSERT 0 1'); until(b'app=*> ')
os.close(fd)
end = time.time() + 20
while time.time() < end:
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended == pid: sys.exit(0 if os.waitstatus_to_exitcode(status) == -1 else 'left with %d' % status)
    time.sleep(0.05)
sys.exit('it goes on')
`;

test('closing the terminal keeps the history and closes the database', (t) => {
  const ran = inTerminal(SCRIPT, folder);
  if (ran === null) {
    t.skip('python3 is not here');
    return;
  }
  const { status, stderr, history } = ran;
  assert.equal(status, 0, stderr);
  assert.match(readFileSync(history, 'utf8'), /CREATE TABLE kept[\s\S]*INSERT INTO kept/);
  assert.deepEqual(readdirSync(folder).sort(), ['app.ddb', 'history']);
});
