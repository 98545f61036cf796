/** pg_input_error_info: what is wrong with a text as a value of a type. */
import { Oid as T } from '../../types/oids.ts';
import type { TableFunction } from '../function.ts';
import { inputError } from '../system.ts';
import { tableFn } from './define.ts';

export const inputErrorFunctions: readonly TableFunction[] = [
  tableFn(
    'pg_input_error_info',
    [T.text, T.text],
    [
      { name: 'message', type: T.text },
      { name: 'detail', type: T.text },
      { name: 'hint', type: T.text },
      { name: 'sql_error_code', type: T.text },
    ],
    (context, [source, type]) => {
      const error = inputError(source as string, type as string, context.typeSettings);
      if (error === null) return [[null, null, null, null]];
      return [[error.message, error.detail ?? null, error.hint ?? null, error.code]];
    },
    'Message, detail, hint and code of the error a text would give as a value of a type; NULLs when it is valid.',
    ["SELECT sql_error_code FROM pg_input_error_info('x', 'int4')", '22P02'],
    { volatility: 'stable' },
  ),
];
