/**
 * CREATE TRIGGER, DROP TRIGGER, ALTER TABLE ENABLE / DISABLE TRIGGER.
 *
 * I1  A table's triggers are kept in the order of their names, which is the order they fire in.
 * I2  Functions of triggers are registered by the application; the name is all that is stored.
 */
import { DecentDbError } from '../../base/errors.ts';
import { childrenOf } from '../../catalog/family.ts';
import type { TableDef, TriggerDef, ViewDef } from '../../catalog/schema.ts';
import { viewAsTable } from '../../catalog/view-table.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { someDeep } from '../../sql/bind/expr-rewrite.ts';
import { writtenName } from '../../sql/bind/relations.ts';
import { routinesNamed } from '../../sql/bind/routine-lookup.ts';
import { bindConditionNode, type TriggerCondition } from '../../sql/bind/trigger-conditions.ts';
import { isBuiltInTrigger } from '../trigger-run.ts';
import type { DdlContext } from './context.ts';
import { changeTable } from './drop.ts';
import { dropMissing } from './drop-missing.ts';
import { adoptByAll } from './partition-parts.ts';
import { storedText } from './stored-text.ts';
import { envOf, lookUp, newId, nextVersion, rangeVarOf } from './work.ts';

const EVENTS: readonly (readonly [bit: number, event: TriggerDef['events'][number]])[] = [
  [4, 'insert'],
  [8, 'delete'],
  [16, 'update'],
  [32, 'truncate'],
];
const TRUNCATE_BIT = 32;
const BEFORE = 2;
const INSTEAD_OF = 64;

