/**
 * Random expressions over values, family by family: the same value, or the same SQLSTATE, as PostgreSQL.
 *
 *     node conformance/dist/values/run.js [--family json,array] [--count 2000] [--seed 7]
 *
 * Exit status 1 when a difference is not explained.
 */
import { parseArgs } from 'node:util';
import { openSync } from 'decentdb';
import { Prng } from 'decentdb/testing';
import { PostgresBatch } from '../functions/postgres-batch.ts';
import { arrayFamily } from './array-family.ts';
import type { Family } from './draw.ts';
import { jsonFamily } from './json-family.ts';
import { momentFamily } from './moment-family.ts';
import { numberFamily } from './number-family.ts';
import { textFamily } from './text-family.ts';

export const FAMILIES: readonly Family[] = [jsonFamily, arrayFamily, momentFamily, textFamily, numberFamily];

/** Differences that are known: of the call, and of what PostgreSQL says. */
const EXPLAINED: readonly (readonly [call: RegExp, theirs: RegExp, reason: string])[] = [
  [
    /^regexp_|array_agg\(m\) from regexp_/,
    /^ERROR 22023/,
    'the pattern is looked at before the other arguments',
  ],
  [/^format\(/, /^ERROR/, 'arguments are counted before they are read'],
  [/^jsonb_cmp/, /./, 'only the sign means something'],
  [/::float8 \^ /, /^\(\d/, 'the last digit of a power differs between libraries of mathematics'],
  [/\$\.\*\*\.\w+\(\)/, /./, 'PostgreSQL forgets an error of a method at the root of .**'],
  [/^extract\(\w+ from date 'infinity'\)$/, /^ERROR 0A000/, 'the field is looked at after infinity'],
  [
    /^to_char\(.*\.(MI|PL|SG|S|TH|th|PR)'\)$|^to_char\(.*[.D](MI|PL|S|TH|th|PR)'\)$/,
    /./,
    'marks behind a point that nothing follows',
  ],
];

export interface ValueReport {
  readonly asked: number;
  readonly differences: readonly string[];
}

export async function compareValues(
  families: readonly Family[],
  count: number,
  seed: number,
): Promise<ValueReport> {
  const postgres = await PostgresBatch.open();
  const db = openSync(':memory:');
  const ours = (call: string): string => {
    try {
      const sql = `SELECT t::text FROM (SELECT ${call}) t`;
      const { rows } = db.query<string[]>(sql, [], { rowMode: 'array', format: 'text' });
      return rows.length === 0 ? '(no rows)' : rows.map(([value]) => value).join('\n');
    } catch (error) {
      const { code, message } = error as { readonly code?: string; readonly message: string };
      return `ERROR ${code} ${message}`;
    }
  };
  const outcome = (answer: string): string => (answer.startsWith('ERROR ') ? answer.slice(0, 11) : answer);
  const differences: string[] = [];
  let asked = 0;
  try {
    for (const family of families) {
      const prng = new Prng(seed);
      const calls = [...new Set(Array.from({ length: count }, () => family.make(prng)))];
      asked += calls.length;
      for (const [i, theirs] of (await postgres.answers(calls)).entries()) {
        const call = calls[i] as string;
        const mine = ours(call);
        if (outcome(mine) === outcome(theirs)) continue;
        if (EXPLAINED.some(([what, said]) => what.test(call) && said.test(theirs))) continue;
        differences.push(`${call}\n  PostgreSQL ${theirs}\n  DecentDB   ${mine}`);
      }
    }
  } finally {
    await postgres.close();
    db.close();
  }
  return { asked, differences };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      family: { type: 'string' },
      count: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const names = values.family?.split(',');
  const families = FAMILIES.filter(({ name }) => names?.includes(name) ?? true);
  const { asked, differences } = await compareValues(families, Number(values.count), Number(values.seed));
  for (const difference of differences) process.stdout.write(`${difference}\n`);
  process.stdout.write(`${asked} expressions, seed ${values.seed}: ${differences.length} differences\n`);
  process.exitCode = differences.length === 0 ? 0 : 1;
}

if (process.argv[1]?.endsWith('values/run.js') === true) await main();
