/**
 * Which parts of an expression stand without parentheses where few are wanted (pg_get_viewdef(view, true)): PostgreSQL's rules, by
 * what a part is and what it is part of.
 */
import type * as ast from '../ast/nodes.ts';

/** A written or implied conversion around the part. */
export const CONVERSION = 'conversion';

export type Surroundings = ast.Expr | typeof CONVERSION;

const LOW: ReadonlySet<string> = new Set(['+', '-']);
const HIGH: ReadonlySet<string> = new Set(['*', '/', '%']);

/** Whether `node` within `parent` needs no parentheses. */
export function isSimplePart(node: ast.Expr, parent: Surroundings): boolean {
  switch (node.kind) {
    case 'A_Expr':
      return isSimpleOperation(node, parent);
    case 'BoolExpr':
      return isSimpleLogic(node.boolop, parent);
    case 'SubLink':
    case 'NullTest':
    case 'BooleanTest':
    case 'CollateClause':
      return separates(parent);
    default:
      return true;
  }
}

function isSimpleOperation(node: ast.A_Expr, parent: Surroundings): boolean {
  switch (node.exprKind) {
    case 'AEXPR_NULLIF':
      return true;
    case 'AEXPR_BETWEEN':
      return isSimpleLogic('AND_EXPR', parent);
    case 'AEXPR_NOT_BETWEEN':
      return isSimpleLogic('OR_EXPR', parent);
    case 'AEXPR_NOT_DISTINCT':
      return isSimpleLogic('NOT_EXPR', parent);
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL':
      return false;
    case 'AEXPR_IN':
      return node.rexpr?.kind === 'List' && node.rexpr.items.length === 1 && separates(parent);
    case 'AEXPR_OP':
      if (parent !== CONVERSION && parent.kind === 'A_Expr' && parent.exprKind === 'AEXPR_OP')
        return bindsTighter(node, parent);
      return separates(parent);
    default:
      return separates(parent);
  }
}

/** Arithmetic of a higher rank, or of the same on the left. */
function bindsTighter(node: ast.A_Expr, parent: ast.A_Expr): boolean {
  if (node.lexpr === null || parent.lexpr === null) return false;
  const symbol = node.name.at(-1) as string;
  const around = parent.name.at(-1) as string;
  const isLow = LOW.has(symbol);
  const isHigh = HIGH.has(symbol);
  if (!(isLow || isHigh) || !(LOW.has(around) || HIGH.has(around))) return false;
  if (isHigh && LOW.has(around)) return true;
  if (isLow && HIGH.has(around)) return false;
  return parent.lexpr === node;
}

function isSimpleLogic(op: ast.BoolExpr['boolop'], parent: Surroundings): boolean {
  const around = logicOf(parent);
  if (around === null) return separates(parent);
  if (op === 'OR_EXPR') return around === 'OR_EXPR';
  return around !== 'NOT_EXPR';
}

function logicOf(parent: Surroundings): ast.BoolExpr['boolop'] | null {
  return parent !== CONVERSION && parent.kind === 'BoolExpr' ? parent.boolop : null;
}

/** What keeps its parts apart by its own syntax, or binds less than any operator. */
function separates(parent: Surroundings): boolean {
  if (parent === CONVERSION) return false;
  switch (parent.kind) {
    case 'FuncCall':
      return parent.funcformat !== 'COERCE_SQL_SYNTAX';
    case 'BoolExpr':
    case 'A_ArrayExpr':
    case 'RowExpr':
    case 'CoalesceExpr':
    case 'MinMaxExpr':
    case 'CaseExpr':
      return true;
    case 'A_Expr':
      return parent.exprKind === 'AEXPR_NULLIF';
    default:
      return false;
  }
}
