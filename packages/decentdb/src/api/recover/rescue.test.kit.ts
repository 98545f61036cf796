/**
 * Judging recoveries: runs one over a damaged disk and compares what came out with what was there.
 */
import assert from 'node:assert/strict';
import { type MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import { Database } from '../database.ts';
import { recoverSync } from './recover.ts';
import type { RecoverReport } from './report.ts';
import { type Content, contentOf, SOURCE, TABLES, TARGET } from './specimen.test.kit.ts';

export interface Outcome {
  readonly report: RecoverReport;
  readonly content: Content;
  /** Rows of lost_and_found: table and data. */
  readonly lost: readonly { readonly table_name: string | null; readonly data: Record<string, string> }[];
}

/** Recovers a damaged disk and reads what came out. The source must be as it was. */
export function rescue(disk: MemoryDisk): Outcome {
  const vfs = new MemoryVfs(disk);
  const before = new Map([...disk.files].map(([path, data]) => [path, data.bytes().slice()]));
  const report = recoverSync(SOURCE, TARGET, { vfs });
  for (const [path, bytes] of before)
    assert.ok(Buffer.compare(bytes, disk.files.get(path)!.bytes()) === 0, `${path} was changed`);
  const db = new Database(TARGET, { vfs });
  try {
    assert.deepEqual(db.check().findings, []);
    const name = report.lostAndFound?.table;
    const lost =
      name === undefined
        ? []
        : db.query<Outcome['lost'][number]>(`SELECT table_name, data FROM ${name}`).rows;
    assert.equal(lost.length, report.lostAndFound?.rows ?? 0);
    return { report, content: contentOf(db), lost };
  } finally {
    db.close();
    disk.files.delete(TARGET);
  }
}

export function missing(whole: Content, found: Content, table: string): string[] {
  const have = new Set(found.get(table));
  return whole.get(table)!.filter((row) => !have.has(row));
}

/** I2: what is in a table was in that table, and once. */
export function assertNothingWrong(whole: Content, found: Content, what: string): void {
  for (const table of TABLES) {
    const known = new Set(whole.get(table));
    const rows = found.get(table) ?? [];
    assert.equal(new Set(rows).size, rows.length, `${what}: a row of ${table} is there twice`);
    for (const row of rows) assert.ok(known.has(row), `${what}: ${table} has a row that never was: ${row}`);
  }
}

export function destroy(disk: MemoryDisk, page: number, pageBytes: number): MemoryDisk {
  const copy = disk.clone();
  copy.files
    .get(SOURCE)!
    .bytes()
    .fill(0xa5, page * pageBytes, (page + 1) * pageBytes);
  return copy;
}

/** Rows of all tables together. */
export function countOf(content: Content): number {
  return TABLES.reduce((sum, table) => sum + (content.get(table)?.length ?? 0), 0);
}
