/**
 * What a tsquery says about the lexemes of the vectors that satisfy it.
 *
 * I1  Necessary, never sufficient: weights and the order of phrases are left to the predicate, NOT says nothing.
 */
import type { TsNode } from '../../types/tsquery.ts';
import { ANYTHING, allOf, anyOf, type TrigramQuery } from '../trigram/trigram-query.ts';
import { isIndexable, lexemeCode, prefixCodes } from './lexeme-code.ts';

export function lexemeQuery(node: TsNode): TrigramQuery {
  switch (node.kind) {
    case 'value':
      if (!isIndexable(node.lexeme)) return ANYTHING;
      return node.isPrefix
        ? { kind: 'range', ...prefixCodes(node.lexeme) }
        : { kind: 'has', code: lexemeCode(node.lexeme) };
    case 'not':
      return ANYTHING;
    case 'or':
      return anyOf([lexemeQuery(node.left), lexemeQuery(node.right)]);
    default:
      return allOf([lexemeQuery(node.left), lexemeQuery(node.right)]);
  }
}
