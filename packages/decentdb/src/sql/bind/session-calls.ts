/**
 * What a call of a built-in function says about where its statement may run.
 *
 * I1  A statement that writes, or asks for the number under which it would, needs the writer.
 * I2  A statement that asks what only its session knows gets its answer from that session, not from another one of the
 *     same program (the read connection of an asynchronous database, a reader thread).
 */
import type { BindState } from './state.ts';

const NEEDS_WRITER: ReadonlySet<string> = new Set([
  'nextval',
  'setval',
  'txid_current',
  'pg_current_xact_id',
  'txid_current_snapshot',
  'pg_current_snapshot',
  'txid_status',
  'pg_xact_status',
]);

const OF_SESSION: ReadonlySet<string> = new Set([
  'currval',
  'lastval',
  'pg_sequence_last_value',
  'set_config',
  'pg_listening_channels',
  'pg_lock_status',
]);

/** Advisory locks are held by sessions. */
const advisory = /^pg_(try_)?advisory_/;

export function noteCall(state: BindState, name: string): void {
  if (NEEDS_WRITER.has(name)) state.hasWrites = true;
  if (OF_SESSION.has(name) || advisory.test(name)) state.asksSession = true;
}
