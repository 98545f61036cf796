/**
 * Stored texts in which a label of an enum gets another name and its type is told by its surroundings alone: `f = 'ok'`.
 *
 * I1  Texts are bound with the label as it was, for what each literal is taken for; one that cannot be bound stays as it is.
 * I2  Labels written with their type are found by name (renamed-texts.ts).
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { plainColumn } from '../../catalog/plain-column.ts';
import { inputParameters, type RoutineDef } from '../../catalog/routines.ts';
import type { ColumnDef, DomainForm, TableDef, TypeDef, ViewDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import type { ClauseKind } from '../../sql/bind/clauses.ts';
import { coerceAssignment } from '../../sql/bind/coerce.ts';
import { bindDomainCheck } from '../../sql/bind/domains.ts';
import { bindExpr } from '../../sql/bind/expressions.ts';
import { Level } from '../../sql/bind/level.ts';
import { isQuery, routineBody, routineEnv } from '../../sql/bind/routine-body.ts';
import { typeIn } from '../../sql/bind/routine-lookup.ts';
import { type BindRecorder, BindState } from '../../sql/bind/state.ts';
import { bindView, bindWithState } from '../../sql/bind/statement.ts';
import { asStored, bindOverRow } from '../../sql/bind/stored-expressions.ts';
import { bindConditionNode } from '../../sql/bind/trigger-conditions.ts';
import { parseView, withoutPositions } from '../../sql/bind/views.ts';
import { parseExpression } from '../../sql/parse/parse.ts';
import { printExpr } from '../../sql/print/expression.ts';
import { printSelect } from '../../sql/print/select.ts';
import { consistsOf } from '../../types/datum-hash.ts';
import { defaultTypeSettings, domainBase, type SqlType } from '../../types/sql-type.ts';
import { replaceNodes } from './canonical-query.ts';
import type { DdlContext } from './context.ts';
import { changeTable } from './drop.ts';
import { withBody, withDefaults } from './renamed-texts.ts';
import { withDefaultTexts } from './view-defaults.ts';
import { envOf, nextVersion } from './work.ts';

/** The literals that are taken for the label. */
class Labels implements BindRecorder {
  readonly replacements: Map<object, object> = new Map();
  readonly #typeId: number;
  /** The catalogue with the new label. */
  readonly #after: Catalog;
  readonly #literals: Map<Expr, ast.A_Const & { readonly sval: string }> = new Map();

  constructor(typeId: number, after: Catalog) {
    this.#typeId = typeId;
    this.#after = after;
  }

  relation(): void {}
  star(): void {}
  column(): void {}

  bound(node: ast.Expr, expr: Expr): void {
    if (node.kind === 'A_Const' && node.constType === 'String') this.#literals.set(expr, node);
  }

