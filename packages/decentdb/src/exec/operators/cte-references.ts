/**
 * Which WITH definitions a plan reads that it does not define itself: what a kept subquery result depends on.
 *
 * I1  Subplans in expressions count.
 */
import type { PhysicalNode } from '../physical.ts';

const known = new WeakMap<PhysicalNode, readonly number[]>();

/** Properties that hold definitions, functions and types, not plans. */
const OPAQUE: ReadonlySet<string> = new Set([
  'table',
  'index',
  'target',
  'fn',
  'type',
  'slots',
  'estimate',
  'value',
]);

export function cteReferences(plan: PhysicalNode): readonly number[] {
  let references = known.get(plan);
  if (references === undefined) {
    const read = new Set<number>();
    const defined = new Set<number>();
    collect(plan, read, defined);
    references = [...read].filter((id) => !defined.has(id));
    known.set(plan, references);
  }
  return references;
}

function collect(value: unknown, read: Set<number>, defined: Set<number>): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, read, defined);
    return;
  }
  const record = value as Readonly<Record<string, unknown>>;
  // Types stand under many names (elementType, columnTypes ...) and refer to each other in circles.
  if (typeof record['sqlName'] === 'function') return;
  if (typeof record['cteId'] === 'number')
    (record['kind'] === 'cteScan' ? read : defined).add(record['cteId']);
  for (const key of Object.keys(record)) if (!OPAQUE.has(key)) collect(record[key], read, defined);
}
