/**
 * jsonb_path_exists, _match, _query_array, _query_first, _query, their _tz forms, and the operators @? and @@.
 *
 * I1  The operators are silent: errors a document can cause give NULL.
 */
import { DecentDbError } from '../../base/errors.ts';
import { isJsonObject, Jsonb, type JsonNode, type JsonObject } from '../../types/json.ts';
import type { JsonPath } from '../../types/jsonpath.ts';
import { Oid as T } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import { fn, op } from '../define.ts';
import type { EvalContext, ScalarFunction, TableFunction } from '../function.ts';
import { tableFn } from '../table/define.ts';
import { PathExecution } from './execution.ts';
import { nodeOfItem, type PathValue } from './item.ts';

const { jsonb, jsonpath, bool } = T;
const NO_VARIABLES = new Jsonb(new Map<string, JsonNode>());
const ARGUMENTS = [jsonb, jsonpath, jsonb, bool];
const NAMES = ['target', 'path', 'vars', 'silent'];
const DEFAULTS: readonly Datum[] = [NO_VARIABLES, false];

function variablesOf(vars: Jsonb): JsonObject {
  if (isJsonObject(vars.node)) return vars.node;
  throw new DecentDbError('22023', '"vars" argument is not an object', {
    detail: 'Jsonpath parameters should be encoded as key-value pairs of "vars" object.',
  });
}

function start(
  context: EvalContext,
  target: Jsonb,
  path: JsonPath,
  vars: Jsonb,
  isSilent: boolean,
  isZoneAllowed: boolean,
): PathExecution {
  const surroundings = { context, variables: variablesOf(vars), isZoneAllowed };
  return new PathExecution(path, target.node, surroundings, isSilent);
}

function matches(found: readonly PathValue[], isSilent: boolean): boolean | null {
  if (found.length === 1) {
    const [only] = found;
    if (typeof only === 'boolean') return only;
    if (only === null) return null;
  }
  if (isSilent) return null;
  throw new DecentDbError('22038', 'single boolean result is expected');
}

const toJsonb = (item: PathValue): Jsonb => new Jsonb(nodeOfItem(item));

/** The family with or without the time zone. */
function family(suffix: '' | '_tz'): ScalarFunction[] {
  const isZoned = suffix === '_tz';
  const options = {
    defaults: DEFAULTS,
    argNames: NAMES,
    volatility: isZoned ? ('stable' as const) : ('immutable' as const),
  };
  type Run = (found: PathExecution, path: JsonPath, isSilent: boolean) => Datum;
  const member = (
    name: string,
    returns: number,
    run: Run,
    description: string,
    example: readonly [string, string],
  ): ScalarFunction =>
    fn(
      `jsonb_path_${name}${suffix}`,
      ARGUMENTS,
      returns,
      (context, target: Jsonb, path: JsonPath, vars: Jsonb, isSilent: boolean) =>
        run(start(context, target, path, vars, isSilent, isZoned), path, isSilent),
      description + (isZoned ? ' Dates compare across time zones.' : ''),
      [example[0].replace('(', `${suffix}(`), example[1]],
      options,
    );
  return [
    member('exists', bool, (run, path) => run.exists(path.root), 'Whether a path yields anything.', [
      "jsonb_path_exists('{\"a\": [1, 2, 3]}', '$.a[*] ? (@ > 2)')",
      't',
    ]),
    member(
      'match',
      bool,
      (run, path, isSilent) => matches(run.run(path.root), isSilent),
      'Truth of a path predicate.',
      ["jsonb_path_match('{\"a\": [1, 2, 3]}', 'exists($.a[*] ? (@ > 4))')", 'f'],
    ),
    member(
      'query_array',
      jsonb,
      (run, path) => new Jsonb(run.run(path.root).map(nodeOfItem)),
      'What a path yields, as an array.',
      ["jsonb_path_query_array('[1, 2, 3]', '$[*] ? (@ >= 2)')", '[2, 3]'],
    ),
    member(
      'query_first',
      jsonb,
      (run, path) => {
        const found = run.run(path.root);
        return found.length === 0 ? null : toJsonb(found[0]!);
      },
      'The first value that a path yields.',
      ["jsonb_path_query_first('[1, 2, 3]', '$[*] ? (@ >= 2)')", '2'],
    ),
  ];
}

const quiet = (context: EvalContext, target: Jsonb, path: JsonPath): PathExecution =>
  start(context, target, path, NO_VARIABLES, true, false);

export const jsonPathFunctions: readonly ScalarFunction[] = [
  ...family(''),
  ...family('_tz'),
  op(
    '@?',
    [jsonb, jsonpath],
    bool,
    (context, target: Jsonb, path: JsonPath) => quiet(context, target, path).exists(path.root),
    'Whether a path yields anything; errors give NULL.',
    ["'{\"a\": [1, 2, 3]}'::jsonb @? '$.a[*] ? (@ > 2)'", 't'],
  ),
  op(
    '@@',
    [jsonb, jsonpath],
    bool,
    (context, target: Jsonb, path: JsonPath) => matches(quiet(context, target, path).run(path.root), true),
    'Truth of a path predicate; errors give NULL.',
    ["'{\"a\": [1, 2, 3]}'::jsonb @@ '$.a[*] > 2'", 't'],
  ),
];

export const jsonPathRowFunctions: readonly TableFunction[] = (['', '_tz'] as const).map((suffix) =>
  tableFn(
    `jsonb_path_query${suffix}`,
    ARGUMENTS,
    [{ name: `jsonb_path_query${suffix}`, type: jsonb }],
    (context, [target, path, vars, isSilent]) => {
      const parsed = path as JsonPath;
      const run = start(
        context,
        target as Jsonb,
        parsed,
        vars as Jsonb,
        isSilent as boolean,
        suffix === '_tz',
      );
      return run.run(parsed.root).map((item) => [toJsonb(item)]);
    },
    'Each value that a path yields.',
    [`SELECT jsonb_path_query${suffix}('[1, 2]', '$[*]')`, '1, 2'],
    { defaults: DEFAULTS, argNames: NAMES, volatility: suffix === '_tz' ? 'stable' : 'immutable' },
  ),
);
