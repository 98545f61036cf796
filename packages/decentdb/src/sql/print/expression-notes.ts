/**
 * What binding an expression found out about the parts of its text: their types, and the conversions nobody wrote. Showing a stored
 * expression as PostgreSQL does needs both.
 */
import type { Expr } from '../../exec/expr.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';

interface Path {
  readonly node: ast.Expr;
  readonly types: readonly SqlType[];
}

export class ExpressionNotes {
  readonly #paths = new Map<Expr, Path>();
  readonly #written = new Map<ast.Expr, Expr>();
  readonly #conversions = new Map<ast.Expr, readonly SqlType[]>();
  readonly #values = new Map<ast.Expr, Extract<Expr, { kind: 'const' }>>();

  bound(node: ast.Expr, expr: Expr): void {
    this.#written.set(node, expr);
    if (!this.#paths.has(expr)) this.#paths.set(expr, { node, types: [] });
  }

  /** A second conversion of the same expression (BETWEEN compares its operand twice) stands for the first. */
  converted(expr: Expr, made: Expr, target: SqlType): void {
    const path = this.#paths.get(expr);
    if (path === undefined) return;
    const types = [...path.types, target];
    this.#paths.set(made, { node: path.node, types });
    this.#conversions.set(path.node, types);
    if (made.kind === 'const') this.#values.set(path.node, made);
  }

  /** The type as written, before conversions; undefined for what was not bound. */
  typeOf(node: ast.Expr): SqlType | undefined {
    return this.#written.get(node)?.type;
  }

  /** What the expression was bound to, before conversions. */
  boundTo(node: ast.Expr): Expr | undefined {
    return this.#written.get(node);
  }

  /** Types the expression was converted to, in order. */
  conversionsOf(node: ast.Expr): readonly SqlType[] {
    return this.#conversions.get(node) ?? [];
  }

  /** The value an untyped literal was read as. */
  valueOf(node: ast.Expr): Extract<Expr, { kind: 'const' }> | undefined {
    return this.#values.get(node);
  }
}
