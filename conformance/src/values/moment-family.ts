/** Dates, times, intervals and zones: reading, arithmetic, to_char and back. */
import type { Prng } from 'decentdb/testing';
import { among, type Draw, type Family, filled, quoted, several } from './draw.ts';

const date: Draw = among(
  "date '2020-02-29'",
  "date '1999-12-31'",
  "date '0001-01-01'",
  "date '0044-03-15 BC'",
  "date '2021-01-03'",
  "date 'infinity'",
  "date '1582-10-15'",
  "date '12345-06-07'",
);
const clock = ['00:00:00', '12:34:56.789', '23:59:59.999999', '04:05', '11:59:59.5'];
const stamp: Draw = (prng) =>
  prng.chance(0.08)
    ? prng.pick(["timestamp 'infinity'", "timestamp '-infinity'"])
    : `timestamp ${quoted(`${prng.pick(['2020-02-29', '1999-12-31', '2021-03-14', '1970-01-01', '0099-07-04 BC', '2400-11-01'].map((day) => day.replace(' BC', '')))} ${prng.pick(clock)}`)}`;
const zone: Draw = among(
  "'UTC'",
  "'America/New_York'",
  "'Asia/Kolkata'",
  "'+05:30'",
  "'PST'",
  "interval '-3:30'",
  "'Australia/Lord_Howe'",
  "'utc+3'",
);
const stampZone: Draw = (prng) =>
  `timestamptz ${quoted(`${prng.pick(['2021-03-14', '2021-11-07', '2000-01-01', '1969-12-31'])} ${prng.pick(clock)}${prng.pick(['+00', '-08', '+05:45', ' America/New_York', ' CET'])}`)}`;
const span: Draw = (prng) => {
  const number = (at: Prng): string =>
    `${at.pick(['', '-', '+'])}${at.pick(['1', '2', '0', '13', '1.5', '0.7', '100'])}`;
  const unit = among(
    'year',
    'mons',
    'day',
    'hours',
    'min',
    'sec',
    'weeks',
    'ms',
    'us',
    'decade',
    'century',
    'd',
    'h',
    'm',
    's',
    'y',
  );
  if (prng.chance(0.25))
    return `interval ${quoted(prng.pick(['1-2', 'P1Y2M3DT4H5M6.5S', '1 2:03:04', '-0-1', 'PT36H', '1 12:59:10', 'P0001-02-03T04:05:06', '-1 day +02:03', '00:00:00.000001', '30 days', '1 mon']))}`;
  return `interval ${quoted(`${several(prng, 1, 3, (at) => `${number(at)} ${unit(at)}`, ' ')}${prng.chance(0.15) ? ' ago' : ''}`)}`;
};
const field: Draw = among(
  ...'century day decade dow doy epoch hour isodow isoyear microseconds millennium milliseconds minute month quarter second week year julian timezone timezone_hour'.split(
    ' ',
  ),
);
const pieces =
  'YYYY YYY YY Y IYYY IY Y,YYY MM MON Mon MONTH Month month DD DDD D Dy DAY Day ID IDDD IW WW W Q CC J HH24 HH12 HH MI SS MS US FF3 SSSS AM am P.M. BC B.C. RM rm TZ TZH TZM OF FMDD FMMonth FMHH24 DDth MMTH FMYYYY'.split(
    ' ',
  );
const template: Draw = (prng) =>
  quoted(several(prng, 1, 4, among(...pieces), prng.pick([' ', '-', '/', '', ':', ' "at" ', ', '])));
/** What has a meaning for intervals: they have no week, no day of the year. */
const lengths: Draw = (prng) =>
  quoted(
    several(prng, 1, 4, among(...'YYYY MM DD HH24 HH12 MI SS MS US FF2 AM FMHH24 FMDD'.split(' ')), ' '),
  );
