/** From rounds of measurements to a table: medians, ratios to the first peer, and whether the answers agree. */
import { difference } from './row-hash.mjs';

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The figure of one measurement in the unit of its case. */
function figureOf(one, measured) {
  if (one.unit === 'MB') return measured.bytes / 1e6;
  if (one.unit === 'us') return (measured.ms * 1000) / measured.count;
  return one.unit === 'ms' ? measured.ms / measured.count : measured.count / (measured.ms / 1000);
}

const isLowerBetter = (one) => one.unit === 'ms' || one.unit === 'us' || one.unit === 'MB';

function compareAnswers(one, engines, byEngine) {
  if (one.verify === 'same-count') {
    const counts = new Map();
    for (const engine of engines)
      for (const measured of byEngine.get(engine) ?? []) counts.set(`${measured.count}`, measured);
    if (counts.size > 1) return undefined; // a lighter run of a slow engine: nothing to compare
  }
  const [first, ...others] = engines.flatMap((engine) =>
    (byEngine.get(engine) ?? []).map((m) => [engine, m]),
  );
  for (const [engine, measured] of others) {
    const found = difference(first[1].check, measured.check);
    if (found !== undefined) return `${one.name}: ${first[0]} and ${engine} differ at ${found}`;
  }
  return undefined;
}

/** The sum of what one round measured for several cases, as if it were a case; undefined where one of them failed. */
function summed(one, round) {
  const parts = one.sumOf.map((name) => round.cases.find((m) => m.case === name && m.error === undefined));
  if (parts.some((part) => part === undefined)) return undefined;
  const total = (figure) => parts.reduce((sum, part) => sum + figure(part), 0);
  return {
    case: one.name,
    count: 1,
    check: [],
    ms: total((part) => part.ms / part.count),
    firstMs: total((part) => part.firstMs),
  };
}

/** What a round measured for a case. */
function measuredIn(round, one) {
  if (one.sumOf === undefined) return round.cases.filter((m) => m.case === one.name);
  const sum = summed(one, round);
  return sum === undefined ? [] : [sum];
}

/** Medians of the first runs in a process; undefined for an engine, or for all, where none were timed. */
function firstRuns(engines, byEngine) {
  const figures = engines.map((engine) => {
    const all = (byEngine.get(engine) ?? []).flatMap((m) => (m.firstMs > 0 ? [m.firstMs] : []));
    return all.length === 0 ? undefined : median(all);
  });
  return figures.some((figure) => figure !== undefined) ? figures : undefined;
}

/** One line a case: the median of each engine and the ratio of the first engine to the second. */
export function summarize(workload, cases, engines, rounds) {
  const differences = [];
  const lines = [];
  for (const one of cases) {
    const byEngine = new Map();
    const errors = new Map();
    for (const round of rounds)
      for (const measured of measuredIn(round, one)) {
        if (measured.error !== undefined) errors.set(round.engine, measured.error);
        else byEngine.set(round.engine, [...(byEngine.get(round.engine) ?? []), measured]);
      }
    if (byEngine.size === 0 && errors.size === 0) continue;
    const figures = engines.map((engine) => {
      const all = byEngine.get(engine);
      return all === undefined ? undefined : median(all.map((measured) => figureOf(one, measured)));
    });
    const found = compareAnswers(one, engines, byEngine);
    if (found !== undefined) differences.push(found);
    const [own, ...peers] = figures;
    // One a peer: above 1 the first engine is better.
    const ratios = peers.map((peer) =>
      own === undefined || peer === undefined ? undefined : isLowerBetter(one) ? peer / own : own / peer,
    );
    lines.push({
      name: one.name,
      unit: one.unit,
      figures,
      firstFigures: firstRuns(engines, byEngine),
      ratio: ratios[0],
      ratios,
      target: one.target,
      errors: Object.fromEntries(errors),
    });
  }
  const memory = engines.map((engine) => {
    const all = rounds.filter((round) => round.engine === engine && round.residentBytes !== undefined);
    return all.length === 0 ? undefined : median(all.map((round) => round.residentBytes)) / 1e6;
  });
  if (memory.some((figure) => figure !== undefined))
    lines.push({
      name: 'resident memory at the end',
      unit: 'MB',
      figures: memory,
      ratio: memory[1] / memory[0],
      ratios: memory.slice(1).map((peer) => peer / memory[0]),
      errors: {},
    });
  const versions = engines.map((engine) => {
    const round = rounds.find((one) => one.engine === engine);
    return `${engine} ${round?.version ?? '?'} (node ${round?.node ?? '?'})`;
  });
  return { workload, engines, versions, lines, differences };
}

