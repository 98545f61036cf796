/**
 * A tree page as text, for people: head, encodings, sizes, rows.
 */
import type { Datum } from '../types/vector.ts';
import { ENCODING_MASK, Encoding } from './encoding.ts';
import { OverflowValue } from './overflow-value.ts';
import type { TreeNode } from './tree-node.ts';

const ENCODING_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(Encoding).map(([name, value]) => [value, name]),
);

/** Lines describing a node; at most `rowsMax` rows are shown. */
export function dumpPage(node: TreeNode, rowsMax = 20): string {
  const kind = node.level === 0 ? 'leaf' : `inner (level ${node.level})`;
  const lines = [
    `page ${node.pageNo}: ${kind}, ${node.count} rows, lsn ${node.lsn}, about ${node.bound()} bytes`,
  ];
  for (let column = 0; column < node.columnCount; column++) {
    lines.push(`  column ${column}: ${columnForm(node, column)}, ${node.columnBound(column)} bytes`);
  }
  for (let row = 0; row < Math.min(node.count, rowsMax); row++) {
    const cells: string[] = [];
    for (let column = 0; column < node.columnCount; column++) cells.push(cellText(node.cell(column, row)));
    lines.push(`  ${row}: ${cells.join(' | ')}`);
  }
  if (node.count > rowsMax) lines.push(`  ... ${node.count - rowsMax} more`);
  return lines.join('\n');
}

function columnForm(node: TreeNode, column: number): string {
  if (!node.hasBytes(column)) return 'in memory';
  const tag = node.reader(column).u8();
  const marks = `${tag & 0x80 ? ', nulls' : ''}${tag & 0x40 ? ', large values' : ''}`;
  return `${ENCODING_NAMES.get(tag & ENCODING_MASK) ?? 'unknown'}${marks}`;
}

function cellText(cell: Datum | OverflowValue): string {
  if (cell === null) return 'NULL';
  if (cell instanceof OverflowValue) return `<${cell.ref.byteLength} bytes at page ${cell.ref.firstPage}>`;
  if (cell instanceof Uint8Array)
    return `\\x${Array.from(cell, (b) => b.toString(16).padStart(2, '0')).join('')}`;
  const text = typeof cell === 'string' ? JSON.stringify(cell) : String(cell);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
