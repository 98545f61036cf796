/**
 * Firing one trigger: its WHEN condition, then the function the application registered.
 *
 * I1  A constraint trigger's condition is looked at when the row changes; its function may wait for the transaction's end.
 */
import { DecentDbError } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { TableDef, TriggerDef } from '../catalog/schema.ts';
import { Batch } from '../exec/batch.ts';
import { ExecContext, StatementContext } from '../exec/context.ts';
import { layoutSlots, vectorsOfRows } from '../exec/dml/row-batch.ts';
import type { Expr } from '../exec/expr.ts';
import { evaluatorOf } from '../exec/interpret/evaluator.ts';
import type { TriggerCall } from '../exec/services.ts';
import { mapExpr } from '../plan/expr-walk.ts';
import { bindTriggerCondition } from '../sql/bind/trigger-conditions.ts';
import type { Datum } from '../types/vector.ts';
import type { Session } from './session.ts';
import type { Transaction } from './transaction.ts';
import { builtInTrigger, type TriggerRun } from './trigger-run.ts';

export function fireTrigger(
  session: Session,
  txn: Transaction,
  catalog: Catalog,
  call: TriggerCall,
): readonly Datum[] | null {
  const { trigger, newRow, oldRow } = call;
  const goOn = newRow ?? oldRow;
  if (trigger.whenSql !== null && !isWanted(session, txn, catalog, call)) return goOn;
  if (trigger.constraint != null && isTriggerDeferred(txn, trigger)) {
    txn.deferredTriggers.push(call);
    return goOn;
  }
  return runTrigger(session, call);
}

/** SET CONSTRAINTS decides, else how the constraint trigger was declared. */
export function isTriggerDeferred(txn: Transaction, { id, constraint }: TriggerDef): boolean {
  if (constraint == null || !constraint.deferrable) return false;
  return txn.deferModes.get(id) ?? txn.deferModes.get(-1) ?? constraint.initiallyDeferred;
}

/** Runs the function, its condition having been met. */
export function runTrigger(session: Session, call: TriggerCall): readonly Datum[] | null {
  const { trigger } = call;
  const run =
    builtInTrigger(trigger.functionName) ??
    (session.functions.trigger(trigger.functionName) as TriggerRun | undefined);
  if (run === undefined)
    throw new DecentDbError('42883', `function ${trigger.functionName}() does not exist`, {
      detail: `Trigger "${trigger.name}" of table "${call.table.name}" calls it.`,
      hint: "Register it: db.function(name, { returns: 'trigger' }, (event) => ...).",
    });
  return run.run(call);
}

const conditions = new WeakMap<TriggerDef, Expr>();

/** The condition over the new row's columns, then the old row's. */
function conditionOf(session: Session, catalog: Catalog, table: TableDef, trigger: TriggerDef): Expr {
  let expr = conditions.get(trigger);
  if (expr === undefined) {
    const bound = bindTriggerCondition(session.bindEnv(catalog), table, trigger.whenSql as string);
    const width = table.columns.length;
    expr = mapExpr(bound.expr, (node) => {
      if (node.kind !== 'column') return node;
      const inNew = bound.newRow.indexOf(node.id);
      const slot = inNew >= 0 ? inNew : width + bound.oldRow.indexOf(node.id);
      return { kind: 'slot', slot, type: node.type, typmod: node.typmod, location: -1 };
    });
    conditions.set(trigger, expr);
  }
  return expr;
}

function isWanted(session: Session, txn: Transaction, catalog: Catalog, call: TriggerCall): boolean {
  const { table, trigger, newRow, oldRow } = call;
  const expr = conditionOf(session, catalog, table, trigger);
  const width = table.columns.length;
  const slots = layoutSlots(table).slice(0, width);
  const none = new Array<Datum>(width).fill(null);
  const vectors = vectorsOfRows([...slots, ...slots], [[...(newRow ?? none), ...(oldRow ?? none)]]);
  const statement = new StatementContext({ view: txn.readView(), params: [], eval: session.evalContext });
  const context = new ExecContext(statement, [], new Map());
  return evaluatorOf(expr)(Batch.of(vectors, 1), 0, context) === true;
}
