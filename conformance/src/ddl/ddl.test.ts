/** A few random sequences of schema statements on each run; `ddl-run.js` runs many more. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Prng } from 'decentdb/testing';
import { DecentDbEngine } from '../differential/decentdb-engine.ts';
import { PostgresEngine } from '../differential/postgres-engine.ts';
import { ConstraintGenerator } from './constraint-generator.ts';
import { DdlGenerator } from './ddl-generator.ts';
import { runDdl } from './ddl-run.ts';

const seed = Number(process.env['SEED'] ?? 1) % 1_000_000;
const SEQUENCES = process.env['DECENTDB_LONG_TESTS'] === '1' ? 25 : 4;

const GENERATORS = {
  'random schema statements': (prng: Prng) => new DdlGenerator(prng),
  'random changes of rows under constraints': (prng: Prng) => new ConstraintGenerator(prng),
} as const;

for (const [what, generate] of Object.entries(GENERATORS))
  test(`${what} do what they do in PostgreSQL`, async (t) => {
    t.diagnostic(`seed ${seed}`);
    const folder = mkdtempSync(join(tmpdir(), 'decentdb-ddl-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const [ours, theirs] = [new DecentDbEngine(join(folder, 'd.ddb')), await PostgresEngine.open()];
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const report = await runDdl(ours, theirs, {
      sequences: SEQUENCES,
      seed,
      differencesMax: 3,
      log,
      generate,
    });
    await ours.close();
    await theirs.close();
    assert.ok(report.statements > 0);
    assert.deepEqual(lines, []);
  });
