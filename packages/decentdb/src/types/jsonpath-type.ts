/**
 * jsonpath as an SQL type: kept parsed, stored as its text.
 *
 * I1  PostgreSQL gives jsonpath no equality and no order; the ones here serve storage only.
 */
import type { JsonPath } from './jsonpath.ts';
import { parseJsonPath } from './jsonpath-parser.ts';
import { ByteReader, ByteWriter } from './object-bytes.ts';
import { Oid } from './oids.ts';
import { checkText, defineType, hashText, Physical, type SqlType } from './sql-type.ts';
import { compareText } from './text-order.ts';
import type { ObjectCodec } from './vector.ts';

const comparePaths = (a: JsonPath, b: JsonPath): number => compareText(a.toString(), b.toString());

const codec: ObjectCodec = {
  toBytes: (value) => {
    const writer = new ByteWriter();
    writer.text(String(value));
    return writer.finish();
  },
  fromBytes: (bytes) => parseJsonPath(new ByteReader(bytes).text()),
  compare: (a, b) => comparePaths(a as JsonPath, b as JsonPath),
  memoryBytes: (value) => 64 + 16 * String(value).length,
};

export const jsonpathType: SqlType = defineType({
  oid: Oid.jsonpath,
  name: 'jsonpath',
  sqlName: 'jsonpath',
  category: 'U',
  physical: Physical.object,
  codec,
  input: (text) => parseJsonPath(checkText(text)),
  output: String,
  compare: comparePaths,
  hash: (value: JsonPath) => hashText(value.toString()),
  toJs: String,
});
