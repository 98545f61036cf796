/**
 * Text of intervals in the four IntervalStyles.
 */
import { fractionText } from './datetime-format.ts';
import type { Interval } from './interval.ts';
import type { IntervalStyle } from './sql-type.ts';

interface Parts {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly hours: number | bigint;
  readonly minutes: number;
  readonly seconds: number;
  readonly micros: number;
  /** Sign of the time part: its fields above are magnitudes. */
  readonly isTimeNegative: boolean;
  readonly hasTime: boolean;
}

function takeApart(value: Interval): Parts {
  const isTimeNegative = value.micros < 0;
  const magnitude = isTimeNegative ? -BigInt(value.micros) : BigInt(value.micros);
  const rest = Number(magnitude % 3_600_000_000n);
  const seconds = Math.floor(rest / 1e6);
  return {
    years: Math.trunc(value.months / 12),
    months: value.months % 12,
    days: value.days,
    hours: magnitude / 3_600_000_000n,
    minutes: Math.floor(seconds / 60),
    seconds: seconds % 60,
    micros: rest - seconds * 1e6,
    isTimeNegative,
    hasTime: value.micros !== 0,
  };
}

function two(value: number | bigint): string {
  return String(value).padStart(2, '0');
}

/** Text of an interval in the session's style. */
export function formatInterval(value: Interval, style: IntervalStyle): string {
  if (!value.isFinite) return value.infiniteSign > 0 ? 'infinity' : '-infinity';
  const parts = takeApart(value);
  switch (style) {
    case 'iso_8601':
      return formatIso(parts);
    case 'sql_standard':
      return formatStandard(parts);
    case 'postgres_verbose':
      return formatVerbose(parts);
    default:
      return formatPostgres(parts);
  }
}

function formatPostgres(parts: Parts): string {
  const pieces: string[] = [];
  let wasNegative = false;
  for (const [amount, unit] of [
    [parts.years, 'year'],
    [parts.months, 'mon'],
    [parts.days, 'day'],
  ] as const) {
    if (amount === 0) continue;
    pieces.push(`${wasNegative && amount > 0 ? '+' : ''}${amount} ${unit}${amount === 1 ? '' : 's'}`);
    wasNegative = amount < 0;
  }
  if (pieces.length === 0 || parts.hasTime) {
    const sign = parts.isTimeNegative ? '-' : wasNegative ? '+' : '';
    pieces.push(
      `${sign}${two(parts.hours)}:${two(parts.minutes)}:${two(parts.seconds)}${fractionText(parts.micros)}`,
    );
  }
  return pieces.join(' ');
}

function formatIso(parts: Parts): string {
  const sign = parts.isTimeNegative ? '-' : '';
  let date = '';
  if (parts.years !== 0) date += `${parts.years}Y`;
  if (parts.months !== 0) date += `${parts.months}M`;
  if (parts.days !== 0) date += `${parts.days}D`;
  let time = '';
  if (BigInt(parts.hours) !== 0n) time += `${sign}${parts.hours}H`;
  if (parts.minutes !== 0) time += `${sign}${parts.minutes}M`;
  if (parts.seconds !== 0 || parts.micros !== 0)
    time += `${sign}${parts.seconds}${fractionText(parts.micros)}S`;
  if (date === '' && time === '') return 'PT0S';
  return `P${date}${time === '' ? '' : `T${time}`}`;
}

function formatVerbose(parts: Parts): string {
  // The sign of the first field decides "ago"; later fields print relative to it.
  let text = '@';
  let isBefore = false;
  let isFirst = true;
  const add = (amount: number, unit: string): void => {
    if (amount === 0) return;
    if (isFirst) isBefore = amount < 0;
    isFirst = false;
    const shown = isBefore ? -amount : amount;
    text += ` ${shown} ${unit}${Math.abs(shown) === 1 && shown === 1 ? '' : 's'}`;
  };
  add(parts.years, 'year');
  add(parts.months, 'mon');
  add(parts.days, 'day');
  const sign = parts.isTimeNegative ? -1 : 1;
  add(Number(parts.hours) * sign, 'hour');
  add(parts.minutes * sign, 'min');
  if (parts.seconds !== 0 || parts.micros !== 0) {
    if (isFirst) isBefore = parts.isTimeNegative;
    isFirst = false;
    const isMinus = parts.isTimeNegative !== isBefore;
    const isOne = parts.seconds === 1 && parts.micros === 0 && !isMinus;
    text += ` ${isMinus ? '-' : ''}${parts.seconds}${fractionText(parts.micros)} sec${isOne ? '' : 's'}`;
  }
  if (isFirst) return '@ 0';
  return isBefore ? `${text} ago` : text;
}

function formatStandard(parts: Parts): string {
  const { years, months, days, hasTime, isTimeNegative } = parts;
  const hasNegative = years < 0 || months < 0 || days < 0 || isTimeNegative;
  const hasPositive = years > 0 || months > 0 || days > 0 || (hasTime && !isTimeNegative);
  const hasYearMonth = years !== 0 || months !== 0;
  const hasDayTime = days !== 0 || hasTime;
  const clock = `${parts.hours}:${two(parts.minutes)}:${two(parts.seconds)}${fractionText(parts.micros)}`;
  if (!hasNegative && !hasPositive) return '0';
  if ((hasNegative && hasPositive) || (hasYearMonth && hasDayTime)) {
    const sign = (isMinus: boolean): string => (isMinus ? '-' : '+');
    return `${sign(years < 0 || months < 0)}${Math.abs(years)}-${Math.abs(months)} ${sign(days < 0)}${Math.abs(days)} ${sign(isTimeNegative)}${clock}`;
  }
  const sign = hasNegative ? '-' : '';
  if (hasYearMonth) return `${sign}${Math.abs(years)}-${Math.abs(months)}`;
  if (days !== 0) return `${sign}${Math.abs(days)} ${clock}`;
  return sign + clock;
}
