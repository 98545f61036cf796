/** Who the session is: SET SESSION AUTHORIZATION and SET ROLE change the names, not what may be done. */
import { DecentDbError } from '../base/errors.ts';
import { findRole, isSuperuser } from './ddl/role-names.ts';
import type { Session } from './session.ts';

export interface UserNames {
  readonly current: string;
  readonly session: string;
}

export function userNames(session: Session): UserNames {
  const authorized = session.settings.get('session_authorization');
  const role = session.settings.get('role');
  return { session: authorized, current: role === 'none' ? authorized : role };
}

/** Whether a setting is one of the names of the user. */
export function isUserSetting(name: string): boolean {
  return name === 'role' || name === 'session_authorization';
}

export function setUser(session: Session, name: string, role: string, isLocal: boolean): void {
  const catalog = session.currentCatalog();
  const isNone = name === 'role' && role === 'none';
  if (!isNone && findRole(catalog, role) === null)
    throw new DecentDbError('22023', `role "${role}" does not exist`);
  session.settings.set(name, role, isLocal);
  if (name === 'role') return;
  session.settings.set('role', 'none', isLocal);
  session.settings.set('is_superuser', isSuperuser(catalog, role) ? 'on' : 'off', isLocal);
}
