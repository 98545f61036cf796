/**
 * Functions that need the session: sequences, catalogue look-ups, what the server calls itself.
 *
 * I1  A service answers from the catalogue and view of the running statement.
 */
import { DecentDbError } from '../base/errors.ts';
import type { SequenceDef } from '../catalog/schema.ts';
import { nextSequenceValue, readSequence, setSequenceValue } from '../catalog/sequence-values.ts';
import { narrow } from '../types/decimal.ts';
import type { Datum } from '../types/vector.ts';
import type { Service } from './eval-context.ts';
import type { Session } from './session.ts';
import type { Transaction } from './transaction.ts';

type SessionService = (session: Session, args: readonly Datum[]) => Datum;

/** The service of that name, bound to a session. */
export function scalarService(session: Session, name: string): Service | undefined {
  const service = services[name];
  return service === undefined ? undefined : (args) => service(session, args);
}

function runningOf(session: Session): Transaction {
  const txn = session.running ?? session.transaction;
  if (txn === null) throw new DecentDbError('25000', 'no statement is running');
  return txn;
}

function sequenceOf(session: Session, name: Datum): SequenceDef {
  const catalog = session.catalogOf(runningOf(session));
  const id =
    typeof name === 'number'
      ? name
      : (session.settings.types.objectNames?.oidOf('regclass', String(name)) ?? 0);
  const sequence = catalog.sequences.get(id);
  if (sequence === undefined) throw new DecentDbError('42809', `"${String(name)}" is not a sequence`);
  return sequence;
}

/** Last values handed out in a session: currval and lastval. */
interface Handed {
  readonly values: Map<number, bigint>;
  last: number | null;
}
const handed = new WeakMap<Session, Handed>();

function handedOf(session: Session): Handed {
  let h = handed.get(session);
  if (h === undefined) {
    h = { values: new Map(), last: null };
    handed.set(session, h);
  }
  return h;
}

const services: Readonly<Record<string, SessionService>> = {
  nextval(session, [name]) {
    const sequence = sequenceOf(session, name ?? null);
    const value = nextSequenceValue(runningOf(session).writeView(), sequence);
    const h = handedOf(session);
    h.values.set(sequence.id, value);
    h.last = sequence.id;
    return narrow(value);
  },
  currval(session, [name]) {
    const sequence = sequenceOf(session, name ?? null);
    const value = handedOf(session).values.get(sequence.id);
    if (value === undefined)
      throw new DecentDbError(
        '55000',
        `currval of sequence "${sequence.name}" is not yet defined in this session`,
      );
    return narrow(value);
  },
  lastval(session) {
    const h = handedOf(session);
    const value = h.last === null ? undefined : h.values.get(h.last);
    if (value === undefined) throw new DecentDbError('55000', 'lastval is not yet defined in this session');
    return narrow(value);
  },
  setval(session, [name, value, isCalled]) {
    const sequence = sequenceOf(session, name ?? null);
    const number = BigInt(value as number | bigint);
    setSequenceValue(runningOf(session).writeView(), sequence, number, isCalled !== false);
    handedOf(session).values.set(sequence.id, number);
    return narrow(number);
  },
  pg_sequence_last_value(session, [name]) {
    const sequence = sequenceOf(session, name ?? null);
    const view = session.readView(runningOf(session));
    const value = readSequence(view, view.meta, sequence);
    return value.isCalled ? narrow(value.lastValue) : null;
  },
  current_schema(session) {
    const catalog = session.catalogOf(runningOf(session));
    return session.settings.searchPath.find((name) => catalog.schema(name) !== undefined) ?? null;
  },
};
