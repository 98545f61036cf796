/**
 * Text to bytes and back, over whole runs: one native call a run costs a fraction of one a string.
 *
 * I1  Latin-1 and UTF-8 only. Text is well formed: a lone surrogate is refused (22021), never replaced silently.
 * I2  UTF-8 from a page is decoded strictly; bad bytes are damage, which the caller reports.
 *
 * `Buffer`'s Latin-1 methods work on any Uint8Array; where there is no Buffer a loop does the same.
 */
import { DecentDbError } from '../base/errors.ts';

interface BufferLike {
  readonly prototype: Latin1Native;
  byteLength(text: string): number;
}
interface Latin1Native {
  latin1Slice(start: number, end: number): string;
  latin1Write(text: string, offset: number): number;
  indexOf(wanted: Uint8Array, from: number): number;
}
const native = (globalThis as { Buffer?: BufferLike }).Buffer;
const nativeSlice = native?.prototype.latin1Slice;
const nativeWrite = native?.prototype.latin1Write;
const nativeLength = native?.byteLength;
const nativeIndexOf = native?.prototype.indexOf;

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NOT_ASCII = /[\u0080-\uffff]/;
const NOT_LATIN1 = /[\u0100-\uffff]/;

export function isAscii(text: string): boolean {
  // The native count is vectorised, but costs a call: worth it for runs.
  if (text.length > 200 && nativeLength !== undefined) return nativeLength(text) === text.length;
  return !NOT_ASCII.test(text);
}

/**
 * Texts that are known to be ASCII one behind the other, in pieces: a string as large as all of a batch would be made among the old
 * objects, and of those some hundred make V8 mark all that the application holds.
 */
export type AsciiRun = readonly string[];

/** Texts joined to one piece. */
const PIECE_TEXTS = 1024;

/** Runs by the array their texts are in. */
const asciiRuns = new WeakMap<readonly unknown[], AsciiRun>();

/**
 * All texts as one run where they are ASCII, NULLs as nothing; else null. `isKept`: the array does not change until it is asked about
 * again, so that who writes it need not look once more.
 */
export function asciiRun(texts: readonly (string | null)[], isKept: boolean): AsciiRun | null {
  asciiRuns.delete(texts);
  const run: string[] = [];
  for (let from = 0; from < texts.length; from += PIECE_TEXTS) {
    const part = texts.length <= PIECE_TEXTS ? texts : texts.slice(from, from + PIECE_TEXTS);
    const piece = part.join('');
    if (!isAscii(piece)) return null;
    run.push(piece);
  }
  if (isKept) asciiRuns.set(texts, run);
  return run;
}

/** The run that {@link asciiRun} kept of an array; else null. */
export function keptAsciiRun(texts: readonly string[]): AsciiRun | null {
  return asciiRuns.get(texts) ?? null;
}

export function isLatin1(text: string): boolean {
  return !NOT_LATIN1.test(text);
}

export function latin1Slice(bytes: Uint8Array, start: number, end: number): string {
  if (nativeSlice !== undefined) return nativeSlice.call(bytes, start, end);
  let text = '';
  for (let i = start; i < end; i += 4096) {
    text += String.fromCharCode(...bytes.subarray(i, Math.min(end, i + 4096)));
  }
  return text;
}

const ownScratch = new Uint8Array(1024);

/** The same text in memory of its own: a substring keeps all that it was cut from. At most a thousand characters. */
export function ownText(text: string): string {
  if (!isLatin1(text)) return strictDecoder.decode(encoder.encode(text));
  latin1Write(ownScratch, text, 0);
  return latin1Slice(ownScratch, 0, text.length);
}

/** Where `wanted` (not empty) lies in bytes from .. to - 1; negative when it does not. */
export function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array, from: number, to: number): number {
  if (to - from < wanted.length) return -1;
  if (nativeIndexOf !== undefined) {
    const at = nativeIndexOf.call(bytes, wanted, from);
    return at + wanted.length <= to ? at : -1;
  }
  const first = wanted[0]!;
  const last = to - wanted.length;
  for (let at = bytes.indexOf(first, from); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
    let i = 1;
    while (i < wanted.length && bytes[at + i] === wanted[i]) i++;
    if (i === wanted.length) return at;
  }
  return -1;
}

/** Writes Latin-1 text that is known to fit. */
export function latin1Write(bytes: Uint8Array, text: string, at: number): void {
  if (nativeWrite !== undefined) {
    nativeWrite.call(bytes, text, at);
    return;
  }
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}

/** Writes UTF-8 text that is known to fit. */
export function utf8Write(bytes: Uint8Array, text: string, at: number): void {
  encoder.encodeInto(text, bytes.subarray(at));
}

export function utf8Bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Throws a TypeError when the bytes are not UTF-8. */
export function utf8Slice(bytes: Uint8Array, start: number, end: number): string {
  return strictDecoder.decode(bytes.subarray(start, end));
}

/** Bytes of the text in UTF-8 (22021 for a lone surrogate). */
export function utf8Size(text: string): number {
  let size = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) size += 1;
    else if ((unit & 0xf800) !== 0xd800) size += 2;
    else {
      const next = text.charCodeAt(i + 1);
      if (unit >= 0xdc00 || (next & 0xfc00) !== 0xdc00) throw loneSurrogate();
      size += 2;
      i++;
    }
  }
  return size;
}

function loneSurrogate(): DecentDbError {
  return new DecentDbError('22021', 'invalid text: it holds half of a surrogate pair');
}
