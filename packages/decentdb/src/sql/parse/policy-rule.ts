// CREATE POLICY, ALTER POLICY, CREATE RULE.

import type { AlterPolicyStmt, CreatePolicyStmt, Expr, RoleSpec, RuleStmt, Statement } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseDelete, parseInsert, parseUpdate } from './dml.ts';
import { parseExpr } from './expression.ts';
import { parseMaintenance } from './maintenance.ts';
import { NONE, parseColId, parseList, parseQualifiedName } from './names.ts';
import { parseRole } from './object-name.ts';
import type { Parser } from './parser.ts';
import { parsePreparableStmt } from './with.ts';

function parseParenExpr(p: Parser): Expr {
  p.expect(T.LPAREN);
  const expr = parseExpr(p);
  p.expect(T.RPAREN);
  return expr;
}

function parseWithCheck(p: Parser): Expr | null {
  if (p.kind !== K.WITH) return null;
  p.next();
  p.expect(K.CHECK);
  return parseParenExpr(p);
}

const COMMANDS: ReadonlyMap<number, string> = new Map([
  [K.ALL, 'all'],
  [K.SELECT, 'select'],
  [K.INSERT, 'insert'],
  [K.UPDATE, 'update'],
  [K.DELETE, 'delete'],
]);

export function parseCreatePolicy(p: Parser, location: number): CreatePolicyStmt {
  p.expect(K.POLICY);
  const policy_name = parseColId(p);
  p.expect(K.ON);
  const table = parseQualifiedName(p);
  let permissive = true;
  if (p.accept(K.AS)) {
    const at = p.location;
    const word = p.kind === T.IDENT ? p.takeName() : p.fail();
    if (word !== 'permissive' && word !== 'restrictive')
      throw p.errorAt(
        '42601',
        `unrecognized row security option "${word}"`,
        at,
        'Only PERMISSIVE or RESTRICTIVE policies are supported currently.',
      );
    permissive = word === 'permissive';
  }
  let cmd_name = 'all';
  if (p.accept(K.FOR)) {
    const command = COMMANDS.get(p.kind);
    if (command === undefined) return p.fail();
    cmd_name = command;
    p.next();
  }
  const everyone: RoleSpec = { kind: 'RoleSpec', roletype: 'ROLESPEC_PUBLIC', rolename: null, location: -1 };
  const roles = p.accept(K.TO) ? parseList(p, parseRole) : [everyone];
  const qual = p.accept(K.USING) ? parseParenExpr(p) : null;
  return {
    kind: 'CreatePolicyStmt',
    policy_name,
    table,
    cmd_name,
    permissive,
    roles,
    qual,
    with_check: parseWithCheck(p),
    location,
  };
}

/** From the name on; RENAME is the caller's. */
export function parseAlterPolicy(
  p: Parser,
  policy_name: string,
  table: AlterPolicyStmt['table'],
  location: number,
): AlterPolicyStmt {
  const roles = p.accept(K.TO) ? parseList(p, parseRole) : NONE;
  const qual = p.accept(K.USING) ? parseParenExpr(p) : null;
  return {
    kind: 'AlterPolicyStmt',
    policy_name,
    table,
    roles,
    qual,
    with_check: parseWithCheck(p),
    location,
  };
}

export function parseCreateRule(p: Parser, location: number, replace: boolean): RuleStmt {
  p.expect(K.RULE);
  const rulename = parseColId(p);
  p.expect(K.AS);
  p.expect(K.ON);
  const event = parseEvent(p);
  p.expect(K.TO);
  const relation = parseQualifiedName(p);
  const whereClause = p.accept(K.WHERE) ? parseExpr(p) : null;
  p.expect(K.DO);
  const instead = p.accept(K.INSTEAD);
  if (!instead) p.accept(K.ALSO);
  return {
    kind: 'RuleStmt',
    relation,
    rulename,
    whereClause,
    event,
    instead,
    actions: parseActions(p),
    replace,
    location,
  };
}

function parseEvent(p: Parser): RuleStmt['event'] {
  if (p.accept(K.SELECT)) return 'CMD_SELECT';
  if (p.accept(K.UPDATE)) return 'CMD_UPDATE';
  if (p.accept(K.DELETE)) return 'CMD_DELETE';
  p.expect(K.INSERT);
  return 'CMD_INSERT';
}

/** NOTHING | action | ( action; ... ). */
function parseActions(p: Parser): readonly Statement[] {
  if (p.accept(K.NOTHING)) return NONE;
  if (p.kind !== T.LPAREN) return [parseAction(p)];
  p.next();
  const actions: Statement[] = [];
  for (;;) {
    while (p.accept(T.SEMICOLON));
    if (p.kind === T.RPAREN) break;
    actions.push(parseAction(p));
    if (p.kind !== T.SEMICOLON) break;
  }
  p.expect(T.RPAREN);
  return actions;
}

function parseAction(p: Parser): Statement {
  switch (p.kind) {
    case K.INSERT:
      return parseInsert(p, null);
    case K.UPDATE:
      return parseUpdate(p, null);
    case K.DELETE:
      return parseDelete(p, null);
    case K.NOTIFY:
      return parseMaintenance(p)!;
    default:
      return parsePreparableStmt(p);
  }
}
