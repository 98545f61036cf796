/**
 * Bytes of a file in pieces, unpacked where its ending says that it is packed (.gz, .br, .zst).
 *
 * I1  The file is closed when the reading ends, however it ends.
 */
import { createReadStream, type ReadStream, statSync } from 'node:fs';
import { pipeline, type Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { DecentDbError } from '../base/errors.ts';
import { ioError } from './vfs-error.ts';

export interface ByteSource {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Size of the file as it is stored, and how much of it has been read. */
  readonly total: number;
  readonly read: () => number;
}

const PIECE_BYTES = 1 << 18;

export function openByteSource(path: string): ByteSource {
  let total: number;
  try {
    total = statSync(path).size;
  } catch (cause) {
    throw ioError('open', path, cause);
  }
  const unpack = unpackerOf(path);
  let file: ReadStream | null = null;
  const start = (): Readable => {
    file = createReadStream(path, { highWaterMark: PIECE_BYTES });
    // The stream that is read reports errors of both.
    return unpack === null ? file : pipeline(file, unpack, () => {});
  };
  return { bytes: piecesOf(start, path), total, read: () => file?.bytesRead ?? 0 };
}

/** The file is opened with the first piece that is asked for: who never asks leaves nothing open. */
async function* piecesOf(start: () => Readable, path: string): AsyncGenerator<Uint8Array> {
  const stream = start();
  try {
    for await (const piece of stream) yield piece as Uint8Array;
  } catch (cause) {
    throw cause instanceof DecentDbError ? cause : ioError('read', path, cause);
  }
}

function unpackerOf(path: string): Transform | null {
  if (/\.gz$/i.test(path)) return zlib.createGunzip();
  if (/\.br$/i.test(path)) return zlib.createBrotliDecompress();
  if (!/\.zst$/i.test(path)) return null;
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
  if (createZstdDecompress === undefined)
    throw new DecentDbError('0A000', 'this version of Node.js cannot unpack zstd', {
      file: path,
      hint: 'Use Node.js 22.15 or newer, or "decentdb import", which brings its own decoder.',
    });
  return createZstdDecompress();
}
