/**
 * Rows that a DELETE of few rows takes with it through foreign keys, and rows that would keep them.
 *
 *     rows named by the statement --> their references --+-- CASCADE     more rows to delete, with references of their own
 *                                                        +-- SET NULL    rows to change
 *                                                        +-- NO ACTION   must be among the rows that go
 *                                                        +-- RESTRICT    must not be there
 *
 * I1  Everything is collected and checked before the first write. Where something stands in the way, or rows are many, or a
 *     table is not for this path, `collect` says false: the operators (dml/foreign-keys.ts) find out what is to be said.
 * I2  A row is collected once, however many ways lead to it: keys within one table, rings of tables.
 */

import { assert } from '../../base/assert.ts';
import { type ForeignKeyConstraint, storedPosition, type TableDef } from '../../catalog/schema.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { datumList } from '../../types/datum-list.ts';
import type { Datum } from '../../types/vector.ts';
import { keyConversion } from '../dml/key-conversion.ts';
import { servesKey } from '../dml/key-lookup.ts';
import type { KeyPart, WriteTarget } from '../physical.ts';
import { tableTree } from '../storage/stored-trees.ts';
import { DatumRow, type PointContext } from './datum-row.ts';
import { FewRows } from './few-rows.ts';
import { isReferredTo, ParentKeys } from './parent-keys.ts';
import { indexColumns, isPlainTarget, RowRules } from './row-rules.ts';
import { type CheckedChange, RowWrite } from './row-write.ts';

/** The write target of a table, of the catalogue the statement was planned for. */
export type TargetOf = (table: TableDef) => WriteTarget;

/** Rows collected at most. */
const COLLECTED_MAX = 512;

type Key = ForeignKeyConstraint;

/** A foreign key that refers to a table rows are deleted from. */
interface Reference {
  readonly constraint: Key;
  readonly child: TableDef;
  readonly finder: FewRows;
  /** The key is the child's row id: what the finder gives may not be there. */
  readonly isRowId: boolean;
  /** CASCADE. */
  readonly deletion: TableDeletion | null;
  /** SET NULL. */
  readonly release: RowRelease | null;
}

/** Rows of one table that are to go. */
class TableDeletion {
  readonly target: WriteTarget;
  readonly references: Reference[] = [];
  readonly ids: Datum[] = [];
  /** Of ids looked at so far, by row, by index. */
  private readonly entries: (Datum[] | null)[] = [];
  private readonly seen = new Set<Datum>();
  private readonly tree: Tree;
  private readonly rules: RowRules;
  private readonly row: DatumRow;
  private readonly reader: RowReader;
  private readonly key: Datum[] = datumList(1);
  private done = 0;

  constructor(target: WriteTarget) {
    const { table } = target;
    this.target = target;
    this.tree = tableTree(table);
    this.rules = new RowRules(target);
    this.row = new DatumRow(table.columns.length + 1);
    const columns = new Set(target.indexes.flatMap((_, k) => [...indexColumns(target, k)]));
    for (const { constraint } of target.referencedBy)
      for (const column of constraint.targetColumns) columns.add(column);
    this.reader = new RowReader(table, columns);
  }

  begin(): void {
    this.ids.length = 0;
    this.entries.length = 0;
    this.seen.clear();
    this.done = 0;
  }

  has(id: unknown): boolean {
    return this.seen.has(id as Datum);
  }

  add(id: unknown): void {
    if (this.seen.has(id as Datum)) return;
    this.seen.add(id as Datum);
    this.ids.push(id as Datum);
  }

  /** Whether there are rows whose references were not followed. */
  get isBehind(): boolean {
    return this.done < this.ids.length;
  }

  /** Looks at the next row; false where it may not go. Rows found by keys that must not be there are added to `held`. */
  follow(view: WriteView, context: PointContext, held: HeldRow[]): boolean {
    const { row, rules } = this;
    const id = this.ids[this.done++]!;
    if (!this.reader.read(view, id, row)) return false;
    for (let k = 0; k < rules.indexCount; k++) this.entries.push(rules.entry(k, row, context));
    for (const reference of this.references) {
      reference.finder.source = row.batch;
      const found = reference.finder.ids(view, context);
      if (found === null) return false;
      for (let i = 0; i < found.length; i++) {
        if (reference.isRowId && !reference.finder.find(view, found[i])) continue;
        if (!refer(reference, found[i], held)) return false;
      }
    }
    return true;
  }

