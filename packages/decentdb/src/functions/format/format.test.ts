/** Formatting against PostgreSQL itself: every template below on every value, compared as text. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { dateType, timestampType, timestamptzType } from '../../types/date-time-types.ts';
import { Decimal } from '../../types/decimal.ts';
import type { Interval } from '../../types/interval.ts';
import { intervalType } from '../../types/interval-type.ts';
import { defaultTypeSettings } from '../../types/sql-type.ts';
import { toDate, toTimestamp } from './date-time-input.ts';
import { intervalToChar, timestampToChar } from './date-time-output.ts';
import { toNumber } from './number-input.ts';
import { numberToChar } from './number-output.ts';

const oracle = new PGlite();
after(() => oracle.close());

const NUMBERS = [
  '0',
  '1',
  '-1',
  '0.1',
  '-0.1',
  '12.345',
  '-12.345',
  '1234',
  '-1234.5',
  '99999',
  '0.005',
  '485',
  '1.5',
  '-0.00',
  '100',
];
const NUMBER_FORMATS = [
  '9',
  '99',
  '9999',
  '0999',
  '999.99',
  'FM999.99',
  'FM999.009',
  '9.9',
  '99.9',
  '0.9',
  '9,999.9',
  'FM9,999',
  'S9999',
  '9999S',
  'SG999',
  '999MI',
  'MI999',
  'FM999MI',
  'PL999',
  '999PR',
  'FM999PR',
  '999TH',
  '999th',
  'RN',
  'FMRN',
  '"x"999',
  '99V99',
  '9.99EEEE',
  '00000',
  'FM0000.00',
  '999D99',
  '9G999',
];
const TIMES = [
  '2024-02-29 14:05:06.123456',
  '1999-12-31 23:59:59',
  '2000-01-01 00:00:00',
  '0044-03-15 12:00:00 BC',
  '2021-01-03 01:02:03',
];
const TIME_FORMATS = [
  'YYYY-MM-DD HH24:MI:SS',
  'FMMonth FMDD, YYYY',
  'Month',
  'MONTH|month|Mon|mon',
  'Day DAY day Dy DY dy',
  'DDD DD D ID',
  'HH12:MI AM',
  'hh:mi p.m.',
  'IYYY-IW-ID IDDD',
  'Q CC J',
  'W WW',
  'MS US SSSS SSSSS',
  'YYY YY Y',
  'Y,YYY',
  'DDth DDTH',
  'RM rm FMRM',
  '"quoted YYYY" YYYY',
  'BC A.D.',
  'FF1 FF3 FF6',
];
const INTERVALS = ['1 year 2 mons 3 days 04:05:06.7', '-1 days -02:03:04', '30 hours', '0'];
const INTERVAL_FORMATS = ['HH24:MI:SS', 'YYYY MM DD', 'HH12 MI', 'MS US', 'FMHH24', 'CC Q DDD'];

type Ask = { readonly sql: string; readonly ours: () => string | null };

async function compare(asks: readonly Ask[]): Promise<void> {
  const differences: string[] = [];
  for (const { sql, ours } of asks) {
    const theirs = await oracle
      .query<{ v: string | null }>(`select (${sql})::text as v`)
      .then(({ rows }) => rows[0]!.v)
      .catch((error: { code: string }) => `error ${error.code}`);
    let got: string | null;
    try {
      got = ours();
    } catch (error) {
      got = `error ${(error as { code: string }).code}`;
    }
    if (got !== theirs)
      differences.push(`${sql}: ours ${JSON.stringify(got)}, PostgreSQL ${JSON.stringify(theirs)}`);
  }
  assert.deepEqual(differences, []);
}

test('to_char(numeric) equals PostgreSQL', async () => {
  await compare(
    NUMBERS.flatMap((value) =>
      NUMBER_FORMATS.map((format) => ({
        sql: `to_char(${value}::numeric, '${format}')`,
        ours: () => numberToChar(Decimal.parse(value)!, format),
      })),
    ),
  );
});

test('to_char(timestamp) and to_char(interval) equal PostgreSQL', async () => {
  const timestamp = (text: string): number => timestampType.input(text, -1, defaultTypeSettings) as number;
  const interval = (text: string): Interval => intervalType.input(text, -1, defaultTypeSettings) as Interval;
  await compare([
    ...TIMES.flatMap((value) =>
      TIME_FORMATS.map((format) => ({
        sql: `to_char(timestamp '${value}', '${format}')`,
        ours: () => timestampToChar(timestamp(value), format),
      })),
    ),
    ...INTERVALS.flatMap((value) =>
      INTERVAL_FORMATS.map((format) => ({
        sql: `to_char(interval '${value}', '${format}')`,
        ours: () => intervalToChar(interval(value), format),
      })),
    ),
  ]);
});

test('to_date, to_timestamp and to_number equal PostgreSQL', async () => {
  const dates: [string, string][] = [
    ['2024-02-29', 'YYYY-MM-DD'],
    ['29 Feb 2024', 'DD Mon YYYY'],
    ['February 3, 1999', 'Month DD, YYYY'],
    ['20240301', 'YYYYMMDD'],
    ['3/4/05', 'MM/DD/YY'],
    ['2024 060', 'YYYY DDD'],
    ['2021-53-7', 'IYYY-IW-ID'],
    ['2024-13-01', 'YYYY-MM-DD'],
    ['2023-02-29', 'YYYY-MM-DD'],
    ['44-03-15 BC', 'YYYY-MM-DD BC'],
    ['2460000', 'J'],
    ['nonsense', 'YYYY-MM-DD'],
    ['IV 2001', 'RM YYYY'],
    ['  2000   01 02', 'YYYY MM DD'],
  ];
  const instants: [string, string][] = [
    ['2024-02-29 14:05:06', 'YYYY-MM-DD HH24:MI:SS'],
    ['2024-02-29 02:05 PM', 'YYYY-MM-DD HH12:MI AM'],
    ['2024-02-29 13:05 PM', 'YYYY-MM-DD HH12:MI PM'],
    ['2024-02-29 14:05:06.789', 'YYYY-MM-DD HH24:MI:SS.MS'],
    ['2024-02-29 14:05 +05:30', 'YYYY-MM-DD HH24:MI TZH:TZM'],
    ['15:12:02.020.001230', 'HH24:MI:SS.MS.US'],
  ];
  const numbers: [string, string][] = [
    ['-1,234.5', 'S9,999.9'],
    ['1234', '9999'],
    ['12.34', '99.99'],
    ['<12>', '99PR'],
    ['12-', '99MI'],
    ['-0.5', '9.9'],
    ['1 234', '9 999'],
  ];
  const settings = defaultTypeSettings;
  await compare([
    ...dates.map(([text, format]) => ({
      sql: `to_date('${text}', '${format}')`,
      ours: () => dateType.output(toDate(text, format), settings),
    })),
    ...instants.map(([text, format]) => ({
      sql: `to_timestamp('${text}', '${format}') at time zone 'UTC'`,
      ours: () => timestampType.output(toTimestamp(text, format, 'UTC'), settings),
    })),
    ...numbers.map(([text, format]) => ({
      sql: `to_number('${text}', '${format}')`,
      ours: () => toNumber(text, format)?.toString() ?? null,
    })),
  ]);
  assert.equal(timestamptzType.name, 'timestamptz');
});
