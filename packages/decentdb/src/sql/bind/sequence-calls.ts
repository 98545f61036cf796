/**
 * The default of serial and identity columns: the next value of a sequence known by id, whatever it is called by then.
 */
import type { Expr } from '../../exec/expr.ts';
import type { ScalarFunction } from '../../functions/function.ts';
import { int8Type } from '../../types/integer-types.ts';
import { Oid } from '../../types/oids.ts';
import { constant } from './constants.ts';

const nextValue: ScalarFunction = {
  name: 'nextval',
  args: [Oid.int8],
  returns: Oid.int8,
  strict: true,
  volatility: 'volatile',
  eval: (context, id) => context.service('nextval', [id ?? null]),
  description: 'Takes the next value of the sequence with this id.',
};

export function nextValueOf(sequenceId: number): Expr {
  const id = constant(sequenceId, int8Type, -1);
  return { kind: 'call', fn: nextValue, args: [id], type: int8Type, typmod: -1, location: -1 };
}
