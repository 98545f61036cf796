/**
 * Access operators of json and jsonb: -> ->> #> #>>, containment and existence, and the functions behind them.
 */
import type { SqlArray } from '../types/array.ts';
import {
  formatJson,
  isJsonArray,
  isJsonObject,
  Jsonb,
  type Jsonb as JsonbValue,
  type JsonNode,
} from '../types/json.ts';
import { jsonScalarText, jsonShape, jsonSlices, requireReadableEscapes } from '../types/json-slices.ts';
import { Oid as T } from '../types/oids.ts';
import type { Datum } from '../types/vector.ts';
import { fn, op } from './define.ts';
import type { ScalarFunction } from './function.ts';
import {
  ABSENT,
  concatenateJson,
  containsJson,
  deleteIndex,
  deleteKey,
  editPath,
  elementAt,
  type Found,
  follow,
  hasKey,
  memberOf,
} from './json-kernel.ts';

const { json, jsonb, text, int4, textArray, bool } = T;

/** An element; a scalar document is stored as an array of one, and shows as one here. */
function elementOfDocument(node: JsonNode, index: number): Found {
  const isContainer = isJsonArray(node) || isJsonObject(node);
  return elementAt(isContainer ? node : [node], index);
}

function asJsonb(found: Found): Datum {
  return found === ABSENT ? null : new Jsonb(found);
}

/** Text of a node: strings as they are, JSON null as NULL. */
export function nodeText(found: Found): string | null {
  if (found === ABSENT || found === null) return null;
  return typeof found === 'string' ? found : formatJson(found as JsonNode);
}

/** A member of json text by key; the last of duplicates. */
function jsonMember(source: string, key: string): string | null {
  requireReadableEscapes(source);
  if (jsonShape(source) !== 'object') return null;
  let found: string | null = null;
  for (const slice of jsonSlices(source)) if (slice.key === key) found = slice.value;
  return found;
}

function jsonElement(source: string, index: number): string | null {
  requireReadableEscapes(source);
  if (jsonShape(source) !== 'array') return null;
  const items = [...jsonSlices(source)];
  return items[index < 0 ? items.length + index : index]?.value ?? null;
}

function jsonFollow(source: string, path: readonly (string | null)[]): string | null {
  let current: string | null = source;
  for (const step of path) {
    if (current === null || step === null) return null;
    const isIndex: boolean = jsonShape(current) === 'array';
    if (isIndex && !/^\s*[+-]?\d+$/.test(step)) return null;
    current = isIndex ? jsonElement(current, Number(step)) : jsonMember(current, step);
  }
  return current;
}

const scalarText = (value: string | null): string | null => (value === null ? null : jsonScalarText(value));
const steps = (path: SqlArray): readonly (string | null)[] => path.elements as readonly (string | null)[];

const access: readonly ScalarFunction[] = [
  op(
    '->',
    [jsonb, text],
    jsonb,
    (_, a: JsonbValue, b: string) => asJsonb(memberOf(a.node, b)),
    'Member of an object.',
    ['\'{"a": {"b":1}}\'::jsonb -> \'a\'', '{"b": 1}'],
  ),
  op(
    '->',
    [jsonb, int4],
    jsonb,
    (_, a: JsonbValue, b: number) => asJsonb(elementOfDocument(a.node, b)),
    'Element of an array, from 0; from the end when negative.',
    ["'[1,2,3]'::jsonb -> 1", '2'],
  ),
  op('->', [json, text], json, (_, a: string, b: string) => jsonMember(a, b), 'Member of an object.', null),
  op('->', [json, int4], json, (_, a: string, b: number) => jsonElement(a, b), 'Element of an array.', null),
  op(
    '->>',
    [jsonb, text],
    text,
    (_, a: JsonbValue, b: string) => nodeText(memberOf(a.node, b)),
    'Member of an object, as text.',
    ['\'{"a":1,"b":2}\'::jsonb ->> \'b\'', '2'],
  ),
  op(
    '->>',
    [jsonb, int4],
    text,
    (_, a: JsonbValue, b: number) => nodeText(elementOfDocument(a.node, b)),
    'Element of an array, as text.',
    ["'[1,2,3]'::jsonb ->> 2", '3'],
  ),
  op(
    '->>',
    [json, text],
    text,
    (_, a: string, b: string) => scalarText(jsonMember(a, b)),
    'Member of an object, as text.',
    null,
  ),
  op(
    '->>',
    [json, int4],
    text,
    (_, a: string, b: number) => scalarText(jsonElement(a, b)),
    'Element of an array, as text.',
    null,
  ),
  op(
    '#>',
    [jsonb, textArray],
    jsonb,
    (_, a: JsonbValue, b: SqlArray) => asJsonb(follow(a.node, steps(b))),
    'Value at a path.',
    ['\'{"a": {"b": ["foo","bar"]}}\'::jsonb #> \'{a,b,1}\'', '"bar"'],
  ),
  op(
    '#>',
    [json, textArray],
    json,
    (_, a: string, b: SqlArray) => jsonFollow(a, steps(b)),
    'Value at a path.',
    null,
  ),
  op(
    '#>>',
    [jsonb, textArray],
    text,
    (_, a: JsonbValue, b: SqlArray) => nodeText(follow(a.node, steps(b))),
    'Value at a path, as text.',
    ['\'{"a": {"b": ["foo","bar"]}}\'::jsonb #>> \'{a,b,1}\'', 'bar'],
  ),
  op(
    '#>>',
    [json, textArray],
    text,
    (_, a: string, b: SqlArray) => scalarText(jsonFollow(a, steps(b))),
    'Value at a path, as text.',
    null,
  ),
];

