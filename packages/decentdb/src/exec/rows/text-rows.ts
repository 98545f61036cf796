/** Rows as text, for the command line, COPY and the wire protocol. */
import type { SqlType, TypeSettings } from '../../types/sql-type.ts';
import type { Batch } from '../batch.ts';
import { datumAt } from '../vectors.ts';

/** Appends the rows of a batch, every value in its text form; NULL as null. */
export function textRows(
  batch: Batch,
  types: readonly SqlType[],
  settings: TypeSettings,
  out: (string | null)[][],
): void {
  for (let i = 0; i < batch.count; i++) {
    const at = batch.position(i);
    out.push(
      types.map((type, k) => {
        const value = datumAt(batch.column(k), at);
        return value === null ? null : type.output(value, settings);
      }),
    );
  }
}
