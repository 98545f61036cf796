/**
 * FOR UPDATE and its family: one writer holds the whole database, so there is nothing to lock but the statement must write.
 */
import type { LogicalNode } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import { bindError } from './errors.ts';
import type { Level } from './level.ts';

const STRENGTHS: Readonly<Record<ast.LockingClause['strength'], string>> = {
  LCS_FORKEYSHARE: 'FOR KEY SHARE',
  LCS_FORSHARE: 'FOR SHARE',
  LCS_FORNOKEYUPDATE: 'FOR NO KEY UPDATE',
  LCS_FORUPDATE: 'FOR UPDATE',
};

export function applyLocking(level: Level, stmt: ast.SelectStmt, node: LogicalNode): LogicalNode {
  const [first] = stmt.lockingClause;
  if (first === undefined) return node;
  checkLocking(level, stmt, STRENGTHS[first.strength]);
  for (const clause of stmt.lockingClause)
    for (const relation of clause.lockedRels) checkLocked(level, clause, relation);
  level.state.hasWrites = true;
  return { kind: 'lock', input: node, columns: node.columns };
}

/** 0A000: a result row must come from one row of each table to be lockable. */
export function checkLocking(level: Level, stmt: ast.SelectStmt, strength: string): void {
  const refuse = (what: string): Error => bindError('0A000', `${strength} is not allowed with ${what}`, -1);
  if (stmt.op !== 'SETOP_NONE') throw refuse('UNION/INTERSECT/EXCEPT');
  if (stmt.distinctClause !== null) throw refuse('DISTINCT clause');
  if (stmt.groupClause.length > 0) throw refuse('GROUP BY clause');
  if (stmt.havingClause !== null) throw refuse('HAVING clause');
  if (level.aggregates.length > 0) throw refuse('aggregate functions');
  if (level.windowCalls.length > 0) throw refuse('window functions');
  if (level.setFunctions.length > 0) throw refuse('set-returning functions in the target list');
}

function checkLocked(level: Level, clause: ast.LockingClause, relation: ast.RangeVar): void {
  const strength = STRENGTHS[clause.strength];
  if (relation.schemaname !== null)
    throw bindError('42601', `${strength} must specify unqualified relation names`, relation.location);
  if (!level.rangeTable.some((item) => item.refname === relation.relname))
    throw bindError(
      '42P01',
      `relation "${relation.relname}" in ${strength} clause not found in FROM clause`,
      relation.location,
    );
}
