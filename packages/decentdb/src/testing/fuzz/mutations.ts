/**
 * Ways to make a database file lie: each changes one field, count, length, link or definition, and leaves all checksums right.
 *
 * I1  A mutation is a function of the file and the random numbers alone: the same seed gives the same file.
 */
import type { PageNo } from '../../base/ids.ts';
import type { Prng } from '../../base/prng.ts';
import { catalogTree } from '../../catalog/catalog-store.ts';
import { type PageHeader, viewOf } from '../../pager/page-layout.ts';
import { PageKind } from '../../pager/page-node.ts';
import { TreeNode } from '../../tree/tree-node.ts';
import type { PageSurgeon } from './page-surgeon.ts';

export type Mutation = (surgeon: PageSurgeon, random: Prng) => string | null;

/** Numbers that lie on edges. */
const EDGES_8 = [0, 1, 2, 3, 15, 31, 40, 63, 64, 127, 128, 192, 255];
const EDGES_16 = [0, 1, 2, 7, 255, 256, 487, 488, 512, 8191, 8192, 8193, 32767, 65535];
const EDGES_32 = [0, 1, 2, 3, 255, 65535, 2 ** 24, 2 ** 30, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1];

const pick = <T>(random: Prng, list: readonly T[]): T => list[random.below(list.length)] as T;

interface ChosenPage {
  readonly pageNo: number;
  readonly header: PageHeader;
  readonly payload: Uint8Array;
}

/** A random written page of one of the kinds. */
function choosePage(surgeon: PageSurgeon, random: Prng, kinds: readonly PageKind[]): ChosenPage | null {
  const { pageCount, firstDataPage } = surgeon;
  const start = random.below(pageCount);
  for (let i = 0; i < pageCount; i++) {
    const pageNo = (start + i) % pageCount;
    if (pageNo < firstDataPage) continue;
    const header = surgeon.headerOf(pageNo);
    if (header !== undefined && kinds.includes(header.kind))
      return { pageNo, header, payload: surgeon.payload(pageNo) };
  }
  return null;
}

const TREE_KINDS: readonly PageKind[] = [PageKind.leaf, PageKind.inner];
const ALL_KINDS: readonly PageKind[] = [...TREE_KINDS, PageKind.overflow, PageKind.freeList];

/** Offset of the block of a column, and where it ends. */
function blockOf(payload: Uint8Array, column: number): readonly [number, number] {
  const view = viewOf(payload);
  const at = 6 + 2 * column;
  return [view.getUint16(at, true), view.getUint16(at + 2, true)];
}

function columnsOf(payload: Uint8Array): number {
  return viewOf(payload).getUint16(2, true);
}

/** A change to a tree page, sealed again. */
function onTreePage(name: string, change: (page: ChosenPage, random: Prng) => string): Mutation {
  return (surgeon, random) => {
    const page = choosePage(surgeon, random, TREE_KINDS);
    if (page === null) return null;
    const what = change(page, random);
    surgeon.seal(page.pageNo, page.header);
    return `page ${page.pageNo}: ${name} ${what}`;
  };
}

const headField = onTreePage('head', ({ payload }, random) => {
  const at = random.below(6);
  payload[at] = pick(random, EDGES_8);
  return `byte ${at} = ${payload[at]}`;
});

const blockStart = onTreePage('start', ({ payload, header }, random) => {
  const column = random.below(columnsOf(payload) + 1);
  const value = random.below(2) === 0 ? pick(random, EDGES_16) : random.below(header.usedBytes + 8);
  viewOf(payload).setUint16(6 + 2 * column, value, true);
  return `of column ${column} = ${value}`;
});

const columnTag = onTreePage('tag', ({ payload }, random) => {
  const column = random.below(columnsOf(payload));
  const [from] = blockOf(payload, column);
  const tag = (payload[from] ?? 0) & 0xc0;
  const value = random.below(3) === 0 ? pick(random, EDGES_8) : tag | random.below(17);
  payload[from] = value;
  return `of column ${column} = ${value}`;
});