export function createTrigger(ctx: DdlContext, stmt: ast.CreateTrigStmt): void {
  const table = triggerTable(ctx, stmt);
  checkForm(stmt);
  const known = table.triggers.find((one) => one.name === stmt.trigname);
  if (known !== undefined && (!stmt.replace || stmt.isconstraint))
    throw new DecentDbError(
      '42710',
      `trigger "${stmt.trigname}" for relation "${table.name}" already exists`,
    );
  const functionName = stmt.funcname.at(-1) as string;
  requireFunction(ctx, stmt, functionName);
  const trigger: TriggerDef = {
    id: known?.id ?? newId(ctx),
    name: stmt.trigname,
    timing: stmt.timing === BEFORE ? 'before' : stmt.timing === INSTEAD_OF ? 'insteadOf' : 'after',
    events: EVENTS.filter(([bit]) => (stmt.events & bit) !== 0).map(([, event]) => event),
    updateColumns: stmt.columns.map((name) => requireColumn(table, name)),
    forEach: stmt.row ? 'row' : 'statement',
    whenSql: stmt.whenClause === null ? null : condition(ctx, table, stmt, stmt.whenClause),
    functionName,
    args: stmt.args,
    ...transitionNames(stmt),
    enabled: true,
    constraint: stmt.isconstraint ? constraintOf(ctx, stmt) : null,
  };
  changeTriggers(ctx, table.id, (all) =>
    [...all.filter((one) => one !== known), trigger].sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
  if (table.partitionKey !== undefined && trigger.forEach === 'row') adoptByAll(ctx, table.id);
}

/** Applies a change to the triggers of a table or view, if it is still there. */
export function changeTriggers(
  ctx: DdlContext,
  id: number,
  change: (all: readonly TriggerDef[]) => readonly TriggerDef[],
): void {
  const view = ctx.catalog.views.get(id);
  if (view !== undefined) {
    ctx.catalog = ctx.catalog.withView({
      ...view,
      triggers: change(view.triggers),
      version: nextVersion(ctx),
    });
    return;
  }
  changeTable(ctx, id, (draft) => {
    draft.triggers = [...change(draft.triggers)];
  });
}

function requireFunction(ctx: DdlContext, stmt: ast.CreateTrigStmt, name: string): void {
  if (isBuiltInTrigger(name) || ctx.env.userFunctions?.trigger(name) !== undefined) return;
  const made = routinesNamed(envOf(ctx), stmt.funcname).find(({ args }) => args.length === 0);
  if (made !== undefined) throw new DecentDbError('42P17', `function ${name} must return type trigger`);
  // A dump is read where nobody has registered functions yet: the trigger waits for its own.
  if (ctx.setting('decentdb.javascript_triggers') === 'on') return;
  throw new DecentDbError('42883', `function ${stmt.funcname.join('.')}() does not exist`, {
    hint: "Trigger functions are JavaScript: db.function(name, { returns: 'trigger' }, (event) => ...).",
  });
}

/** What each kind of trigger may not say. */
function checkForm(stmt: ast.CreateTrigStmt): void {
  const refuse = (message: string): DecentDbError => new DecentDbError('0A000', message);
  if ((stmt.events & TRUNCATE_BIT) !== 0 && stmt.row)
    throw refuse('TRUNCATE FOR EACH ROW triggers are not supported');
  if (stmt.timing !== INSTEAD_OF) return;
  if (!stmt.row) throw refuse('INSTEAD OF triggers must be FOR EACH ROW');
  if (stmt.whenClause !== null) throw refuse('INSTEAD OF triggers cannot have WHEN conditions');
  if (stmt.columns.length > 0) throw refuse('INSTEAD OF triggers cannot have column lists');
}

function constraintOf(ctx: DdlContext, stmt: ast.CreateTrigStmt): NonNullable<TriggerDef['constraint']> {
  const from = stmt.constrrel === null ? null : lookUp(ctx, stmt.constrrel);
  if (stmt.constrrel !== null && from?.kind !== 'table')
    throw new DecentDbError('42P01', `relation "${writtenName(stmt.constrrel)}" does not exist`);
  return {
    deferrable: stmt.deferrable,
    initiallyDeferred: stmt.initdeferred,
    fromTableId: from?.kind === 'table' ? from.table.id : null,
  };
}

function triggerTable(ctx: DdlContext, stmt: ast.CreateTrigStmt): TableDef {
  const relation = lookUp(ctx, stmt.relation);
  if (relation === null)
    throw new DecentDbError('42P01', `relation "${writtenName(stmt.relation)}" does not exist`);
  if (relation.kind === 'view' && relation.view.materializedTableId === null) {
    const { view } = relation;
    const refuse = (detail: string): DecentDbError =>
      new DecentDbError('42809', `"${view.name}" is a view`, { detail });
    if ((stmt.events & TRUNCATE_BIT) !== 0) throw refuse('Views cannot have TRUNCATE triggers.');
    if (stmt.timing !== INSTEAD_OF && stmt.row)
      throw refuse('Views cannot have row-level BEFORE or AFTER triggers.');
    if (stmt.timing !== INSTEAD_OF) throw bindNotSupported('a statement trigger on a view', stmt.location);
    return viewAsTable(view);
  }
  if (relation.kind !== 'table')
    throw new DecentDbError('42809', `relation "${stmt.relation.relname}" cannot have triggers`, {
      detail: `This operation is not supported for ${relation.kind === 'index' ? 'indexes' : `${relation.kind}s`}.`,
    });
  if (stmt.timing === INSTEAD_OF)
    throw new DecentDbError('42809', `"${relation.table.name}" is a table`, {
      detail: 'Tables cannot have INSTEAD OF triggers.',
    });
  return relation.table;
}

function requireColumn(table: TableDef, name: string): number {
  const position = table.columns.findIndex((column) => column.name === name && !column.isDropped);
  if (position < 0)
    throw new DecentDbError('42703', `column "${name}" of relation "${table.name}" does not exist`);
  return position;
}

/** The WHEN condition as text, checked against what the trigger has. */
function condition(ctx: DdlContext, table: TableDef, stmt: ast.CreateTrigStmt, node: ast.Expr): string {
  const bound = bindConditionNode(envOf(ctx), table, node);
  const refuse = (message: string): Error => new DecentDbError('42P17', message);
  if (!stmt.row && (uses(bound, bound.oldRow) || uses(bound, bound.newRow)))
    throw refuse("statement trigger's WHEN condition cannot reference column values");
  if ((stmt.events & 4) !== 0 && uses(bound, bound.oldRow))
    throw refuse("INSERT trigger's WHEN condition cannot reference OLD values");
  if ((stmt.events & 8) !== 0 && uses(bound, bound.newRow))
    throw refuse("DELETE trigger's WHEN condition cannot reference NEW values");
  return storedText(ctx, node);
}

function uses(bound: TriggerCondition, row: TriggerCondition['oldRow']): boolean {
  return someDeep(bound.expr, (at) => at.kind === 'column' && row.includes(at.id));
}

function transitionNames(stmt: ast.CreateTrigStmt): Pick<TriggerDef, 'oldTable' | 'newTable'> {
  if (stmt.transitionRels.length > 0 && stmt.timing !== 0)
    throw new DecentDbError('42P17', 'transition table name can only be specified for an AFTER trigger');
  const name = (isNew: boolean): string | null =>
    stmt.transitionRels.find((one) => one.isNew === isNew && one.isTable)?.name ?? null;
  if (stmt.transitionRels.some((one) => !one.isTable))
    throw bindNotSupported('ROW variable naming in the REFERENCING clause', stmt.location);
  if (name(false) !== null && (stmt.events & 4) !== 0 && (stmt.events & 24) === 0)
    throw new DecentDbError('42P17', 'OLD TABLE can only be specified for a DELETE or UPDATE trigger');
  if (name(true) !== null && (stmt.events & 20) === 0)
    throw new DecentDbError('42P17', 'NEW TABLE can only be specified for an INSERT or UPDATE trigger');
  return { oldTable: name(false), newTable: name(true) };
}

/** A trigger of a partitioned table goes with those made for it; one of those does not go alone. */
function dropTrigger(ctx: DdlContext, owner: TableDef | ViewDef, trigger: TriggerDef): void {
  const parents = 'parents' in owner ? (owner.parents ?? []) : [];
  const parent = ctx.catalog.table(parents[0] ?? -1);
  const isMade = trigger.parentId !== undefined && parent?.triggers.some(({ id }) => id === trigger.parentId);
  if (isMade === true)
    throw new DecentDbError(
      '2BP01',
      `cannot drop trigger ${trigger.name} on table ${owner.name} because trigger ${trigger.name} on table ${parent?.name} requires it`,
      { hint: `You can drop trigger ${trigger.name} on table ${parent?.name} instead.` },
    );
  removeTrigger(ctx, owner.id, trigger.id);
}

function removeTrigger(ctx: DdlContext, ownerId: number, id: number): void {
  changeTriggers(ctx, ownerId, (all) => all.filter((one) => one.id !== id));
  for (const child of childrenOf(ctx.catalog, ownerId))
    for (const made of child.triggers) if (made.parentId === id) removeTrigger(ctx, child.id, made.id);
}

export function dropTriggers(ctx: DdlContext, stmt: ast.DropStmt): string {
  for (const object of stmt.objects) {
    const name = object.names.at(-1) as string;
    const relation = lookUp(ctx, rangeVarOf(object.names.slice(0, -1)));
    const owner =
      relation?.kind === 'table' ? relation.table : relation?.kind === 'view' ? relation.view : null;
    if (owner?.triggers.some((one) => one.name === name) !== true) {
      dropMissing(ctx, { ...stmt, objects: [object] });
      continue;
    }
    dropTrigger(ctx, owner, owner.triggers.find((one) => one.name === name) as TriggerDef);
  }
  return 'DROP TRIGGER';
}

export function switchTriggers(ctx: DdlContext, table: TableDef, cmd: ast.AlterTableCmd): void {
  const { name } = cmd;
  if (name !== null && !table.triggers.some((trigger) => trigger.name === name))
    throw new DecentDbError('42704', `trigger "${name}" for table "${table.name}" does not exist`);
  const enabled = cmd.subtype.startsWith('AT_Enable');
  changeTable(ctx, table.id, (draft) => {
    draft.triggers = draft.triggers.map((trigger) =>
      name === null || trigger.name === name ? { ...trigger, enabled } : trigger,
    );
  });
}
