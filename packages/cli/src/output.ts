/**
 * Where a command's text goes: standard output, or the file `--output` names, packed where its ending says so (.gz, .zst).
 *
 * I1  A packed file is a row of packed pieces, which every unpacker reads as one.
 * I2  A file has its name when it is whole: until then the text is in a draft beside it. What was there before stays when the
 *     work fails, the disk is full, or the process ends.
 * I3  A database is never written over: its name stands where a result's was meant.
 */
import {
  closeSync,
  fsyncSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import * as zlib from 'node:zlib';
import type { CommandContext } from './command.ts';
import { InputError, UsageError, WriteFailure } from './exit-code.ts';
import { reasonOf } from './script/input-error.ts';

export interface Output {
  write(text: string | Uint8Array): void;
  /** Gives the file its name. */
  close(): void;
  /** Instead of `close`: as if nothing had been written, where that can be. */
  discard(): void;
}

const PIECE_BYTES = 1 << 20;

/** Gives `work` an output; it is kept when that ends well. */
export async function withOutput(
  path: string | undefined,
  context: CommandContext,
  work: (output: Output) => void | Promise<void>,
): Promise<void> {
  const output = openOutput(path, context);
  try {
    await work(output);
  } catch (error) {
    output.discard();
    throw error;
  }
  output.close();
}

export interface OutputChoices {
  /** Without a draft: what is written can be read at once, and stays (`\\o`, `exec -o`). */
  readonly inPlace?: boolean;
}

export function openOutput(
  path: string | undefined,
  context: CommandContext,
  { inPlace = false }: OutputChoices = {},
): Output {
  if (path === undefined || path === '-')
    return {
      write: (text) => {
        if (typeof text === 'string') context.terminal.out(text);
        else process.stdout.write(text);
      },
      close: () => {},
      discard: () => {},
    };
  const pack = packerOf(path);
  const file = new OutputFile(path, inPlace);
  return pack === null ? file : packed(file, pack);
}

const DATABASE_HEAD = 'DecentDB';

/** Throws where a database is (I3). */
export function refuseDatabase(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return;
  const head = Buffer.alloc(DATABASE_HEAD.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  if (head.toString('latin1') === DATABASE_HEAD)
    throw new UsageError(`"${path}" is a database: give the output another name`);
}

/** Collects pieces worth packing. */
function packed(file: Output, pack: (bytes: Uint8Array) => Uint8Array): Output {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let isEmpty = true;
  const flush = (): void => {
    file.write(pack(Buffer.concat(waiting)));
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
      file.close();
    },
    discard: () => file.discard(),
  };
}

/** A file, by way of a draft (I2); a device or a pipe as it is. */
class OutputFile implements Output {
  readonly #name: string;
  readonly #path: string;
  readonly #draft: string | null;
  readonly #file: number;
  #isOpen = true;
  /** Why nothing more can be written. */
  #failure: WriteFailure | null = null;

  constructor(name: string, inPlace: boolean) {
    this.#name = name;
    try {
      refuseDatabase(name);
      const there = statSync(name, { throwIfNoEntry: false });
      // A link is followed: it goes on leading to the file.
      this.#path = there === undefined ? name : realpathSync(name);
      const isPlain = there === undefined || there.isFile();
      this.#draft = isPlain && !inPlace ? `${this.#path}-new-${process.pid}` : null;
      this.#file = openSync(this.#draft ?? this.#path, 'w', there === undefined ? 0o666 : there.mode & 0o777);
    } catch (cause) {
      if (cause instanceof UsageError) throw cause;
      throw new InputError(`cannot write "${name}": ${reasonOf(cause)}`, { cause });
    }
  }

  write(text: string | Uint8Array): void {
    const bytes = bytesOf(text);
    this.#attempt(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at, bytes.length - at);
    });
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#attempt(() => {
      if (this.#draft !== null) fsyncSync(this.#file);
      this.#isOpen = false;
      closeSync(this.#file);
      if (this.#draft !== null) renameSync(this.#draft, this.#path);
    });
  }

  discard(): void {
    if (this.#isOpen) {
      this.#isOpen = false;
      closeSync(this.#file);
    }
    if (this.#draft !== null) rmSync(this.#draft, { force: true });
  }

  #attempt(work: () => void): void {
    if (this.#failure !== null) throw this.#failure;
    try {
      work();
    } catch (cause) {
      this.discard();
      this.#failure = new WriteFailure(`cannot write "${this.#name}": ${reasonOf(cause)}`, { cause });
      throw this.#failure;
    }
  }
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
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
