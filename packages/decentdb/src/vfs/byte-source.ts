/**
 * Bytes of a file in pieces, unpacked where its ending says that it is packed (.gz, .br, .zst).
 *
 * I1  The file is closed when the reading ends, however it ends.
 */
import { createReadStream, statSync } from 'node:fs';
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
  const file = createReadStream(path, { highWaterMark: PIECE_BYTES });
  const unpack = unpackerOf(path);
  // The stream that is read reports errors of both.
  const stream: Readable = unpack === null ? file : pipeline(file, unpack, () => {});
  return { bytes: piecesOf(stream, path), total, read: () => file.bytesRead };
}

async function* piecesOf(stream: Readable, path: string): AsyncGenerator<Uint8Array> {
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
