/** Numbers at their extremes, templates of to_char and to_number, ranges of numbers and dates. */
import type { Prng } from 'decentdb/testing';
import { among, type Draw, type Family, filled, quoted, several } from './draw.ts';

const decimal = among(
  '0',
  '1',
  '-1',
  '0.5',
  '-2.5',
  '123456.789',
  '1e-20',
  '-1e20',
  '99999999999999999999.99',
  "'NaN'",
  "'Infinity'",
  "'-Infinity'",
  '3.00',
  '0.1',
  '1234567890123456789',
  '7',
  '2',
  '1e131',
  '-0.000001',
);
const numeric: Draw = (prng) => `${decimal(prng)}::numeric`;
const small: Draw = (prng) =>
  `${prng.pick(['0', '1', '-1', '2', '0.5', '-2.5', '10', '3', '1.1', '100'])}::numeric`;
const double: Draw = (prng) =>
  `${quoted(prng.pick(['0', '-0', '1', '-1.5', '1e300', '1e-300', 'NaN', 'Infinity', '-Infinity', '0.1', '123456789.123', '2.5', '1e15', '4503599627370497.5']))}::float8`;
const single: Draw = (prng) =>
  `${quoted(prng.pick(['0', '1', '-1.5', '1e38', '1e-40', 'NaN', '0.1', '16777217', '123456.7']))}::float4`;
const whole = among(
  '0',
  '1',
  '-1',
  '2147483647',
  '(-2147483648)',
  '9223372036854775807',
  '(-9223372036854775808)',
  '7',
  '-7',
  '2',
  '32767',
);
const digits = among('0', '1', '2', '5', '-1', '-3', '20');
const form: Draw = (prng) => {
  const body = several(prng, 1, 5, among('9', '0', '99', '990', '9,9', '9G9'), '');
  const tail = prng.chance(0.5) ? `${prng.pick(['.', 'D'])}${several(prng, 0, 3, among('9', '0'), '')}` : '';
  const before = prng.pick(['', '', 'FM', 'S', 'MI', 'PL', 'SG', 'L', 'FM$']);
  const after = before === '' ? prng.pick(['', '', 'PR', 'S', 'MI', 'PL', 'TH', 'th']) : '';
  return quoted(before + body + tail + after);
};
const odd = among("'RN'", "'FMRN'", "'9.99EEEE'", "'99V99'", "'FM9.9EEEE'", '\'"x"9\'', "'9V9'");
const written = among(
  "'1,234.5'",
  "'-12'",
  "'12-'",
  "'<12.3>'",
  "' 45'",
  "'+7.0'",
  "'$1,000'",
  "'1234'",
  "'12th'",
  "'0.05'",
);
const bound = (prng: Prng, low: number): string => (prng.chance(0.12) ? '' : String(low + prng.below(8)));
const rangeText = (prng: Prng): string => {
  if (prng.chance(0.1)) return 'empty';
  const low = bound(prng, -3);
  return `${prng.pick(['[', '('])}${low},${bound(prng, low === '' ? 0 : Number(low))}${prng.pick([']', ')'])}`;
};
const range: Draw = (prng) => `${quoted(rangeText(prng))}::${prng.pick(['int4range'])}`;
const wide: Draw = (prng) => `${quoted(rangeText(prng))}::numrange`;
const many: Draw = (prng) => `${quoted(`{${several(prng, 0, 3, rangeText, ',')}}`)}::int4multirange`;

const draws = {
  a: numeric,
  b: numeric,
  s: small,
  t: small,
  d: double,
  e: double,
  f: single,
  g: single,
  w: whole,
  x: whole,
  n: digits,
  m: form,
  o: odd,
  i: written,
  r: range,
  q: range,
  u: wide,
  v: wide,
  y: many,
  z: many,
  k: among('0', '3', '-2', '5'),
};

const TEMPLATES = [
  '$a + $b',
  '$a - $b',
  '$a * $b',
  '$a / $b',
  '$a % $b',
  'div($a, $b)',
  '$a < $b',
  '$a = $b',
  'round($a, $n)',
  'trunc($a, $n)',
  'ceil($a)',
  'floor($a)',
  'sign($a)',
  'abs($a)',
  'sqrt($a)',
  'power($s, $t)',
  'exp($s)',
  'ln($a)',
  'log($a)',
  'log($s, $t)',
  'gcd($s, $t)',
  'lcm($s, $t)',
  'scale($a)',
  'min_scale($a)',
  'trim_scale($a)',
  '$a::numeric(10,2)',
  '$a::int',
  '$a::int8',
  '$a::float8',
  '$a::float4',
  '$a::int2',
  'width_bucket($s, $t, 10, 4)',
  'width_bucket($d, 0, 10, 5)',
  '$d + $e',
  '$d * $e',
  '$d / $e',
  '$d ^ $e',
  '$d < $e',
  '$d::numeric',
  '$d::int',
  '$d::float4',
  '$d::int8',
  'round($d)',
  'trunc($d)',
  'sqrt($d)',
  'cbrt($d)',
  'ln($d)',
  'exp($d)',
  '$f + $g',
  '$f * $g',
  '$f::float8',
  '$f::numeric',
  '$f = $d',
  '$f::int',
  '$w + $x',
  '$w * $x',
  '$w / $x',
  '$w % $x',
  '$w - $x',
  '-$w',
  'abs($w)',
  '$w & $x',
  '$w # $x',
  '$w << 3',
  '$w::int2',
  '$w::float4',
  '$w::numeric / 3',
  'gcd($w, $x)',
  'to_hex($w)',
  'to_char($a, $m)',
  'to_char($s, $m)',
  'to_char($s, $o)',
  'to_char($w, $m)',
  'to_char($d, $m)',
  'to_number($i, $m)',
  'to_number(to_char($s, $m), $m)',
  '$r + $q',
  '$r * $q',
  '$r - $q',
  '$r @> $q',
  '$r && $q',
  '$r << $q',
  '$r -|- $q',
  '$r &< $q',
  '$r < $q',
  '$r @> $k',
  'lower($r)',
  'upper_inc($u)',
  'isempty($u)',
  '$u + $v',
  '$u * $v',
  '$u - $v',
  '$u -|- $v',
  '$u && $v',
  '$u &> $v',
  '$u @> $s',
  'range_merge($r, $q)',
  '$y + $z',
  '$y - $z',
  '$y * $z',
  '$y @> $z',
  '$y && $r',
  '$y -|- $r',
  '$y << $z',
  '$y @> $k',
  'range_merge($y)',
  '$y::text',
  '$y = $z',
  '$y < $z',
  'unnest($y)',
  "int4range($k, $k + 2, '(]')",
  '(select range_agg(x) from (values ($r), ($q)) t(x))',
  'sum(x) from (values ($a), ($b), ($s)) t(x)',
  'avg(x) from (values ($s), ($t)) t(x)',
  'var_samp(x) from (values ($s), ($t), (1)) t(x)',
  'sum(x) from (values ($d), ($e)) t(x)',
  'stddev(x) from (values ($d), ($e)) t(x)',
];

export const numberFamily: Family = {
  name: 'number',
  make: (prng) => filled(prng.pick(TEMPLATES), draws)(prng),
};
