/**
 * Bytes of an input file or of standard input, unpacked where the file's ending or its first bytes say that it is packed.
 *
 * I1  gzip, brotli and zstd; zstd with the decoder of Node.js where it has one, else with a portable one.
 * I2  What goes wrong is an InputError that names the file.
 */
import { accessSync, constants, createReadStream, statSync } from 'node:fs';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { InputError } from '../exit-code.ts';
import { inputError, STDIN_NAME } from '../script/input-error.ts';

export interface ByteInput {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Bytes of the file as it is stored; 0 where that cannot be known. */
  readonly total: number;
  /** Stored bytes read so far. */
  readonly read: () => number;
}

const PIECE_BYTES = 1 << 18;
const PACKED = /\.(gz|br|zst)$/i;

/** The name without the ending that says how the file is packed. */
export function unpackedName(path: string): string {
  return path.replace(PACKED, '');
}

/** Says what is wrong with an input before anything is made for it. A pipe is left alone: it can be opened once. */
export function requireInput(path: string): void {
  if (path === STDIN_NAME) return;
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
    accessSync(path, constants.R_OK);
  } catch (cause) {
    throw inputError(path, cause);
  }
  if (isDirectory) throw new InputError(`cannot read "${path}": it is a directory`);
}

export function openInput(path: string): ByteInput {
  const total = path === STDIN_NAME ? 0 : (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  let count = 0;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const stored =
      path === STDIN_NAME ? process.stdin : createReadStream(path, { highWaterMark: PIECE_BYTES });
    stored.on('data', (piece: Uint8Array) => {
      count += piece.length;
    });
    try {
      if (/\.zst$/i.test(path) && !('createZstdDecompress' in zlib)) yield* unzstd(stored);
      else yield* unpacked(stored, path);
    } catch (cause) {
      throw inputError(path, cause);
    } finally {
      stored.destroy();
    }
  }
  return { bytes: bytes(), total, read: () => count };
}

function unpacked(stored: Readable, path: string): AsyncIterable<Uint8Array> {
  const unpack = unpackerOf(path);
  return unpack === null ? stored : pipeline(stored, unpack, () => {});
}

function unpackerOf(path: string): Transform | null {
  if (/\.gz$/i.test(path)) return zlib.createGunzip();
  if (/\.br$/i.test(path)) return zlib.createBrotliDecompress();
  if (!/\.zst$/i.test(path)) return null;
  return (zlib as unknown as { createZstdDecompress(): Transform }).createZstdDecompress();
}

async function* unzstd(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let isFinished = false;
  const decoder = new Decompress((piece, isLast) => {
    if (piece.length > 0) ready.push(piece);
    isFinished ||= isLast === true;
  });
  for await (const piece of stored) {
    decoder.push(piece, false);
    yield* ready.splice(0);
  }
  decoder.push(new Uint8Array(0), true);
  yield* ready.splice(0);
  if (!isFinished) throw new Error('the compressed data ends too early');
}

/** Everything at once, for formats that are read from their end. */
export async function readAll(path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of openInput(path).bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}