  /** Deletes the rows and their index entries. */
  apply(view: WriteView): void {
    const { tree, key, entries, rules, ids } = this;
    const writers = rules.writersFor(view);
    for (let i = 0; i < ids.length; i++) {
      key[0] = ids[i]!;
      assert(tree.delete(view, key), 'a row that was found is gone before it is deleted');
      for (let k = 0; k < writers.length; k++) {
        const entry = entries[i * writers.length + k]!;
        if (entry !== null) writers[k]!.delete(entry);
      }
    }
  }
}

/** A row that refers to one that goes, and must go too. */
interface HeldRow {
  readonly child: TableDef;
  readonly id: unknown;
}

function refer(reference: Reference, id: unknown, held: HeldRow[]): boolean {
  if (reference.constraint.onDelete === 'restrict') return false;
  if (reference.deletion !== null) reference.deletion.add(id);
  else if (reference.release !== null) reference.release.ids.push(id as Datum);
  else held.push({ child: reference.child, id });
  return true;
}

/** Reads some columns of rows. */
export class RowReader {
  private readonly tree: Tree;
  private readonly width: number;
  private readonly columns: readonly number[];
  private readonly stored: readonly number[];
  private readonly key: Datum[] = datumList(1);
  readonly position: TreePosition = new TreePosition();

  constructor(table: TableDef, columns: Iterable<number>) {
    this.tree = tableTree(table);
    this.width = table.columns.length;
    this.columns = [...columns].filter((column) => column < this.width);
    this.stored = this.columns.map((column) => storedPosition(table, column));
  }

  /** False when the row is not there. */
  read(view: WriteView, id: Datum, row: DatumRow): boolean {
    const { tree, position, columns, stored, key } = this;
    key[0] = id;
    if (!tree.get(view, key, position)) return false;
    for (let i = 0; i < columns.length; i++)
      row.set(columns[i]!, tree.datum(view, position.leaf!, position.index, stored[i]!));
    row.set(this.width, id);
    return true;
  }
}

/** Rows of one table that lose what they refer to. */
class RowRelease {
  ids: Datum[] = [];
  readonly table: TableDef;
  private readonly columns: readonly number[];
  private readonly rules: RowRules;
  private readonly rowWrite: RowWrite;
  private readonly reader: RowReader;
  private readonly old: DatumRow;
  private readonly current: DatumRow;
  private readonly changes: CheckedChange[] = [];
  private readonly tree: Tree;

  private constructor(target: WriteTarget, columns: readonly number[], parents: ParentKeys) {
    const { table, generated } = target;
    const width = table.columns.length + 1;
    this.table = table;
    this.columns = columns;
    this.tree = tableTree(table);
    this.rules = new RowRules(target, new Set([...columns, ...generated.map((one) => one.column)]));
    this.rowWrite = new RowWrite(this.rules, columns, parents);
    this.reader = new RowReader(table, new Set([...this.rules.inputs(), ...this.rowWrite.inputs()]));
    this.old = new DatumRow(width);
    this.current = new DatumRow(width);
  }

  /** Null where the rows are not for this path. */
  static of(target: WriteTarget, constraint: Key, context: EvalContext): RowRelease | null {
    const columns = constraint.deleteSetColumns ?? constraint.columns;
    const generated = new Set(target.generated.map((one) => one.column));
    const written = new Set([...columns, ...generated]);
    if (written.has(target.table.rowIdColumn) || isReferredTo(target, written)) return null;
    // What is computed anew may refer to a row that goes.
    if (target.foreignKeys.some(({ constraint }) => constraint.columns.some((one) => generated.has(one))))
      return null;
    const parents = ParentKeys.of(target, written, context);
    if (parents === null) return null;
    const release = new RowRelease(target, columns, parents);
    // Whether a key is free once all rows are gone is for the operators to say.
    return release.rowWrite.touchesUnique ? null : release;
  }

  /** Leaves out rows that go; false where one of the others may not be so, or is not found. */
  check(view: WriteView, context: PointContext, deletion: TableDeletion | undefined): boolean {
    if (deletion !== undefined) this.ids = this.ids.filter((id) => !deletion.has(id));
    this.rowWrite.parents.begin();
    const { ids, changes, old, current, columns, rules, rowWrite, reader, tree } = this;
    if (!rules.alwaysFits(view, tree)) return false;
    for (let i = 0; i < ids.length; i++) {
      if (!reader.read(view, ids[i]!, old)) return false;
      reader.read(view, ids[i]!, current);
      for (const column of columns) current.set(column, null);
      if (!rules.passes(current, context)) return false;
      changes[i] = rowWrite.check(view, old, current, context);
    }
    return true;
  }