function figureText(value, unit) {
  if (value === undefined || Number.isNaN(value)) return '-';
  if (unit === 'ms' || unit === 'us') return value < 10 ? value.toFixed(2) : value.toFixed(0);
  if (unit === 'MB') return value.toFixed(1);
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  return value >= 1e4 ? `${(value / 1e3).toFixed(0)}k` : value.toFixed(0);
}

/** A ratio above 1 means the first engine is better, whatever the unit. File size targets are shares of the peer's. */
function targetText(line) {
  if (line.target === undefined || line.ratio === undefined) return '';
  const wanted = line.unit === 'MB' ? 1 / line.target : line.target;
  return line.ratio >= wanted ? `ok (${wanted.toFixed(2)}x)` : `MISSED (${wanted.toFixed(2)}x)`;
}

const ratioText = (ratio) => (ratio === undefined || Number.isNaN(ratio) ? '' : `${ratio.toFixed(2)}x`);

/** The first time a process asks: a figure an engine, then a ratio a peer. */
function firstCells(line) {
  const [own, ...peers] = line.firstFigures ?? line.figures.map(() => undefined);
  if (line.firstFigures === undefined) return [own, ...peers, ...peers].map(() => '');
  return [
    ...line.firstFigures.map((figure) => figureText(figure, 'ms')),
    ...peers.map((peer) => ratioText(peer === undefined || own === undefined ? undefined : peer / own)),
  ];
}

/**
 * Head and rows of the table of a summary: a column an engine, then a ratio a peer; the same for the first run in the process
 * where queries were asked more than once.
 */
export function markdownRows(summary) {
  const peers = summary.engines.slice(1);
  const hasFirst = summary.lines.some((line) => line.firstFigures !== undefined);
  const versus = peers.map((peer) => `vs ${peer}`);
  const named = [...summary.engines, ...versus];
  const head = ['case', 'unit', ...named, ...(hasFirst ? named.map((name) => `first: ${name}`) : [])];
  const rows = summary.lines.map((line) => [
    line.name,
    line.unit,
    ...line.figures.map((figure) => figureText(figure, line.unit)),
    ...line.ratios.map(ratioText),
    ...(hasFirst ? firstCells(line) : []),
  ]);
  return [head, ...rows];
}

/** A Markdown table with columns as wide as what they hold; figures on the right. */
function markdownTable([head, ...rows]) {
  const isLeft = (at) => at < 2;
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at].length)));
  const line = (row) =>
    `| ${row.map((cell, at) => (isLeft(at) ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(' | ')} |`;
  const rule = widths.map((width, at) => (isLeft(at) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)];
}

function markdownSection(summary) {
  const lines = [
    `## ${summary.workload}`,
    '',
    `${summary.versions.join(', ')}; medians.`,
    '',
    ...markdownTable(markdownRows(summary)),
    ...(summary.notes?.length > 0 ? ['', ...summary.notes.map((note) => `- ${note}`)] : []),
  ];
  return lines.join('\n');
}

/** The summaries as a page of Markdown tables, for docs/benchmarks/tables.md. */
export function markdownPage(summaries) {
  return `# Figures side by side

Written by \`npm run bench -- ... --markdown\`. A ratio above 1 means the first engine is better, whatever the unit. "first": the first time the process asks;
the other figure is the median of a second of runs after a quarter of a second ([bench/](../../bench/README.md)).

${summaries.map(markdownSection).join('\n\n')}
`;
}

export function printReport(summary) {
  const head = [
    'case',
    'unit',
    ...summary.engines,
    `${summary.engines[0]} vs ${summary.engines[1] ?? '-'}`,
    'first time',
    'target',
  ];
  const rows = summary.lines.map((line) => [
    line.name,
    line.unit,
    ...line.figures.map((figure, at) =>
      line.errors[summary.engines[at]] === undefined ? figureText(figure, line.unit) : 'error',
    ),
    ratioText(line.ratio),
    line.firstFigures === undefined
      ? ''
      : firstCells(line)
          .filter((cell) => cell !== '')
          .join(' '),
    targetText(line),
  ]);
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at].length)));
  const text = (row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ');
  process.stdout.write(`\n${summary.workload}: ${summary.versions.join(', ')}\n${text(head)}\n`);
  for (const row of rows) process.stdout.write(`${text(row)}\n`);
  for (const line of summary.lines)
    for (const [engine, message] of Object.entries(line.errors))
      process.stdout.write(`error: ${engine}, ${line.name}: ${message}\n`);
  for (const note of summary.notes ?? []) process.stdout.write(`${note}\n`);
  for (const found of summary.differences) process.stdout.write(`DIFFERENT ANSWERS: ${found}\n`);
}
