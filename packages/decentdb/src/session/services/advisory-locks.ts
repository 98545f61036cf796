/**
 * Advisory locks (PostgreSQL 9.28.10): numbers that the connections of a database agree to hold in turn.
 *
 * I1  Locks of one database's connections in one thread; nothing is stored, and other processes cannot have the file open.
 * I2  A lock counts while its session is open and, for the `xact` functions, while its transaction runs.
 * I3  Waiting would stop the thread that is to release the lock: what PostgreSQL would wait for fails with 55P03.
 */
import { DecentDbError } from '../../base/errors.ts';
import { SqlArray } from '../../types/array.ts';
import type { Datum } from '../../types/vector.ts';
import type { Session } from '../session.ts';
import type { SharedDatabase } from '../shared-database.ts';
import type { Transaction } from '../transaction.ts';
import { DATABASE_ID } from '../virtual/object-ids.ts';
import { runningOf, type SessionService } from './service.ts';

interface Held {
  readonly session: Session;
  /** Null: until unlocked. */
  readonly txn: Transaction | null;
  readonly isShared: boolean;
}

const locks = new WeakMap<SharedDatabase, Map<string, Held[]>>();

function isAlive({ session, txn }: Held): boolean {
  if (session.isClosed) return false;
  return txn === null || session.running === txn || session.transaction === txn;
}

/** One number, or two of 32 bits: different spaces. */
function keyOf(args: readonly Datum[]): string {
  return args.map(String).join('/');
}

function heldBy(session: Session, key: string): Held[] {
  let all = locks.get(session.shared);
  if (all === undefined) {
    all = new Map();
    locks.set(session.shared, all);
  }
  const held = (all.get(key) ?? []).filter(isAlive);
  all.set(key, held);
  return held;
}

function tryLock(
  session: Session,
  args: readonly Datum[],
  isShared: boolean,
  inTransaction: boolean,
): boolean {
  const held = heldBy(session, keyOf(args));
  if (held.some((one) => one.session !== session && !(isShared && one.isShared))) return false;
  held.push({ session, txn: inTransaction ? runningOf(session) : null, isShared });
  return true;
}

function lock(session: Session, args: readonly Datum[], isShared: boolean, inTransaction: boolean): Datum {
  if (tryLock(session, args, isShared, inTransaction)) return '';
  throw new DecentDbError(
    '55P03',
    `advisory lock ${args.map(String).join(', ')} is held by another connection`,
    {
      hint: 'Waiting would block the thread that has to release it. Ask with pg_try_advisory_lock and try again later.',
    },
  );
}

function unlock(session: Session, args: readonly Datum[], isShared: boolean): boolean {
  const held = heldBy(session, keyOf(args));
  const at = held.findIndex(
    (one) => one.session === session && one.txn === null && one.isShared === isShared,
  );
  if (at >= 0) held.splice(at, 1);
  return at >= 0;
}

function unlockAll(session: Session): Datum {
  for (const held of locks.get(session.shared)?.values() ?? []) {
    const kept = held.filter((one) => one.session !== session || one.txn !== null);
    held.splice(0, held.length, ...kept);
  }
  return '';
}

/** Columns of pg_locks as texts, a lock after the other: keys of one number lie in two halves (PostgreSQL, section 54.12). */
function lockTexts(session: Session): Datum {
  const texts: string[] = [];
  for (const [key, held] of locks.get(session.shared) ?? []) {
    const [first = '0', second] = key.split('/');
    const whole = BigInt.asUintN(64, BigInt(first));
    const [classId, objectId, part] =
      second === undefined
        ? [whole >> 32n, whole & 0xffffffffn, '1']
        : [BigInt.asUintN(32, BigInt(first)), BigInt.asUintN(32, BigInt(second)), '2'];
    for (const one of held.filter(isAlive)) {
      const mode = one.isShared ? 'ShareLock' : 'ExclusiveLock';
      texts.push(
        'advisory',
        String(DATABASE_ID),
        '',
        '',
        '',
        '',
        '',
        String(classId),
        String(objectId),
        part,
      );
      texts.push('', '1', mode, 't', 'f', '');
    }
  }
  return SqlArray.of(texts);
}

export const advisoryLockServices: Readonly<Record<string, SessionService>> = {
  pg_advisory_lock: (session, args) => lock(session, args, false, false),
  pg_advisory_lock_shared: (session, args) => lock(session, args, true, false),
  pg_advisory_xact_lock: (session, args) => lock(session, args, false, true),
  pg_advisory_xact_lock_shared: (session, args) => lock(session, args, true, true),
  pg_try_advisory_lock: (session, args) => tryLock(session, args, false, false),
  pg_try_advisory_lock_shared: (session, args) => tryLock(session, args, true, false),
  pg_try_advisory_xact_lock: (session, args) => tryLock(session, args, false, true),
  pg_try_advisory_xact_lock_shared: (session, args) => tryLock(session, args, true, true),
  pg_advisory_unlock: (session, args) => unlock(session, args, false),
  pg_advisory_unlock_shared: (session, args) => unlock(session, args, true),
  pg_advisory_unlock_all: unlockAll,
  pg_lock_status: lockTexts,
};
