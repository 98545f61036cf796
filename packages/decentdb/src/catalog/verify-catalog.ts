/**
 * The catalogue against itself: what definitions name must be there.
 */
import type { Catalog } from './catalog.ts';
import type { ConstraintDef, TableDef } from './schema.ts';

export interface CatalogProblem {
  readonly object: string;
  readonly message: string;
}

/**
 * What nobody who reads a catalogue should have to expect: positions of columns that are not there, roots that are no pages. The first
 * such thing, or undefined.
 */
export function structureProblem(catalog: Catalog): CatalogProblem | undefined {
  for (const table of catalog.tables.values()) {
    const message = tableProblem(table);
    if (message !== null) return { object: `table "${table.name}"`, message };
  }
  for (const view of catalog.views.values()) {
    if (view.materializedTableId === null) continue;
    const rows = catalog.tables.get(view.materializedTableId);
    if (rows === undefined || rows.columns.length < view.columns.length)
      return {
        object: `view "${view.name}"`,
        message: 'the table with its rows is missing, or columns of it',
      };
  }
  return undefined;
}

function tableProblem(table: TableDef): string | null {
  const { columns } = table;
  const isColumn = (column: number): boolean =>
    Number.isInteger(column) && column >= 0 && column < columns.length;
  const isPage = (page: number): boolean => Number.isInteger(page) && page > 0;
  if (!isPage(table.root)) return 'its root is no page';
  if (table.rowIdColumn !== -1 && !isColumn(table.rowIdColumn)) return 'the column of its row id is missing';
  if (!columns.every((column, i) => column.attnum === i + 1)) return 'a column is missing';
  const { columnsAtRewrite = columns.length } = table;
  const isCount = Number.isInteger(columnsAtRewrite) && columnsAtRewrite <= columns.length;
  if (!isCount || columnsAtRewrite <= table.rowIdColumn || columnsAtRewrite < 0)
    return 'the number of columns its rows have is impossible';
  for (const index of table.indexes) {
    const isSound =
      index.keys.length > 0 &&
      index.keys.every(({ column }) => column === -1 || isColumn(column)) &&
      index.include.every(isColumn) &&
      isPage(index.root) &&
      (index.method === 'btree' || (index.pendingRoot !== undefined && isPage(index.pendingRoot)));
    if (!isSound) return `index "${index.name}" is on a column that is missing, or has no page`;
  }
  for (const one of table.constraints)
    if (one.kind !== 'check' && !one.columns.every(isColumn))
      return `constraint "${one.name}" is on a column that is missing`;
  return null;
}

export function catalogProblems(catalog: Catalog): CatalogProblem[] {
  const problems: CatalogProblem[] = [];
  for (const table of catalog.tables.values()) {
    const object = `table "${table.name}"`;
    const say = (message: string): void => void problems.push({ object, message });
    table.columns.forEach((column, i) => {
      if (column.attnum !== i + 1) say(`column ${i + 1} is missing`);
      if (column.sequenceId !== null && !column.isDropped && !catalog.sequences.has(column.sequenceId))
        say(`the sequence of column "${column.name}" is missing`);
    });
    if (table.rowIdColumn >= table.columns.length) say('the column of its row id is missing');
    for (const one of table.constraints) constraintProblems(catalog, table, one).forEach(say);
    for (const index of table.indexes) {
      const columns = [...index.keys.map(({ column }) => column), ...index.include];
      if (columns.some((column) => column >= table.columns.length))
        say(`index "${index.name}" is on a column that is missing`);
      if (index.constraintId !== null && !table.constraints.some(({ id }) => id === index.constraintId))
        say(`the constraint of index "${index.name}" is missing`);
    }
  }
  for (const view of catalog.views.values()) {
    const object = `view "${view.name}"`;
    if (view.materializedTableId !== null && !catalog.tables.has(view.materializedTableId))
      problems.push({ object, message: 'the table with its rows is missing' });
    for (const { name, sequenceId } of view.columns)
      if (sequenceId !== undefined && !catalog.sequences.has(sequenceId))
        problems.push({ object, message: `the sequence of column "${name}" is missing` });
  }
  for (const sequence of catalog.sequences.values())
    if (sequence.ownedBy !== null && !catalog.tables.has(sequence.ownedBy.tableId))
      problems.push({ object: `sequence "${sequence.name}"`, message: 'the table that owns it is missing' });
  return problems;
}

function constraintProblems(catalog: Catalog, table: TableDef, one: ConstraintDef): string[] {
  const found: string[] = [];
  const name = `constraint "${one.name}"`;
  const isColumnOf = (owner: TableDef) => (column: number) =>
    column >= 0 && owner.columns[column]?.isDropped === false;
  if (one.kind === 'check') return found;
  if (!one.columns.every(isColumnOf(table))) found.push(`${name} is on a column that is missing`);
  if (one.kind === 'foreignKey') {
    const target = catalog.table(one.targetTableId);
    if (target === undefined) found.push(`the table that ${name} refers to is missing`);
    else if (!one.targetColumns.every(isColumnOf(target)))
      found.push(`a column that ${name} refers to is missing`);
  } else if (one.indexId !== null && !table.indexes.some(({ id }) => id === one.indexId))
    found.push(`the index of ${name} is missing`);
  return found;
}
