/**
 * Which subqueries of a query mean the same: `GROUP BY (SELECT ...)` names what the target list writes once more.
 *
 * I1  Two plans are of the same query when they were bound from equal parse trees at the same level: names mean the same there.
 *     A subquery inside another one is bound at another level, where the same names may mean other columns.
 */
import type { LogicalNode } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import type { Level } from './level.ts';

interface Source {
  readonly level: Level;
  readonly query: ast.SelectStmt;
}

const sources = new WeakMap<object, Source>();

export function noteSource(plan: LogicalNode, level: Level, query: ast.SelectStmt): void {
  sources.set(plan, { level, query });
}

export function isSameQuery(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const [one, other] = [sources.get(a as object), sources.get(b as object)];
  if (one === undefined || other === undefined || one.level !== other.level) return false;
  return isSameTree(one.query, other.query);
}

/** Equal but for where they stand in the text. */
function isSameTree(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isSameTree(item, b[i]));
  return Object.entries(a).every(
    ([name, value]) => name.endsWith('ocation') || isSameTree(value, (b as Record<string, unknown>)[name]),
  );
}
