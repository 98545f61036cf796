/**
 * ALTER TABLE: the list of commands, each applied to the table as the one before left it.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Relation } from '../../catalog/catalog.ts';
import { descendantsOf } from '../../catalog/family.ts';
import type { TableDef, ViewDef } from '../../catalog/schema.ts';
import { viewAsTable } from '../../catalog/view-table.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { writtenName } from '../../sql/bind/relations.ts';
import { addTableColumn } from './add-column.ts';
import {
  alterColumnType,
  dropTableColumn,
  setColumnDefault,
  setExpression,
  setIdentityOptions,
  setNotNull,
} from './alter-column.ts';
import { alterComposite } from './alter-composite.ts';
import { addConstraint, alterConstraint, dropConstraint, validateConstraint } from './alter-constraint.ts';
import { alterFamily } from './alter-family.ts';
import { addInherit, attachIndex, attachPartition, detachPartition, dropInherit } from './attach.ts';
import { addIdentity, newDefault, requireIdentityType, withAttributes } from './columns.ts';
import type { DdlContext } from './context.ts';
import { changeTable, remove } from './drop.ts';
import { setRelationOwner } from './grants.ts';
import { setIndexOptions } from './reindex.ts';
import { checkOptionIn, checkTableParameters, viewOptions } from './storage-parameters.ts';
import { switchTriggers } from './triggers.ts';
import { alterTyped } from './typed-tables.ts';
import { changeViewDefault } from './view-defaults.ts';
import { lookUp, nextVersion } from './work.ts';

const TAGS: Partial<Record<ast.ObjectType, string>> = {
  OBJECT_INDEX: 'ALTER INDEX',
  OBJECT_SEQUENCE: 'ALTER SEQUENCE',
  OBJECT_VIEW: 'ALTER VIEW',
  OBJECT_MATVIEW: 'ALTER MATERIALIZED VIEW',
};

/** Commands that mean nothing to this engine and are accepted. */
const NO_EFFECT: ReadonlySet<ast.AlterTableType> = new Set([
  'AT_ChangeOwner',
  'AT_SetStatistics',
  'AT_SetStorage',
  'AT_SetCompression',
  'AT_ClusterOn',
  'AT_DropCluster',
  'AT_SetLogged',
  'AT_SetUnLogged',
  'AT_DropOids',
  'AT_SetAccessMethod',
  'AT_SetTableSpace',
  'AT_SetRelOptions',
  'AT_ResetRelOptions',
  'AT_SetOptions',
  'AT_ResetOptions',
  'AT_ReplicaIdentity',
  'AT_NoForceRowSecurity',
  'AT_DisableRowSecurity',
]);

