/**
 * Real processes, killed (D1, L2): over one file, again and again, nothing acknowledged is lost, nothing half done is there, and
 * the next process goes on from it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSync } from 'decentdb';
import { Prng } from 'decentdb/testing';
import { Budget } from './budget.ts';
import type { PartFailure, PartReport } from './report.ts';

const victimPath: string = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? 'kill-victim.ts' : 'kill-victim.js', import.meta.url),
);

export interface KillPartOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly killsMax: number;
}

interface Victim {
  /** The last id that it said was committed. */
  readonly acknowledged: number;
  readonly complaints: string;
}

/** Starts a victim and kills it `delayMs` after so many lines; after 0 lines: so long after its start. */
function runAndKill(path: string, seed: number, lines: number, delayMs: number): Promise<Victim> {
  return new Promise((resolve) => {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const victim = spawn(process.execPath, [...process.execArgv, victimPath, path, String(seed)], {
      stdio: [...stdio],
    });
    let printed = '';
    let complaints = '';
    let isDoomed = false;
    const doom = (): void => {
      if (isDoomed) return;
      isDoomed = true;
      setTimeout(() => victim.kill('SIGKILL'), delayMs);
    };
    if (lines === 0) doom();
    victim.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.split('\n').length - 1 > lines) doom();
    });
    victim.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    victim.on('close', () => {
      // A line that the kill cut off is not counted.
      const ids = printed
        .split('\n')
        .slice(0, -1)
        .filter((line) => line !== 'open');
      resolve({ acknowledged: Math.max(0, ...ids.map(Number)), complaints });
    });
  });
}

/** Opens the file, checks it, and returns how many entries it holds; or tells what is wrong. */
function survivors(path: string): number | string {
  const db = openSync(path);
  try {
    const [finding] = db.check().findings;
    if (finding !== undefined) return finding.message;
    const hasTables =
      db.query("SELECT 1 FROM pg_class WHERE relname IN ('entry', 'tally')").rows.length === 2;
    if (!hasTables) return 0;
    const entry = db.query('SELECT count(*)::int AS n, coalesce(max(id), 0) AS last FROM entry').rows[0];
    const tally = db.query('SELECT coalesce(max(entries), 0) AS n FROM tally').rows[0];
    const last = Number(entry?.['last']);
    if (Number(entry?.['n']) !== last || Number(tally?.['n']) !== last) {
      return `a transaction is there by half: ${JSON.stringify({ entry, tally })}`;
    }
    return last;
  } finally {
    db.close();
  }
}

export async function killPart(options: KillPartOptions): Promise<PartReport> {
  const budget = new Budget(options.minutes, { isReal: true });
  const random = new Prng(options.seed);
  const failures: PartFailure[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-soak-'));
  const path = join(folder, 'victim.ddb');
  let kills = 0;
  let present = 0;
  const fail = (message: string): void =>
    void failures.push({
      message: `kill ${kills}: ${message}`,
      replay: `kills --seed ${options.seed} --runs ${kills}`,
    });
  try {
    while (kills < options.killsMax && !budget.isSpent && failures.length === 0) {
      kills++;
      const lines = random.chance(0.2) ? 0 : 1 + random.below(60);
      const delayMs = lines === 0 ? 20 + random.below(200) : random.below(4);
      const { acknowledged, complaints } = await runAndKill(path, options.seed + kills, lines, delayMs);
      if (complaints !== '') fail(complaints);
      const found = survivors(path);
      if (typeof found === 'string') fail(found);
      else if (found < acknowledged) fail(`${acknowledged} was acknowledged, ${found} is there`);
      else if (found < present) fail(`${present} was there before, ${found} is there`);
      else present = found;
    }
  } catch (error) {
    fail((error as Error).stack ?? String(error));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    part: 'kills',
    counts: { kills, 'rows at the end': present, 's CPU': budget.cpuSeconds },
    failures,
  };
}
