/**
 * The tidy test: STYLE.md and the layers of DESIGN.md, checked on every source file.
 *
 *   node tools/tidy.mjs [TEXT ...]      only files whose path contains one of TEXT
 *
 * Prints one line a finding (`path:line: rule: message`) and leaves with 1 when there is any.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DATA_TABLES, EXCEPTIONS } from './tidy/exceptions.mjs';
import { RULES } from './tidy/rules.mjs';
import { SourceFile } from './tidy/source-file.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const MEDIAN_LINES_MAX = 150;
const NINETY_PERCENT_LINES_MAX = 400;

/** Findings in one file given as text: what the tests of the rules call. */
export function tidyText(path, text) {
  const file = new SourceFile(path, text);
  const excused = EXCEPTIONS[path] ?? {};
  return RULES.flatMap((rule) => rule(file)).filter((one) => excused[one.rule] === undefined);
}

function sourceFolders() {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/src`);
  return [...packages, 'conformance/src', 'simulation/src'];
}

/** Paths (from the root, with slashes) of every TypeScript source file. */
export function sourcePaths() {
  const paths = [];
  for (const folder of sourceFolders())
    for (const entry of readdirSync(join(root, folder), { recursive: true }))
      if (entry.endsWith('.ts')) paths.push(`${folder}/${entry.split(sep).join('/')}`);
  return paths.sort();
}

/** Findings about the code as a whole: how large files are on the average. */
function sizeSpread(sizes) {
  const sorted = [...sizes].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const found = [];
  if (at(0.5) > MEDIAN_LINES_MAX) found.push(`median file has ${at(0.5)} lines, at most ${MEDIAN_LINES_MAX}`);
  if (at(0.9) > NINETY_PERCENT_LINES_MAX)
    found.push(`nine of ten files have up to ${at(0.9)} lines, at most ${NINETY_PERCENT_LINES_MAX}`);
  return { median: at(0.5), ninety: at(0.9), largest: sorted.at(-1) ?? 0, found };
}

function staleExceptions(paths) {
  const known = new Set(paths);
  return [...Object.keys(EXCEPTIONS), ...DATA_TABLES]
    .filter((path) => !known.has(path))
    .map((path) => `tools/tidy/exceptions.mjs: names ${path}, which is not there`);
}

/** Every finding in the repository as printable lines, and the spread of file sizes. */
export function tidyRepository(filters = []) {
  const lines = [];
  const sizes = [];
  const paths = sourcePaths();
  for (const path of paths) {
    const text = readFileSync(join(root, path), 'utf8');
    if (!/\.(test(\.[a-z]+)?|fuzz|bench)\.ts$/.test(path) && !DATA_TABLES.has(path))
      sizes.push(text.split('\n').length);
    if (filters.length > 0 && !filters.some((filter) => path.includes(filter))) continue;
    for (const one of tidyText(path, text)) lines.push(`${path}:${one.line}: ${one.rule}: ${one.message}`);
  }
  const spread = sizeSpread(sizes);
  if (filters.length === 0) lines.push(...spread.found, ...staleExceptions(paths));
  return { lines, files: sizes.length, ...spread };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { lines, files, median, ninety, largest } = tidyRepository(process.argv.slice(2));
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.stdout.write(
    `${lines.length} findings; ${files} source files, median ${median} lines, 90% up to ${ninety}, largest ${largest}\n`,
  );
  process.exit(lines.length === 0 ? 0 : 1);
}
