// COPY, with the current option list and the older spellings.

import type { CopyStmt, DefArg, DefElem, PreparableStmt, RangeVar } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import {
  NONE,
  parseColLabel,
  parseList,
  parseNameList,
  parseOptParenNames,
  parseQualifiedName,
} from './names.ts';
import {
  booleanNode,
  makeDefElem,
  nameList,
  parseBooleanOrString,
  parseNumericOnly,
  stringNode,
} from './options.ts';
import type { Parser } from './parser.ts';
import { parsePreparableStmt } from './with.ts';

export function parseCopy(p: Parser): CopyStmt {
  const location = p.location;
  p.next();
  if (p.kind === T.LPAREN) return parseCopyQuery(p, location);
  const leading: DefElem[] = [];
  const binaryAt = p.location;
  if (p.kind === K.BINARY) {
    p.next();
    leading.push(makeDefElem('format', stringNode('binary'), binaryAt));
  }
  const relation = parseQualifiedName(p);
  const attlist = parseOptParenNames(p);
  const is_from = p.accept(K.FROM);
  if (!is_from) p.expect(K.TO);
  const target = parseTarget(p);
  const delimiterAt = p.location;
  if (p.kind === K.USING || p.kind === K.DELIMITERS) {
    p.accept(K.USING);
    p.expect(K.DELIMITERS);
    const at = p.location;
    leading.push(makeDefElem('delimiter', stringNode(p.takeString(), at), delimiterAt));
  }
  const options = [...leading, ...parseOptions(p)];
  const whereAt = p.location;
  const whereClause = p.accept(K.WHERE) ? parseExpr(p) : null;
  if (!is_from && whereClause !== null)
    throw p.errorAt('42601', 'WHERE clause not allowed with COPY TO', whereAt);
  return finish(relation, null, attlist, is_from, target, options, whereClause, location);
}

function parseCopyQuery(p: Parser, location: number): CopyStmt {
  p.expect(T.LPAREN);
  const query: PreparableStmt = parsePreparableStmt(p);
  p.expect(T.RPAREN);
  p.expect(K.TO);
  const target = parseTarget(p);
  return finish(null, query, NONE, false, target, parseOptions(p), null, location);
}

interface Target {
  readonly filename: string | null;
  readonly is_program: boolean;
  readonly at: number;
}

function finish(
  relation: RangeVar | null,
  query: PreparableStmt | null,
  attlist: readonly string[],
  is_from: boolean,
  target: Target,
  options: readonly DefElem[],
  whereClause: CopyStmt['whereClause'],
  location: number,
): CopyStmt {
  const { filename, is_program } = target;
  return {
    kind: 'CopyStmt',
    relation,
    query,
    attlist,
    is_from,
    is_program,
    filename,
    options,
    whereClause,
    location,
  };
}

/** [PROGRAM] 'file' | STDIN | STDOUT. */
function parseTarget(p: Parser): Target {
  const at = p.location;
  if (p.accept(K.STDIN) || p.accept(K.STDOUT)) return { filename: null, is_program: false, at };
  const is_program = p.accept(K.PROGRAM);
  return { filename: p.takeString(), is_program, at };
}

function parseOptions(p: Parser): readonly DefElem[] {
  p.accept(K.WITH);
  if (p.kind !== T.LPAREN) return parseOldOptions(p);
  p.next();
  const list = parseList(p, (q) => {
    const location = q.location;
    const name = parseColLabel(q);
    return makeDefElem(name, parseOptionArg(q), location);
  });
  p.expect(T.RPAREN);
  return list;
}

function parseOptionArg(p: Parser): DefArg | null {
  const location = p.location;
  switch (p.kind) {
    case T.COMMA:
    case T.RPAREN:
      return null;
    case T.STAR:
      p.next();
      return { kind: 'NameList', names: ['*'], location };
    case T.LPAREN: {
      p.next();
      const names = parseList(p, parseBooleanOrString);
      p.expect(T.RPAREN);
      return nameList(names, location);
    }
    case T.ICONST:
    case T.FCONST:
    case T.PLUS:
    case T.MINUS:
      return parseNumericOnly(p);
    case K.DEFAULT:
      return stringNode(p.takeText(), location);
    default:
      return stringNode(parseBooleanOrString(p), location);
  }
}

/** copy_opt_list: the spellings before PostgreSQL 9. */
function parseOldOptions(p: Parser): DefElem[] {
  const list: DefElem[] = [];
  for (;;) {
    const option = parseOldOption(p);
    if (option === null) return list;
    list.push(option);
  }
}

function parseOldOption(p: Parser): DefElem | null {
  const location = p.location;
  const text = (name: string): DefElem => {
    p.next();
    p.accept(K.AS);
    const at = p.location;
    return makeDefElem(name, stringNode(p.takeString(), at), location);
  };
  const flag = (name: string, arg: DefArg): DefElem => {
    p.next();
    return makeDefElem(name, arg, location);
  };
  switch (p.kind) {
    case K.BINARY:
      return flag('format', stringNode('binary'));
    case K.CSV:
      return flag('format', stringNode('csv'));
    case K.JSON:
      return flag('format', stringNode('json'));
    case K.FREEZE:
      return flag('freeze', booleanNode(true));
    case K.HEADER:
      return flag('header', booleanNode(true));
    case K.DELIMITER:
      return text('delimiter');
    case K.NULL:
      return text('null');
    case K.QUOTE:
      return text('quote');
    case K.ESCAPE:
      return text('escape');
    case K.ENCODING:
      return text('encoding');
    case K.FORCE:
      return parseForce(p, location);
    default:
      return null;
  }
}

function parseForce(p: Parser, location: number): DefElem {
  p.next();
  let name = 'force_quote';
  if (p.accept(K.NOT)) {
    p.expect(K.NULL);
    name = 'force_not_null';
  } else if (p.accept(K.NULL)) name = 'force_null';
  else p.expect(K.QUOTE);
  const at = p.location;
  const star = p.accept(T.STAR);
  return makeDefElem(
    name,
    star ? { kind: 'NameList', names: ['*'], location: at } : nameList(parseNameList(p), at),
    location,
  );
}
