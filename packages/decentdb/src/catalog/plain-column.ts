/** A column as the catalogue has it when nothing but its name and type was said. */
import type { SqlType } from '../types/sql-type.ts';
import type { ColumnDef } from './schema.ts';

/** A column of a name and a type: nullable, without a default, not generated. */
export function plainColumn(name: string, attnum: number, type: SqlType, typmod: number): ColumnDef {
  return {
    name,
    attnum,
    type,
    typmod,
    notNull: false,
    defaultSql: null,
    generated: null,
    identity: null,
    sequenceId: null,
    isDropped: false,
    missingValue: null,
    comment: null,
  };
}
