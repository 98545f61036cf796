/**
 * Writes the generated part of docs/compatibility.md: features that work or are refused, functions compared, scores.
 *
 *     node conformance/dist/compatibility/write.js [--functions] [--scores FILE]
 *
 * `--functions` compares every function with PostgreSQL anew (minutes); `--scores` reads `{ "suite": "x of y", ... }`. Without them
 * what the page says of them stays.
 *
 * I1  Only what stands between the markers is written; the rest of the page is by hand.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openSync } from 'decentdb';
import { EXPLANATIONS } from '../functions/explained.ts';
import { compareFunctions } from '../functions/run.ts';
import { type Feature, features } from './features.ts';

export const PAGE: URL = new URL('../../../docs/compatibility.md', import.meta.url);

/** `works`, or why not. */
export function outcomeOf({ statements }: Feature): string {
  const db = openSync(':memory:');
  try {
    for (const statement of statements) db.query(statement);
    return 'works';
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined) throw error;
    return code === '0A000' ? `refused: ${message}` : `${code}: ${message}`;
  } finally {
    db.close();
  }
}

export function featureTables(): string {
  const areas = [...new Set(features.map(({ area }) => area))];
  return areas
    .map((area) => {
      const rows = features
        .filter((feature) => feature.area === area)
        .map((feature) => `| ${feature.name} | ${outcomeOf(feature).replaceAll('|', '\\|')} |`);
      return `### ${area}\n\n| feature | here |\n| --- | --- |\n${rows.join('\n')}\n`;
    })
    .join('\n');
}

async function functionSection(): Promise<string> {
  const report = await compareFunctions(() => true);
  const missing = report.missing.map(({ signature }) => `\`${signature.replaceAll('|', '\\|')}\``);
  const explained = EXPLANATIONS.map(
    ({ signature, reason }) => `| \`${signature.source.replaceAll('|', '\\|')}\` | ${reason} |`,
  );
  return `Every function, operator, cast and input function of PostgreSQL's catalogue that is not machinery, with values at the edges of its types:
${report.asked} calls of ${report.subjects} signatures. Not explained below: ${report.unexplained.length}.
Explained: ${report.differences.length - report.unexplained.length}.

| signature | difference |
| --- | --- |
${explained.join('\n')}

Signatures that are not there (${report.missing.length}): ${missing.join(', ')}.
`;
}

function scoreSection(file: string): string {
  const scores = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const rows = Object.entries(scores).map(([suite, score]) => `| ${suite} | ${score} |`);
  return `| suite | passed |\n| --- | --- |\n${rows.join('\n')}\n`;
}

const begin = (name: string): string => `<!-- ${name}: made by conformance/src/compatibility/write.ts -->`;
const end = (name: string): string => `<!-- end of ${name} -->`;

/** The text between a section's markers. */
export function sectionOf(page: string, name: string): string {
  const from = page.indexOf(begin(name));
  const to = page.indexOf(end(name));
  if (from < 0 || to < from) throw new Error(`docs/compatibility.md has no section ${name}`);
  return page.slice(from + begin(name).length, to).trim();
}

function replaceSection(page: string, name: string, text: string): string {
  const from = page.indexOf(begin(name)) + begin(name).length;
  return `${page.slice(0, from)}\n\n${text.trim()}\n\n${page.slice(page.indexOf(end(name)))}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { functions: { type: 'boolean' }, scores: { type: 'string' } } });
  let page = replaceSection(readFileSync(PAGE, 'utf8'), 'features', featureTables());
  if (values.functions === true) page = replaceSection(page, 'functions', await functionSection());
  if (values.scores !== undefined) page = replaceSection(page, 'scores', scoreSection(values.scores));
  writeFileSync(PAGE, page);
}

if (process.argv[1]?.endsWith('compatibility/write.js') === true) await main();
