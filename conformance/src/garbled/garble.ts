/**
 * Statements torn apart: tokens of valid statements dropped, doubled, exchanged. Whatever comes of it, the engine answers or
 * refuses with an error of its own, in time, and the database stays whole.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSync } from 'decentdb';
import { Prng } from 'decentdb/testing';

const SCRIPTS = fileURLToPath(new URL('../../../packages/decentdb/src/session/golden/', import.meta.url));
const TOKEN =
  /'(?:[^']|'')*'|"[^"]*"|\$\w*\$[\s\S]*?\$\w*\$|[A-Za-z_]\w*|\d+(?:\.\d+)?|[<>=!@#%^&|~+*/-]+|\s+|[\s\S]/g;
/** A statement that takes longer is reported, milliseconds. */
const SLOW_MS = 5000;

export interface GarbledReport {
  readonly statements: number;
  /** What went wrong, each with the statement. */
  readonly failures: readonly string[];
}

/** The statements of every golden script, in order. */
export function scripts(): readonly (readonly string[])[] {
  return readdirSync(SCRIPTS)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) =>
      readFileSync(join(SCRIPTS, name), 'utf8')
        .split('\n')
        .filter((line) => !line.startsWith('--'))
        .join('\n')
        .split(/;\s*\n/)
        .map((statement) => statement.trim())
        .filter((statement) => statement !== ''),
    );
}

const tokensOf = (sql: string): string[] => sql.match(TOKEN) ?? [];

function garbled(sql: string, pool: readonly string[], prng: Prng): string {
  const tokens = tokensOf(sql);
  const pick = (): string => pool[prng.below(pool.length)] as string;
  for (let edits = prng.below(4); edits > 0; edits--) {
    const at = prng.below(tokens.length);
    switch (prng.below(4)) {
      case 0:
        tokens.splice(at, 1);
        break;
      case 1:
        tokens[at] = pick();
        break;
      case 2:
        tokens.splice(at, 0, ' ', pick(), ' ');
        break;
      default: {
        const other = prng.below(tokens.length);
        [tokens[at], tokens[other]] = [tokens[other] as string, tokens[at] as string];
      }
    }
  }
  return tokens.join('');
}

/** A torn condition can make a recursion endless, a torn number a series; then the timeout or the end of the memory ends it, as it should. */
const MAY_BE_ENDLESS = /\brecursive\b|\bgenerate_series\(-?\d{9,}/i;

/** What is wrong with an outcome; null when it is as it should be. */
function wrongWith(sql: string, run: () => void): string | null {
  const started = performance.now();
  try {
    run();
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return `not an error of ours: ${message}`;
    if (code.startsWith('XX')) return `${code} ${message}`;
    if ((code === '57014' || code === '53200') && MAY_BE_ENDLESS.test(sql)) return null;
  }
  const ms = performance.now() - started;
  return ms > SLOW_MS ? `took ${Math.round(ms)} ms` : null;
}

/** Runs `count` torn statements, script by script, each script on a database of its own. */
export function runGarbled(count: number, seed: number): GarbledReport {
  const all = scripts();
  const pool = all
    .flat()
    .flatMap(tokensOf)
    .filter((token) => token.trim() !== '');
  const failures: string[] = [];
  let statements = 0;
  for (let round = 0; statements < count; round++) {
    const prng = new Prng(seed + round);
    const script = all[round % all.length] as readonly string[];
    const db = openSync(':memory:', { settings: { statement_timeout: '6s' } });
    for (const statement of script) {
      if (statements++ >= count) break;
      const sql = garbled(statement, pool, prng);
      const wrong = wrongWith(sql, () => void db.query(sql, [], { rowMode: 'array', format: 'text' }));
      if (wrong !== null) failures.push(`seed ${seed + round}: ${wrong}\n    ${sql.replaceAll('\n', ' ')}`);
    }
    const { findings } = db.check();
    // A CHECK whose function a torn statement replaced may fail over rows that are there: that is what was asked for.
    const broken = findings.filter((finding) => finding.kind !== 'constraint');
    if (broken.length > 0) failures.push(`seed ${seed + round}: ${JSON.stringify(broken)}`);
    db.close();
  }
  return { statements, failures };
}