export function alterTable(ctx: DdlContext, stmt: ast.AlterTableStmt): string {
  if (stmt.objtype === 'OBJECT_TYPE') {
    alterComposite(ctx, stmt, (id, cmd) =>
      alterFamily({
        ctx,
        table: ctx.catalog.table(id) as TableDef,
        cmd,
        isForAll: true,
        isFromParent: false,
        apply: (table, one) => alterOne(ctx, table, one),
      }),
    );
    return 'ALTER TYPE';
  }
  const tag = TAGS[stmt.objtype] ?? 'ALTER TABLE';
  const relation = lookUp(ctx, stmt.relation);
  if (relation === null) {
    if (!stmt.missing_ok)
      throw new DecentDbError('42P01', `relation "${writtenName(stmt.relation)}" does not exist`);
    ctx.notice({
      severity: 'NOTICE',
      code: '00000',
      message: `relation "${stmt.relation.relname}" does not exist, skipping`,
    });
    return tag;
  }
  requireViewNamed(stmt, relation);
  if (relation.kind === 'table') {
    ctx.requireUnused(relation.table, 'ALTER TABLE');
    if (stmt.relation.inh)
      for (const below of descendantsOf(ctx.catalog, relation.table)) ctx.requireUnused(below, 'ALTER TABLE');
  }
  if (relation.kind === 'index')
    for (const cmd of stmt.cmds)
      if (cmd.subtype === 'AT_SetRelOptions' || cmd.subtype === 'AT_ResetRelOptions')
        setIndexOptions(
          ctx,
          stmt.relation,
          cmd.def?.kind === 'DefElemList' ? cmd.def.items : [],
          cmd.subtype === 'AT_ResetRelOptions',
        );
  for (const cmd of stmt.cmds) if (cmd.newowner !== null) setRelationOwner(ctx, stmt.relation, cmd.newowner);
  if (relation.kind === 'view') for (const cmd of stmt.cmds) alterViewOptions(ctx, relation.view.id, cmd);
  if (relation.kind === 'table')
    for (const cmd of stmt.cmds)
      if (cmd.subtype === 'AT_SetRelOptions' && cmd.def?.kind === 'DefElemList')
        checkTableParameters(cmd.def.items);
  const [first] = stmt.cmds;
  if (relation.kind === 'index' && first?.subtype === 'AT_AttachPartition') {
    attachIndex(ctx, relation.index, relation.table, (first.def as ast.PartitionCmd).name);
    return tag;
  }
  if (stmt.cmds.every((cmd) => NO_EFFECT.has(cmd.subtype))) return tag;
  if (relation.kind === 'view' && relation.view.materializedTableId === null)
    for (const cmd of inPasses(stmt.cmds))
      if (cmd.subtype === 'AT_ColumnDefault')
        setViewDefault(ctx, relation.view.id, cmd.name ?? '', cmd.def as ast.Expr | null);
  if (relation.kind !== 'table') {
    const cmd = stmt.cmds.find(({ subtype }) => !doesNothingOn(relation, subtype));
    if (cmd === undefined) return tag;
    const action = ACTIONS[cmd.subtype];
    if (action !== undefined)
      throw new DecentDbError(
        '42809',
        `ALTER action ${action} cannot be performed on relation "${stmt.relation.relname}"`,
        { detail: `This operation is not supported for ${pluralOf(relation)}.` },
      );
    throw bindNotSupported(`ALTER of a ${relation.kind} by ${words(cmd.subtype)}`, stmt.relation.location);
  }
  const { id } = relation.table;
  for (const cmd of inPasses(stmt.cmds)) {
    if (alterTyped(ctx, ctx.catalog.table(id) as TableDef, cmd)) continue;
    alterFamily({
      ctx,
      table: ctx.catalog.table(id) as TableDef,
      cmd,
      isForAll: stmt.relation.inh,
      isFromParent: false,
      apply: (table, one) => alterOne(ctx, table, one),
    });
  }
  return tag;
}

/** 42809 where ALTER VIEW or ALTER MATERIALIZED VIEW names something else. */
function requireViewNamed({ objtype, relation: { relname } }: ast.AlterTableStmt, relation: Relation): void {
  const isView = relation.kind === 'view' && relation.view.materializedTableId === null;
  const isMaterialized = relation.kind === 'view' && !isView;
  if (objtype === 'OBJECT_VIEW' && !isView) throw new DecentDbError('42809', `"${relname}" is not a view`);
  if (objtype === 'OBJECT_MATVIEW' && !isMaterialized)
    throw new DecentDbError('42809', `"${relname}" is not a materialized view`);
}

/** Whether nothing of a command is left to do on what is no table. */
function doesNothingOn(relation: Relation, subtype: ast.AlterTableType): boolean {
  const isView = relation.kind === 'view' && relation.view.materializedTableId === null;
  return NO_EFFECT.has(subtype) || (isView && subtype === 'AT_ColumnDefault');
}

