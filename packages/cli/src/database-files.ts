/** The files of a database as the file system sees them. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface DatabaseFiles {
  readonly databaseBytes: number;
  /** The log files beside it, together. */
  readonly logBytes: number;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/** Sizes of the database file and everything beside it that carries its name. */
export function filesOf(path: string): DatabaseFiles {
  const folder = dirname(path);
  const name = basename(path);
  const files = readdirSync(folder)
    .filter((entry) => entry === name || entry.startsWith(`${name}-`))
    .sort()
    .map((entry) => ({ name: entry, bytes: statSync(join(folder, entry)).size }));
  const databaseBytes = files.find((file) => file.name === name)?.bytes ?? 0;
  const logBytes = files
    .filter((file) => file.name.includes('-wal'))
    .reduce((sum, file) => sum + file.bytes, 0);
  return { databaseBytes, logBytes, files };
}

/** A number of bytes for people: 512 B, 14.2 kB, 3.1 MB. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
