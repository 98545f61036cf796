/**
 * A reporter for node:test that shows what needs attention: failures in full, slow files, and one closing line.
 *
 * I1  Nothing a test prints is dropped: stdout of a failing file follows its failure.
 * I2  The last line is "N passed, N failed", with skipped tests named one by one, so that a skip is never silent.
 */
import { relative } from 'node:path';
import { inspect } from 'node:util';

const SLOW_FILE_MS = 3000;

/** Message, diff and stack of what made a test fail, without the wrapper node:test puts round it. */
function reasonOf(error) {
  const cause = error?.cause ?? error;
  if (cause instanceof Error || (typeof cause === 'object' && cause !== null))
    return inspect(cause, { depth: 6 });
  return String(cause);
}

class Tally {
  passed = 0;
  failed = 0;
  skipped = [];
  failures = [];
  printed = new Map();
  fileMs = new Map();

  settle(data, passed) {
    const isSuite = data.details?.type === 'suite';
    // In Node 20 a file counts as a test that wraps those inside it; its own entry only matters when it fails alone.
    const isFile = data.file !== undefined && data.name === data.file;
    const spent = data.details?.duration_ms ?? 0;
    if (data.nesting === 0) this.fileMs.set(data.file, (this.fileMs.get(data.file) ?? 0) + spent);
    if (data.skip !== undefined)
      this.skipped.push(`${data.name}${data.skip === true ? '' : `: ${data.skip}`}`);
    else if (passed) this.passed += isSuite || isFile ? 0 : 1;
    else {
      const wrapsOthers = data.details?.error?.failureType === 'subtestsFailed';
      if (wrapsOthers) return;
      this.failed += 1;
      this.failures.push(data);
    }
  }
}

function describeFailure(tally, data) {
  const where = data.file === undefined ? '' : ` (${relative(process.cwd(), data.file)}:${data.line ?? ''})`;
  const printed = tally.printed.get(data.file);
  return `\n✖ ${data.name}${where}\n${reasonOf(data.details?.error)}\n${
    printed === undefined ? '' : `--- printed by the file\n${printed.join('').slice(-4000)}\n`
  }`;
}

/** The reporter: an async generator over node:test's events. */
export default async function* report(source) {
  const tally = new Tally();
  const started = performance.now();
  for await (const event of source) {
    const { type, data } = event;
    if (type === 'test:pass') tally.settle(data, true);
    else if (type === 'test:fail') {
      const before = tally.failures.length;
      tally.settle(data, false);
      if (tally.failures.length > before) yield describeFailure(tally, data);
    } else if (type === 'test:stdout' || type === 'test:stderr') {
      const lines = tally.printed.get(data.file) ?? [];
      lines.push(data.message);
      tally.printed.set(data.file, lines);
    }
  }
  const slow = [...tally.fileMs].filter(([, ms]) => ms > SLOW_FILE_MS).sort((a, b) => b[1] - a[1]);
  for (const [file, ms] of slow)
    yield `slow: ${relative(process.cwd(), file ?? '')} ${(ms / 1000).toFixed(1)} s\n`;
  for (const name of tally.skipped) yield `skipped: ${name}\n`;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  yield `\n${tally.passed} passed, ${tally.failed} failed (${tally.skipped.length} skipped, ${seconds} s)\n`;
}
