/**
 * Array types: one for each element type, made by {@link makeArrayType}.
 */
import { DecentDbError } from '../base/errors.ts';
import { arrayCodec, compareArrays, hashArray, SqlArray } from './array.ts';
import { formatArray, parseArray } from './array-text.ts';
import {
  cannotBind,
  defineType,
  type JsOptions,
  linkArrayType,
  Physical,
  type SqlType,
  type TypeSettings,
} from './sql-type.ts';
import type { Datum } from './vector.ts';

/** The type of arrays of `element`, linked to it. */
export function makeArrayType(oid: number, element: SqlType): SqlType {
  const type: SqlType = defineType({
    oid,
    name: `_${element.name}`,
    sqlName: (typmod) => `${element.sqlName(typmod)}[]`,
    kind: 'array',
    category: 'A',
    physical: Physical.object,
    codec: arrayCodec(element),
    elementType: element,
    typmodIn: element.typmodIn,
    input: (text, typmod, settings) => parseArray(text, element, typmod, settings),
    output: (value: SqlArray, settings) => formatArray(value, element, settings),
    compare: (a: SqlArray, b: SqlArray) => compareArrays(a, b, element),
    hash: (value: SqlArray) => hashArray(value, element),
    applyTypmod: (value: SqlArray, typmod, isExplicit) => {
      if (typmod < 0) return value;
      const elements = value.elements.map((item) =>
        item === null ? null : element.applyTypmod(item, typmod, isExplicit),
      );
      return new SqlArray(elements, value.lengths, value.lowerBounds);
    },
    toJs: (value: SqlArray, options) => toJs(value, element, options),
    fromJs: (value, settings) => fromJs(value, type, element, settings),
  });
  linkArrayType(element, type);
  return type;
}

/** Nested JavaScript arrays, one level a dimension. Lower bounds are not kept. */
function toJs(array: SqlArray, element: SqlType, options: JsOptions): unknown[] {
  let at = 0;
  const level = (depth: number): unknown[] => {
    const items: unknown[] = [];
    for (let i = 0; i < array.lengths[depth]!; i++) {
      if (depth + 1 < array.lengths.length) items.push(level(depth + 1));
      else {
        const value = array.elements[at++] ?? null;
        items.push(value === null ? null : element.toJs(value, options));
      }
    }
    return items;
  };
  return array.dimensions === 0 ? [] : level(0);
}

function fromJs(value: unknown, type: SqlType, element: SqlType, settings: TypeSettings): SqlArray {
  if (typeof value === 'string') return parseArray(value, element, -1, settings);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return fromJs(Array.from(value as unknown as ArrayLike<unknown>), type, element, settings);
  }
  if (!Array.isArray(value)) throw cannotBind(value, type);
  // json elements may themselves be JavaScript arrays: only other element types nest.
  const nests = element.name !== 'json' && element.name !== 'jsonb';
  const lengths: number[] = [];
  for (let level: unknown = value; Array.isArray(level) && (nests || lengths.length === 0); level = level[0])
    lengths.push(level.length);
  const elements: Datum[] = [];
  const collect = (items: readonly unknown[], depth: number): void => {
    if (items.length !== lengths[depth]) {
      throw new DecentDbError(
        '2202E',
        'multidimensional arrays must have array expressions with matching dimensions',
      );
    }
    for (const item of items) {
      if (depth + 1 < lengths.length) {
        if (!Array.isArray(item)) throw cannotBind(item, type);
        collect(item, depth + 1);
      } else elements.push(item === null || item === undefined ? null : element.fromJs(item, settings));
    }
  };
  collect(value, 0);
  return elements.length === 0
    ? SqlArray.empty
    : new SqlArray(
        elements,
        lengths,
        lengths.map(() => 1),
      );
}
