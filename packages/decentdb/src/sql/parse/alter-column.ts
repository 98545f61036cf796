// ALTER COLUMN, and ALTER ATTRIBUTE of composite types.

import type { AlterTableCmd, ColumnDef, DefElem, Expr } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { defList, makeCmd } from './alter-table.ts';
import { makeConstraint } from './constraint.ts';
import { parseExpr } from './expression.ts';
import { parseFieldDef } from './from.ts';
import { parseAlterGenericOptions } from './generic-options.ts';
import { NONE, parseColId } from './names.ts';
import { makeDefElem, parseRelOptions, parseSignedInteger, stringNode } from './options.ts';
import type { Parser } from './parser.ts';
import { parseParenSequenceOptions, parseSequenceOption } from './sequence-options.ts';
import { parseCollate, parseIfExists } from './table.ts';
import { parseDropBehavior } from './truncate.ts';
import { parseTypeName } from './types.ts';

/** After ALTER [COLUMN]. */
export function parseAlterColumn(p: Parser, location: number): AlterTableCmd {
  if (p.kind === T.ICONST) {
    const num = p.takeInteger();
    p.expect(K.SET);
    p.expect(K.STATISTICS);
    return makeCmd('AT_SetStatistics', location, { num, def: parseStatistics(p) });
  }
  const columnAt = p.location;
  const name = parseColId(p);
  switch (p.kind) {
    case K.SET:
      if (isIdentityChange(p)) return parseIdentityOptions(p, name, location);
      p.next();
      if (p.accept(K.DATA)) return parseColumnType(p, name, columnAt, location);
      return parseSet(p, name, location);
    case K.RESTART:
      return parseIdentityOptions(p, name, location);
    case K.TYPE:
      return parseColumnType(p, name, columnAt, location);
    case K.DROP:
      return parseDrop(p, name, location);
    case K.RESET:
      p.next();
      return makeCmd('AT_ResetOptions', location, { name, def: defList(parseRelOptions(p), location) });
    case K.ADD:
      return parseAddIdentity(p, name, location);
    case K.OPTIONS:
      return makeCmd('AT_AlterColumnGenericOptions', location, {
        name,
        def: defList(parseAlterGenericOptions(p), location),
      });
    default:
      return p.fail();
  }
}

function parseStatistics(p: Parser): AlterTableCmd['def'] {
  const location = p.location;
  if (p.accept(K.DEFAULT)) return null;
  return { kind: 'Integer', ival: parseSignedInteger(p), location };
}

/** SET GENERATED or SET followed by a sequence option. */
function isIdentityChange(p: Parser): boolean {
  switch (p.peek()) {
    case K.GENERATED:
    case K.AS:
    case K.CACHE:
    case K.CYCLE:
    case K.INCREMENT:
    case K.LOGGED:
    case K.MAXVALUE:
    case K.MINVALUE:
    case K.NO:
    case K.OWNED:
    case K.SEQUENCE:
    case K.START:
    case K.RESTART:
    case K.UNLOGGED:
      return true;
    default:
      return false;
  }
}

function parseSet(p: Parser, name: string, location: number): AlterTableCmd {
  switch (p.kind) {
    case K.DEFAULT:
      p.next();
      return makeCmd('AT_ColumnDefault', location, { name, def: parseExpr(p) });
    case K.NOT:
      p.next();
      p.expect(K.NULL);
      return makeCmd('AT_SetNotNull', location, { name });
    case K.EXPRESSION: {
      p.next();
      p.expect(K.AS);
      p.expect(T.LPAREN);
      const def = parseExpr(p);
      p.expect(T.RPAREN);
      return makeCmd('AT_SetExpression', location, { name, def });
    }
    case K.STATISTICS:
      p.next();
      return makeCmd('AT_SetStatistics', location, { name, def: parseStatistics(p) });
    case K.STORAGE:
    case K.COMPRESSION: {
      const subtype = p.kind === K.STORAGE ? 'AT_SetStorage' : 'AT_SetCompression';
      p.next();
      const at = p.location;
      const value = p.kind === K.DEFAULT ? p.takeText() : parseColId(p);
      return makeCmd(subtype, location, { name, def: stringNode(value, at) });
    }
    default:
      return makeCmd('AT_SetOptions', location, { name, def: defList(parseRelOptions(p), location) });
  }
}

