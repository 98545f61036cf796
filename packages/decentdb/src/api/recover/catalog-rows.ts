/**
 * The rows of a damaged catalogue: reached from its root, or known by what they say.
 *
 * I1  A page is taken for one of the catalogue only if every row of it is a definition that can be read: those are unlike
 *     the rows of any other tree.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { PageNo } from '../../base/ids.ts';
import { type CatalogRow, RowField, RowKind } from '../../catalog/catalog-rows.ts';
import { catalogTree } from '../../catalog/catalog-store.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import type { Datum } from '../../types/vector.ts';
import type { DamagedSource } from './damaged-source.ts';
import type { PageCensus } from './page-census.ts';
import { SalvagedTree } from './tree-salvage.ts';

export interface SalvagedRows {
  readonly rows: readonly CatalogRow[];
  /** Current values of sequences, by their ids, as stored. */
  readonly sequenceValues: ReadonlyMap<number, string>;
  /** Nothing is missing. */
  readonly isWhole: boolean;
  readonly findings: readonly { readonly message: string; readonly page: number | null }[];
}

const KINDS: ReadonlySet<number> = new Set(Object.values(RowKind));
const OWNER = 'the catalogue';

export function salvageCatalogRows(census: PageCensus): SalvagedRows {
  const { source } = census;
  const findings: { message: string; page: number | null }[] = [];
  let root: PageNo = source.meta.catalogRoot;
  if (!source.hasMeta) {
    root = likelyRoot(census);
    if (root !== 0) findings.push({ message: `page ${root} was taken for the root of ${OWNER}`, page: root });
  }
  if (root === 0) return { rows: [], sequenceValues: new Map(), isWhole: source.hasMeta, findings };
  const found = new SalvagedTree(census, OWNER, root, catalogTree(root)).walk();
  for (let at = 0; at < found.gaps.length; at++) fillGap(census, found, at);
  for (const { page, problem } of found.gaps)
    findings.push({ message: `page ${page} of ${OWNER}: ${problem}`, page });
  const rows: CatalogRow[] = [];
  const sequenceValues = new Map<number, string>();
  for (const leaf of found.leaves) {
    const node = found.nodeAt(leaf.page);
    if (typeof node === 'string') continue;
    for (let i = 0; i < node.count; i++) {
      const row = rowAt(source, found, node, i);
      if (typeof row === 'string') findings.push({ message: `${OWNER}: ${row}`, page: leaf.page });
      else if (row.kind === RowKind.sequenceValue) sequenceValues.set(row.id, row.definition);
      else rows.push(row);
    }
  }
  return { rows, sequenceValues, isWhole: found.gaps.length === 0 && findings.length === 0, findings };
}

/** Pages that nothing leads to, whose rows are definitions within the gap. */
function fillGap(census: PageCensus, found: SalvagedTree, at: number): void {
  const gap = found.gaps[at];
  if (gap === undefined) return;
  for (const wantsInner of [true, false])
    for (const page of [...census.orphans()]) {
      const node = found.nodeAt(page);
      if (typeof node === 'string' || node.level > 0 !== wantsInner || node.count === 0) continue;
      if (gap.level >= 0 && node.level >= gap.level) continue;
      if (found.fits(node, gap.lower, gap.upper) && isCatalogNode(census.source, found, node))
        found.adopt(page, gap);
    }
}

/** The page that leads to most definitions, and that no other such page leads to. */
function likelyRoot(census: PageCensus): PageNo {
  const probe = new SalvagedTree(census, OWNER, 0 as PageNo, catalogTree(0 as PageNo));
  const nodes = new Map<number, TreeNode>();
  for (const page of census.orphans()) {
    const node = probe.nodeAt(page);
    if (typeof node !== 'string' && node.count > 0 && isCatalogNode(census.source, probe, node))
      nodes.set(page, node);
  }
  const linked = new Set<number>();
  const childrenOf = (node: TreeNode): number[] =>
    node.level === 0
      ? []
      : Array.from({ length: node.count }, (_, i) => Number(node.cell(node.schema.keyCount, i)));
  for (const node of nodes.values()) for (const child of childrenOf(node)) linked.add(child);
  const rowsUnder = (page: number): number => {
    const node = nodes.get(page);
    if (node === undefined) return 0;
    if (node.level === 0) return node.count;
    return childrenOf(node).reduce(
      (sum, child) => ((nodes.get(child)?.level ?? node.level) < node.level ? sum + rowsUnder(child) : sum),
      0,
    );
  };
  let best = 0;
  let bestRows = 0;
  for (const page of nodes.keys()) {
    const rows = linked.has(page) ? 0 : rowsUnder(page);
    if (rows > bestRows) {
      best = page;
      bestRows = rows;
    }
  }
  return best as PageNo;
}

function isCatalogNode(source: DamagedSource, tree: SalvagedTree, node: TreeNode): boolean {
  for (let i = 0; i < node.count; i++) {
    if (node.level > 0) {
      if (i > 0 && !KINDS.has(Number(node.cell(RowField.kind, i)))) return false;
    } else if (typeof rowAt(source, tree, node, i) === 'string') return false;
  }
  return true;
}

/** One row, or why it cannot be read. */
function rowAt(source: DamagedSource, tree: SalvagedTree, node: TreeNode, at: number): CatalogRow | string {
  try {
    const cell = (field: number): Datum =>
      (tree.tree as NonNullable<typeof tree.tree>).datum(source, node, at, field);
    const row = {
      kind: cell(RowField.kind) as RowKind,
      id: Number(cell(RowField.id)),
      number: Number(cell(RowField.number)),
      parent: Number(cell(RowField.parent)),
      name: cell(RowField.name) as string,
      definition: cell(RowField.definition) as string,
    };
    if (!KINDS.has(row.kind) || typeof row.name !== 'string' || typeof row.definition !== 'string')
      return 'a row is no definition';
    if (row.kind !== RowKind.sequenceValue) JSON.parse(row.definition);
    return row;
  } catch (error) {
    if (error instanceof DecentDbError || error instanceof SyntaxError) return error.message;
    throw error;
  }
}
