/** A sequence read as a table: one row of last_value, log_cnt and is_called. */
import type { SequenceDef } from '../../catalog/schema.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { boolType } from '../../types/bool-type.ts';
import { narrow } from '../../types/decimal.ts';
import { int8Type } from '../../types/integer-types.ts';
import type { VirtualContext } from './define.ts';

/** PostgreSQL logs that many values ahead; nothing is logged ahead here. */
const LOG_COUNT = 32;

const made = new WeakMap<SequenceDef, VirtualTable>();

export function sequenceTable(sequence: SequenceDef): VirtualTable {
  let table = made.get(sequence);
  if (table === undefined) {
    table = {
      schema: sequence.schema,
      name: sequence.name,
      // Values drawn by a transaction that is not committed yet, or was undone, are known where it runs alone.
      isOfSession: true,
      columns: [
        { name: 'last_value', type: int8Type },
        { name: 'log_cnt', type: int8Type },
        { name: 'is_called', type: boolType },
      ],
      rows(context) {
        const { lastValue, isCalled } = (context as VirtualContext).sequenceValue(sequence);
        return [[narrow(lastValue), isCalled ? LOG_COUNT : 0, isCalled]];
      },
    };
    made.set(sequence, table);
  }
  return table;
}