/** What only tables can have done to them, as PostgreSQL calls it. */
const ACTIONS: Partial<Record<ast.AlterTableType, string>> = {
  AT_ColumnDefault: 'ALTER COLUMN ... SET DEFAULT',
  AT_AddColumn: 'ADD COLUMN',
  AT_DropColumn: 'DROP COLUMN',
  AT_DropNotNull: 'ALTER COLUMN ... DROP NOT NULL',
  AT_SetNotNull: 'ALTER COLUMN ... SET NOT NULL',
  AT_SetExpression: 'ALTER COLUMN ... SET EXPRESSION',
  AT_DropExpression: 'ALTER COLUMN ... DROP EXPRESSION',
  AT_AlterColumnType: 'ALTER COLUMN ... SET DATA TYPE',
  AT_AddIdentity: 'ALTER COLUMN ... ADD IDENTITY',
  AT_SetIdentity: 'ALTER COLUMN ... SET',
  AT_DropIdentity: 'ALTER COLUMN ... DROP IDENTITY',
  AT_AddConstraint: 'ADD CONSTRAINT',
  AT_AlterConstraint: 'ALTER CONSTRAINT',
  AT_ValidateConstraint: 'VALIDATE CONSTRAINT',
  AT_DropConstraint: 'DROP CONSTRAINT',
};

function pluralOf(relation: Relation): string {
  if (relation.kind === 'index') return 'indexes';
  if (relation.kind !== 'view') return `${relation.kind}s`;
  return relation.view.materializedTableId === null ? 'views' : 'materialized views';
}

/** ALTER VIEW ... SET (...) and RESET (...). */
function alterViewOptions(ctx: DdlContext, id: number, cmd: ast.AlterTableCmd): void {
  const view = ctx.catalog.views.get(id);
  if (view === undefined || cmd.def?.kind !== 'DefElemList') return;
  // Those of a materialized view are a table's: checked, and of no effect.
  if (view.materializedTableId !== null) {
    if (cmd.subtype === 'AT_SetRelOptions') checkTableParameters(cmd.def.items);
    return;
  }
  let { options } = view;
  if (cmd.subtype === 'AT_SetRelOptions') options = viewOptions(cmd.def.items, options);
  else if (cmd.subtype === 'AT_ResetRelOptions') {
    const gone = new Set(cmd.def.items.map(({ defname }) => defname));
    options = Object.fromEntries(Object.entries(options).filter(([name]) => !gone.has(name)));
  } else return;
  const checkOption = checkOptionIn(options) ?? ('check_option' in view.options ? null : view.checkOption);
  ctx.catalog = ctx.catalog.withView({ ...view, options, checkOption, version: nextVersion(ctx) });
}

/** ALTER VIEW ... ALTER COLUMN ... SET DEFAULT; DROP DEFAULT where `node` is null. */
function setViewDefault(ctx: DdlContext, id: number, name: string, node: ast.Expr | null): void {
  const view = ctx.catalog.views.get(id) as ViewDef;
  const at = view.columns.findIndex((column) => column.name === name);
  const column = viewAsTable(view).columns[at];
  if (column === undefined)
    throw new DecentDbError('42703', `column "${name}" of relation "${view.name}" does not exist`);
  changeViewDefault(ctx, id, at, node === null ? undefined : newDefault(ctx, column, node));
}

/** PostgreSQL's passes: drops first, then type changes, then what is added. */
function inPasses(cmds: readonly ast.AlterTableCmd[]): readonly ast.AlterTableCmd[] {
  const pass = (cmd: ast.AlterTableCmd): number => {
    switch (cmd.subtype) {
      case 'AT_DropColumn':
      case 'AT_DropConstraint':
      case 'AT_DropNotNull':
      case 'AT_DropIdentity':
        return 0;
      case 'AT_ColumnDefault':
        return cmd.def === null ? 0 : 3;
      case 'AT_AlterColumnType':
        return 1;
      case 'AT_AddColumn':
        return 2;
      case 'AT_AddConstraint':
        return cmd.def?.kind === 'Constraint' && cmd.def.contype === 'CONSTR_FOREIGN' ? 5 : 4;
      default:
        return 3;
    }
  };
  return cmds.flatMap(referencesApart).sort((a, b) => pass(a) - pass(b));
}