const clockText: Draw = among(
  ...[
    '04:05',
    '04:05:06.789',
    '040506',
    '04:05 PM',
    '24:00',
    '23:59:60',
    '04:05:06-08',
    '12:00 AM PST',
    'allballs',
    'noon',
    '4',
    '25:00',
  ].map(quoted),
);
const reading: Draw = (prng) => {
  const [form, ...texts] = prng.pick([
    [
      'YYYY-MM-DD',
      '2020-02-29',
      '2020-13-01',
      '2021-2-3',
      '20210203',
      '2021/02/03',
      'x',
      ' 2021-02-03',
      '2021-02-30',
    ],
    ['DD Mon YYYY', '05 Mar 2021', '5 mar 21', '05March2021', '31 Feb 2021'],
    ['YYYY-MM-DD HH24:MI:SS.US', '2021-02-03 04:05:06.789', '2021-02-03 24:00:00', '2021-02-03 4:5:6.7'],
    ['YYYYMMDDHH24MISS', '20210203040506', '202102030405', '2021020304'],
    ['IYYY-IW-ID', '2020-53-7', '2021-01-1', '2021-54-1'],
    ['YYYY-DDD', '2020-366', '2021-366', '2021-001'],
    ['HH12:MI AM', '12:30 AM', '11:59 pm', '13:00 AM', '1:05 PM'],
    ['MM/DD/YY', '02/29/20', '2/9/69', '12/31/70'],
    ['FMMonth DD, YYYY BC', 'July 4, 0099 BC', 'July 04, 99 AD'],
    ['YYYY-MM-DD TZH:TZM', '2021-02-03 +05:30', '2021-02-03 -8'],
    ['J', '2451187', '1'],
    ['CC YY', '21 20', '20 99'],
    ['Y,YYY MM', '2,021 05', '1,999 12'],
    ['DD RM YYYY', '20 XII 2000', '1 vi 1999'],
  ]) as string[];
  return `${quoted(prng.pick(texts))}, ${quoted(form as string)}`;
};
const text: Draw = among(
  ...[
    'January 8, 1999',
    '1999-01-08 04:05:06.789-8',
    '20210203T040506',
    'J2451187',
    '2021.033',
    'Feb 3 2021 BC',
    'Wed Feb 03 17:32:01.5 2021 PST',
    '2021-02-03 allballs',
    'epoch',
    '3-feb-21',
    '2021-02-03 25:00',
    '2021 034',
    '99-08-01',
    '08-Jan-99',
    '2021-02-03 04:05:60',
    '2021-02-03Z',
    '2021-02-03 04:05:06 America/New_York',
    '12:00',
    'y2021m02d03',
    '2021-02-03 04:05:06 +3:30',
    '1/2/2003',
    'tomorrow x',
  ].map(quoted),
);

const draws = {
  d: date,
  e: date,
  t: stamp,
  u: stamp,
  z: zone,
  v: stampZone,
  w: stampZone,
  s: span,
  r: span,
  f: field,
  m: template,
  k: lengths,
  c: clockText,
  x: text,
  q: reading,
  n: among('2', '-1', '0.5', '1.1', '3', '0.333'),
  y: among("'15 min'", "'1 day'", "'7 hours'", "'1 week'", "'-1 min'"),
};

const TEMPLATES = [
  '$d + $s',
  '$t + $s',
  '$t - $s',
  '$v + $s',
  '$t - $u',
  '$v - $w',
  '$d - $e',
  '$d + 45',
  'age($t, $u)',
  'age($v, $w)',
  '$s + $r',
  '$s - $r',
  '$s * $n',
  '$s / $n',
  '-$s',
  '$s < $r',
  '$s = $r',
  'justify_hours($s)',
  'justify_days($s)',
  'justify_interval($s)',
  'extract($f from $t)',
  'extract($f from $v)',
  'extract($f from $d)',
  'extract($f from $s)',
  "date_part('$f', $t)",
  "date_part('$f', $s)",
  "date_trunc('$f', $t)",
  "date_trunc('$f', $s)",
  "date_trunc('$f', $v, $z)",
  'date_bin($y, $t, $u)',
  '$t at time zone $z',
  '$v at time zone $z',
  'to_char($t, $m)',
  'to_char($v, $m)',
  'to_char($s, $k)',
  'to_char($d, $m)',
  'to_date($q)',
  'to_timestamp($q)',
  '$x::timestamp',
  '$x::timestamptz',
  '$x::date',
  '$c::time',
  '$c::timetz',
  '$t::date',
  '$t::time',
  '$v::timetz',
  '$s::time',
  '$t::timestamp(2)',
  '$s::interval(1)',
  '$s::interval day to minute',
  '$s::interval year to month',
  '($d, $s) overlaps ($e, $r)',
  '($t, $u) overlaps ($t, $s)',
  '$d < $t',
  '$v > $t',
  'extract(epoch from $s)::text::interval second',
  'to_json($v)',
  "to_char($s * $n, 'HH24:MI:SS.US')",
  '$t::time + $s',
  '$t::time - $u::time',
  'isfinite($t)',
  'generate_series($t, $t + $s, $r) limit 3',
];

export const momentFamily: Family = {
  name: 'moment',
  make: (prng) => filled(prng.pick(TEMPLATES), draws)(prng),
};
