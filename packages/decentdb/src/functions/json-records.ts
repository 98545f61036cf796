/**
 * json[b]_populate_record(set) and json[b]_to_record(set): documents as rows of a given type.
 *
 * I1  The row type comes from the first argument or from a column definition list; without either it is refused.
 */
import { DecentDbError } from '../base/errors.ts';
import { Oid as T } from '../types/oids.ts';
import { domainBase, type SqlType, type TypeField } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { fn } from './define.ts';
import type { EvalContext, ScalarFunction, TableFunction } from './function.ts';
import { demandObject, jsonValue, populateRow, type RowDatum } from './json-populate.ts';
import { tableFn } from './table/define.ts';

const volatility = { volatility: 'stable', strict: false } as const;

function unspecialized(): never {
  throw new TypeError('a function of a row type was called before its type was known');
}

/** The fields of the row type a function is to make; 42804 and 0A000 as PostgreSQL. */
export function rowFields(name: string, type: SqlType): readonly TypeField[] {
  const base = domainBase(type);
  if (base.fields !== null) return base.fields;
  if (base.oid === T.record)
    throw new DecentDbError('0A000', `could not determine row type for result of ${name}`, {
      hint: 'Provide a non-null record argument, or call the function in the FROM clause using a column definition list.',
    });
  throw new DecentDbError('42804', `first argument of ${name} must be a row type`);
}

function oneRow(
  name: string,
  fields: readonly TypeField[],
  base: Datum,
  document: Datum,
  context: EvalContext,
): RowDatum | null {
  const before = base as unknown as RowDatum | null;
  if (document === null) return before;
  const value = jsonValue(document);
  demandObject(value, name);
  return populateRow(value, fields, before, context);
}

function* manyRows(
  name: string,
  fields: readonly TypeField[],
  base: Datum,
  document: Datum,
  context: EvalContext,
): Iterable<RowDatum> {
  if (document === null) return;
  const value = jsonValue(document);
  if (value.shape !== 'array')
    throw new DecentDbError(
      '22023',
      `cannot call ${name} on ${value.shape === 'object' ? 'an object' : 'a scalar'}`,
    );
  for (const element of value.elements()) {
    if (element.shape !== 'object')
      throw new DecentDbError('22023', `argument of ${name} must be an array of objects`);
    yield populateRow(element, fields, base as unknown as RowDatum | null, context);
  }
}

/** A row as the value of a domain has the domain's checks to pass. */
function checked(row: RowDatum | null, type: SqlType, context: EvalContext): Datum {
  const datum = row as unknown as Datum;
  return type.kind === 'domain' ? context.service('checkDomain', [type.oid, datum]) : datum;
}

function populateRecord(name: string, args: readonly number[], defaults: readonly Datum[]): ScalarFunction {
  const description = 'A row with the members of an object in its fields.';
  return fn(name, args, T.anyelement, unspecialized, description, null, {
    ...volatility,
    defaults,
    specialize: (types, result) => {
      const type = types[0] as SqlType;
      const fields = rowFields(name, type);
      return fn(
        name,
        types.map((each) => each.oid),
        result.oid,
        (c, base: Datum, document: Datum) => checked(oneRow(name, fields, base, document, c), type, c),
        description,
        null,
        volatility,
      );
    },
  });
}

type Rows = (
  fields: readonly TypeField[],
  context: EvalContext,
  args: readonly Datum[],
) => Iterable<RowDatum>;

/** A function in FROM whose columns are known with the call. */
function rowFunction(
  name: string,
  args: readonly number[],
  rows: Rows,
  description: string,
  options: Partial<TableFunction>,
): TableFunction {
  const plain = tableFn(name, args, [], () => [], description, null, {
    ...volatility,
    ...options,
  });
  return {
    ...plain,
    ...options,
    withFields: (fields) => ({
      ...plain,
      ...options,
      columns: fields.map((field) => ({ name: field.name, type: field.type.oid })),
      rows: (context, values) => rows(fields, context, values),
    }),
  };
}

function family(prefix: 'json' | 'jsonb', type: number) {
  const extra = prefix === 'json' ? { types: [T.bool], defaults: [false] } : { types: [], defaults: [] };
  const populateArgs = [T.anyelement, type, ...extra.types];
  const record = `${prefix}_populate_record`;
  const recordSet = `${prefix}_populate_recordset`;
  const toRecord = `${prefix}_to_record`;
  const toRecordSet = `${prefix}_to_recordset`;
  const populating = { rowOfFirst: true, defaults: extra.defaults };
  const defined = { needsColumnList: true, strict: true };
  const scalars = [populateRecord(record, populateArgs, extra.defaults)];
  const tables = [
    rowFunction(
      record,
      populateArgs,
      (fields, c, [base = null, document = null]) => {
        const row = oneRow(record, fields, base, document, c);
        return [row ?? fields.map(() => null)];
      },
      'An object as a row.',
      { ...populating, onlyInFrom: true },
    ),
    rowFunction(
      recordSet,
      populateArgs,
      (fields, c, [base = null, document = null]) => manyRows(recordSet, fields, base, document, c),
      'An array of objects as rows.',
      populating,
    ),
    rowFunction(
      toRecord,
      [type],
      (fields, c, [document = null]) => [oneRow(toRecord, fields, null, document, c) ?? []],
      'An object as a row with the columns of a column definition list.',
      defined,
    ),
    rowFunction(
      toRecordSet,
      [type],
      (fields, c, [document = null]) => manyRows(toRecordSet, fields, null, document, c),
      'An array of objects as rows with the columns of a column definition list.',
      defined,
    ),
  ];
  return { scalars, tables };
}

const json = family('json', T.json);
const jsonb = family('jsonb', T.jsonb);

export const jsonRecordFunctions: readonly ScalarFunction[] = [...json.scalars, ...jsonb.scalars];
export const jsonRecordTables: readonly TableFunction[] = [...json.tables, ...jsonb.tables];
