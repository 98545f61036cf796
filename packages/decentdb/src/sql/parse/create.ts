// CREATE, by what is created.

import type { Statement } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import {
  parseCreateAggregate,
  parseCreateCast,
  parseCreateCollation,
  parseCreateOperator,
  parseCreateStatistics,
} from './define.ts';
import { parseCreateFunction } from './function-stmt.ts';
import { parseCreateIndex } from './index-stmt.ts';
import type { Parser } from './parser.ts';
import { parseCreatePolicy, parseCreateRule } from './policy-rule.ts';
import { parseCreateRole } from './role.ts';
import { parseCreateExtension, parseCreateSchema, parseCreateSequence } from './schema-objects.ts';
import { parseCreateMaterializedView, parseCreateTable, parsePersistence } from './table.ts';
import { parseCreateTrigger } from './trigger.ts';
import { parseCreateDomain, parseCreateType } from './type-stmt.ts';
import { skipUnsupported } from './unsupported.ts';
import { parseCreateView } from './view.ts';

export function parseCreate(p: Parser): Statement {
  const location = p.location;
  p.next();
  const orReplace = p.accept2(K.OR, K.REPLACE);
  const persistence = orReplace && p.kind === K.UNLOGGED ? null : parsePersistence(p);
  if (p.kind === K.VIEW || p.kind === K.RECURSIVE) {
    if (persistence === 'u') p.fail();
    return parseCreateView(p, location, orReplace, persistence ?? 'p');
  }
  if (orReplace) return parseReplaceable(p, location);
  if (p.kind === K.TABLE) return parseCreateTable(p, location, persistence ?? 'p');
  if (p.kind === K.SEQUENCE) return parseCreateSequence(p, location, persistence ?? 'p');
  if (p.kind === K.MATERIALIZED && persistence !== 't')
    return parseCreateMaterializedView(p, location, persistence ?? 'p');
  if (persistence !== null) p.fail();
  return parseOther(p, location);
}

/** After CREATE OR REPLACE. */
function parseReplaceable(p: Parser, location: number): Statement {
  switch (p.kind) {
    case K.FUNCTION:
    case K.PROCEDURE:
      return parseCreateFunction(p, location, true);
    case K.AGGREGATE:
      return parseCreateAggregate(p, location, true);
    case K.TRIGGER:
    case K.CONSTRAINT:
      return parseCreateTrigger(p, location, true);
    case K.RULE:
      return parseCreateRule(p, location, true);
    default:
      return parseUnsupportedCreate(p, location);
  }
}

function parseOther(p: Parser, location: number): Statement {
  switch (p.kind) {
    case K.INDEX:
    case K.UNIQUE:
      return parseCreateIndex(p, location);
    case K.SCHEMA:
      return parseCreateSchema(p, location);
    case K.TYPE:
      return parseCreateType(p, location);
    case K.DOMAIN:
      return parseCreateDomain(p, location);
    case K.FUNCTION:
    case K.PROCEDURE:
      return parseCreateFunction(p, location, false);
    case K.TRIGGER:
    case K.CONSTRAINT:
      return parseCreateTrigger(p, location, false);
    case K.AGGREGATE:
      return parseCreateAggregate(p, location, false);
    case K.COLLATION:
      return parseCreateCollation(p, location);
    case K.CAST:
      return parseCreateCast(p, location);
    case K.STATISTICS:
      return parseCreateStatistics(p, location);
    case K.OPERATOR:
      if (p.peek() === K.CLASS || p.peek() === K.FAMILY) break;
      return parseCreateOperator(p, location);
    case K.RULE:
      return parseCreateRule(p, location, false);
    case K.POLICY:
      return parseCreatePolicy(p, location);
    case K.EXTENSION:
      return parseCreateExtension(p, location);
    case K.ROLE:
    case K.GROUP:
      return parseCreateRole(p, location);
    case K.USER:
      if (p.peek() === K.MAPPING) break;
      return parseCreateRole(p, location);
  }
  return parseUnsupportedCreate(p, location);
}

/** Kinds of objects this engine will not have. */
function parseUnsupportedCreate(p: Parser, location: number): Statement {
  switch (p.kind) {
    case K.ACCESS:
      return skipUnsupported(p, 'CREATE ACCESS METHOD', location);
    case K.CONVERSION:
    case K.DEFAULT:
      return skipUnsupported(p, 'CREATE CONVERSION', location);
    case K.DATABASE:
      return skipUnsupported(p, 'CREATE DATABASE', location);
    case K.EVENT:
      return skipUnsupported(p, 'CREATE EVENT TRIGGER', location);
    case K.FOREIGN:
      return skipUnsupported(
        p,
        p.peek() === K.TABLE ? 'CREATE FOREIGN TABLE' : 'CREATE FOREIGN DATA WRAPPER',
        location,
      );
    case K.LANGUAGE:
    case K.PROCEDURAL:
    case K.TRUSTED:
      return skipUnsupported(p, 'CREATE LANGUAGE', location);
    case K.OPERATOR:
      return skipUnsupported(
        p,
        p.peek() === K.CLASS ? 'CREATE OPERATOR CLASS' : 'CREATE OPERATOR FAMILY',
        location,
      );
    case K.PUBLICATION:
      return skipUnsupported(p, 'CREATE PUBLICATION', location);
    case K.SERVER:
      return skipUnsupported(p, 'CREATE SERVER', location);
    case K.SUBSCRIPTION:
      return skipUnsupported(p, 'CREATE SUBSCRIPTION', location);
    case K.TABLESPACE:
      return skipUnsupported(p, 'CREATE TABLESPACE', location);
    case K.TEXT:
      return skipUnsupported(p, 'CREATE TEXT SEARCH', location);
    case K.TRANSFORM:
      return skipUnsupported(p, 'CREATE TRANSFORM', location);
    case K.USER:
      return skipUnsupported(p, 'CREATE USER MAPPING', location);
    default:
      return p.fail();
  }
}