const tests: readonly ScalarFunction[] = [
  op(
    '@>',
    [jsonb, jsonb],
    bool,
    (_, a: JsonbValue, b: JsonbValue) => containsJson(a.node, b.node),
    'Contains.',
    ['\'{"a":1, "b":2}\'::jsonb @> \'{"b":2}\'::jsonb', 't'],
    { info: { commutator: '<@' } },
  ),
  op(
    '<@',
    [jsonb, jsonb],
    bool,
    (_, a: JsonbValue, b: JsonbValue) => containsJson(b.node, a.node),
    'Is contained in.',
    ['\'{"b":2}\'::jsonb <@ \'{"a":1, "b":2}\'::jsonb', 't'],
    { info: { commutator: '@>' } },
  ),
  op(
    '?',
    [jsonb, text],
    bool,
    (_, a: JsonbValue, b: string) => hasKey(a.node, b),
    'Has a key, or an array element that is this string.',
    ['\'{"a":1, "b":2}\'::jsonb ? \'b\'', 't'],
  ),
  op(
    '?|',
    [jsonb, textArray],
    bool,
    (_, a: JsonbValue, b: SqlArray) => steps(b).some((key) => key !== null && hasKey(a.node, key)),
    'Has any of the keys.',
    ["'{\"a\":1, \"b\":2}'::jsonb ?| ARRAY['b', 'd']", 't'],
  ),
  op(
    '?&',
    [jsonb, textArray],
    bool,
    (_, a: JsonbValue, b: SqlArray) => steps(b).every((key) => key === null || hasKey(a.node, key)),
    'Has all of the keys.',
    ['\'["a", "b", "c"]\'::jsonb ?& ARRAY[\'a\', \'b\']', 't'],
  ),
];

const edits: readonly ScalarFunction[] = [
  op(
    '||',
    [jsonb, jsonb],
    jsonb,
    (_, a: JsonbValue, b: JsonbValue) => new Jsonb(concatenateJson(a.node, b.node)),
    'Joins objects or arrays.',
    ['\'["a", "b"]\'::jsonb || \'["c"]\'::jsonb', '["a", "b", "c"]'],
  ),
  op(
    '-',
    [jsonb, text],
    jsonb,
    (_, a: JsonbValue, b: string) => new Jsonb(deleteKey(a.node, [b])),
    'Removes a key or string element.',
    ['\'{"a": "b", "c": "d"}\'::jsonb - \'a\'', '{"c": "d"}'],
  ),
  op(
    '-',
    [jsonb, textArray],
    jsonb,
    (_, a: JsonbValue, b: SqlArray) => new Jsonb(deleteKey(a.node, steps(b))),
    'Removes keys.',
    ['\'{"a": "b", "c": "d"}\'::jsonb - \'{a,c}\'::text[]', '{}'],
  ),
  op(
    '-',
    [jsonb, int4],
    jsonb,
    (_, a: JsonbValue, b: number) => new Jsonb(deleteIndex(a.node, b)),
    'Removes an element.',
    ['\'["a", "b"]\'::jsonb - 1', '["a"]'],
  ),
  op(
    '#-',
    [jsonb, textArray],
    jsonb,
    (_, a: JsonbValue, b: SqlArray) => new Jsonb(editPath(a.node, steps(b), null, 'delete')),
    'Removes the value at a path.',
    ['\'["a", {"b":1}]\'::jsonb #- \'{1,b}\'', '["a", {}]'],
  ),
];

/** The functional spellings take the path as variadic texts. */
const paths: readonly ScalarFunction[] = [
  fn(
    'jsonb_extract_path',
    [jsonb],
    jsonb,
    (_, a: JsonbValue, ...path: string[]) => asJsonb(follow(a.node, path)),
    'Value at a path.',
    ["jsonb_extract_path('{\"a\":{\"b\":99}}'::jsonb, 'a', 'b')", '99'],
    { variadic: text },
  ),
  fn(
    'jsonb_extract_path_text',
    [jsonb],
    text,
    (_, a: JsonbValue, ...path: string[]) => nodeText(follow(a.node, path)),
    'Value at a path, as text.',
    ['jsonb_extract_path_text(\'{"a":{"b":"x"}}\'::jsonb, \'a\', \'b\')', 'x'],
    { variadic: text },
  ),
  fn(
    'json_extract_path',
    [json],
    json,
    (_, a: string, ...path: string[]) => jsonFollow(a, path),
    'Value at a path.',
    null,
    { variadic: text },
  ),
  fn(
    'json_extract_path_text',
    [json],
    text,
    (_, a: string, ...path: string[]) => scalarText(jsonFollow(a, path)),
    'Value at a path, as text.',
    null,
    { variadic: text },
  ),
];

export const jsonAccess: readonly ScalarFunction[] = [...access, ...tests, ...edits, ...paths];
