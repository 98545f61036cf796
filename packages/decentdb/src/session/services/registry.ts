/** All services by name. */
import type { Service } from '../eval-context.ts';
import type { Session } from '../session.ts';
import { advisoryLockServices } from './advisory-locks.ts';
import { cursorServices } from './cursors.ts';
import { domainServices } from './domains.ts';
import { fullTextServices } from './full-text.ts';
import { insteadOfServices } from './instead-of.ts';
import { objectServices } from './objects.ts';
import { partitionServices } from './partitions.ts';
import { privilegeServices } from './privileges.ts';
import { sequenceServices } from './sequences.ts';
import type { SessionService } from './service.ts';
import { systemServices } from './system.ts';

const services: ReadonlyMap<string, SessionService> = new Map([
  ...Object.entries(advisoryLockServices),
  ...Object.entries(sequenceServices),
  ...Object.entries(systemServices),
  ...Object.entries(objectServices),
  ...Object.entries(partitionServices),
  ...Object.entries(privilegeServices),
  ...Object.entries(cursorServices),
  ...Object.entries(domainServices),
  ...Object.entries(insteadOfServices),
  ...Object.entries(fullTextServices),
]);

/** The service of that name, bound to a session. */
export function scalarService(session: Session, name: string): Service | undefined {
  const service = services.get(name);
  return service === undefined ? undefined : (args) => service(session, args);
}
