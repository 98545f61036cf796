/** Sequences: nextval, currval, lastval, setval. */
import { DecentDbError } from '../../base/errors.ts';
import type { SequenceDef } from '../../catalog/schema.ts';
import { checkSequenceValue } from '../../catalog/sequence-values.ts';
import { narrow } from '../../types/decimal.ts';
import type { Datum } from '../../types/vector.ts';
import type { Session } from '../session.ts';
import { quoted } from '../virtual/definitions.ts';
import { runningOf, type SessionService } from './service.ts';

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

/** DISCARD SEQUENCES: currval and lastval know nothing any more. */
export function forgetSequences(session: Session): void {
  handed.delete(session);
}

export const sequenceServices: Readonly<Record<string, SessionService>> = {
  nextval(session, [name]) {
    const sequence = sequenceOf(session, name ?? null);
    const value = session.shared.sequences.next(runningOf(session).writeView(), sequence);
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
    const isThere = h.last !== null && session.catalogOf(runningOf(session)).sequences.has(h.last);
    const value = isThere ? h.values.get(h.last as number) : undefined;
    if (value === undefined) throw new DecentDbError('55000', 'lastval is not yet defined in this session');
    return narrow(value);
  },
  setval(session, [name, value, isCalled]) {
    const sequence = sequenceOf(session, name ?? null);
    const number = BigInt(value as number | bigint);
    checkSequenceValue(sequence, number);
    const next = { lastValue: number, isCalled: isCalled !== false };
    session.shared.sequences.set(runningOf(session).writeView(), sequence, next);
    handedOf(session).values.set(sequence.id, number);
    return narrow(number);
  },
  pg_sequence_last_value(session, [name]) {
    const sequence = sequenceOf(session, name ?? null);
    const view = session.readView(runningOf(session));
    const value = session.shared.sequences.current(view, sequence);
    return value.isCalled ? narrow(value.lastValue) : null;
  },
  pg_get_serial_sequence(session, [tableName, columnName]) {
    const catalog = session.catalogOf(runningOf(session));
    const id = session.settings.types.objectNames?.oidOf('regclass', String(tableName)) ?? 0;
    if (catalog.views.get(id)?.columns.some((c) => c.name === columnName) === true) return null;
    const table = catalog.table(id);
    const column = table?.columns.find((c) => c.name === columnName && !c.isDropped);
    if (table === undefined || column === undefined)
      throw new DecentDbError(
        '42703',
        `column "${String(columnName)}" of relation "${String(tableName)}" does not exist`,
      );
    const at = table.columns.indexOf(column);
    const sequence = [...catalog.sequences.values()].find(
      ({ ownedBy }) => ownedBy?.tableId === table.id && ownedBy.column === at,
    );
    return sequence === undefined ? null : `${quoted(sequence.schema)}.${quoted(sequence.name)}`;
  },
};