/** ADD COLUMN ... REFERENCES as two commands: the key referred to may be another command's. */
function referencesApart(cmd: ast.AlterTableCmd): readonly ast.AlterTableCmd[] {
  if (cmd.subtype !== 'AT_AddColumn' || cmd.missing_ok || cmd.def?.kind !== 'ColumnDef') return [cmd];
  const { colname } = cmd.def;
  const constraints = withAttributes(cmd.def.constraints);
  const keys = constraints.filter(({ contype }) => contype === 'CONSTR_FOREIGN');
  if (keys.length === 0) return [cmd];
  const others = constraints.filter(({ contype }) => contype !== 'CONSTR_FOREIGN');
  return [
    { ...cmd, def: { ...cmd.def, constraints: others } },
    ...keys.map(
      (key): ast.AlterTableCmd => ({
        ...cmd,
        subtype: 'AT_AddConstraint',
        def: { ...key, fk_attrs: [colname] },
      }),
    ),
  ];
}

function words(subtype: ast.AlterTableType): string {
  return subtype
    .slice('AT_'.length)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase();
}

function alterOne(ctx: DdlContext, table: TableDef, cmd: ast.AlterTableCmd): void {
  const name = cmd.name ?? '';
  switch (cmd.subtype) {
    case 'AT_AddColumn':
      addTableColumn(ctx, table, cmd.def as ast.ColumnDef, cmd.missing_ok);
      return;
    case 'AT_DropColumn':
      dropTableColumn(ctx, table, name, cmd);
      return;
    case 'AT_ColumnDefault':
      setColumnDefault(ctx, table, name, cmd.def as ast.Expr | null);
      return;
    case 'AT_SetNotNull':
      setNotNull(ctx, table, name);
      return;
    case 'AT_DropNotNull':
      dropNotNull(ctx, table, name);
      return;
    case 'AT_AlterColumnType':
      alterColumnType(ctx, table, name, cmd.def as ast.ColumnDef);
      return;
    case 'AT_AddConstraint':
      addConstraint(ctx, table, cmd.def as ast.Constraint);
      return;
    case 'AT_DropConstraint':
      dropConstraint(ctx, table, name, cmd);
      return;
    case 'AT_AlterConstraint':
      alterConstraint(ctx, table, cmd.def as ast.Constraint);
      return;
    case 'AT_SetExpression':
      setExpression(ctx, table, name, cmd.def as ast.Expr);
      return;
    case 'AT_ValidateConstraint':
      validateConstraint(ctx, table, name);
      return;
    default:
      alterRest(ctx, table, cmd);
  }
}

