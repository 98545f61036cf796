// ALTER TABLE / INDEX / SEQUENCE / VIEW / MATERIALIZED VIEW / FOREIGN TABLE: everything done to a relation.

import type {
  AlterTableCmd,
  AlterTableDef,
  AlterTableType,
  DefElem,
  ObjectType,
  RangeVar,
  Statement,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import { parseAlterColumn } from './alter-column.ts';
import {
  makeConstraint,
  parseAttributes,
  parseTableConstraint,
  startsTableConstraint,
} from './constraint.ts';
import { parseAlterGenericOptions } from './generic-options.ts';
import { parseAnyName, parseColId, parseList, parseQualifiedName, parseRelationExpr } from './names.ts';
import { parseRole } from './object-name.ts';
import { parseRelOptions } from './options.ts';
import type { Parser } from './parser.ts';
import { parsePartitionBound } from './partition.ts';
import { parseSequenceOptions } from './sequence-options.ts';
import { parseColumnDef, parseIfExists, parseIfNotExists } from './table.ts';
import { parseDropBehavior } from './truncate.ts';
import { makeTypeName } from './types.ts';

type CmdRest = Partial<Omit<AlterTableCmd, 'kind' | 'subtype' | 'location'>>;

export function makeCmd(subtype: AlterTableType, location: number, rest: CmdRest = {}): AlterTableCmd {
  return {
    kind: 'AlterTableCmd',
    subtype,
    name: null,
    num: 0,
    newowner: null,
    def: null,
    behavior: 'DROP_RESTRICT',
    missing_ok: false,
    location,
    ...rest,
  };
}

export function defList(items: readonly DefElem[], location: number): AlterTableDef {
  return { kind: 'DefElemList', items, location };
}

const COLUMN_OWNERS: ReadonlySet<ObjectType> = new Set<ObjectType>([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
]);

/** After the object type's words. */
export function parseAlterRelation(p: Parser, objtype: ObjectType, location: number): Statement {
  const missing_ok = parseIfExists(p);
  const withOnly = objtype === 'OBJECT_TABLE' || objtype === 'OBJECT_FOREIGN_TABLE';
  const relation = withOnly ? parseRelationExpr(p) : parseQualifiedName(p);
  switch (p.kind) {
    case K.RENAME:
      return parseRename(p, objtype, relation, missing_ok, location);
    case K.SET:
      if (p.peek() === K.SCHEMA) {
        p.next();
        p.next();
        return {
          kind: 'AlterObjectSchemaStmt',
          objectType: objtype,
          relation,
          object: null,
          newschema: parseColId(p),
          missing_ok,
          location,
        };
      }
      break;
    case K.NO:
    case K.DEPENDS:
      if (p.kind === K.DEPENDS || p.peek() === K.DEPENDS) return parseDepends(p, objtype, relation, location);
      break;
  }
  if (objtype === 'OBJECT_SEQUENCE' && p.kind !== K.OWNER) {
    const isTableCommand = p.kind === K.SET && (p.peek() === K.LOGGED || p.peek() === K.UNLOGGED);
    if (!isTableCommand) return parseAlterSequence(p, relation, missing_ok, location);
  }
  const isPartition = p.kind === K.ATTACH || p.kind === K.DETACH;
  const cmds = isPartition ? [parsePartitionCmd(p, objtype)] : parseList(p, parseAlterCmd);
  return { kind: 'AlterTableStmt', relation, cmds, objtype, missing_ok, location };
}

function parseAlterSequence(p: Parser, sequence: RangeVar, missing_ok: boolean, location: number): Statement {
  const options = parseSequenceOptions(p);
  if (options.length === 0) p.fail();
  return { kind: 'AlterSeqStmt', sequence, options, missing_ok, location };
}

function parseRename(
  p: Parser,
  objtype: ObjectType,
  relation: RangeVar,
  missing_ok: boolean,
  location: number,
): Statement {
  p.next();
  const make = (
    renameType: ObjectType,
    relationType: ObjectType | null,
    subname: string | null,
  ): Statement => ({
    kind: 'RenameStmt',
    renameType,
    relationType,
    relation,
    object: null,
    subname,
    newname: parseColId(p),
    behavior: 'DROP_RESTRICT',
    missing_ok,
    location,
  });
  if (p.accept(K.TO)) return make(objtype, null, null);
  if (objtype === 'OBJECT_TABLE' && p.accept(K.CONSTRAINT)) {
    const name = parseColId(p);
    p.expect(K.TO);
    return make('OBJECT_TABCONSTRAINT', null, name);
  }
  if (!COLUMN_OWNERS.has(objtype)) p.fail();
  p.accept(K.COLUMN);
  const name = parseColId(p);
  p.expect(K.TO);
  return make('OBJECT_COLUMN', objtype, name);
}

function parseDepends(p: Parser, objectType: ObjectType, relation: RangeVar, location: number): Statement {
  const remove = p.accept(K.NO);
  p.expect(K.DEPENDS);
  p.expect(K.ON);
  p.expect(K.EXTENSION);
  return {
    kind: 'AlterObjectDependsStmt',
    objectType,
    relation,
    object: null,
    extname: parseColId(p),
    remove,
    location,
  };
}

/** ATTACH PARTITION | DETACH PARTITION. */
function parsePartitionCmd(p: Parser, objtype: ObjectType): AlterTableCmd {
  const location = p.location;
  const attach = p.kind === K.ATTACH;
  p.next();
  p.expect(K.PARTITION);
  const at = p.location;
  const name = parseQualifiedName(p);
  const make = (
    bound: ReturnType<typeof parsePartitionBound> | null,
    concurrent: boolean,
  ): AlterTableDef => ({
    kind: 'PartitionCmd',
    name,
    bound,
    concurrent,
    location: at,
  });
  if (attach)
    return makeCmd('AT_AttachPartition', location, {
      def: make(objtype === 'OBJECT_INDEX' ? null : parsePartitionBound(p), false),
    });
  if (p.accept(K.FINALIZE))
    return makeCmd('AT_DetachPartitionFinalize', location, { def: make(null, false) });
  return makeCmd('AT_DetachPartition', location, { def: make(null, p.accept(K.CONCURRENTLY)) });
}

/** alter_table_cmd. */
export function parseAlterCmd(p: Parser): AlterTableCmd {
  const location = p.location;
  switch (p.kind) {
    case K.ADD:
      return parseAdd(p, location);
    case K.ALTER:
      return parseAlter(p, location);
    case K.DROP:
      return parseDropCmd(p, location);
    case K.VALIDATE:
      p.next();
      p.expect(K.CONSTRAINT);
      return makeCmd('AT_ValidateConstraint', location, { name: parseColId(p) });
    case K.SET:
      return parseSetCmd(p, location);
    case K.RESET:
      p.next();
      return makeCmd('AT_ResetRelOptions', location, { def: defList(parseRelOptions(p), location) });
    case K.CLUSTER:
      p.next();
      p.expect(K.ON);
      return makeCmd('AT_ClusterOn', location, { name: parseColId(p) });
    case K.ENABLE:
    case K.DISABLE:
      return parseEnable(p, location);
    case K.INHERIT:
      p.next();
      return makeCmd('AT_AddInherit', location, { def: parseQualifiedName(p) });
    case K.NO:
      p.next();
      if (p.accept(K.FORCE)) {
        rowSecurity(p);
        return makeCmd('AT_NoForceRowSecurity', location);
      }
      p.expect(K.INHERIT);
      return makeCmd('AT_DropInherit', location, { def: parseQualifiedName(p) });
    case K.FORCE:
      p.next();
      rowSecurity(p);
      return makeCmd('AT_ForceRowSecurity', location);
    case K.OF: {
      p.next();
      const at = p.location;
      return makeCmd('AT_AddOf', location, { def: makeTypeName(parseAnyName(p), [], at) });
    }
    case K.NOT:
      p.next();
      p.expect(K.OF);
      return makeCmd('AT_DropOf', location);
    case K.OWNER:
      p.next();
      p.expect(K.TO);
      return makeCmd('AT_ChangeOwner', location, { newowner: parseRole(p) });
    case K.REPLICA:
      return parseReplicaIdentity(p, location);
    case K.OPTIONS:
      return makeCmd('AT_GenericOptions', location, { def: defList(parseAlterGenericOptions(p), location) });
    default:
      return p.fail();
  }
}

function rowSecurity(p: Parser): void {
  p.expect(K.ROW);
  p.expect(K.LEVEL);
  p.expect(K.SECURITY);
}

function parseAdd(p: Parser, location: number): AlterTableCmd {
  p.next();
  if (startsTableConstraint(p))
    return makeCmd('AT_AddConstraint', location, { def: parseTableConstraint(p) });
  p.accept(K.COLUMN);
  const missing_ok = parseIfNotExists(p);
  return makeCmd('AT_AddColumn', location, { def: parseColumnDef(p), missing_ok });
}

function parseAlter(p: Parser, location: number): AlterTableCmd {
  p.next();
  if (p.kind === K.CONSTRAINT) return parseAlterConstraint(p, location);
  p.accept(K.COLUMN);
  return parseAlterColumn(p, location);
}

function parseAlterConstraint(p: Parser, location: number): AlterTableCmd {
  p.next();
  const at = p.location;
  const conname = parseColId(p);
  const base = {
    kind: 'ATAlterConstraint',
    conname,
    alterEnforceability: false,
    is_enforced: false,
    alterDeferrability: false,
    deferrable: false,
    initdeferred: false,
    alterInheritability: false,
    noinherit: false,
    location: at,
  } as const;
  if (p.accept(K.INHERIT))
    return makeCmd('AT_AlterConstraint', location, { def: { ...base, alterInheritability: true } });
  const c = makeConstraint('CONSTR_FOREIGN', null, p.location);
  const from = p.pos;
  parseAttributes(p, c, { what: 'FOREIGN KEY', deferrable: true, noInherit: true, enforced: true });
  let alterEnforceability = false;
  let alterDeferrability = false;
  for (let i = from; i < p.pos; i++) {
    const kind = p.kinds[i]!;
    if (kind === K.ENFORCED) alterEnforceability = true;
    if (kind === K.DEFERRABLE || kind === K.INITIALLY) alterDeferrability = true;
  }
  const def: AlterTableDef = {
    ...base,
    alterEnforceability,
    is_enforced: c.is_enforced,
    alterDeferrability,
    deferrable: c.deferrable,
    initdeferred: c.initdeferred,
    alterInheritability: c.is_no_inherit,
    noinherit: c.is_no_inherit,
  };
  return makeCmd('AT_AlterConstraint', location, { def });
}

function parseDropCmd(p: Parser, location: number): AlterTableCmd {
  p.next();
  const isConstraint = p.accept(K.CONSTRAINT);
  if (!isConstraint) p.accept(K.COLUMN);
  const missing_ok = parseIfExists(p);
  const name = parseColId(p);
  const subtype = isConstraint ? 'AT_DropConstraint' : 'AT_DropColumn';
  return makeCmd(subtype, location, { name, missing_ok, behavior: parseDropBehavior(p) });
}

function parseSetCmd(p: Parser, location: number): AlterTableCmd {
  p.next();
  switch (p.kind) {
    case K.WITHOUT:
      p.next();
      if (p.accept(K.OIDS)) return makeCmd('AT_DropOids', location);
      p.expect(K.CLUSTER);
      return makeCmd('AT_DropCluster', location);
    case K.LOGGED:
      p.next();
      return makeCmd('AT_SetLogged', location);
    case K.UNLOGGED:
      p.next();
      return makeCmd('AT_SetUnLogged', location);
    case K.ACCESS: {
      p.next();
      p.expect(K.METHOD);
      const name = p.accept(K.DEFAULT) ? null : parseColId(p);
      return makeCmd('AT_SetAccessMethod', location, { name });
    }
    case K.TABLESPACE:
      p.next();
      return makeCmd('AT_SetTableSpace', location, { name: parseColId(p) });
    default:
      return makeCmd('AT_SetRelOptions', location, { def: defList(parseRelOptions(p), location) });
  }
}

/** ENABLE / DISABLE TRIGGER, RULE, ROW LEVEL SECURITY. */
function parseEnable(p: Parser, location: number): AlterTableCmd {
  const enable = p.kind === K.ENABLE;
  p.next();
  if (p.kind === K.ROW) {
    rowSecurity(p);
    return makeCmd(enable ? 'AT_EnableRowSecurity' : 'AT_DisableRowSecurity', location);
  }
  const always = enable && p.accept(K.ALWAYS);
  const replica = enable && !always && p.accept(K.REPLICA);
  if (p.accept(K.RULE)) {
    const subtype = always
      ? 'AT_EnableAlwaysRule'
      : replica
        ? 'AT_EnableReplicaRule'
        : enable
          ? 'AT_EnableRule'
          : 'AT_DisableRule';
    return makeCmd(subtype, location, { name: parseColId(p) });
  }
  p.expect(K.TRIGGER);
  if (!always && !replica) {
    if (p.accept(K.ALL)) return makeCmd(enable ? 'AT_EnableTrigAll' : 'AT_DisableTrigAll', location);
    if (p.accept(K.USER)) return makeCmd(enable ? 'AT_EnableTrigUser' : 'AT_DisableTrigUser', location);
  }
  const subtype = always
    ? 'AT_EnableAlwaysTrig'
    : replica
      ? 'AT_EnableReplicaTrig'
      : enable
        ? 'AT_EnableTrig'
        : 'AT_DisableTrig';
  return makeCmd(subtype, location, { name: parseColId(p) });
}

function parseReplicaIdentity(p: Parser, location: number): AlterTableCmd {
  p.next();
  p.expect(K.IDENTITY);
  const at = p.location;
  const make = (identity_type: 'n' | 'f' | 'd' | 'i', name: string | null): AlterTableCmd =>
    makeCmd('AT_ReplicaIdentity', location, {
      def: { kind: 'ReplicaIdentityStmt', identity_type, name, location: at },
    });
  if (p.accept(K.NOTHING)) return make('n', null);
  if (p.accept(K.FULL)) return make('f', null);
  if (p.accept(K.DEFAULT)) return make('d', null);
  p.expect(K.USING);
  p.expect(K.INDEX);
  return make('i', parseColId(p));
}
