/** JSON documents, their operators, and paths into them. */
import type { Prng } from 'decentdb/testing';
import { among, type Draw, type Family, filled, oneOf, quoted, several } from './draw.ts';

const SCALARS = [
  '1',
  '0',
  '-2.50',
  '1e2',
  '"a"',
  '"b c"',
  '""',
  '"é\\u0041"',
  '"1"',
  '"2020-01-02"',
  'true',
  'false',
  'null',
];
const KEYS = ['a', 'b', 'c', 'a b', '', '1'];

function document(prng: Prng, depth: number): string {
  if (depth === 0 || prng.chance(0.25)) return prng.pick(SCALARS);
  const inner: Draw = (at) => document(at, depth - 1);
  if (prng.chance(0.5)) return `[${several(prng, 0, 3, inner, ', ')}]`;
  return `{${several(prng, 0, 3, (at) => `"${at.pick(KEYS)}": ${inner(at)}`, ', ')}}`;
}

const jsonb: Draw = (prng) => `${quoted(document(prng, 3))}::jsonb`;
const json: Draw = (prng) => `${quoted(document(prng, 3))}::json`;
const key: Draw = (prng) => quoted(prng.pick(KEYS));
const index: Draw = among('0', '1', '-1', '2', '5', '-4');
const keys: Draw = (prng) =>
  quoted(`{${several(prng, 0, 3, (at) => `"${at.pick([...KEYS, '0', '1', '-1'])}"`, ',')}}`);

const step: Draw = among(
  '.a',
  '.b',
  '."a b"',
  '[*]',
  '[0]',
  '[1 to 2]',
  '[last]',
  '[0, 2]',
  '.*',
  '.**',
  '.**{1}',
  '.**{1 to last}',
  '.type()',
  '.size()',
  '.double()',
  '.abs()',
  '.ceiling()',
  '.floor()',
  '.keyvalue()',
  '[last - 1]',
  '["a"]',
  '.datetime()',
);
const operand: Draw = among(
  '@',
  '@.a',
  '@.b',
  '@[0]',
  '1',
  '"a"',
  'null',
  'true',
  '@ + 1',
  '@.size()',
  '$x',
  '-@',
);
const condition: Draw = oneOf(
  filled('$o == $o', { o: operand }),
  filled('$o > $o', { o: operand }),
  filled('$o <= $o', { o: operand }),
  filled('$o != $o', { o: operand }),
  filled('exists($o)', { o: among('@.a', '@.b', '@[*]', '@') }),
  filled('@ starts with $t', { t: among('"a"', '"b"', '$x') }),
  filled('@ like_regex "^[ab]" flag "$f"', { f: among('i', 's', 'q', 'm') }),
  filled('!($o < $o)', { o: operand }),
  filled('($o > $o) is unknown', { o: operand }),
  filled('$o == $o && $o < $o', { o: operand }),
  filled('$o == $o || $o >= $o', { o: operand }),
);
const path: Draw = (prng) => {
  const mode = prng.pick(['', '', 'lax ', 'strict ']);
  let text = `$${several(prng, 0, 2, step, '')}`;
  if (prng.chance(0.5)) text += ` ? (${condition(prng)})`;
  if (prng.chance(0.3)) text += step(prng);
  if (prng.chance(0.1)) text = `${text} + 1`;
  if (prng.chance(0.1)) text = `${condition(prng).replaceAll('@', '$')}`;
  return quoted(mode + text);
};

const draws = { d: jsonb, e: jsonb, j: json, k: key, i: index, p: path, s: keys, n: among('true', 'false') };

const TEMPLATES = [
  '$d -> $k',
  '$d -> $i',
  '$d ->> $k',
  '$d ->> $i',
  '$d #> $s',
  '$d #>> $s',
  '$j -> $k',
  '$j ->> $i',
  '$j #>> $s',
  '$d @> $e',
  '$d <@ $e',
  '$d ? $k',
  '$d ?| $s',
  '$d ?& $s',
  '$d || $e',
  '$d - $k',
  '$d - $i',
  '$d #- $s',
  '$d - $s::text[]',
  '$d = $e',
  '$d < $e',
  'jsonb_cmp($d, $e)',
  'jsonb_set($d, $s, $e, $n)',
  'jsonb_insert($d, $s, $e, $n)',
  "jsonb_set_lax($d, $s, null, $n, 'delete_key')",
  'jsonb_strip_nulls($d)',
  'json_strip_nulls($j)',
  'jsonb_pretty($d)',
  'jsonb_typeof($d)',
  'json_typeof($j)',
  'jsonb_array_length($d)',
  'json_array_length($j)',
  '$d @? $p',
  '$d @@ $p',
  'jsonb_path_exists($d, $p, \'{"x": 1}\', $n)',
  'jsonb_path_match($d, $p, \'{"x": "a"}\', true)',
  'jsonb_path_query_array($d, $p, \'{"x": 1}\')',
  'jsonb_path_query_array($d, $p, \'{"x": "a"}\', true)',
  'jsonb_path_query_first($d, $p, \'{"x": 1}\', true)',
  '$p::jsonpath',
  '(select json_agg(q) from jsonb_each($d) q)',
  '(select json_agg(q) from json_each_text($j) q)',
  '(select json_agg(q) from jsonb_array_elements_text($d) q)',
  '(select json_agg(q) from json_array_elements($j) q)',
  '(select json_agg(q) from jsonb_to_record($d) q(a int, b text, c jsonb))',
  '(select json_agg(q) from jsonb_to_recordset($d) q(a numeric, b text[]))',
  '($d)[$k]',
  '($d)[$i]',
  '$d::int',
  '$d::text::json::jsonb',
  '$d::bool',
  '$d::numeric',
  'to_jsonb($j)',
  'json_build_object($k, $d, 2, $j)',
  'jsonb_build_array($d, $j, null, 1.50)',
  'json_value($d, $p returning text)',
  'json_value($d, $p returning int default 7 on empty default 8 on error)',
  'json_query($d, $p with wrapper)',
  'json_query($d, $p with conditional wrapper null on empty)',
  'json_exists($d, $p)',
  'json_exists($d, $p error on error)',
  "(select json_agg(q) from json_table($d, $p columns (n for ordinality, a text path '$.a', b jsonb path '$.b' with wrapper, e bool exists path '$[0]')) q)",
  '$j::text is json object with unique keys',
  '$j is json array',
];

export const jsonFamily: Family = {
  name: 'json',
  make: (prng) => filled(prng.pick(TEMPLATES), draws)(prng),
};
