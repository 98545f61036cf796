/**
 * int2vector and oidvector: the arrays of PostgreSQL's catalogues, written with blanks between the elements.
 *
 * I1  One dimension, subscripts from 0, no NULLs.
 */
import { arrayCodec, compareArrays, hashArray, SqlArray } from './array.ts';
import { int2Type } from './integer-types.ts';
import { oidType } from './oid-types.ts';
import { Oid } from './oids.ts';
import { cannotBind, defineType, Physical, type SqlType } from './sql-type.ts';

function defineVector(oid: number, name: string, element: SqlType): SqlType {
  const make = (items: SqlArray['elements']): SqlArray =>
    items.length === 0 ? SqlArray.empty : new SqlArray(items, [items.length], [0]);
  const type: SqlType = defineType({
    oid,
    name,
    sqlName: name,
    category: 'A',
    physical: Physical.object,
    codec: arrayCodec(element),
    elementType: element,
    input: (text, _typmod, settings) => {
      const source = text.trim();
      return make(source === '' ? [] : source.split(/\s+/).map((item) => element.input(item, -1, settings)));
    },
    output: (value: SqlArray, settings) =>
      value.elements.map((item) => (item === null ? 'NULL' : element.output(item, settings))).join(' '),
    compare: (a: SqlArray, b: SqlArray) => compareArrays(a, b, element),
    hash: (value: SqlArray) => hashArray(value, element),
    toJs: (value: SqlArray) => [...value.elements],
    fromJs: (value, settings) => {
      if (typeof value === 'string') return type.input(value, -1, settings);
      if (!Array.isArray(value)) throw cannotBind(value, type);
      return make(value.map((item) => element.fromJs(item, settings)));
    },
  });
  return type;
}

export const int2vectorType: SqlType = defineVector(Oid.int2vector, 'int2vector', int2Type);
export const oidvectorType: SqlType = defineVector(Oid.oidvector, 'oidvector', oidType);
