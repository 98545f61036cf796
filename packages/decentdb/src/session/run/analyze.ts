/**
 * ANALYZE: what is known of values is sampled again.
 *
 * I1  The columns and indexes of the tables named (all tables, when none is) are sampled at once, so that the next plans need not;
 *     beyond SAMPLED_MAX of them, when a plan asks.
 * I2  Values that may be of any length are read only where an index has them: documents are left to plans that ask.
 */
import type { TableDef } from '../../catalog/schema.ts';
import type { Session } from '../session.ts';
import { TreeStatistics } from '../statistics.ts';
import type { Transaction } from '../transaction.ts';

/** Columns and indexes of one ANALYZE: a second or so of sampling. */
const SAMPLED_MAX = 1000;

export function analyze(session: Session, named: readonly TableDef[] | null, txn: Transaction | null): void {
  const { shared } = session;
  if (named === null) shared.forgetStatistics(null);
  else for (const table of named) shared.forgetStatistics(table.id);
  if (txn === null) return;
  const catalog = session.catalogOf(txn);
  const statistics = new TreeStatistics(session.readView(txn), session.evalContext, shared);
  const check = session.cancelCheck();
  let sampled = 0;
  for (const table of named ?? catalog.tables.values()) {
    for (let column = 0; column < table.columns.length; column++) {
      if (column === table.rowIdColumn || !isSampledAtOnce(table, column)) continue;
      if (++sampled > SAMPLED_MAX) return;
      check?.();
      statistics.column(table, column);
    }
    for (const index of table.indexes) {
      if (index.method !== 'btree') continue;
      if (++sampled > SAMPLED_MAX) return;
      check?.();
      statistics.locality(table, index);
    }
  }
}

const SHORT_CHARS_MAX = 256;
const SHORT_CATEGORIES: ReadonlySet<string> = new Set(['N', 'D', 'T', 'B', 'E', 'I']);

/** I2. */
function isSampledAtOnce(table: TableDef, position: number): boolean {
  const column = table.columns[position];
  if (column === undefined || column.isDropped || column.generated === 'virtual') return false;
  if (SHORT_CATEGORIES.has(column.type.category)) return true;
  if (column.type.category === 'S' && column.typmod > 0 && column.typmod <= SHORT_CHARS_MAX) return true;
  return table.indexes.some(
    (index) => index.method === 'btree' && index.keys.some((key) => key.column === position),
  );
}
