/**
 * Bytes of a text file as text, in the encoding they are in.
 *
 * I1  A byte order mark decides and is left out; without one the encoding is the one asked for, UTF-8 by default.
 * I2  Bytes that are not text of that encoding are an error at their place, never a replacement character.
 */
import { DecentDbError, invalidUse } from '../../base/errors.ts';

/** Encodings a file may be in. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1' | 'windows-1252';

const LABELS: Readonly<Record<TextEncoding, string>> = {
  'utf-8': 'utf-8',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  latin1: 'latin1',
  'windows-1252': 'windows-1252',
};

/** Where in the text the reader is: for errors. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

export class FileTextDecoder {
  readonly #wanted: TextEncoding;
  readonly #place: () => TextPlace;
  #decoder: InstanceType<typeof TextDecoder> | null = null;
  #isLatin1 = false;
  #isUtf8 = false;
  #carry: Uint8Array = new Uint8Array(0);

  constructor(encoding: TextEncoding | undefined, place: () => TextPlace) {
    if (encoding !== undefined && !(encoding in LABELS))
      throw invalidUse(
        `encoding ${JSON.stringify(encoding)} is not known; known are ${Object.keys(LABELS).join(', ')}`,
      );
    this.#wanted = encoding ?? 'utf-8';
    this.#place = place;
  }

  /** Decodes the next bytes and gives the text to `take`, before an error the text that is good. */
  push(bytes: Uint8Array, take: (text: string) => void): void {
    let rest = bytes;
    if (this.#decoder === null && !this.#isLatin1) {
      const head = joined(this.#carry, bytes);
      if (head.length < 3) {
        this.#carry = head.slice();
        return;
      }
      rest = this.#begin(head);
    }
    this.#decode(rest, false, take);
  }

  end(take: (text: string) => void): void {
    const rest = this.#decoder === null && !this.#isLatin1 ? this.#begin(this.#carry) : new Uint8Array(0);
    this.#decode(rest, true, take);
  }

  /** I1; returns the bytes behind the mark. */
  #begin(head: Uint8Array): Uint8Array {
    const mark = markOf(head);
    const encoding = mark?.encoding ?? this.#wanted;
    this.#carry = new Uint8Array(0);
    this.#isUtf8 = encoding === 'utf-8';
    // The label 'latin1' means windows-1252 to TextDecoder: the real thing is done by hand.
    if (encoding === 'latin1') this.#isLatin1 = true;
    else this.#decoder = new TextDecoder(LABELS[encoding], { fatal: true, ignoreBOM: true });
    return head.subarray(mark?.bytes ?? 0);
  }

  #decode(bytes: Uint8Array, isLast: boolean, take: (text: string) => void): void {
    if (this.#isLatin1) {
      if (bytes.length > 0) take(latin1Text(bytes));
      return;
    }
    const decoder = this.#decoder as InstanceType<typeof TextDecoder>;
    let text: string;
    const whole = this.#isUtf8 ? joined(this.#carry, bytes) : bytes;
    const end = this.#isUtf8 ? completeEnd(whole, isLast) : whole.length;
    try {
      text = decoder.decode(whole.subarray(0, end), { stream: !this.#isUtf8 && !isLast });
    } catch (cause) {
      if (this.#isUtf8) {
        const good = validPrefix(whole);
        this.#take(new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole.subarray(0, good)), take);
        throw this.#invalid(cause, whole[good]);
      }
      throw this.#invalid(cause, undefined);
    }
    if (this.#isUtf8) this.#carry = whole.slice(end);
    this.#take(text, take);
  }

  /** Hands text over; a NUL is no text, and most likely half of a UTF-16 unit. */
  #take(text: string, take: (text: string) => void): void {
    const zero = text.indexOf('\0');
    if (zero >= 0) {
      take(text.slice(0, zero));
      throw this.#invalid(undefined, 0);
    }
    if (text !== '') take(text);
  }

  #invalid(cause: unknown, byte: number | undefined): DecentDbError {
    const { line, column } = this.#place();
    const shown = byte === undefined ? '' : `: 0x${byte.toString(16).padStart(2, '0')}`;
    const name = this.#isUtf8 ? 'UTF8' : this.#wanted.toUpperCase();
    return new DecentDbError('22021', `invalid byte sequence for encoding "${name}"${shown}`, {
      detail: `Line ${line}, column ${column}.`,
      hint:
        byte === 0
          ? 'The file may be UTF-16: say so with the encoding, for example "utf-16le".'
          : 'If the file is in another encoding, say which: "latin1", "windows-1252", "utf-16le", "utf-16be".',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

function markOf(head: Uint8Array): { readonly encoding: TextEncoding; readonly bytes: number } | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bytes: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bytes: 2 };
  return null;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192)
    text += String.fromCharCode(...bytes.subarray(i, Math.min(bytes.length, i + 8192)));
  return text;
}

/** Where the last whole character ends; all of it when nothing follows. */
function completeEnd(bytes: Uint8Array, isLast: boolean): number {
  if (isLast) return bytes.length;
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const need = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return need > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/** Bytes of the whole characters before the first byte that is not UTF-8. */
function validPrefix(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      low = middle;
    } catch {
      high = middle - 1;
    }
  }
  return completeEnd(bytes.subarray(0, low), false);
}
