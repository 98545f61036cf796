/**
 * LISTEN and NOTIFY within one process: between the connections of one open database.
 *
 * I1  What a transaction notifies is told when it has committed (with grouped commits: when it is durable), never after a
 *     rollback; the same channel and payload once a transaction.
 * I2  LISTEN and UNLISTEN count from their transaction's commit.
 * I3  Listeners are called from the event loop, in the order of the commits: never inside a statement.
 */
import { DecentDbError } from '../base/errors.ts';
import type { Session } from './session.ts';
import type { Transaction } from './transaction.ts';

export interface Notification {
  readonly channel: string;
  readonly payload: string;
}

export type Listener = (notification: Notification) => void;

const CHANNEL_BYTES_MAX = 63;
const PAYLOAD_BYTES_MAX = 7999;

/** Who listens to what; one a database. */
export class NotificationHub {
  readonly #listeners = new Map<string, Set<Listener>>();

  add(channel: string, listener: Listener): void {
    const known = this.#listeners.get(channel);
    if (known === undefined) this.#listeners.set(channel, new Set([listener]));
    else known.add(listener);
  }

  remove(channel: string, listener: Listener): void {
    const known = this.#listeners.get(channel);
    known?.delete(listener);
    if (known?.size === 0) this.#listeners.delete(channel);
  }

  /** I3. */
  tell(notifications: readonly Notification[]): void {
    for (const notification of notifications)
      for (const listener of this.#listeners.get(notification.channel) ?? [])
        queueMicrotask(() => {
          // It may have stopped listening since.
          if (this.#listeners.get(notification.channel)?.has(listener) === true) listener(notification);
        });
  }
}

/** What LISTEN made a session hear, and whom it tells. */
export class SessionListening {
  readonly #hub: NotificationHub;
  readonly #channels = new Set<string>();
  readonly #handlers = new Set<Listener>();
  readonly #tell: Listener = (notification) => {
    for (const handler of this.#handlers) handler(notification);
  };

  constructor(hub: NotificationHub) {
    this.#hub = hub;
  }

  get channels(): readonly string[] {
    return [...this.#channels];
  }

  addHandler(handler: Listener): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  listen(channel: string): void {
    if (this.#channels.has(channel)) return;
    this.#channels.add(channel);
    this.#hub.add(channel, this.#tell);
  }

  /** Null: all of them. */
  unlisten(channel: string | null): void {
    for (const one of channel === null ? [...this.#channels] : [channel]) {
      if (!this.#channels.delete(one)) continue;
      this.#hub.remove(one, this.#tell);
    }
  }
}

export function checkChannel(channel: string): void {
  if (channel === '') throw new DecentDbError('22023', 'channel name cannot be empty');
  if (new TextEncoder().encode(channel).length > CHANNEL_BYTES_MAX)
    throw new DecentDbError('22023', 'channel name too long');
}

/** Keeps a notification for the transaction's commit. */
export function notify(txn: Transaction, channel: string, payload: string): void {
  checkChannel(channel);
  if (new TextEncoder().encode(payload).length > PAYLOAD_BYTES_MAX)
    throw new DecentDbError('22023', 'payload string too long');
  const isKnown = txn.signals.some(
    (one) => one.kind === 'notify' && one.channel === channel && one.payload === payload,
  );
  if (!isKnown) txn.signals.push({ kind: 'notify', channel, payload });
}

/** Something LISTEN, UNLISTEN or NOTIFY asked for, in order. */
export type Signal =
  | { readonly kind: 'notify'; readonly channel: string; readonly payload: string }
  | { readonly kind: 'listen'; readonly channel: string }
  | { readonly kind: 'unlisten'; readonly channel: string | null };

/** The transaction has committed: does what it asked for. */
export function sendSignals(session: Session, signals: readonly Signal[]): void {
  const told: Notification[] = [];
  for (const signal of signals) {
    if (signal.kind === 'listen') session.listening.listen(signal.channel);
    else if (signal.kind === 'unlisten') session.listening.unlisten(signal.channel);
    else told.push({ channel: signal.channel, payload: signal.payload });
  }
  if (told.length === 0) return;
  const { notifications } = session.shared;
  const { pendingCommit } = session;
  if (pendingCommit === null) notifications.tell(told);
  // A commit that fails later is told to whoever waits for it; nobody hears of what it notified.
  else
    pendingCommit.then(
      () => notifications.tell(told),
      () => {},
    );
}
