/**
 * WITH: named queries, recursive ones included.
 *
 * I1  Each item is bound once; every reference is a cteScan. Items are listed in an order in which each comes after those it reads.
 * I2  In WITH RECURSIVE an item may refer to later ones: it is bound on demand; only an item that reads itself is recursive.
 * I3  A recursive reference stands for the working table while its term is bound.
 */
import type { CteDefinition, LogicalNode, OutputColumn } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import { bindError, bindNotSupported } from './errors.ts';
import type { Level } from './level.ts';
import { bindRecursive, readsItself } from './recursion.ts';
import { bindSelect } from './select.ts';
import { bindDataModifying } from './statement.ts';

export interface CteBinding {
  readonly cteId: number;
  readonly name: string;
  readonly node: ast.CommonTableExpr;
  readonly level: Level;
  /** Whether references may come before the definition (WITH RECURSIVE). */
  readonly isForwardVisible: boolean;
  state: 'unbound' | 'binding' | 'recursiveTerm' | 'bound';
  columns: readonly OutputColumn[];
  /** Names SEARCH and CYCLE add after the written columns. */
  extraColumns: readonly string[];
  plan: LogicalNode | null;
  recursive: CteDefinition['recursive'];
  references: number;
  /** References made inside its own recursive term. */
  selfReferences: number;
  readonly order: CteBinding[];
}

/** Binds the items into `level.ctes`; the result wraps the body with {@link wrapWith}. */
export function bindWith(level: Level, clause: ast.WithClause): CteBinding[] {
  const order: CteBinding[] = [];
  const bindings = clause.ctes.map((node): CteBinding => {
    const binding: CteBinding = {
      cteId: level.state.newCteId(),
      name: node.ctename,
      node,
      level,
      isForwardVisible: clause.recursive,
      state: 'unbound',
      columns: [],
      extraColumns: [],
      plan: null,
      recursive: null,
      references: 0,
      selfReferences: 0,
      order,
    };
    return binding;
  });
  checkDuplicates(bindings);
  if (clause.recursive) for (const binding of bindings) level.ctes.set(binding.name, binding);
  else for (const binding of bindings) level.futureCtes.add(binding.name);
  for (const binding of bindings) {
    bindCte(binding, clause.recursive);
    level.ctes.set(binding.name, binding);
    level.futureCtes.delete(binding.name);
  }
  return order;
}

function checkDuplicates(bindings: readonly CteBinding[]): void {
  const seen = new Set<string>();
  for (const { name, node } of bindings) {
    if (seen.has(name))
      throw bindError('42712', `WITH query name "${name}" specified more than once`, node.location);
    seen.add(name);
  }
}

function bindCte(binding: CteBinding, isRecursive: boolean): void {
  if (binding.state === 'bound') return;
  const { node, level } = binding;
  binding.state = 'binding';
  if (isRecursive && node.ctequery.kind === 'SelectStmt' && readsItself(node.ctequery, binding.name)) {
    bindRecursive(binding, node.ctequery);
  } else {
    if (node.search_clause !== null || node.cycle_clause !== null)
      throw bindError('42601', 'WITH query is not recursive', node.location);
    const plan = bindBody(binding);
    setColumns(binding, plan.columns);
    binding.plan = plan;
  }
  binding.state = 'bound';
  binding.order.push(binding);
  void level;
}

function bindBody(binding: CteBinding): LogicalNode {
  const { node, level } = binding;
  if (node.ctequery.kind === 'SelectStmt') return bindSelect(level.state, level, node.ctequery);
  if (level.parent !== null)
    throw bindError(
      '0A000',
      'WITH clause containing a data-modifying statement must be at the top level',
      node.location,
    );
  return bindDataModifying(level.state, level, node.ctequery);
}

/** Names the item's columns, with its alias list. */
export function setColumns(binding: CteBinding, columns: readonly OutputColumn[]): void {
  const written = binding.node.aliascolnames;
  const { extraColumns } = binding;
  const named = columns.length - extraColumns.length;
  const plain = columns.slice(0, named).map(({ name }, i) => written[i] ?? name);
  const aliases = extraColumns.length === 0 ? written : [...plain, ...extraColumns];
  if (aliases.length > columns.length)
    throw bindError(
      '42P10',
      `WITH query "${binding.name}" has ${columns.length} columns available but ${aliases.length} columns specified`,
      binding.node.location,
    );
  binding.columns = columns.map((column, i) => ({ ...column, name: aliases[i] ?? column.name }));
}

/** Counts a reference from FROM; binds the item first when it comes later in a WITH RECURSIVE. */
export function referCte(
  binding: CteBinding,
  location: number,
): { readonly columns: readonly OutputColumn[]; readonly isWorkTable: boolean } {
  if (binding.state === 'unbound') bindCte(binding, binding.isForwardVisible);
  if (binding.state === 'binding') throw bindNotSupported('mutual recursion between WITH items', location);
  binding.references++;
  const isWorkTable = binding.state === 'recursiveTerm';
  if (isWorkTable) binding.selfReferences++;
  if (binding.columns.length === 0 && binding.node.ctequery.kind !== 'SelectStmt')
    throw bindError('0A000', `WITH query "${binding.name}" does not have a RETURNING clause`, location);
  return { columns: binding.columns, isWorkTable };
}

/** The body inside its WITH, or the body alone when there are no items. */
export function wrapWith(order: readonly CteBinding[], body: LogicalNode): LogicalNode {
  if (order.length === 0) return body;
  const definitions = order.map((binding): CteDefinition => {
    const { ctematerialized } = binding.node;
    return {
      cteId: binding.cteId,
      name: binding.name,
      plan: binding.plan as LogicalNode,
      materialized:
        ctematerialized === 'CTEMaterializeAlways'
          ? true
          : ctematerialized === 'CTEMaterializeNever'
            ? false
            : null,
      recursive: binding.recursive,
      references: binding.references,
    };
  });
  return { kind: 'with', definitions, body, columns: body.columns };
}
