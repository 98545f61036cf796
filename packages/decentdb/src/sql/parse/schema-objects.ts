// CREATE SEQUENCE, CREATE SCHEMA, CREATE EXTENSION.

import type {
  CreateExtensionStmt,
  CreateSchemaStmt,
  CreateSeqStmt,
  DefElem,
  Statement,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import { parseCreate } from './create.ts';
import { NONE, parseColId, parseQualifiedName, parseWordOrString } from './names.ts';
import { parseRole } from './object-name.ts';
import { booleanNode, makeDefElem, stringNode } from './options.ts';
import type { Parser } from './parser.ts';
import { isColId } from './parser.ts';
import { parseGrant } from './privilege.ts';
import { parseSequenceOptions } from './sequence-options.ts';
import { parseIfNotExists } from './table.ts';

export function parseCreateSequence(
  p: Parser,
  location: number,
  persistence: 'p' | 't' | 'u',
): CreateSeqStmt {
  p.expect(K.SEQUENCE);
  const if_not_exists = parseIfNotExists(p);
  const sequence = parseQualifiedName(p, persistence);
  return { kind: 'CreateSeqStmt', sequence, options: parseSequenceOptions(p), if_not_exists, location };
}

export function parseCreateSchema(p: Parser, location: number): CreateSchemaStmt {
  p.expect(K.SCHEMA);
  const if_not_exists = parseIfNotExists(p);
  let schemaname: string | null = null;
  if (isColId(p.kind)) schemaname = p.takeName();
  let authrole: CreateSchemaStmt['authrole'] = null;
  if (schemaname === null || p.kind === K.AUTHORIZATION) {
    p.expect(K.AUTHORIZATION);
    authrole = parseRole(p);
  }
  const schemaElts: Statement[] = [];
  const elementsAt = p.location;
  p.enter();
  for (;;) {
    if (p.kind === K.CREATE) {
      const element = parseCreate(p);
      if (!isSchemaElement(element)) p.fail();
      schemaElts.push(element);
    } else if (p.kind === K.GRANT) schemaElts.push(parseGrant(p));
    else break;
  }
  p.leave();
  if (if_not_exists && schemaElts.length > 0)
    throw p.errorAt('0A000', 'CREATE SCHEMA IF NOT EXISTS cannot include schema elements', elementsAt);
  return { kind: 'CreateSchemaStmt', schemaname, authrole, schemaElts, if_not_exists, location };
}

function isSchemaElement(statement: Statement): boolean {
  switch (statement.kind) {
    case 'CreateStmt':
    case 'IndexStmt':
    case 'CreateSeqStmt':
    case 'CreateTrigStmt':
    case 'ViewStmt':
      return true;
    default:
      return false;
  }
}

export function parseCreateExtension(p: Parser, location: number): CreateExtensionStmt {
  p.expect(K.EXTENSION);
  const if_not_exists = parseIfNotExists(p);
  const extname = parseColId(p);
  p.accept(K.WITH);
  const options: DefElem[] = [];
  for (;;) {
    const at = p.location;
    if (p.accept(K.SCHEMA)) options.push(makeDefElem('schema', stringNode(parseColId(p)), at));
    else if (p.accept(K.VERSION))
      options.push(makeDefElem('new_version', stringNode(parseWordOrString(p)), at));
    else if (p.accept(K.CASCADE)) options.push(makeDefElem('cascade', booleanNode(true), at));
    else if (p.accept(K.FROM)) {
      parseWordOrString(p);
      throw p.errorAt('0A000', 'CREATE EXTENSION ... FROM is no longer supported', at);
    } else break;
  }
  return {
    kind: 'CreateExtensionStmt',
    extname,
    if_not_exists,
    options: options.length > 0 ? options : NONE,
    location,
  };
}
