/**
 * int2vector and oidvector: one-dimensional arrays of the catalogues, counted from 0 and written `1 2 3`.
 */
import { arrayCodec, compareArrays, hashArray, SqlArray } from './array.ts';
import { int2Type } from './integer-types.ts';
import { oidType } from './oid-types.ts';
import { Oid } from './oids.ts';
import { defineType, invalidInput, Physical, type SqlType } from './sql-type.ts';
import type { Datum } from './vector.ts';

/** A vector of these numbers. */
export function catalogVector(elements: readonly Datum[]): SqlArray {
  return elements.length === 0 ? SqlArray.empty : new SqlArray(elements, [elements.length], [0]);
}

function defineVector(oid: number, name: string, element: SqlType): SqlType {
  const input: SqlType['input'] = (text, _typmod, settings) => {
    const words = text.trim().split(/\s+/);
    if (words[0] === '') return SqlArray.empty;
    if (!words.every((word) => /^[+-]?\d+$/.test(word))) throw invalidInput(name, text);
    return catalogVector(words.map((word) => element.input(word, -1, settings)));
  };
  return defineType({
    oid,
    name,
    sqlName: name,
    kind: 'array',
    category: 'A',
    physical: Physical.object,
    codec: arrayCodec(element),
    elementType: element,
    input,
    output: (value: SqlArray, settings) =>
      value.elements.map((item) => element.output(item, settings)).join(' '),
    compare: (a: SqlArray, b: SqlArray) => compareArrays(a, b, element),
    hash: (value: SqlArray) => hashArray(value, element),
    toJs: (value: SqlArray, options) => value.elements.map((item) => element.toJs(item, options)),
    fromJs: (value, settings) =>
      Array.isArray(value)
        ? catalogVector(value.map((item) => element.fromJs(item, settings)))
        : input(String(value), -1, settings),
  });
}

export const int2vectorType: SqlType = defineVector(Oid.int2vector, 'int2vector', int2Type);
export const oidvectorType: SqlType = defineVector(Oid.oidvector, 'oidvector', oidType);