  /** A label, or an array, a row or a range with it. */
  literal(expr: Expr, type: SqlType): void {
    const node = this.#literals.get(expr);
    if (node === undefined || !consistsOf(type, this.#typeId)) return;
    const value = type.input(node.sval, -1, defaultTypeSettings);
    const sval = this.#after.userType(type.oid)?.output(value, defaultTypeSettings);
    if (sval !== undefined && sval !== type.output(value, defaultTypeSettings))
      this.replacements.set(node, { ...node, sval });
  }
}

/** Changes the texts; the type still has its old label. */
export function renameLabelByMeaning(ctx: DdlContext, { id }: TypeDef, from: string, after: Catalog): void {
  // Within an array or a row it may be written in another way.
  const written = /["\\]/.test(from) ? '' : from.replaceAll("'", "''");
  const find = (text: string, bind: (labels: Labels) => void): ReadonlyMap<object, object> => {
    const labels = new Labels(id, after);
    if (!text.includes(written)) return labels.replacements;
    try {
      withoutPositions(() => bind(labels));
    } catch (error) {
      if (!(error instanceof DecentDbError) || error.code.startsWith('XX')) throw error;
    }
    return labels.replacements;
  };
  const inTree = (sql: string, bind: (tree: ast.Expr, labels: Labels) => void): string => {
    const tree = parseExpression(sql);
    const found = find(sql, (labels) => bind(tree, labels));
    return found.size === 0 ? sql : printExpr(replaceNodes(tree, found));
  };
  const views: ViewDef[] = [];
  for (const view of ctx.catalog.views.values()) {
    const found = find(view.sql, (labels) => bindView(view, envOf(ctx), labels));
    const columns = withDefaultTexts(view.columns, (sql, { name, type, typmod }) =>
      inTree(sql, (tree, labels) => bindDefault(ctx, tree, labels, plainColumn(name, 1, type, typmod))),
    );
    if (found.size > 0 || columns !== view.columns)
      views.push({
        ...view,
        columns,
        sql: found.size === 0 ? view.sql : printSelect(replaceNodes(parseView(view), found)),
        version: nextVersion(ctx),
      });
  }
  const routines = [...ctx.catalog.routines.values()].flatMap((routine): RoutineDef[] => {
    if (routine.bodyForm === 'text') return [];
    const found = find(routine.body, (labels) => bindBody(ctx, routine, labels));
    return found.size === 0 ? [] : [withBody(routine, found)];
  });
  for (const table of ctx.catalog.tables.values()) renameInTable(ctx, table, find);
  for (const view of views) ctx.catalog = ctx.catalog.withView(view);
  for (const routine of routines) ctx.catalog = ctx.catalog.withRoutine(routine);
  const defaults = withDefaults(ctx, (sql) =>
    sql === null ? sql : inTree(sql, (tree, labels) => bindDefault(ctx, tree, labels, null)),
  );
  // Domains last: what is bound above asks for their checks.
  const domains = [...ctx.catalog.types.values()].flatMap((type) =>
    type.form.kind === 'domain' ? [{ ...type, form: renameInDomain(ctx, type.form, inTree) }] : [],
  );
  for (const routine of defaults) ctx.catalog = ctx.catalog.withRoutine(routine);
  for (const domain of domains) ctx.catalog = ctx.catalog.withType(domain);
}

type InTree = (sql: string, bind: (tree: ast.Expr, labels: Labels) => void) => string;

function renameInDomain(ctx: DdlContext, form: DomainForm, inTree: InTree): DomainForm {
  const { defaultSql, typmod } = form;
  const base = ctx.catalog.userTypes.resolve(form.baseTypeId);
  const value: Expr = { kind: 'caseTest', type: domainBase(base), typmod, location: -1 };
  const inCheck = (tree: ast.Expr, labels: Labels): void => {
    const state = new BindState(envOf(ctx), labels);
    asStored(state, () => bindDomainCheck(new Level(state, null), tree, value));
  };
  return {
    ...form,
    defaultSql:
      defaultSql &&
      inTree(defaultSql, (tree, labels) =>
        bindDefault(ctx, tree, labels, plainColumn('value', 1, base, typmod)),
      ),
    checks: form.checks.map((check) => ({ ...check, sql: inTree(check.sql, inCheck) })),
  };
}

function bindDefault(ctx: DdlContext, tree: ast.Expr, labels: Labels, column: ColumnDef | null): void {
  const state = new BindState(envOf(ctx), labels);
  asStored(state, () => {
    const level = new Level(state, null);
    const expr = bindExpr(level, tree, 'columnDefault');
    if (column !== null) coerceAssignment(level, expr, column);
  });
}

function bindBody(ctx: DdlContext, routine: RoutineDef, labels: Labels): void {
  const argTypes = inputParameters(routine).map(({ typeId }) => typeIn(ctx.catalog, typeId) as SqlType);
  const env = routineEnv(envOf(ctx), routine, argTypes);
  for (const { stmt } of routineBody(routine).statements) if (isQuery(stmt)) bindWithState(stmt, env, labels);
}

type Find = (text: string, bind: (labels: Labels) => void) => ReadonlyMap<object, object>;

function renameInTable(ctx: DdlContext, table: TableDef, find: Find): void {
  const overRow =
    (kind: ClauseKind, column: ColumnDef | null = null) =>
    <T extends string | null>(sql: T): T => {
      if (sql === null) return sql;
      const tree = parseExpression(sql);
      const found = find(sql, (labels) => bindTree(ctx, table, tree, kind, column, labels));
      return found.size === 0 ? sql : (printExpr(replaceNodes(tree, found)) as T);
    };
  const columns = table.columns.map((one) => {
    if (one.isDropped || one.defaultSql === null) return one;
    const defaultSql = overRow(one.generated === null ? 'columnDefault' : 'generated', one)(one.defaultSql);
    return defaultSql === one.defaultSql ? one : { ...one, defaultSql };
  });
  const constraints = table.constraints.map((one) => {
    const sql = one.kind === 'check' ? overRow('check')(one.sql) : null;
    return one.kind !== 'check' || sql === null || sql === one.sql ? one : { ...one, sql };
  });
  const indexes = table.indexes.map((index) => {
    const predicateSql = overRow('indexPredicate')(index.predicateSql);
    const keys = index.keys.map((key) => ({
      ...key,
      expressionSql: overRow('indexExpression')(key.expressionSql),
    }));
    const isSame =
      predicateSql === index.predicateSql &&
      keys.every((key, i) => key.expressionSql === index.keys[i]?.expressionSql);
    return isSame ? index : { ...index, predicateSql, keys };
  });
  const triggers = table.triggers.map((one) => {
    if (one.whenSql === null) return one;
    const tree = parseExpression(one.whenSql);
    const found = find(one.whenSql, (labels) => bindConditionNode(envOf(ctx), table, tree, labels));
    return found.size === 0 ? one : { ...one, whenSql: printExpr(replaceNodes(tree, found)) };
  });
  const key = table.partitionKey;
  const parts = key?.parts.map((part) => {
    const expressionSql = overRow('partitionKey')(part.expressionSql);
    return expressionSql === part.expressionSql ? part : { ...part, expressionSql };
  });
  const isSame =
    columns.every((one, i) => one === table.columns[i]) &&
    constraints.every((one, i) => one === table.constraints[i]) &&
    indexes.every((one, i) => one === table.indexes[i]) &&
    triggers.every((one, i) => one === table.triggers[i]) &&
    (parts === undefined || parts.every((one, i) => one === key?.parts[i]));
  if (isSame) return;
  changeTable(ctx, table.id, (draft) => {
    Object.assign(draft, { columns, constraints, indexes, triggers });
    if (key !== undefined && parts !== undefined)
      draft.family = { ...draft.family, partitionKey: { ...key, parts } };
  });
}

function bindTree(
  ctx: DdlContext,
  table: TableDef,
  tree: ast.Expr,
  kind: ClauseKind,
  column: ColumnDef | null,
  labels: Labels,
): void {
  const state = new BindState(envOf(ctx), labels);
  const level = new Level(state, null);
  asStored(state, () => {
    const row = table.columns.map(({ name }) => state.newColumnId(null, table.name, name));
    const expr =
      kind === 'columnDefault' ? bindExpr(level, tree, kind) : bindOverRow(state, table, row, tree, kind);
    if (column !== null) coerceAssignment(level, expr, column);
  });
}
