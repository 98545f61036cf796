// PARTITION BY, and FOR VALUES bounds.

import type { Expr, PartitionBoundSpec, PartitionElem, PartitionSpec } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { parseIndexKey } from './index-element.ts';
import { NONE, parseAnyName, parseColId, parseList } from './names.ts';
import type { Parser } from './parser.ts';
import { isColId } from './parser.ts';

export function parsePartitionSpec(p: Parser): PartitionSpec {
  const location = p.location;
  p.expect(K.PARTITION);
  p.expect(K.BY);
  const nameAt = p.location;
  const name = parseColId(p);
  let strategy: PartitionSpec['strategy'];
  if (name === 'list') strategy = 'PARTITION_STRATEGY_LIST';
  else if (name === 'range') strategy = 'PARTITION_STRATEGY_RANGE';
  else if (name === 'hash') strategy = 'PARTITION_STRATEGY_HASH';
  else throw p.errorAt('22023', `unrecognized partitioning strategy "${name}"`, nameAt);
  p.expect(T.LPAREN);
  const partParams = parseList(p, (q): PartitionElem => {
    const at = q.location;
    const key = parseIndexKey(q);
    const collation = q.accept(K.COLLATE) ? parseAnyName(q) : NONE;
    const opclass = isColId(q.kind) ? parseAnyName(q) : NONE;
    return { kind: 'PartitionElem', name: key.name, expr: key.expr, collation, opclass, location: at };
  });
  p.expect(T.RPAREN);
  return { kind: 'PartitionSpec', strategy, partParams, location };
}

/** FOR VALUES ... | DEFAULT. */
export function parsePartitionBound(p: Parser): PartitionBoundSpec {
  const location = p.location;
  const base = {
    kind: 'PartitionBoundSpec',
    strategy: '',
    is_default: false,
    modulus: 0,
    remainder: 0,
    listdatums: NONE,
    lowerdatums: NONE,
    upperdatums: NONE,
    location,
  } as const satisfies PartitionBoundSpec;
  if (p.accept(K.DEFAULT)) return { ...base, is_default: true };
  p.expect(K.FOR);
  p.expect(K.VALUES);
  const at = p.location;
  if (p.accept(K.IN)) return { ...base, strategy: 'l', listdatums: parseDatums(p), location: at };
  if (p.accept(K.FROM)) {
    const lowerdatums = parseDatums(p);
    p.expect(K.TO);
    return { ...base, strategy: 'r', lowerdatums, upperdatums: parseDatums(p), location: at };
  }
  p.expect(K.WITH);
  return { ...base, strategy: 'h', ...parseHashBound(p, at), location: at };
}

function parseDatums(p: Parser): Expr[] {
  p.expect(T.LPAREN);
  const list = parseList(p, parseExpr);
  p.expect(T.RPAREN);
  return list;
}

function parseHashBound(p: Parser, location: number): { modulus: number; remainder: number } {
  let modulus = -1;
  let remainder = -1;
  p.expect(T.LPAREN);
  do {
    const at = p.location;
    const name = parseColId(p);
    const value = p.takeInteger();
    if (name !== 'modulus' && name !== 'remainder')
      throw p.errorAt('42601', `unrecognized hash partition bound specification "${name}"`, at);
    const before = name === 'modulus' ? modulus : remainder;
    if (before !== -1) throw p.errorAt('42710', `${name} for hash partition provided more than once`, at);
    if (name === 'modulus') modulus = value;
    else remainder = value;
  } while (p.accept(T.COMMA));
  p.expect(T.RPAREN);
  if (modulus === -1) throw p.errorAt('42601', 'modulus for hash partition must be specified', location);
  if (remainder === -1) throw p.errorAt('42601', 'remainder for hash partition must be specified', location);
  return { modulus, remainder };
}
