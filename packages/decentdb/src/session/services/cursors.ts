/** The row a cursor stands on: WHERE CURRENT OF (sql/bind/current-of.ts). */
import { cursorRow } from '../run/portals.ts';
import type { SessionService } from './service.ts';

export const cursorServices: Readonly<Record<string, SessionService>> = {
  cursor_row: (session, [cursor, tableId, table]) =>
    cursorRow(session, String(cursor), Number(tableId), String(table)),
};