/** The first bytes of a block hold its counts, widths, bases and lengths. */
const blockHead = onTreePage('block', ({ payload }, random) => {
  const column = random.below(columnsOf(payload));
  const [from, to] = blockOf(payload, column);
  const at = from + random.below(Math.max(1, Math.min(to - from, 12)));
  payload[at] = random.below(2) === 0 ? pick(random, EDGES_8) : random.below(256);
  return `of column ${column}, byte ${at - from} = ${payload[at]}`;
});

const blockByte = onTreePage('byte', ({ payload, header }, random) => {
  const at = random.below(Math.max(1, header.usedBytes));
  payload[at] = random.below(256);
  return `${at} = ${payload[at]}`;
});

/** A number of variable length that goes on for ever. */
const endlessNumber = onTreePage('bytes', ({ payload, header }, random) => {
  const at = random.below(Math.max(1, header.usedBytes));
  payload.fill(0xff, at, Math.min(header.usedBytes, at + 1 + random.below(12)));
  return `from ${at} all ones`;
});

const swappedBlocks = onTreePage('column', ({ payload }, random) => {
  const count = columnsOf(payload);
  const a = random.below(count);
  const b = random.below(count);
  const view = viewOf(payload);
  const start = view.getUint16(6 + 2 * a, true);
  view.setUint16(6 + 2 * a, view.getUint16(6 + 2 * b, true), true);
  view.setUint16(6 + 2 * b, start, true);
  return `${a} and ${b} exchanged`;
});

const usedBytes: Mutation = (surgeon, random) => {
  const page = choosePage(surgeon, random, ALL_KINDS);
  if (page === null) return null;
  const used = Math.min(surgeon.pageBytes - 24, random.below(surgeon.pageBytes));
  surgeon.seal(page.pageNo, { ...page.header, usedBytes: used });
  return `page ${page.pageNo}: ${used} used bytes`;
};

const kind: Mutation = (surgeon, random) => {
  const page = choosePage(surgeon, random, ALL_KINDS);
  if (page === null) return null;
  const next = pick(random, ALL_KINDS);
  surgeon.seal(page.pageNo, { ...page.header, kind: next });
  return `page ${page.pageNo}: kind ${next}`;
};

const lsn: Mutation = (surgeon, random) => {
  const page = choosePage(surgeon, random, ALL_KINDS);
  if (page === null) return null;
  const next = pick(random, [0, 1, 100_000, 2 ** 40]);
  surgeon.seal(page.pageNo, { ...page.header, lsn: next as PageHeader['lsn'] });
  return `page ${page.pageNo}: LSN ${next}`;
};

/** The content of another page, under this one's number. */
const copied: Mutation = (surgeon, random) => {
  const page = choosePage(surgeon, random, ALL_KINDS);
  const other = choosePage(surgeon, random, ALL_KINDS);
  if (page === null || other === null) return null;
  page.payload.set(other.payload);
  surgeon.seal(page.pageNo, { ...other.header, lsn: page.header.lsn });
  return `page ${page.pageNo}: content of page ${other.pageNo}`;
};

/** Links, lengths and counts of overflow and free list pages: all are `u32` at the start. */
const chainField: Mutation = (surgeon, random) => {
  const page = choosePage(surgeon, random, [pick(random, [PageKind.overflow, PageKind.freeList])]);
  if (page === null) return null;
  const at = 4 * random.below(Math.max(1, Math.min(6, Math.floor(page.header.usedBytes / 4))));
  const value = random.below(2) === 0 ? pick(random, EDGES_32) : random.below(surgeon.pageCount);
  viewOf(page.payload).setUint32(at, value, true);
  surgeon.seal(page.pageNo, page.header);
  return `page ${page.pageNo} (kind ${page.header.kind}): u32 at ${at} = ${value}`;
};

