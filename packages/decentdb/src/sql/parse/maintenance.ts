// VACUUM, ANALYZE, REINDEX, CLUSTER, CHECKPOINT, LOCK, DISCARD, LISTEN, NOTIFY, UNLISTEN, LOAD, DO, CALL.

import type { DefElem, DiscardStmt, LockStmt, ReindexStmt, Statement, VacuumRelation } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseWindowlessFunction } from './from.ts';
import {
  NONE,
  parseColId,
  parseList,
  parseOptParenNames,
  parseQualifiedName,
  parseRelationExpr,
  parseWordOrString,
} from './names.ts';
import { makeDefElem, parseUtilityOptions, stringNode } from './options.ts';
import type { Parser } from './parser.ts';
import { isColId } from './parser.ts';

/** Null when the first word starts none of these. */
export function parseMaintenance(p: Parser): Statement | null {
  const location = p.location;
  switch (p.kind) {
    case K.VACUUM:
    case K.ANALYZE:
    case K.ANALYSE:
      return parseVacuum(p, location);
    case K.REINDEX:
      return parseReindex(p, location);
    case K.CLUSTER:
      return parseCluster(p, location);
    case K.CHECKPOINT:
      p.next();
      return { kind: 'CheckPointStmt', location };
    case K.LOCK:
      return parseLock(p, location);
    case K.DISCARD:
      return parseDiscard(p, location);
    case K.LISTEN:
      p.next();
      return { kind: 'ListenStmt', conditionname: parseColId(p), location };
    case K.UNLISTEN:
      p.next();
      return { kind: 'UnlistenStmt', conditionname: p.accept(T.STAR) ? null : parseColId(p), location };
    case K.NOTIFY: {
      p.next();
      const conditionname = parseColId(p);
      const payload = p.accept(T.COMMA) ? p.takeString() : null;
      return { kind: 'NotifyStmt', conditionname, payload, location };
    }
    case K.LOAD:
      p.next();
      return { kind: 'LoadStmt', filename: p.takeString(), location };
    case K.DO:
      return parseDo(p, location);
    case K.CALL: {
      p.next();
      const funccall = parseWindowlessFunction(p);
      if (funccall.kind !== 'FuncCall') throw p.syntaxError(p.pos);
      return { kind: 'CallStmt', funccall, location };
    }
    default:
      return null;
  }
}

function parseVacuum(p: Parser, location: number): Statement {
  const is_vacuumcmd = p.kind === K.VACUUM;
  p.next();
  let options: readonly DefElem[];
  if (p.kind === T.LPAREN) options = parseUtilityOptions(p);
  else {
    const flags: DefElem[] = [];
    const flag = (kind: number, name: string): void => {
      const at = p.location;
      if (p.accept(kind)) flags.push(makeDefElem(name, null, at));
    };
    if (is_vacuumcmd) {
      flag(K.FULL, 'full');
      flag(K.FREEZE, 'freeze');
    }
    flag(K.VERBOSE, 'verbose');
    if (is_vacuumcmd) {
      flag(K.ANALYZE, 'analyze');
      flag(K.ANALYSE, 'analyze');
    }
    options = flags;
  }
  const isList = isColId(p.kind) || p.kind === K.ONLY;
  const rels = isList ? parseList(p, parseVacuumRelation) : NONE;
  return { kind: 'VacuumStmt', options, rels, is_vacuumcmd, location };
}

function parseVacuumRelation(p: Parser): VacuumRelation {
  const location = p.location;
  const relation = parseRelationExpr(p);
  return { kind: 'VacuumRelation', relation, va_cols: parseOptParenNames(p), location };
}

