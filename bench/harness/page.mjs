/**
 * Results as one page of HTML: a chart for each workload (how time grows with rows, where it asked at several sizes), then its table. Losses are drawn like wins.
 *
 * A bar is how many times faster (or smaller) the first engine is than the peer, on a logarithmic axis around 1.
 */
import * as vega from 'vega';
import { markdownRows } from './report.mjs';

const WIN = '#2a7f62';
const LOSS = '#b3432b';
const NOISE_BELOW = 1.3;

/** A bar a case and peer: right of 1 the first engine is better. */
function chartOf(summary) {
  const [own, ...peers] = summary.engines;
  const values = summary.lines.flatMap((line) =>
    peers.flatMap((peer, i) => {
      const ratio = line.ratios[i];
      return ratio === undefined || !Number.isFinite(ratio)
        ? []
        : [
            {
              label: peers.length === 1 ? line.name : `${line.name} · ${peer}`,
              ratio,
              side: ratio >= 1 ? 'win' : 'loss',
            },
          ];
    }),
  );
  const tick = { rule: { x: { scale: 'x', value: 1 }, y: { value: 0 }, y2: { signal: 'height' } } };
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    width: 560,
    padding: 5,
    title: { text: `${summary.workload}: ${own} against ${peers.join(', ')}`, anchor: 'start' },
    data: [{ name: 'cases', values }],
    signals: [{ name: 'height', update: `${Math.max(1, values.length)} * 18` }],
    scales: [
      { name: 'y', type: 'band', domain: values.map((one) => one.label), range: 'height', padding: 0.2 },
      {
        name: 'x',
        type: 'log',
        domain: [0.1, Math.max(20, ...values.map((one) => one.ratio))],
        range: 'width',
        clamp: true,
      },
      { name: 'color', type: 'ordinal', domain: ['win', 'loss'], range: [WIN, LOSS] },
    ],
    axes: [
      { orient: 'left', scale: 'y', labelLimit: 320, ticks: false, domain: false },
      { orient: 'bottom', scale: 'x', format: '~g', tickCount: 6, title: 'times better (log)', grid: true },
    ],
    marks: [
      {
        type: 'rect',
        from: { data: 'cases' },
        encode: {
          enter: {
            y: { scale: 'y', field: 'label' },
            height: { scale: 'y', band: 1 },
            x: { scale: 'x', value: 1 },
            x2: { scale: 'x', field: 'ratio' },
            fill: { scale: 'color', field: 'side' },
          },
        },
      },
      {
        type: 'text',
        from: { data: 'cases' },
        encode: {
          enter: {
            y: { scale: 'y', field: 'label', band: 0.5 },
            x: { signal: `scale('x', datum.ratio) + (datum.ratio >= 1 ? 4 : -4)` },
            align: { signal: `datum.ratio >= 1 ? 'left' : 'right'` },
            baseline: { value: 'middle' },
            fontSize: { value: 10 },
            text: { signal: `format(datum.ratio, '.2f') + 'x'` },
          },
        },
      },
      { type: 'rule', encode: { enter: { ...tick.rule, stroke: { value: '#444' } } } },
    ],
  };
}

/** Small charts, one a question: milliseconds by rows, both logarithmic, a line an engine. A straight line is a power; a bend is a cliff. */
function growthChartOf({ engines, growth }) {
  const powers = (field, range) => ({
    type: 'log',
    base: 10,
    domain: { data: 'one', field },
    range,
    nice: true,
  });
  const strokes = { scale: 'engine', field: 'engine' };
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    padding: 5,
    layout: { columns: 4, padding: { row: 48, column: 44 }, bounds: 'flush' },
    data: [{ name: 'growth', values: growth }],
    scales: [
      {
        name: 'engine',
        type: 'ordinal',
        domain: engines,
        range: [WIN, LOSS, '#3b6ea5', '#8a6d3b', '#6b4c9a'],
      },
    ],
    legends: [
      {
        stroke: 'engine',
        symbolType: 'stroke',
        orient: 'bottom',
        direction: 'horizontal',
        title: 'ms by rows',
      },
    ],
    marks: [
      {
        type: 'group',
        from: { facet: { name: 'one', data: 'growth', groupby: 'question' } },
        encode: { enter: { width: { value: 150 }, height: { value: 100 } } },
        title: { text: { signal: 'parent.question' }, fontSize: 11, anchor: 'start' },
        scales: [
          { name: 'x', ...powers('rows', [0, 150]) },
          { name: 'y', ...powers('ms', [100, 0]) },
        ],
        axes: [
          {
            orient: 'bottom',
            scale: 'x',
            format: '~e',
            values: growth.map((point) => point.rows),
            labelFontSize: 9,
          },
          { orient: 'left', scale: 'y', format: '~g', tickCount: 3, labelFontSize: 9, grid: true },
        ],
        marks: [
          {
            type: 'group',
            from: { facet: { name: 'line', data: 'one', groupby: 'engine' } },
            marks: [
              {
                type: 'line',
                from: { data: 'line' },
                encode: {
                  enter: {
                    x: { scale: 'x', field: 'rows' },
                    y: { scale: 'y', field: 'ms' },
                    stroke: strokes,
                  },
                },
              },
            ],
          },
        ],
      },
    ],
  };
}

const svgOf = async (chart) => {
  const view = new vega.View(vega.parse(chart), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
};

const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function tableOf(summary) {
  const [head, ...rows] = markdownRows(summary);
  const cells = (row, tag) => `<tr>${row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${cells(head, 'th')}</thead><tbody>${rows.map((row) => cells(row, 'td')).join('\n')}</tbody></table>`;
}

/** The whole page. `results`: what `--json` writes. */
export async function pageOf({ machine, results }) {
  const parts = [];
  for (const { summary } of results) {
    parts.push(
      `<section><h2>${escaped(summary.workload)}</h2><p>${escaped(summary.versions.join(', '))}; medians.</p>`,
      summary.growth?.length > 0 ? await svgOf(growthChartOf(summary)) : '',
      summary.engines.length > 1 ? await svgOf(chartOf(summary)) : '',
      tableOf(summary),
      '</section>',
    );
  }
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>DecentDB benchmarks</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .7rem; border-bottom: 1px solid #ddd; text-align: right; }
th:first-child, td:first-child { text-align: left; }
svg { max-width: 100%; height: auto; }
</style>
<h1>DecentDB benchmarks</h1>
<p>Every engine in a process of its own, rounds interleaved, answers compared. Machine: ${escaped(machine.cpu)}, ${machine.cores} cores,
Node ${escaped(machine.node)}. Only ratios of one run mean anything; below ${NOISE_BELOW}x they are noise.</p>
${parts.join('\n')}
</html>
`;
}
