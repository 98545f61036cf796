/**
 * Charts of a result in a terminal: a line, bars, or a histogram.
 *
 * I1  Rows whose value is NULL or no number are left out, and counted in the last line.
 * I2  Nothing is wider than the terminal.
 */
import { plot as asciiLine } from 'asciichart';
import stringWidth from 'string-width';
import { UsageError } from '../exit-code.ts';
import { isNumberType, type ResultTable } from './result-table.ts';

export type PlotKind = 'line' | 'bar' | 'hist';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const LINE_ROWS = 12;
const HISTOGRAM_BINS = 12;
const LABEL_COLUMNS_MAX = 30;

export interface PlotChoices {
  readonly kind: PlotKind;
  /** Column of the labels; null: the first that is no number, or none. */
  readonly x: string | null;
  /** Column of the values; null: the last number. */
  readonly y: string | null;
  readonly columns: number;
}

export function plotText(table: ResultTable, choices: PlotChoices): string {
  if (table.rows.length === 0) return '(no rows)\n';
  const y = columnOf(table, choices.y, true);
  const x = choices.x === null && choices.kind === 'hist' ? -1 : columnOf(table, choices.x, false, y);
  const points: { label: string; value: number }[] = [];
  for (const row of table.rows) {
    const value = Number(row[y] ?? Number.NaN);
    if (Number.isFinite(value) && row[y] !== '')
      points.push({ label: x < 0 ? '' : (row[x] ?? 'NULL'), value });
  }
  const left = table.rows.length - points.length;
  const tail = left === 0 ? '' : `(${left} ${left === 1 ? 'row' : 'rows'} without a number)\n`;
  if (points.length === 0) return tail;
  const name = table.columns[y]?.name ?? '';
  switch (choices.kind) {
    case 'bar':
      return `${name}\n${bars(points, choices.columns)}${tail}`;
    case 'hist':
      return `${name}\n${histogram(
        points.map(({ value }) => value),
        choices.columns,
      )}${tail}`;
    default:
      return `${name}\n${line(points, choices.columns)}${tail}`;
  }
}

const SPARKS = '▁▂▃▄▅▆▇█';

/** One line of small bars; more values than columns: the mean of those that share one. */
export function sparkText(table: ResultTable, name: string | null, columns: number): string {
  const y = columnOf(table, name, true);
  const values = table.rows.map((row) => Number(row[y] ?? Number.NaN)).filter(Number.isFinite);
  if (values.length === 0) return '(no rows)\n';
  const means = meansOf(values, Math.max(10, columns));
  const [low, high] = rangeOf(means);
  const steps = SPARKS.length - 1;
  const bar = (value: number): string =>
    SPARKS[high === low ? 3 : Math.round(((value - low) / (high - low)) * steps)] ?? '';
  return `${means.map(bar).join('')}\n`;
}

function meansOf(values: readonly number[], most: number): number[] {
  const count = Math.min(values.length, most);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * values.length) / count);
    const part = values.slice(from, Math.floor(((i + 1) * values.length) / count));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

/** Of any number of values: spread arguments have a limit. */
function rangeOf(values: readonly number[]): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function columnOf(table: ResultTable, name: string | null, isValue: boolean, other = -1): number {
  if (name !== null) {
    const at = table.columns.findIndex((column) => column.name === name);
    if (at < 0)
      throw new UsageError(
        `the result has no column "${name}"; it has ${table.columns.map((one) => one.name).join(', ')}`,
      );
    return at;
  }
  if (!isValue) return table.columns.findIndex((_, at) => at !== other);
  const at = table.columns.findLastIndex(({ typeOid }) => isNumberType(typeOid));
  if (at < 0) throw new UsageError('the result has no column of numbers');
  return at;
}

function line(points: readonly { label: string; value: number }[], columns: number): string {
  const width = Math.max(10, columns - 14);
  // More points than columns: the mean of those that share one.
  const values = meansOf(
    points.map(({ value }) => value),
    width,
  );
  const [low, high] = rangeOf(values);
  const isFlat = low === high;
  const text = asciiLine(values, { height: isFlat ? 1 : LINE_ROWS });
  const first = points[0]?.label ?? '';
  const last = points.at(-1)?.label ?? '';
  return `${text}\n${first === '' && last === '' ? '' : `${first} ... ${last}\n`}`;
}

function bars(points: readonly { label: string; value: number }[], columns: number): string {
  const labels = points.map(({ label }) => cut(label.replace(/\s+/g, ' '), LABEL_COLUMNS_MAX));
  const [, wide] = rangeOf(labels.map((label) => stringWidth(label)));
  const numbers = points.map(({ value }) => String(Number(value.toPrecision(12))));
  const [, numberWide] = rangeOf(numbers.map((text) => text.length));
  const room = Math.max(5, columns - wide - numberWide - 4);
  const [, most] = rangeOf([...points.map(({ value }) => Math.abs(value)), Number.MIN_VALUE]);
  return points
    .map(({ value }, i) => {
      const eighths = Math.round((Math.abs(value) / most) * room * 8);
      const bar = '█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '');
      const label = labels[i] as string;
      const sign = value < 0 ? '-' : ' ';
      return `${label}${' '.repeat(wide - stringWidth(label))} ${(numbers[i] as string).padStart(numberWide)} ${sign}${bar}\n`;
    })
    .join('');
}

function histogram(values: readonly number[], columns: number): string {
  const [low, high] = rangeOf(values);
  const bins = low === high ? 1 : Math.min(HISTOGRAM_BINS, Math.max(1, Math.ceil(Math.sqrt(values.length))));
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const at = low === high ? 0 : Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const edge = (at: number): string => String(Number((low + ((high - low) * at) / bins).toPrecision(5)));
  return bars(
    counts.map((value, at) => ({ label: `${edge(at)} .. ${edge(at + 1)}`, value })),
    columns,
  );
}

/** The text, or as much of it as fits. */
export function cut(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (stringWidth(kept + character) >= columns) break;
    kept += character;
  }
  return `${kept}…`;
}
