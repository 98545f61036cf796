/** The keys of search indexes as a query writes them. */
import type { IndexDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import type { KeyColumn } from '../ranges.ts';

/** A search index with what its keys are in this query. */
export interface SearchIndex {
  readonly index: IndexDef;
  readonly keys: readonly KeyColumn[];
}

export function isKey(key: KeyColumn, expr: Expr): boolean {
  if (expr.kind === 'column') return key.id !== null && expr.id === key.id;
  return key.matches?.(expr) ?? false;
}
