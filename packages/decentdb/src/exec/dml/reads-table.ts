/**
 * Whether a plan reads a table: then an INSERT fed by it collects its rows first, or it would meet its own inserts.
 *
 * I1  Conservative: subplans count, and so does whatever is not looked into.
 */
import type { PhysicalNode } from '../physical.ts';

const known = new WeakMap<PhysicalNode, Map<number, boolean>>();

/** Properties that hold definitions, functions and types, not plans. */
const OPAQUE: ReadonlySet<string> = new Set([
  'fn',
  'type',
  'slots',
  'estimate',
  'equals',
  'op',
  'ops',
  'less',
  'value',
]);

export function readsTable(plan: PhysicalNode, tableId: number): boolean {
  let answers = known.get(plan);
  if (answers === undefined) {
    answers = new Map();
    known.set(plan, answers);
  }
  let answer = answers.get(tableId);
  if (answer === undefined) {
    answer = mentions(plan, tableId, new Set());
    answers.set(tableId, answer);
  }
  return answer;
}

/** `seen`: types know their array types and back, so what a plan holds is a graph. */
function mentions(value: unknown, tableId: number, seen: Set<object>): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value))
    return false;
  seen.add(value);
  if (Array.isArray(value)) return value.some((item) => mentions(item, tableId, seen));
  const record = value as Readonly<Record<string, unknown>>;
  const table = record['table'] as { readonly id?: unknown } | undefined;
  if (table !== undefined && table?.id === tableId) return true;
  // A data-modifying WITH below may change the table through cascades.
  if (record['kind'] === 'update' || record['kind'] === 'delete' || record['kind'] === 'merge') return true;
  for (const key of Object.keys(record)) {
    if (key !== 'table' && !OPAQUE.has(key) && mentions(record[key], tableId, seen)) return true;
  }
  return false;
}
