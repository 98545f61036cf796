/**
 * JSON_VALUE, JSON_QUERY and JSON_EXISTS (PostgreSQL manual 9.16.2.2): a path over a document, turned into an SQL value.
 *
 * I1  What ON ERROR covers: errors of the path, results of the wrong number or shape, and conversion to the type returned.
 * I2  The function is made for one place in a statement: behaviours and type are fixed, documents and defaults are arguments.
 */
import { DecentDbError } from '../../base/errors.ts';
import {
  formatJson,
  isJsonArray,
  isJsonObject,
  Jsonb,
  type JsonNode,
  type JsonObject,
} from '../../types/json.ts';
import { jsonShape, jsonSlices } from '../../types/json-slices.ts';
import type { JsonPath } from '../../types/jsonpath.ts';
import { Oid as T } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { fn } from '../define.ts';
import type { EvalContext, ScalarFunction } from '../function.ts';
import { jsonValue, populateValue } from '../json-populate.ts';
import { PathExecution } from './execution.ts';
import { nodeOfItem } from './item.ts';

export type JsonBehaviour =
  | 'null'
  | 'error'
  | 'true'
  | 'false'
  | 'unknown'
  | 'emptyArray'
  | 'emptyObject'
  | 'default';

export interface JsonReading {
  readonly kind: 'value' | 'query' | 'exists';
  readonly wrapper: 'none' | 'conditional' | 'unconditional';
  readonly omitsQuotes: boolean;
  readonly onEmpty: JsonBehaviour;
  readonly onError: JsonBehaviour;
  readonly target: SqlType;
  readonly typmod: number;
}

/** Errors that are the statement's, not the document's. */
const OWN_ERRORS: ReadonlySet<string> = new Set(['42704', '22023', '57014', '54001']);

function convert(text: string, { target, typmod }: JsonReading, context: EvalContext): Datum {
  const value = domainBase(target).input(text, typmod, context.typeSettings);
  return target.kind === 'domain' ? context.service('checkDomain', [target.oid, value]) : value;
}

function isJsonType({ target }: JsonReading): boolean {
  return target.oid === T.json || target.oid === T.jsonb;
}

/** ERROR ON EMPTY, which ON ERROR does not cover. */
class NothingFound extends DecentDbError {
  constructor() {
    super('22035', 'no SQL/JSON item found for specified path');
  }
}

/** A single scalar as the type returned. */
function scalarOf(node: JsonNode, reading: JsonReading, context: EvalContext): Datum {
  if (isJsonArray(node) || isJsonObject(node)) {
    throw new DecentDbError('2203F', 'JSON path expression in JSON_VALUE must return single scalar item');
  }
  if (node === null) return null;
  if (typeof node === 'boolean') return convert(node ? 't' : 'f', reading, context);
  return convert(typeof node === 'string' ? node : formatJson(node), reading, context);
}

function queried(nodes: readonly JsonNode[], reading: JsonReading, context: EvalContext): Datum {
  const isWrapped =
    reading.wrapper === 'unconditional' || (reading.wrapper === 'conditional' && nodes.length > 1);
  if (!isWrapped && nodes.length > 1) {
    throw new DecentDbError(
      '22034',
      'JSON path expression in JSON_QUERY must return single item when no wrapper is requested',
      { hint: 'Use the WITH WRAPPER clause to wrap SQL/JSON items into an array.' },
    );
  }
  const node = isWrapped ? nodes : nodes[0]!;
  if (typeof node === 'string' && reading.omitsQuotes) return convert(node, reading, context);
  // A JSON null becomes NULL in types that have no JSON null; texts say null.
  const base = domainBase(reading.target);
  const isText = base.category === 'S' || base.oid === T.bytea;
  if (node === null && !isJsonType(reading) && !isText) return null;
  const { target, typmod } = reading;
  if (target.elementType !== null || target.fields !== null)
    return populateValue(jsonValue(new Jsonb(node)), target, typmod, context);
  return convert(formatJson(node), reading, context);
}

