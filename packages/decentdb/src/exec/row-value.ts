/** Row values (ROW(...), composites): the datum is the list of the fields' datums. */
import type { Datum } from '../types/vector.ts';

/** Fields of a row datum. */
export function rowFields(value: Datum): readonly Datum[] {
  return value as unknown as readonly Datum[];
}

/** A row datum; the list must not be changed afterwards. */
export function makeRow(fields: readonly Datum[]): Datum {
  return fields as unknown as Datum;
}
