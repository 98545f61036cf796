/**
 * Whether two arrays hold the same bytes.
 *
 * I1  Portable and native implementations give equal results; the native one is installed by `vfs/`, the only layer that may know Node.
 */

export type BytesEqual = (a: Uint8Array, b: Uint8Array) => boolean;

export function bytesEqualPortable(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

let installed: BytesEqual = bytesEqualPortable;

/** Replaces the portable implementation by an equal, faster one. */
export function installBytesEqual(native: BytesEqual): void {
  installed = native;
}

export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return installed(a, b);
}