function found(nodes: readonly JsonNode[], reading: JsonReading, context: EvalContext): Datum {
  if (reading.kind === 'query') return queried(nodes, reading, context);
  if (nodes.length > 1)
    throw new DecentDbError('22034', 'JSON path expression in JSON_VALUE must return single scalar item');
  return scalarOf(nodes[0]!, reading, context);
}

function behave(
  behaviour: JsonBehaviour,
  reading: JsonReading,
  context: EvalContext,
  ownDefault: Datum,
): Datum {
  switch (behaviour) {
    case 'default':
      return ownDefault;
    case 'true':
    case 'false':
      return behaviour === 'true';
    case 'emptyArray':
      return convert('[]', reading, context);
    case 'emptyObject':
      return convert('{}', reading, context);
    default:
      return null;
  }
}

function evaluate(
  reading: JsonReading,
  context: EvalContext,
  document: Jsonb,
  path: JsonPath,
  variables: JsonObject,
  defaults: { readonly onEmpty: Datum; readonly onError: Datum },
): Datum {
  const run = new PathExecution(path, document.node, { context, variables, isZoneAllowed: true }, false);
  if (reading.kind === 'exists') return run.exists(path.root);
  const nodes = run.run(path.root).map(nodeOfItem);
  if (nodes.length > 0) return found(nodes, reading, context);
  if (reading.onEmpty === 'error') throw new NothingFound();
  return behave(reading.onEmpty, reading, context, defaults.onEmpty);
}

/** Arguments: document, path, variables, DEFAULT ... ON EMPTY, DEFAULT ... ON ERROR. */
export function sqlJsonFunction(reading: JsonReading): ScalarFunction {
  const { oid } = reading.target;
  return fn(
    `json_${reading.kind}`,
    [T.jsonb, T.jsonpath, T.jsonb, oid, oid],
    oid,
    (
      context,
      document: Jsonb | null,
      path: JsonPath | null,
      variables: Jsonb,
      onEmpty: Datum,
      onError: Datum,
    ) => {
      if (document === null || path === null) return null;
      try {
        return evaluate(reading, context, document, path, variables.node as JsonObject, { onEmpty, onError });
      } catch (cause) {
        if (cause instanceof NothingFound) throw cause;
        if (reading.onError === 'error' || !(cause instanceof DecentDbError) || OWN_ERRORS.has(cause.code))
          throw cause;
        return behave(reading.onError, reading, context, onError);
      }
    },
    'A value found in a JSON document by a path.',
    null,
    { strict: false, volatility: 'stable' },
  );
}

/** Whether no object in a JSON text has a key twice. */
export function hasUniqueKeys(source: string): boolean {
  const shape = jsonShape(source);
  if (shape === 'scalar') return true;
  const keys = new Set<string>();
  for (const { key, value } of jsonSlices(source)) {
    if (shape === 'object') {
      if (keys.has(key!)) return false;
      keys.add(key!);
    }
    if (!hasUniqueKeys(value)) return false;
  }
  return true;
}

type JsonShapeName = 'any' | 'object' | 'array' | 'scalar';

/** `IS JSON`: whether a text is JSON, of some shape, with unique keys if asked for. */
export function isJsonFunction(
  argument: SqlType,
  shape: JsonShapeName,
  read: (value: Datum) => JsonNode | undefined,
): ScalarFunction {
  return fn(
    'is_json',
    [argument.oid],
    T.bool,
    (_, value: Datum) => {
      const node = read(value);
      if (node === undefined) return false;
      if (shape === 'object') return isJsonObject(node);
      if (shape === 'array') return isJsonArray(node);
      return shape === 'any' || (!isJsonObject(node) && !isJsonArray(node));
    },
    'Whether a value is JSON.',
    null,
  );
}
