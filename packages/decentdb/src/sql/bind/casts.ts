/**
 * Written casts and COLLATE.
 */
import type { Expr } from '../../exec/expr.ts';
import { domainBase } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { bindArray } from './arrays.ts';
import { applyTypmod, convert } from './coerce.ts';
import { bindError } from './errors.ts';
import { bindNode } from './expressions.ts';
import type { Level } from './level.ts';
import { leftmost } from './operators.ts';
import { resolveTypeName, type TypeWithMod } from './type-names.ts';

export function bindCast(level: Level, node: ast.TypeCast): Expr {
  const target = resolveTypeName(level.state.env, node.typeName);
  const base = domainBase(target.type);
  // ARRAY[...]::t[] gives its elements the type at once, so that ARRAY[]::int[] has one.
  const expr =
    node.arg.kind === 'A_ArrayExpr' && base.elementType !== null
      ? bindArray(level, node.arg, base)
      : bindNode(level, node.arg);
  return castExplicitly(level, expr, target, node.location < 0 ? node.typeName.location : node.location);
}

export function castExplicitly(level: Level, expr: Expr, target: TypeWithMod, location: number): Expr {
  const converted = convert(level, expr, target.type, 'explicit', target.typmod);
  if (converted === null)
    throw bindError(
      '42846',
      `cannot cast type ${expr.type.sqlName(-1)} to ${target.type.sqlName(-1)}`,
      location < 0 ? expr.location : location,
    );
  const fitted = applyTypmod(converted, target.typmod, true);
  // A type without a length or scale takes those of the value off: what is made of it may be longer.
  const cast = target.typmod < 0 && fitted.typmod >= 0 ? { ...fitted, typmod: -1 } : fitted;
  return cast.location === leftmost(location, expr) ? cast : { ...cast, location: leftmost(location, expr) };
}

const KNOWN_COLLATIONS: ReadonlySet<string> = new Set(['default', 'C', 'POSIX', 'ucs_basic']);

/** COLLATE: text compares by code point, which is what "C" asks; other collations are refused by name. */
export function bindCollate(level: Level, node: ast.CollateClause): Expr {
  const expr = bindNode(level, node.arg as ast.Expr);
  const name = node.collname.at(-1) as string;
  checkCollation(name, node.location);
  const { category } = expr.type;
  if (
    category !== 'S' &&
    category !== 'X' &&
    !(category === 'A' && domainBase(expr.type).elementType?.category === 'S')
  )
    throw bindError('42804', `collations are not supported by type ${expr.type.sqlName(-1)}`, node.location);
  return expr;
}

/** 42P21 where both operands name a collation, each another. */
export function requireOneCollation({ lexpr, rexpr }: ast.A_Expr): void {
  if (lexpr?.kind !== 'CollateClause' || rexpr === null || !('kind' in rexpr)) return;
  if (rexpr.kind !== 'CollateClause') return;
  const [left, right] = [lexpr.collname.at(-1), rexpr.collname.at(-1)];
  if (left === right) return;
  const message = `collation mismatch between explicit collations "${left}" and "${right}"`;
  throw bindError('42P21', message, rexpr.location);
}

/** What COLLATION FOR says of an expression: the collation it names, none for a literal that is no text yet. */
export function collationNamed(arg: ast.Expr | undefined): string | null | undefined {
  if (arg?.kind === 'CollateClause') {
    const name = arg.collname.at(-1) as string;
    return /^[a-z_]+$/.test(name) && name !== 'default' ? name : `"${name}"`;
  }
  const isLiteral = arg?.kind === 'A_Const' && (arg.constType === 'String' || arg.constType === 'Null');
  return isLiteral ? null : undefined;
}

export function checkCollation(name: string, location: number): void {
  if (KNOWN_COLLATIONS.has(name)) return;
  throw bindError('42704', `collation "${name}" for encoding "UTF8" does not exist`, location);
}
