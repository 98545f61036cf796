/**
 * Assertions that stay on, and the switch for the expensive ones.
 *
 * I1  `assert` is cheap enough for production: callers pass a literal message, never a template that allocates.
 * I2  `verifyEnabled()` guards whole-structure checks; every test run switches it on through DECENTDB_VERIFY=1.
 */
import { AssertionFailure } from './errors.ts';

/** Throws {@link AssertionFailure} unless `condition` holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message);
}

/** For branches that the types rule out. */
export function unreachable(value: never, where: string): never {
  throw new AssertionFailure(`unreachable value ${String(value)} in ${where}`);
}

const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env;
let verifying = environment?.['DECENTDB_VERIFY'] === '1';

/** Whether whole-structure verification (full node checks, cache against disk, free list audit) runs. */
export function verifyEnabled(): boolean {
  return verifying;
}

/** Turns whole-structure verification on or off and returns what it was. */
export function setVerify(on: boolean): boolean {
  const was = verifying;
  verifying = on;
  return was;
}
