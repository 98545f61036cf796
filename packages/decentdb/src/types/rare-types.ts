/**
 * Built-in types that few programs use, with the oids of their array types: ranges, network addresses, geometry, full text and the like.
 */

import { bitType, varbitType } from './bit-types.ts';
import { int2vectorType, oidvectorType } from './catalog-vectors.ts';
import { dateType, timestampType, timestamptzType } from './date-time-types.ts';
import { geometricTypes } from './geometric-types.ts';
import { macaddr8Type, macaddrType, pgLsnType, tidType, xid8Type } from './hex-types.ts';
import { int4Type, int8Type } from './integer-types.ts';
import { jsonpathType } from './jsonpath-type.ts';
import { moneyType } from './money-type.ts';
import { makeMultirangeType } from './multirange.ts';
import { cidrType, inetType } from './network-types.ts';
import { numericType } from './numeric-type.ts';
import { Oid } from './oids.ts';
import { makeRangeType } from './range.ts';
import { regconfigType } from './regconfig.ts';
import { snapshotTypes } from './snapshot-type.ts';
import type { SqlType } from './sql-type.ts';
import { tsqueryType } from './tsquery.ts';
import { tsvectorType } from './tsvector.ts';

/** Range types with the oids of their array, multirange and multirange array types. */
const ranges: readonly (readonly [
  range: SqlType,
  arrayOid: number,
  multirangeOid: number,
  name: string,
  multirangeArrayOid: number,
])[] = [
  [
    makeRangeType(Oid.int4range, 'int4range', int4Type),
    Oid.int4rangeArray,
    Oid.int4multirange,
    'int4multirange',
    Oid.int4multirangeArray,
  ],
  [
    makeRangeType(Oid.int8range, 'int8range', int8Type),
    Oid.int8rangeArray,
    Oid.int8multirange,
    'int8multirange',
    Oid.int8multirangeArray,
  ],
  [
    makeRangeType(Oid.numrange, 'numrange', numericType),
    Oid.numrangeArray,
    Oid.nummultirange,
    'nummultirange',
    Oid.nummultirangeArray,
  ],
  [
    makeRangeType(Oid.daterange, 'daterange', dateType),
    Oid.daterangeArray,
    Oid.datemultirange,
    'datemultirange',
    Oid.datemultirangeArray,
  ],
  [
    makeRangeType(Oid.tsrange, 'tsrange', timestampType),
    Oid.tsrangeArray,
    Oid.tsmultirange,
    'tsmultirange',
    Oid.tsmultirangeArray,
  ],
  [
    makeRangeType(Oid.tstzrange, 'tstzrange', timestamptzType),
    Oid.tstzrangeArray,
    Oid.tstzmultirange,
    'tstzmultirange',
    Oid.tstzmultirangeArray,
  ],
];
const rangeTypes: readonly (readonly [SqlType, number])[] = ranges.flatMap(
  ([range, arrayOid, multirangeOid, name, multirangeArrayOid]): (readonly [SqlType, number])[] => [
    [range, arrayOid],
    [makeMultirangeType(multirangeOid, name, range), multirangeArrayOid],
  ],
);

const stored: readonly (readonly [type: SqlType, arrayOid: number])[] = [
  [jsonpathType, Oid.jsonpathArray],
  [bitType, Oid.bitArray],
  [varbitType, Oid.varbitArray],
  [moneyType, Oid.moneyArray],
  [tsvectorType, Oid.tsvectorArray],
  [tsqueryType, Oid.tsqueryArray],
  [regconfigType, Oid.regconfigArray],
  ...rangeTypes,
  [int2vectorType, Oid.int2vectorArray],
  [oidvectorType, Oid.oidvectorArray],
  [inetType, Oid.inetArray],
  [cidrType, Oid.cidrArray],
  [macaddrType, Oid.macaddrArray],
  [macaddr8Type, Oid.macaddr8Array],
  [pgLsnType, Oid.pgLsnArray],
  [xid8Type, Oid.xid8Array],
  ...snapshotTypes,
  [tidType, Oid.tidArray],
  ...geometricTypes,
];

export function rareTypes(): readonly (readonly [type: SqlType, arrayOid: number])[] {
  return stored;
}
