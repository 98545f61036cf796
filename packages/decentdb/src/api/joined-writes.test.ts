/** Single-row writes that share a transaction, and a disk that fails between the changes of one of them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { WriteTxn } from '../txn/write-txn.ts';
import { open } from './async-database.ts';

const directory = mkdtempSync(join(tmpdir(), 'decentdb-joined-'));
after(() => rmSync(directory, { recursive: true, force: true }));

test('a write stopped half way takes those that share its transaction with it, all are told, nothing is half there', async () => {
  const { edit } = WriteTxn.prototype;
  let failed = 0;
  for (let at = 1, isThrough = false; !isThrough; at++) {
    const db = await open(join(directory, `${at}.ddb`));
    await db.exec('CREATE TABLE t (id int PRIMARY KEY, k text UNIQUE, n int); CREATE INDEX ON t (n)');
    // Known statements join; the first run plans them.
    const insert = 'INSERT INTO t VALUES ($1, $2, $3)';
    await db.query(insert, [0, 'k0', 0]);
    let left = at;
    WriteTxn.prototype.edit = function (...args) {
      if (--left === 0) throw new DecentDbError('58030', 'input/output error (injected)');
      return edit.apply(this, args);
    };
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((id) => db.query(insert, [id, `k${id}`, id])),
    ).finally(() => {
      WriteTxn.prototype.edit = edit;
    });
    isThrough = outcomes.every((one) => one.status === 'fulfilled');
    const there = (await db.query<{ id: number }>('SELECT id FROM t WHERE id > 0 ORDER BY id')).rows;
    const acknowledged = outcomes.flatMap((one, i) => (one.status === 'fulfilled' ? [{ id: i + 1 }] : []));
    assert.deepEqual(there, acknowledged, `failing at change ${at}`);
    if (!isThrough) failed++;
    assert.deepEqual((await db.check()).findings, []);
    await db.query(insert, [9, 'k9', 9]);
    await db.close();
  }
  assert.ok(failed > 0);
});
