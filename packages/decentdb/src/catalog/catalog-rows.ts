/**
 * Schema objects as rows of the catalogue's tree, and back.
 *
 *     kind int4 | id int8 | number int4 | parent int8 | name text | definition text (JSON)
 *     -------------------- key -------
 *
 *     kind           id               number      parent            definition
 *     schema         schema's         0           0                 comment
 *     type           type's           0           schema's          form, array's oid
 *     sequence       sequence's       0           schema's          bounds, owner
 *     table          table's          0           schema's          root, row id column, ...
 *     column         table's          attnum      type's            everything else of ColumnDef
 *     constraint     table's          position    constraint's id   everything else of ConstraintDef
 *     index          table's          position    index's id        everything else of IndexDef
 *     trigger        table's          position    trigger's id      everything else of TriggerDef
 *     view           view's           0           schema's          canonical SQL, columns, dependencies
 *     sequenceValue  sequence's       0           0                 last value, is called (sequence-values.ts)
 *     role           role's           0           0                 attributes, memberships
 *     access         object's         0           0                 owner, grants (roles.ts)
 *     routine        function's       0           schema's          signature and body (routines.ts)
 *
 * I1  `kind` numbers are part of the file format: never renumbered.
 * I2  Types come first in the key order after schemas, so that a sequential load meets them before what uses them.
 * I3  What is read is checked: a definition that cannot be understood is corruption (XX001), never a crash.
 */
export const RowKind = {
  schema: 1,
  type: 2,
  sequence: 3,
  table: 4,
  column: 5,
  constraint: 6,
  index: 7,
  trigger: 8,
  view: 9,
  sequenceValue: 10,
  role: 11,
  access: 12,
  routine: 13,
} as const;
export type RowKind = (typeof RowKind)[keyof typeof RowKind];

/** Positions of the fields in a row. */
export const RowField = { kind: 0, id: 1, number: 2, parent: 3, name: 4, definition: 5 } as const;
/** How many leading fields form the key. */
export const ROW_KEY_FIELDS = 3;

export interface CatalogRow {
  readonly kind: RowKind;
  readonly id: number;
  readonly number: number;
  readonly parent: number;
  readonly name: string;
  readonly definition: string;
}

/** A key that sorts and compares as the tree's key does. */
export function rowKey(row: CatalogRow): string {
  return `${row.kind}/${row.id}/${row.number}`;
}
