/**
 * D1: a process killed at any moment, many times over each of four files: nothing acknowledged is lost, nothing half done is
 * there, the file is sound, and the next process goes on from it. The four run side by side.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Database, DecentDbError, openSync } from 'decentdb';
import { Draw } from '../music/draw.ts';

/** A kill takes a quarter of a second of processor time: `ALL=1` runs two hundred. */
const KILLS = process.env['ALL'] === '1' ? 50 : 25;
const LANES = 4;
const child = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? 'kill-child.ts' : 'kill-child.js', import.meta.url),
);
const seed = Number(process.env['SEED'] ?? 20_240_501);

interface Victim {
  /** The last id the process said it had committed. */
  readonly acknowledged: number;
  readonly complaints: string;
}

/** Starts the child and kills it after `acks` lines and `delayMs` more, or, with 0 lines, from its first breath. */
function runAndKill(path: string, acks: number, delayMs: number): Promise<Victim> {
  return new Promise((resolve) => {
    const victim = spawn(process.execPath, [...process.execArgv, child, path], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let complaints = '';
    let isDoomed = false;
    const doom = (): void => {
      if (isDoomed) return;
      isDoomed = true;
      setTimeout(() => victim.kill('SIGKILL'), delayMs);
    };
    if (acks === 0) doom();
    victim.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.split('\n').length - 1 > acks) doom();
    });
    victim.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    victim.on('close', () => {
      // A line cut off by the kill was not written whole, and is not counted.
      const lines = printed.split('\n').slice(0, -1);
      const ids = lines.filter((line) => line !== 'open').map(Number);
      resolve({ acknowledged: ids.at(-1) ?? 0, complaints });
    });
  });
}

/** The first victims may die before they have made their tables. */
function hasTables(db: Database): boolean {
  try {
    return db.query('SELECT 1 FROM tally').rows.length >= 0;
  } catch (error) {
    if (error instanceof DecentDbError && error.code === '42P01') return false;
    throw error;
  }
}

/** Opens the file, checks it, and returns how many entries it holds. */
function survivors(path: string): number {
  const db = openSync(path);
  try {
    assert.deepEqual(db.check().findings, []);
    if (!hasTables(db)) return 0;
    const row = db.query('SELECT count(*) AS entries, coalesce(max(id), 0) AS last FROM entry').rows[0];
    const tally = db.query('SELECT entries FROM tally WHERE id = 1').rows[0];
    assert.equal(Number(row?.['entries']), Number(row?.['last']), 'ids have gaps');
    assert.equal(Number(tally?.['entries'] ?? 0), Number(row?.['last']), 'a transaction is there by half');
    return Number(row?.['last']);
  } finally {
    db.close();
  }
}

/** Kills over one file, one after the other; returns the entries they got in. */
async function killOver(path: string, lane: number): Promise<number> {
  const draw = new Draw().start(seed, 1, lane + 1);
  let present = 0;
  for (let round = 1; round <= KILLS; round++) {
    const where = `lane ${lane}, round ${round}`;
    // Every fifth dies while it starts: opening, recovering, making tables. The others within or between commits.
    const acks = round % 5 === 0 ? 0 : draw.between(1, 30);
    const delayMs = acks === 0 ? draw.between(20, 160) : draw.unit() * 3;
    const { acknowledged, complaints } = await runAndKill(path, acks, delayMs);
    assert.equal(complaints, '', where);
    const before = present;
    present = survivors(path);
    assert.ok(present >= acknowledged, `${where}: ${acknowledged} was acknowledged, ${present} is there`);
    assert.ok(present >= before, `${where}: ${before} was there before, ${present} is there now`);
    assert.ok(present <= Math.max(acknowledged, before) + 5 * 200, `${where}: more than was ever sent`);
  }
  return present;
}

test(`D1: ${KILLS * LANES} kills lose nothing that was acknowledged (seed ${seed})`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-kill-'));
  try {
    const lanes = Array.from({ length: LANES }, (_, lane) =>
      killOver(join(folder, `victim-${lane}.ddb`), lane),
    );
    const entries = await Promise.all(lanes);
    for (const count of entries) assert.ok(count > KILLS, 'the victims hardly committed anything');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
