/**
 * Asks every function, operator, cast and input of PostgreSQL's catalogue with edge values and prints the differences.
 *
 *     node conformance/dist/functions/run.js [--kind function,operator,aggregate,cast,input] [--match REGEXP]
 *
 * Exit status 1 when a difference is not explained.
 */
import { parseArgs } from 'node:util';
import { type Comparison, compareSubjects } from './compare.ts';
import { explanationOf } from './explained.ts';
import { PostgresBatch } from './postgres-batch.ts';
import { type Subject, subjects } from './signatures.ts';

export interface FunctionReport extends Comparison {
  readonly unexplained: Comparison['differences'];
}

/** Compares what `choose` lets through. */
export async function compareFunctions(choose: (subject: Subject) => boolean): Promise<FunctionReport> {
  const postgres = await PostgresBatch.open();
  try {
    const comparison = await compareSubjects(postgres, (await subjects(postgres)).filter(choose));
    const unexplained = comparison.differences.filter((difference) => explanationOf(difference) === null);
    return { ...comparison, unexplained };
  } finally {
    await postgres.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { kind: { type: 'string' }, match: { type: 'string' } } });
  const kinds = values.kind?.split(',');
  const match = new RegExp(values.match ?? '');
  const report = await compareFunctions(
    ({ kind, signature }) => (kinds === undefined || kinds.includes(kind)) && match.test(signature),
  );
  for (const { call, ours, theirs } of report.unexplained)
    process.stdout.write(`${call}\n  PostgreSQL ${theirs}\n  DecentDB   ${ours}\n`);
  process.stdout.write(
    `${report.asked} calls of ${report.subjects} signatures: ${report.unexplained.length} differences, ` +
      `${report.differences.length - report.unexplained.length} explained; ${report.missing.length} signatures not there\n`,
  );
  process.exitCode = report.unexplained.length === 0 ? 0 : 1;
}

if (process.argv[1]?.endsWith('functions/run.js') === true) await main();
