/** Listening to NOTIFY from JavaScript. */
import { invalidUse } from '../base/errors.ts';
import { checkChannel, type Listener, type NotificationHub } from '../session/notifications.ts';

export type { Notification } from '../session/notifications.ts';

/** Registers a listener of its own: the same function may listen twice. */
export function listenTo(hub: NotificationHub, channel: string, listener: Listener): () => void {
  if (typeof channel !== 'string') throw invalidUse('listen() takes the name of a channel');
  if (typeof listener !== 'function') throw invalidUse('listen() takes a function');
  checkChannel(channel);
  const own: Listener = (notification) => listener(notification);
  hub.add(channel, own);
  return () => hub.remove(channel, own);
}