const metaField: Mutation = (surgeon, random) => {
  const at = pick(random, [16, 20, 24, 48, 56, 64, 68, 72, 76, 80, 88, 96]);
  const value = random.below(2) === 0 ? pick(random, EDGES_32) : random.below(surgeon.pageCount + 2);
  surgeon.changeHeader((view) => view.setUint32(at, value, true));
  return `header: u32 at ${at} = ${value}`;
};

/** A value of a row or separator set anew: keys out of order, links elsewhere, NULL where there is none. */
const catalogCell: Mutation = (surgeon, random) => {
  const root = viewOf(surgeon.bytes).getUint32(56 + 12, true);
  const { schema } = catalogTree(root as PageNo);
  const start = random.below(surgeon.pageCount);
  for (let i = 0; i < surgeon.pageCount; i++) {
    const pageNo = (start + i) % surgeon.pageCount;
    const header = pageNo < surgeon.firstDataPage ? undefined : surgeon.headerOf(pageNo);
    if (header === undefined || header.kind > PageKind.inner) continue;
    const what = editCatalogNode(surgeon, random, pageNo, header, schema);
    if (what !== null) return `page ${pageNo}: ${what}`;
  }
  return null;
};

function editCatalogNode(
  surgeon: PageSurgeon,
  random: Prng,
  pageNo: number,
  header: PageHeader,
  schema: Parameters<typeof TreeNode.decode>[0],
): string | null {
  try {
    const payload = surgeon.payload(pageNo).slice(0, header.usedBytes);
    const committed = TreeNode.decode(schema, pageNo as PageNo, header.lsn, payload);
    const node = committed.thaw();
    if (node.count === 0) return null;
    const row = random.below(node.count);
    const column = random.below(node.columnCount);
    const old = node.cell(column, row);
    const value = typeof old === 'string' ? changedText(old, random) : changedNumber(surgeon, random);
    node.setCell(column, row, value);
    const target = new Uint8Array(4 * surgeon.pageBytes);
    const used = node.encode(target);
    if (used > surgeon.payload(pageNo).length) return null;
    surgeon.payload(pageNo).set(target.subarray(0, used));
    surgeon.seal(pageNo, { ...header, usedBytes: used });
    return `catalogue column ${column}, row ${row} = ${JSON.stringify(value)}`;
  } catch {
    return null; // A page of another tree.
  }
}

function changedNumber(surgeon: PageSurgeon, random: Prng): number {
  return random.below(2) === 0 ? pick(random, EDGES_8) : random.below(surgeon.pageCount + 20_000);
}

/** A definition with one number, word or bracket changed. */
function changedText(text: string, random: Prng): string {
  const roll = random.below(6);
  const numbers = [...text.matchAll(/\d+/g)];
  const number = pick(random, numbers);
  if (roll < 2 && number !== undefined) {
    const value = pick(random, ['0', '1', '3', '25', '16', '-1', '1e9', '99999999999', 'null', '"x"', '[]']);
    return text.slice(0, number.index) + value + text.slice(number.index + number[0].length);
  }
  const words = [...text.matchAll(/"(\w+)":/g)];
  const word = pick(random, words);
  if (roll === 2 && word !== undefined) return text.replace(word[0], '"other":');
  if (roll === 3) return text.replace(/true|false|null/, pick(random, ['true', 'false', 'null', '7', '{}']));
  if (roll === 4) return text.slice(0, random.below(text.length + 1));
  const at = random.below(text.length + 1);
  return text.slice(0, at) + pick(random, ['(', '"', '\\', "'", '((((', 'x', '{', ';']) + text.slice(at);
}

export const MUTATIONS: readonly (readonly [name: string, mutation: Mutation])[] = [
  ['head field', headField],
  ['block start', blockStart],
  ['column tag', columnTag],
  ['block head', blockHead],
  ['block byte', blockByte],
  ['endless number', endlessNumber],
  ['swapped blocks', swappedBlocks],
  ['used bytes', usedBytes],
  ['kind', kind],
  ['lsn', lsn],
  ['copied', copied],
  ['chain field', chainField],
  ['meta field', metaField],
  ['catalogue cell', catalogCell],
];
