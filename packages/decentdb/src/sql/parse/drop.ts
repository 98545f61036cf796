// DROP of everything.

import type { DropStmt, ObjectName, ObjectType, Statement } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import { parseList } from './names.ts';
import { parseObjectKind, parseRole } from './object-name.ts';
import type { Parser } from './parser.ts';
import { parseIfExists } from './table.ts';
import { parseDropBehavior } from './truncate.ts';
import { skipUnsupported } from './unsupported.ts';

/** Objects dropped one at a time. */
const SINGLE: ReadonlySet<ObjectType> = new Set<ObjectType>([
  'OBJECT_CAST',
  'OBJECT_TRANSFORM',
  'OBJECT_POLICY',
  'OBJECT_RULE',
  'OBJECT_TRIGGER',
  'OBJECT_OPCLASS',
  'OBJECT_OPFAMILY',
]);

/** REASSIGN OWNED BY ... TO. */
export function parseReassignOwned(p: Parser): Statement {
  const location = p.location;
  p.next();
  p.expect(K.OWNED);
  p.expect(K.BY);
  const roles = parseList(p, parseRole);
  p.expect(K.TO);
  return { kind: 'ReassignOwnedStmt', roles, newrole: parseRole(p), location };
}

export function parseDrop(p: Parser): Statement {
  const location = p.location;
  p.next();
  const unsupported = unsupportedTag(p);
  if (unsupported !== null) return skipUnsupported(p, unsupported, location);
  if (p.accept(K.OWNED)) {
    p.expect(K.BY);
    const roles = parseList(p, parseRole);
    return { kind: 'DropOwnedStmt', roles, behavior: parseDropBehavior(p), location };
  }
  if (p.kind === K.ROLE || p.kind === K.USER || p.kind === K.GROUP) {
    p.next();
    const missing_ok = parseIfExists(p);
    return { kind: 'DropRoleStmt', roles: parseList(p, parseRole), missing_ok, location };
  }
  const found = parseObjectKind(p);
  if (found === null || found.type === 'OBJECT_COLUMN' || found.type === 'OBJECT_LARGEOBJECT')
    return p.fail();
  const concurrent = found.type === 'OBJECT_INDEX' && p.accept(K.CONCURRENTLY);
  const missing_ok = parseIfExists(p);
  const objects: ObjectName[] = SINGLE.has(found.type) ? [found.read(p)] : parseList(p, found.read);
  const drop: DropStmt = {
    kind: 'DropStmt',
    objects,
    removeType: found.type,
    behavior: parseDropBehavior(p),
    missing_ok,
    concurrent,
    location,
  };
  return drop;
}

function unsupportedTag(p: Parser): string | null {
  switch (p.kind) {
    case K.DATABASE:
      return 'DROP DATABASE';
    case K.TABLESPACE:
      return 'DROP TABLESPACE';
    case K.SUBSCRIPTION:
      return 'DROP SUBSCRIPTION';
    case K.USER:
      return p.peek() === K.MAPPING ? 'DROP USER MAPPING' : null;
    default:
      return null;
  }
}
