/**
 * Where a command's text goes: standard output, or the file `--output` names, packed where its ending says so (.gz, .zst).
 *
 * I1  A packed file is a row of packed pieces, which every unpacker reads as one.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import * as zlib from 'node:zlib';
import type { CommandContext } from './command.ts';
import { InputError, UsageError } from './exit-code.ts';

export interface Output {
  write(text: string | Uint8Array): void;
  close(): void;
}

const PIECE_BYTES = 1 << 20;

export function openOutput(path: string | undefined, context: CommandContext): Output {
  if (path === undefined || path === '-')
    return {
      write: (text) => {
        if (typeof text === 'string') context.terminal.out(text);
        else process.stdout.write(text);
      },
      close: () => {},
    };
  const pack = packerOf(path);
  let file: number;
  try {
    file = openSync(path, 'w');
  } catch (cause) {
    throw new InputError(`cannot write "${path}": ${(cause as Error).message}`, { cause });
  }
  if (pack === null)
    return { write: (text) => void writeAll(file, bytesOf(text)), close: () => closeSync(file) };
  let waiting: Uint8Array[] = [];
  let size = 0;
  let isEmpty = true;
  const flush = (): void => {
    writeAll(file, pack(Buffer.concat(waiting)));
    waiting = [];
    size = 0;
    isEmpty = false;
  };
  return {
    write(text) {
      const bytes = bytesOf(text);
      waiting.push(bytes);
      size += bytes.length;
      if (size >= PIECE_BYTES) flush();
    },
    close() {
      if (size > 0 || isEmpty) flush();
      closeSync(file);
    },
  };
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
}

function packerOf(path: string): ((bytes: Uint8Array) => Uint8Array) | null {
  if (/\.gz$/i.test(path)) return (bytes) => zlib.gzipSync(bytes);
  if (!/\.zst$/i.test(path)) return null;
  const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Uint8Array };
  if (zstdCompressSync === undefined)
    throw new UsageError(
      'this version of Node.js cannot write zstd: write .gz, or use Node.js 22.15 or newer',
    );
  return (bytes) => zstdCompressSync(bytes);
}
