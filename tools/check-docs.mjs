/**
 * Runs the commands and examples of README.md and docs/ as written.
 *
 *   node tools/check-docs.mjs [FILE ...]
 *
 * - A ```sh block runs in bash, blocks of one page in order in one folder of their own, `decentdb` being the built command.
 *   Lines that begin with `npm install` or `npm run bench` are left out: CI has done the first, the second takes minutes.
 * - A ```js block runs as a module; `import ... from 'decentdb'` is the built package. A ```ts block the same, types stripped.
 * - A block whose fence says `no-run` is shown only.
 *
 * I1  A block that leaves with another code than 0 fails the run, and is printed with what it said.
 */
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const SKIPPED_LINES = /^\s*(npm install|npm ci|npm test|npm run (bench|demo)|cd decentdb|git clone)\b/;

/** Fenced blocks of a page: language, text, line. */
function blocksOf(text) {
  const found = [];
  const fence = /^```(\w+)([^\n]*)\n([\s\S]*?)^```/gm;
  for (const match of text.matchAll(fence)) {
    const line = text.slice(0, match.index).split('\n').length;
    found.push({ language: match[1], isShown: match[2].includes('no-run'), text: match[3], line });
  }
  return found.filter((block) => !block.isShown);
}

/** A folder where `decentdb` is a command and a package, as it is for somebody who installed it. */
function newcomersFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-docs-'));
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(join(root, 'packages', 'decentdb'), join(folder, 'node_modules', 'decentdb'));
  symlinkSync(
    join(root, 'packages', 'cli', 'bin', 'decentdb.mjs'),
    join(folder, 'node_modules', '.bin', 'decentdb'),
  );
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return folder;
}

async function commandOf(block, folder) {
  if (block.language === 'sh') {
    const lines = block.text.split('\n').filter((line) => !SKIPPED_LINES.test(line));
    return ['bash', ['-euo', 'pipefail', '-c', lines.join('\n')]];
  }
  const { code } = await transform(block.text, { loader: 'ts', format: 'esm', target: 'node20.19' });
  const file = join(folder, `example-${block.line}.mjs`);
  writeFileSync(file, code);
  return [process.execPath, ['--enable-source-maps', file]];
}

async function runPage(page) {
  const folder = newcomersFolder();
  const env = {
    ...process.env,
    NO_COLOR: '1',
    PATH: `${join(folder, 'node_modules', '.bin')}${delimiter}${process.env['PATH']}`,
  };
  let ran = 0;
  let failed = 0;
  try {
    for (const block of blocksOf(readFileSync(join(root, page), 'utf8'))) {
      if (!['sh', 'js', 'ts'].includes(block.language)) continue;
      const [command, args] = await commandOf(block, folder);
      const done = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8', timeout: 60_000 });
      ran++;
      if (done.status === 0) continue;
      failed++;
      process.stdout.write(
        `${page}:${block.line}: failed (${done.status ?? done.signal})\n${block.text}\n${done.stdout}${done.stderr}\n`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { ran, failed };
}

const pages =
  process.argv.length > 2
    ? process.argv.slice(2)
    : [
        'README.md',
        ...readdirSync(join(root, 'docs'))
          .filter((name) => name.endsWith('.md'))
          .map((name) => `docs/${name}`),
      ];
let ran = 0;
let failed = 0;
for (const page of pages) {
  const result = await runPage(page);
  ran += result.ran;
  failed += result.failed;
}
process.stdout.write(`${ran - failed} blocks passed, ${failed} failed, in ${pages.length} pages\n`);
process.exit(failed === 0 ? 0 : 1);