function alterRest(ctx: DdlContext, table: TableDef, cmd: ast.AlterTableCmd): void {
  const name = cmd.name ?? '';
  switch (cmd.subtype) {
    case 'AT_AddIdentity':
      changeTable(ctx, table.id, (draft) => {
        const position = draft.requireColumn(name);
        const column = draft.columns[position];
        if (column !== undefined) requireIdentityType(column.type);
        if (column?.notNull === false)
          throw new DecentDbError(
            '55000',
            `column "${name}" of relation "${table.name}" must be declared NOT NULL before identity can be added`,
          );
        if (column?.identity !== null)
          throw new DecentDbError(
            '55000',
            `column "${name}" of relation "${table.name}" is already an identity column`,
          );
        if (column?.defaultSql !== null)
          throw new DecentDbError(
            '55000',
            `column "${name}" of relation "${table.name}" already has a default value`,
          );
        const node = cmd.def as ast.Constraint;
        addIdentity(draft, position, node.generated_when === 'a' ? 'always' : 'byDefault', node.options);
      });
      return;
    case 'AT_AttachPartition':
      attachPartition(ctx, table, cmd.def as ast.PartitionCmd);
      return;
    case 'AT_DetachPartition': {
      const { concurrent, location } = cmd.def as ast.PartitionCmd;
      if (concurrent) throw bindNotSupported('DETACH PARTITION CONCURRENTLY', location);
      detachPartition(ctx, table, cmd.def as ast.PartitionCmd);
      return;
    }
    case 'AT_AddInherit':
      addInherit(ctx, table, cmd.def as ast.RangeVar);
      return;
    case 'AT_DropInherit':
      dropInherit(ctx, table, cmd.def as ast.RangeVar);
      return;
    case 'AT_SetIdentity':
      setIdentityOptions(ctx, table, name, (cmd.def as ast.DefElemList).items);
      return;
    case 'AT_DropIdentity':
      dropIdentity(ctx, table, name, cmd.missing_ok);
      return;
    case 'AT_DropExpression':
      changeTable(ctx, table.id, (draft) => {
        const position = draft.requireColumn(name);
        const isStored = draft.columns[position]?.generated === 'stored';
        if (draft.columns[position]?.generated === 'virtual')
          throw bindNotSupported('ALTER TABLE / DROP EXPRESSION for virtual generated columns', -1);
        if (!isStored && cmd.missing_ok) {
          const message = `column "${name}" of relation "${table.name}" is not a stored generated column, skipping`;
          ctx.notice({ severity: 'NOTICE', code: '00000', message });
          return;
        }
        if (!isStored)
          throw new DecentDbError(
            '55000',
            `column "${name}" of relation "${table.name}" is not a stored generated column`,
          );
        draft.setColumn(position, { generated: null, defaultSql: null });
      });
      return;
    case 'AT_EnableTrig':
    case 'AT_DisableTrig':
    case 'AT_EnableTrigAll':
    case 'AT_DisableTrigAll':
    case 'AT_EnableTrigUser':
    case 'AT_DisableTrigUser':
      switchTriggers(ctx, table, cmd);
      return;
    default:
      if (!NO_EFFECT.has(cmd.subtype))
        throw bindNotSupported(`ALTER TABLE ${words(cmd.subtype)}`, cmd.location);
  }
}

function dropNotNull(ctx: DdlContext, table: TableDef, name: string): void {
  changeTable(ctx, table.id, (draft) => {
    const position = draft.requireColumn(name);
    const inKey = table.constraints.some(
      (constraint) => constraint.kind === 'primaryKey' && constraint.columns.includes(position),
    );
    if (inKey) throw new DecentDbError('42P16', `column "${name}" is in a primary key`);
    if (draft.columns[position]?.identity !== null)
      throw new DecentDbError('42601', `column "${name}" of relation "${table.name}" is an identity column`);
    draft.setColumn(position, { notNull: false });
  });
}

function dropIdentity(ctx: DdlContext, table: TableDef, name: string, missingOk: boolean): void {
  const position = table.columns.findIndex((column) => column.name === name && !column.isDropped);
  const column = table.columns[position];
  if (column === undefined)
    throw new DecentDbError('42703', `column "${name}" of relation "${table.name}" does not exist`);
  if (column.identity === null) {
    if (missingOk) {
      const message = `column "${name}" of relation "${table.name}" is not an identity column, skipping`;
      ctx.notice({ severity: 'NOTICE', code: '00000', message });
      return;
    }
    throw new DecentDbError(
      '55000',
      `column "${name}" of relation "${table.name}" is not an identity column`,
    );
  }
  const sequence = ctx.catalog.sequences.get(column.sequenceId ?? -1);
  changeTable(ctx, table.id, (draft) => {
    draft.setColumn(position, { identity: null, sequenceId: null, defaultSql: null });
  });
  if (sequence !== undefined) remove(ctx, { kind: 'sequence', sequence });
}
