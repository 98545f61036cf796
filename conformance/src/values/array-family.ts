/** Arrays of one and more dimensions, with bounds of their own, and slices of them. */
import type { Prng } from 'decentdb/testing';
import { among, type Draw, type Family, filled, quoted } from './draw.ts';

const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  int: ['0', '1', '-7', '2147483647', 'NULL'],
  text: ['a', 'NULL', '"NULL"', '"a b"', '""', '"x,y"', '"{"', '"q\\"r"', 'é', '"\\\\"'],
};

function literal(prng: Prng, type: string): string {
  if (prng.chance(0.1)) return "'{}'";
  const sizes = Array.from({ length: 1 + prng.below(3) }, () => 1 + prng.below(3));
  const level = (depth: number): string => {
    if (depth === sizes.length) return prng.pick(ELEMENTS[type] as readonly string[]);
    return `{${Array.from({ length: sizes[depth] as number }, () => level(depth + 1)).join(',')}}`;
  };
  const body = level(0);
  if (!prng.chance(0.25)) return quoted(body);
  const bounds = sizes.map((size) => {
    const low = prng.below(5) - 1;
    return `[${low}:${low + size - 1}]`;
  });
  return quoted(`${bounds.join('')}=${body}`);
}

const ints: Draw = (prng) => `${literal(prng, 'int')}::int[]`;
const texts: Draw = (prng) => `${literal(prng, 'text')}::text[]`;
const flat: Draw = (prng) =>
  `array[${Array.from({ length: 1 + prng.below(4) }, () => prng.pick(['1', '2', '0', 'null', '-7'])).join(',')}]::int[]`;
const subscripts: Draw = (prng) =>
  Array.from({ length: 1 + prng.below(3) }, () => {
    const at = (): string => prng.pick(['0', '1', '2', '3', '-1', 'null::int']);
    const kind = prng.below(5);
    if (kind === 0) return `[${at()}]`;
    if (kind === 1) return '[:]';
    if (kind === 2) return `[${at()}:]`;
    return kind === 3 ? `[:${at()}]` : `[${at()}:${at()}]`;
  }).join('');

const draws = {
  a: ints,
  b: ints,
  t: texts,
  u: texts,
  f: flat,
  g: flat,
  s: subscripts,
  i: among('0', '1', '2', '-7', 'null'),
  w: among("'a'", "''", "'NULL'", 'null', "'a b'"),
  n: among('1', '2', '3', '0'),
};

const TEMPLATES = [
  '($a)$s',
  '($t)$s',
  'array_dims($a)',
  'array_ndims($t)',
  'array_lower($a, $n)',
  'array_upper($a, $n)',
  'array_length($t, $n)',
  'cardinality($a)',
  '$a || $b',
  '$a || $i::int',
  '$i::int || $b',
  'array_append($t, $w)',
  'array_prepend($w, $t)',
  'array_cat($t, $u)',
  'array_remove($f, $i)',
  'array_remove($t, $w)',
  'array_replace($a, $i, 9)',
  'array_replace($t, $w, null)',
  'array_position($f, $i)',
  'array_position($t, $w, $n)',
  'array_positions($f, $i)',
  "array_to_string($a, ',', $w)",
  'array_to_string($t, $w)',
  "string_to_array(array_to_string($t, ','), ',', $w)",
  'array_to_json($a)',
  'to_jsonb($t)',
  '$a @> $b',
  '$f <@ $a',
  '$f && $g',
  '$t && $u',
  '$a = $b',
  '$a < $b',
  '$t >= $u',
  '$i = any($a)',
  '$i <> all($f)',
  '$w like any($t)',
  'array_fill($i::int, $f, $g)',
  'array_fill($w::text, array[2,$n])',
  'trim_array($f, $n)',
  'trim_array($a, $n)',
  'array[$a, $b]',
  'array[[$f],[$g]]',
  'array(select unnest($a) order by 1 desc)',
  '(select array_agg(x) from (values ($f), ($g)) v(x))',
  '(select array_agg(i) from generate_subscripts($a, $n) i)',
  '$t::text::text[]',
  '$a::bigint[]',
  '$f::text[]::int[]',
  '$t::varchar(1)[]',
  '($t)[1]',
  'unnest($t)',
  '(select json_agg(q) from unnest($f, $t) with ordinality q)',
  'num_nulls(variadic $f)',
  "concat_ws('-', variadic $t)",
  "format('%s|%s', variadic $t)",
  'greatest($f, $g)',
];

export const arrayFamily: Family = {
  name: 'array',
  make: (prng) => filled(prng.pick(TEMPLATES), draws)(prng),
};