  apply(view: WriteView, context: PointContext): void {
    const { ids, changes, rowWrite, reader, tree, old } = this;
    for (let i = 0; i < ids.length; i++) {
      reader.read(view, ids[i]!, old);
      rowWrite.write(view, tree, reader.position, changes[i]!);
    }
    rowWrite.parents.finish(context);
  }
}

export class DependentRows {
  private readonly root: TableDeletion;
  /** By table. */
  private readonly deletions: ReadonlyMap<number, TableDeletion>;
  private readonly releases: readonly RowRelease[];
  private readonly held: HeldRow[] = [];

  private constructor(
    root: TableDeletion,
    deletions: ReadonlyMap<number, TableDeletion>,
    releases: readonly RowRelease[],
  ) {
    this.root = root;
    this.deletions = deletions;
    this.releases = releases;
  }

  /** Of deletes from a table; null where a table or key that may be met is not for this path. */
  static of(target: WriteTarget, targetOf: TargetOf, context: EvalContext): DependentRows | null {
    const deletions = new Map<number, TableDeletion>();
    const releases = new Map<number, RowRelease>();
    const root = new TableDeletion(target);
    deletions.set(target.table.id, root);
    for (const deletion of deletions.values()) {
      for (const { constraint, table } of deletion.target.referencedBy) {
        const { onDelete } = constraint;
        const child = targetOf(table);
        const finder = finderOf(deletion.target.table, constraint, table, context);
        const isRowId = constraint.columns.length === 1 && constraint.columns[0] === table.rowIdColumn;
        if (finder === null || onDelete === 'setDefault' || !isPlainTarget(child) || child.virtual.length > 0)
          return null;
        let release: RowRelease | null = null;
        if (onDelete === 'cascade' && !deletions.has(table.id))
          deletions.set(table.id, new TableDeletion(child));
        if (onDelete === 'setNull') {
          release = RowRelease.of(child, constraint, context);
          // A row that two keys release would be written twice.
          if (release === null || releases.has(table.id)) return null;
          releases.set(table.id, release);
        }
        const next = onDelete === 'cascade' ? deletions.get(table.id)! : null;
        deletion.references.push({ constraint, child: table, finder, isRowId, deletion: next, release });
      }
    }
    return new DependentRows(root, deletions, [...releases.values()]);
  }

  /** Forgets the rows of the statement before. */
  begin(): void {
    this.held.length = 0;
    for (const deletion of this.deletions.values()) deletion.begin();
    for (const release of this.releases) release.ids.length = 0;
  }

  /** A row that the statement names. */
  add(id: unknown): void {
    this.root.add(id);
  }

  /** Finds and checks all that hangs on the rows added (I1). */
  collect(view: WriteView, context: PointContext): boolean {
    let isDone = false;
    let left = COLLECTED_MAX;
    while (!isDone) {
      isDone = true;
      for (const deletion of this.deletions.values()) {
        while (deletion.isBehind) {
          if (left-- === 0 || !deletion.follow(view, context, this.held)) return false;
          isDone = false;
        }
      }
    }
    for (const { child, id } of this.held) if (this.deletions.get(child.id)?.has(id) !== true) return false;
    for (const release of this.releases)
      if (!release.check(view, context, this.deletions.get(release.table.id))) return false;
    return true;
  }

  apply(view: WriteView, context: PointContext): void {
    for (const deletion of this.deletions.values()) deletion.apply(view);
    for (const release of this.releases) release.apply(view, context);
  }
}

/** Finds rows of `child` by the key that a row of `parent` (in row layout) has; null without a tree that serves it. */
function finderOf(parent: TableDef, constraint: Key, child: TableDef, context: EvalContext): FewRows | null {
  const { columns, targetColumns } = constraint;
  const theirs = targetColumns.map((column) => parent.columns[column]!);
  const own = columns.map((column) => child.columns[column]!);
  if (keyConversion(theirs, own, context) !== null) return null;
  const isRowId = columns.length === 1 && columns[0] === child.rowIdColumn;
  const index = isRowId ? null : (child.indexes.find((one) => servesKey(one, columns)) ?? null);
  if (index === null && !isRowId) return null;
  const order = index === null ? [0] : columns.map((_, i) => columns.indexOf(index.keys[i]!.column));
  const parts = order.map((at): KeyPart => {
    const slot = targetColumns[at]!;
    const { type, typmod } = parent.columns[slot]!;
    return { kind: 'equal', expr: { kind: 'slot', slot, type, typmod, location: -1 } };
  });
  const access = { table: child, index, parts, columns: [], filter: null, filterSlots: [], isByRowId: true };
  return new FewRows(access, []);
}
