/**
 * JavaScript values to the datums of a statement's parameters.
 *
 * I1  The number of values is the number of parameters: too few and too many are errors (08P01), as is `undefined`.
 */

import { DecentDbError } from '../../base/errors.ts';
import { datumList } from '../../types/datum-list.ts';
import type { SqlType, TypeSettings } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';

export function bindParams(
  values: readonly unknown[],
  types: readonly SqlType[],
  settings: TypeSettings,
): Datum[] {
  if (values.length !== types.length) throw wrongCount(values.length, types.length);
  const datums = datumList(types.length);
  for (let i = 0; i < types.length; i++) datums[i] = bindParam(values[i], types[i] as SqlType, i, settings);
  return datums;
}

export function bindParam(value: unknown, type: SqlType, index: number, settings: TypeSettings): Datum {
  if (value === null) return null;
  if (value === undefined) throw undefinedParam(index);
  try {
    return type.fromJs(value, settings);
  } catch (error) {
    if (error instanceof DecentDbError && error.detail === undefined)
      error.detail = `Parameter $${index + 1}.`;
    throw error;
  }
}

export function wrongCount(given: number, wanted: number): DecentDbError {
  const plural = (n: number): string => `${n} parameter${n === 1 ? '' : 's'}`;
  return new DecentDbError(
    '08P01',
    `bind message supplies ${plural(given)}, but the statement requires ${wanted}`,
    {
      hint: given < wanted ? 'Give a value for each $n.' : 'Remove the values that no $n stands for.',
    },
  );
}

export function undefinedParam(index: number): DecentDbError {
  return new DecentDbError('22023', `parameter $${index + 1} is undefined`, {
    hint: 'Give null for NULL; undefined usually means a misspelt property.',
  });
}
