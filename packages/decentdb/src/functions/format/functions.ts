/** The formatting family: to_char, to_date, to_timestamp, to_number (PostgreSQL manual 9.8). */
import { Decimal } from '../../types/decimal.ts';
import type { Interval } from '../../types/interval.ts';
import { Oid as T } from '../../types/oids.ts';
import { fn, overloads } from '../define.ts';
import type { ScalarFunction } from '../function.ts';
import { toDate, toTimestamp } from './date-time-input.ts';
import { intervalToChar, timestampToChar, timestamptzToChar } from './date-time-output.ts';
import { toNumber } from './number-input.ts';
import { floatToChar, numberToChar } from './number-output.ts';

const integerToChar = (value: number | bigint, format: string): string =>
  numberToChar(Decimal.fromInteger(value), format);

export const formatFunctions: readonly ScalarFunction[] = [
  ...overloads(
    'to_char',
    'A value as text, by a template.',
    ["to_char(timestamp '2024-02-29 14:05:06', 'YYYY-MM-DD HH12:MI AM')", '2024-02-29 02:05 PM'],
    [
      [[T.timestamp, T.text], T.text, (_c, value: number, format: string) => timestampToChar(value, format)],
      [
        [T.timestamptz, T.text],
        T.text,
        (context, value: number, format: string) =>
          timestamptzToChar(value, format, context.setting('TimeZone')),
        { volatility: 'stable' },
      ],
      [[T.interval, T.text], T.text, (_c, value: Interval, format: string) => intervalToChar(value, format)],
      [[T.int4, T.text], T.text, (_c, value: number, format: string) => integerToChar(value, format)],
      [[T.int8, T.text], T.text, (_c, value: number, format: string) => integerToChar(value, format)],
      [[T.numeric, T.text], T.text, (_c, value: Decimal, format: string) => numberToChar(value, format)],
      [[T.float4, T.text], T.text, (_c, value: number, format: string) => floatToChar(value, format, 6)],
      [[T.float8, T.text], T.text, (_c, value: number, format: string) => floatToChar(value, format, 15)],
    ],
  ),
  fn(
    'to_date',
    [T.text, T.text],
    T.date,
    (_c, text: string, format: string) => toDate(text, format),
    'A date read by a template.',
    ["to_date('29 Feb 2024', 'DD Mon YYYY')", '2024-02-29'],
    { volatility: 'stable' },
  ),
  fn(
    'to_timestamp',
    [T.text, T.text],
    T.timestamptz,
    (context, text: string, format: string) => toTimestamp(text, format, context.setting('TimeZone')),
    'An instant read by a template.',
    null,
    { volatility: 'stable' },
  ),
  fn(
    'to_number',
    [T.text, T.text],
    T.numeric,
    (_c, text: string, format: string) => toNumber(text, format),
    'A number read by a template.',
    ["to_number('-1,234.5', 'S9,999.9')", '-1234.5'],
    { volatility: 'stable' },
  ),
];
