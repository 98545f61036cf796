/**
 * Pseudo-types: they stand in function signatures and never hold a column's values.
 */
import { DecentDbError } from '../base/errors.ts';
import { Oid } from './oids.ts';
import { defineType, Physical, type SqlType } from './sql-type.ts';

function definePseudo(oid: number, name: string): SqlType {
  return defineType({
    oid,
    name,
    sqlName: name === 'any' ? '"any"' : name,
    kind: 'pseudo',
    category: 'P',
    physical: Physical.text,
    input: () => {
      throw new DecentDbError('0A000', `cannot accept a value of type ${name}`);
    },
  });
}

/** The result of functions called for their effect; prints as the empty string. */
export const voidType: SqlType = defineType({
  oid: Oid.void,
  name: 'void',
  sqlName: 'void',
  kind: 'pseudo',
  category: 'P',
  physical: Physical.text,
  input: () => '',
  output: () => '',
});

/** Known by name only: columns may have it, but every value is refused. */
const xmlType: SqlType = defineType({
  oid: Oid.xml,
  name: 'xml',
  sqlName: 'xml',
  category: 'U',
  physical: Physical.text,
  input: () => {
    throw new DecentDbError('0A000', 'values of type xml are not supported');
  },
});

export const pseudoTypes: readonly SqlType[] = [
  voidType,
  definePseudo(Oid.any, 'any'),
  definePseudo(Oid.anyelement, 'anyelement'),
  definePseudo(Oid.anyarray, 'anyarray'),
  definePseudo(Oid.anynonarray, 'anynonarray'),
  definePseudo(Oid.anyenum, 'anyenum'),
  definePseudo(Oid.anyrange, 'anyrange'),
  definePseudo(Oid.anymultirange, 'anymultirange'),
  definePseudo(Oid.anycompatiblemultirange, 'anycompatiblemultirange'),
  definePseudo(Oid.anycompatible, 'anycompatible'),
  definePseudo(Oid.anycompatiblearray, 'anycompatiblearray'),
  definePseudo(Oid.anycompatiblenonarray, 'anycompatiblenonarray'),
  definePseudo(Oid.anycompatiblerange, 'anycompatiblerange'),
  definePseudo(Oid.trigger, 'trigger'),
  definePseudo(Oid.internal, 'internal'),
  xmlType,
];