function parseDrop(p: Parser, name: string, location: number): AlterTableCmd {
  p.next();
  if (p.accept(K.DEFAULT)) return makeCmd('AT_ColumnDefault', location, { name });
  if (p.accept(K.NOT)) {
    p.expect(K.NULL);
    return makeCmd('AT_DropNotNull', location, { name });
  }
  const subtype = p.kind === K.EXPRESSION ? 'AT_DropExpression' : 'AT_DropIdentity';
  if (!p.accept(K.EXPRESSION)) p.expect(K.IDENTITY);
  return makeCmd(subtype, location, { name, missing_ok: parseIfExists(p) });
}

/** TYPE type [COLLATE ..] [USING ..]. */
function parseColumnType(p: Parser, name: string, columnAt: number, location: number): AlterTableCmd {
  p.expect(K.TYPE);
  const typeName = parseTypeName(p);
  const collClause = parseCollate(p);
  const raw_default: Expr | null = p.accept(K.USING) ? parseExpr(p) : null;
  const def: ColumnDef = {
    kind: 'ColumnDef',
    colname: '',
    typeName,
    compression: null,
    storage_name: null,
    raw_default,
    collClause,
    constraints: NONE,
    fdwoptions: NONE,
    is_local: false,
    location: columnAt,
  };
  return makeCmd('AT_AlterColumnType', location, { name, def });
}

function parseAddIdentity(p: Parser, name: string, location: number): AlterTableCmd {
  p.next();
  const at = p.location;
  const c = makeConstraint('CONSTR_IDENTITY', null, at);
  p.expect(K.GENERATED);
  c.generated_when = parseWhen(p);
  p.expect(K.AS);
  p.expect(K.IDENTITY);
  if (p.kind === T.LPAREN) c.options = parseParenSequenceOptions(p);
  return makeCmd('AT_AddIdentity', location, { name, def: c });
}

function parseWhen(p: Parser): 'a' | 'd' {
  if (p.accept(K.ALWAYS)) return 'a';
  p.expect(K.BY);
  p.expect(K.DEFAULT);
  return 'd';
}

/** alter_identity_column_option_list. */
function parseIdentityOptions(p: Parser, name: string, location: number): AlterTableCmd {
  const options: DefElem[] = [];
  while (p.kind === K.SET || p.kind === K.RESTART) {
    const at = p.location;
    if (p.kind === K.RESTART) {
      options.push(parseSequenceOption(p)!);
      continue;
    }
    p.next();
    if (p.accept(K.GENERATED)) {
      const when = parseWhen(p) === 'a' ? 97 : 100;
      options.push(makeDefElem('generated', { kind: 'Integer', ival: when, location: -1 }, at));
      continue;
    }
    const optionAt = p.location;
    const option = parseSequenceOption(p);
    if (option === null) p.fail();
    const refused = ['as', 'restart', 'owned_by'];
    if (refused.includes(option.defname))
      throw p.errorAt('42601', `sequence option "${option.defname}" not supported here`, optionAt);
    options.push(option);
  }
  return makeCmd('AT_SetIdentity', location, { name, def: defList(options, location) });
}

/** alter_type_cmd: ADD / DROP / ALTER ATTRIBUTE. */
export function parseAlterTypeCmd(p: Parser): AlterTableCmd {
  const location = p.location;
  const verb = p.kind;
  if (verb !== K.ADD && verb !== K.DROP && verb !== K.ALTER) p.fail();
  p.next();
  p.expect(K.ATTRIBUTE);
  if (verb === K.ADD) {
    const def = parseFieldDef(p);
    return makeCmd('AT_AddColumn', location, { def, behavior: parseDropBehavior(p) });
  }
  if (verb === K.DROP) {
    const missing_ok = parseIfExists(p);
    const name = parseColId(p);
    return makeCmd('AT_DropColumn', location, { name, missing_ok, behavior: parseDropBehavior(p) });
  }
  const columnAt = p.location;
  const name = parseColId(p);
  if (p.accept(K.SET)) p.expect(K.DATA);
  p.expect(K.TYPE);
  const typeName = parseTypeName(p);
  const def: ColumnDef = {
    kind: 'ColumnDef',
    colname: '',
    typeName,
    compression: null,
    storage_name: null,
    raw_default: null,
    collClause: parseCollate(p),
    constraints: NONE,
    fdwoptions: NONE,
    is_local: false,
    location: columnAt,
  };
  return makeCmd('AT_AlterColumnType', location, { name, def, behavior: parseDropBehavior(p) });
}
