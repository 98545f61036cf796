// OPTIONS ( [ADD|SET|DROP] name 'value', ... ) of foreign data objects.

import type { DefElem } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseColLabel, parseList } from './names.ts';
import { makeDefElem, stringNode } from './options.ts';
import type { Parser } from './parser.ts';

export function parseGenericOptions(p: Parser): DefElem[] {
  p.expect(K.OPTIONS);
  p.expect(T.LPAREN);
  const list = parseList(p, (q) => {
    const location = q.location;
    const name = parseColLabel(q);
    const at = q.location;
    return makeDefElem(name, stringNode(q.takeString(), at), location);
  });
  p.expect(T.RPAREN);
  return list;
}

/** The ALTER form, with an action before each name. */
export function parseAlterGenericOptions(p: Parser): DefElem[] {
  p.expect(K.OPTIONS);
  p.expect(T.LPAREN);
  const list = parseList(p, (q) => {
    const location = q.location;
    const isAction = (q.kind === K.ADD || q.kind === K.SET || q.kind === K.DROP) && q.peek() !== T.SCONST;
    let action: DefElem['defaction'] = isAction ? 'DEFELEM_ADD' : 'DEFELEM_UNSPEC';
    if (isAction) {
      if (q.kind === K.SET) action = 'DEFELEM_SET';
      else if (q.kind === K.DROP) action = 'DEFELEM_DROP';
      q.next();
    }
    const name = parseColLabel(q);
    const at = q.location;
    const arg = action === 'DEFELEM_DROP' ? null : stringNode(q.takeString(), at);
    return makeDefElem(name, arg, location, null, action);
  });
  p.expect(T.RPAREN);
  return list;
}
