/**
 * Golden scripts: statements with what they must give, in one readable file.
 *
 *     SELECT a, b FROM t ORDER BY a;
 *     --> 1 | x
 *     --> 2 | NULL
 *     SELECT * FROM nowhere;
 *     --> ERROR 42P01 relation "nowhere" does not exist
 *
 * Every script runs four ways, with the same outcome: in one go; closing and reopening the database before each statement
 * outside a transaction; with every optimiser rule off; with each rule off alone. Where not all tests run, a script runs in one go
 * and two of three in one of the next two ways, by the seed.
 *
 * GOLDEN=update rewrites the expectations of what differs; read the difference before keeping it.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Database } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';
import { switchableRules } from '../../plan/rules/registry.ts';
import { parse } from '../../sql/parse/parse.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';

// The compiled test reads the scripts beside its source.
const folder = fileURLToPath(new URL('.', import.meta.url)).replace(/([\\/])dist([\\/])/, '$1src$2');

interface Step {
  readonly sql: string;
  readonly expected: readonly string[];
}

function readSteps(text: string): Step[] {
  const steps: { sql: string; expected: string[] }[] = [];
  let sql = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('--> ')) {
      steps.at(-1)?.expected.push(line.slice(4));
      continue;
    }
    if (sql === '' && (line.trim() === '' || line.startsWith('--'))) continue;
    sql += `${line}\n`;
    if (!line.trimEnd().endsWith(';')) continue;
    steps.push({ sql: sql.trimEnd(), expected: [] });
    sql = '';
  }
  assert.equal(sql, '', 'the last statement of a script ends with a semicolon');
  return steps;
}

function run(db: Database, sql: string): string[] {
  try {
    const { rows } = db.query<(string | null)[]>(sql, [], { rowMode: 'array', format: 'text' });
    return rows.map((row) => row.map((value) => value ?? 'NULL').join(' | '));
  } catch (error) {
    if (error instanceof DecentDbError) return [`ERROR ${error.code} ${error.message}`];
    throw error;
  }
}

interface Mode {
  readonly name: string;
  readonly reopens: boolean;
  readonly off: readonly string[];
}

const ruleNames = [...switchableRules().keys()];
const inOneGo: Mode = { name: 'in one go', reopens: false, off: [] };
const reopened: Mode = { name: 'reopened before each statement', reopens: true, off: [] };
const unruled: Mode = { name: 'all rules off', reopens: false, off: ruleNames };
const everyMode: readonly Mode[] = [
  inOneGo,
  reopened,
  unruled,
  ...ruleNames.map((rule): Mode => ({ name: `${rule} off`, reopens: false, off: [rule] })),
];
const isLong = process.env['DECENTDB_LONG_TESTS'] === '1';
const seed = Number(process.env['SEED'] ?? 1);

function modesOf(script: number): readonly Mode[] {
  return isLong ? everyMode : [inOneGo, ...([[reopened], [unruled], []][(script + seed) % 3] ?? [])];
}

function open(vfs: MemoryVfs, mode: Mode): Database {
  const settings = Object.fromEntries(mode.off.map((rule) => [`optimizer.rule.${rule}`, 'off']));
  return new Database('/golden.ddb', { vfs, settings });
}

function runScript(steps: readonly Step[], mode: Mode): string[][] {
  const vfs = new MemoryVfs();
  let db = open(vfs, mode);
  const outputs: string[][] = [];
  for (const { sql } of steps) {
    if (mode.reopens && !db.inTransaction) {
      db.close();
      db = open(vfs, mode);
    }
    outputs.push(run(db, sql));
  }
  if (db.inTransaction) db.exec('ROLLBACK');
  assert.deepEqual(db.check().findings, [], 'the database is whole after the script');
  db.close();
  return outputs;
}

function update(file: string, text: string, steps: readonly Step[], outputs: readonly string[][]): void {
  const lines = text.split('\n').filter((line) => !line.startsWith('--> '));
  const out: string[] = [];
  let sql = '';
  let at = 0;
  for (const line of lines) {
    out.push(line);
    if (sql === '' && (line.trim() === '' || line.startsWith('--'))) continue;
    sql += `${line}\n`;
    if (!line.trimEnd().endsWith(';')) continue;
    sql = '';
    for (const row of outputs[at] ?? []) out.push(`--> ${row}`);
    at++;
  }
  assert.equal(at, steps.length);
  writeFileSync(file, out.join('\n'));
}

const scripts = readdirSync(folder).filter((file) => file.endsWith('.sql'));
for (const [at, name] of scripts.entries()) {
  const file = `${folder}${name}`;
  const text = readFileSync(file, 'utf8');
  const steps = readSteps(text);
  test(`golden ${name}: parses as one statement a step`, () => {
    for (const { sql } of steps) if (!sql.includes('syntax')) assert.equal(parse(sql).length, 1, sql);
  });
  for (const mode of modesOf(at)) {
    // What a script says of one session is gone with it.
    if (mode.reopens && text.includes('one session')) continue;
    test(`golden ${name}: ${mode.name}`, () => {
      const outputs = runScript(steps, mode);
      if (process.env['GOLDEN'] === 'update' && mode === inOneGo) {
        update(file, text, steps, outputs);
        return;
      }
      steps.forEach((step, i) => {
        if (mode.off.length > 0 && /^EXPLAIN/i.test(step.sql)) return;
        assert.deepEqual(outputs[i], step.expected, `${name}, ${mode.name}: ${step.sql}`);
      });
    });
  }
}