function parseReindex(p: Parser, location: number): ReindexStmt {
  p.next();
  const params: DefElem[] = p.kind === T.LPAREN ? parseUtilityOptions(p) : [];
  const make = (
    objectKind: ReindexStmt['objectKind'],
    relation: ReindexStmt['relation'],
    name: string | null,
  ): ReindexStmt => ({ kind: 'ReindexStmt', objectKind, relation, name, params, location });
  const target = p.kind;
  p.next();
  const at = p.location;
  const concurrently = p.accept(K.CONCURRENTLY);
  if (concurrently) params.push(makeDefElem('concurrently', null, at));
  switch (target) {
    case K.INDEX:
      return make('REINDEX_OBJECT_INDEX', parseQualifiedName(p), null);
    case K.TABLE:
      return make('REINDEX_OBJECT_TABLE', parseQualifiedName(p), null);
    case K.SCHEMA:
      return make('REINDEX_OBJECT_SCHEMA', null, parseColId(p));
    case K.SYSTEM:
    case K.DATABASE: {
      const name = isColId(p.kind) ? parseColId(p) : null;
      return make(target === K.SYSTEM ? 'REINDEX_OBJECT_SYSTEM' : 'REINDEX_OBJECT_DATABASE', null, name);
    }
    default:
      throw p.syntaxError(p.pos - 1);
  }
}

function parseCluster(p: Parser, location: number): Statement {
  p.next();
  let params: readonly DefElem[] = NONE;
  if (p.kind === T.LPAREN) params = parseUtilityOptions(p);
  else if (p.kind === K.VERBOSE) {
    params = [makeDefElem('verbose', null, p.location)];
    p.next();
  }
  if (!isColId(p.kind)) return { kind: 'ClusterStmt', relation: null, indexname: null, params, location };
  const relation = parseQualifiedName(p);
  if (p.accept(K.ON)) {
    // CLUSTER index ON table: the spelling before 8.3.
    const indexname = relation.relname;
    return { kind: 'ClusterStmt', relation: parseQualifiedName(p), indexname, params, location };
  }
  const indexname = p.accept(K.USING) ? parseColId(p) : null;
  return { kind: 'ClusterStmt', relation, indexname, params, location };
}

function parseLockMode(p: Parser): number {
  if (p.accept(K.ACCESS)) {
    if (p.accept(K.SHARE)) return 1;
    p.expect(K.EXCLUSIVE);
    return 8;
  }
  if (p.accept(K.ROW)) {
    if (p.accept(K.SHARE)) return 2;
    p.expect(K.EXCLUSIVE);
    return 3;
  }
  if (p.accept(K.SHARE)) {
    if (p.accept(K.UPDATE)) {
      p.expect(K.EXCLUSIVE);
      return 4;
    }
    if (!p.accept(K.ROW)) return 5;
    p.expect(K.EXCLUSIVE);
    return 6;
  }
  p.expect(K.EXCLUSIVE);
  return 7;
}

function parseLock(p: Parser, location: number): LockStmt {
  p.next();
  p.accept(K.TABLE);
  const relations = parseList(p, parseRelationExpr);
  let mode = 8;
  if (p.accept(K.IN)) {
    mode = parseLockMode(p);
    p.expect(K.MODE);
  }
  return { kind: 'LockStmt', relations, mode, nowait: p.accept(K.NOWAIT), location };
}

function parseDiscard(p: Parser, location: number): DiscardStmt {
  p.next();
  let target: DiscardStmt['target'];
  if (p.accept(K.ALL)) target = 'DISCARD_ALL';
  else if (p.accept(K.PLANS)) target = 'DISCARD_PLANS';
  else if (p.accept(K.SEQUENCES)) target = 'DISCARD_SEQUENCES';
  else {
    if (!p.accept(K.TEMP)) p.expect(K.TEMPORARY);
    target = 'DISCARD_TEMP';
  }
  return { kind: 'DiscardStmt', target, location };
}

function parseDo(p: Parser, location: number): Statement {
  p.next();
  const args: DefElem[] = [];
  do {
    const at = p.location;
    if (p.accept(K.LANGUAGE)) args.push(makeDefElem('language', stringNode(parseWordOrString(p)), at));
    else args.push(makeDefElem('as', stringNode(p.takeString(), at), at));
  } while (p.kind === K.LANGUAGE || p.kind === T.SCONST);
  return { kind: 'DoStmt', args, location };
}
