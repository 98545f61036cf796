/** Definitions, comments and visibility of schema objects. */
import { DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { type RoutineDef, routineSignature } from '../../catalog/routines.ts';
import { typeIn } from '../../sql/bind/routine-lookup.ts';
import { shownView } from '../../sql/bind/shown-definitions.ts';
import { writableColumns } from '../../sql/bind/view-targets.ts';
import { typeByOid } from '../../types/registry.ts';
import type { Datum } from '../../types/vector.ts';
import { describeObject } from '../ddl/object-labels.ts';
import type { Session } from '../session.ts';
import { builtinRoutine } from '../virtual/builtin-routines.ts';
import {
  constraintSql,
  domainCheckSql,
  indexesShown,
  indexSql,
  keySql,
  quoted,
  withShownExpressions,
} from '../virtual/definitions.ts';
import { hasInsteadOf } from '../virtual/information-views.ts';
import { systemViewOf } from '../virtual/object-ids.ts';
import { domainConstraintId } from '../virtual/pg-relations.ts';
import { routineArguments, routineResult, routineSql } from '../virtual/routine-definition.ts';
import { triggerSql } from '../virtual/trigger-definition.ts';
import {
  isRelationVisible,
  isRoutineVisible,
  isTypeVisible,
  namedType,
  typeShown,
} from '../virtual/visible-names.ts';
import { runningOf, type SessionService } from './service.ts';

const catalogOf = (session: Session) => session.catalogOf(runningOf(session));

/** The oid of a name, or null where there is nothing of that name. */
function oidOrNull(session: Session, kind: string, name: Datum): Datum {
  try {
    return session.settings.types.objectNames?.oidOf(kind, String(name)) ?? null;
  } catch (error) {
    if (
      error instanceof DecentDbError &&
      ['42P01', '42704', '3F000', '42883', '42725', '42P02', '22P02', '54023'].includes(error.code)
    )
      return null;
    throw error;
  }
}

function isVisible(session: Session, id: number): boolean | null {
  const catalog = catalogOf(session);
  const path = session.settings.searchPath;
  const found = catalog.table(id) ?? catalog.views.get(id) ?? catalog.sequences.get(id);
  if (found === undefined) {
    const tables = [...catalog.tables.values()];
    const owner = catalog.tableOfIndex(id) ?? tables.find((t) => indexesShown(t).some((i) => i.id === id));
    return owner === undefined ? null : path.includes(owner.schema);
  }
  return isRelationVisible(catalog, path, found);
}

/** A text about a function of the catalogue; NULL for built-in and unknown ones. */
function ofRoutine(
  session: Session,
  id: Datum | undefined,
  describe: (catalog: Catalog, routine: RoutineDef) => string | null,
): string | null {
  const catalog = catalogOf(session);
  const routine = catalog.routines.get(id as number);
  return routine === undefined ? null : describe(catalog, routine);
}

/** PostgreSQL's bits of what may be done to a relation. */
const CHANGE_BITS = { insert: 8, update: 4, delete: 16 } as const;

export const objectServices: Readonly<Record<string, SessionService>> = {
  pg_get_expr: (_session, [text]) => text ?? null,
  pg_get_constraintdef(session, [id]) {
    const catalog = catalogOf(session);
    for (const table of catalog.tables.values())
      for (const c of table.constraints)
        if (c.id === id) return constraintSql(c, table, catalog, session.bindEnv(catalog));
    for (const type of catalog.types.values())
      if (type.form.kind === 'domain')
        for (const [i, { sql }] of type.form.checks.entries())
          if (domainConstraintId(type, i) === id)
            return `CHECK (${domainCheckSql(session.bindEnv(catalog), type.form, sql)})`;
    return null;
  },
  pg_get_indexdef(session, [id, column, isPretty]) {
    const catalog = catalogOf(session);
    const table = [...catalog.tables.values()].find((t) => indexesShown(t).some((i) => i.id === id));
    const index = table === undefined ? undefined : indexesShown(table).find((i) => i.id === id);
    if (table === undefined || index === undefined) return null;
    if (typeof column !== 'number' || column === 0) {
      const sql = indexSql(index, table, session.bindEnv(catalog));
      if (isPretty !== true || isVisible(session, table.id) !== true) return sql;
      const owner = `${quoted(table.schema)}.${quoted(table.name)}`;
      return sql.replace(` ON ${owner} `, () => ` ON ${quoted(table.name)} `);
    }
    const key = withShownExpressions(index, table, session.bindEnv(catalog)).keys[column - 1];
    if (key === undefined) {
      const included = index.include[column - 1 - index.keys.length];
      return included === undefined ? '' : quoted(table.columns[included]?.name ?? '?');
    }
    if (key.column >= 0) return quoted(table.columns[key.column]?.name ?? '?');
    return isPretty === true ? key.expressionSql : keySql(key.expressionSql ?? '');
  },
  pg_get_viewdef(session, [id, isPretty]) {
    const catalog = catalogOf(session);
    const oid =
      typeof id === 'number' ? id : (session.settings.types.objectNames?.oidOf('regclass', String(id)) ?? 0);
    const view = catalog.views.get(oid);
    // A number is how wide its lines may be; they are broken everywhere as it is.
    const isShort = isPretty === true || typeof isPretty === 'number';
    if (view !== undefined) return shownView(session.bindEnv(catalog), view, isShort);
    if (typeof id === 'number') return null;
    throw new DecentDbError('42809', `"${String(id)}" is not a view`);
  },
  pg_get_triggerdef(session, [id]) {
    const catalog = catalogOf(session);
    for (const owner of [...catalog.tables.values(), ...catalog.views.values()])
      for (const trigger of owner.triggers) if (trigger.id === id) return triggerSql(catalog, owner, trigger);
    return null;
  },
  pg_relation_is_updatable(session, [id, withTriggers]) {
    const catalog = catalogOf(session);
    const changes = Object.keys(CHANGE_BITS) as (keyof typeof CHANGE_BITS)[];
    const all = changes.reduce((bits, change) => bits | CHANGE_BITS[change], 0);
    if (catalog.tables.has(id as number)) return all;
    const view = catalog.views.get(id as number);
    if (view === undefined) return systemViewOf(id as number) === null ? null : 0;
    const taken = changes.filter((change) => withTriggers === true && hasInsteadOf(view, change));
    const columns = writableColumns(catalog, view);
    if (columns !== null && columns.size > 0) return all;
    const bits = taken.reduce((sum, change) => sum | CHANGE_BITS[change], 0);
    return columns === null ? bits : bits | CHANGE_BITS.delete;
  },
  pg_column_is_updatable(session, [id, attnum, withTriggers]) {
    const catalog = catalogOf(session);
    if (catalog.tables.has(id as number)) return (attnum as number) > 0;
    const view = catalog.views.get(id as number);
    if (view === undefined || (attnum as number) <= 0) return false;
    if (withTriggers === true && hasInsteadOf(view, 'update')) return true;
    return writableColumns(catalog, view)?.has((attnum as number) - 1) === true;
  },
  // Rules of views are shown by pg_get_viewdef; there are no others.
  pg_get_ruledef: () => null,
  pg_get_statisticsobjdef_columns: () => null,
  pg_relation_is_publishable: (session, [id]) => catalogOf(session).tables.has(id as number),
  pg_tablespace_location: () => '',
  pg_ts_config_is_visible: () => true,
  pg_opclass_is_visible: () => true,
  pg_opfamily_is_visible: () => true,
  pg_operator_is_visible: () => true,
  pg_collation_is_visible: () => true,
  pg_conversion_is_visible: () => true,
  pg_ts_dict_is_visible: () => true,
  pg_ts_parser_is_visible: () => true,
  pg_ts_template_is_visible: () => true,
  pg_statistics_obj_is_visible: () => true,
  pg_describe_object(session, [, id, part]) {
    const catalog = catalogOf(session);
    const routine = catalog.routines.get(id as number);
    if (routine !== undefined)
      return `function ${routineSignature(routine, (oid) => typeIn(catalog, oid)).replaceAll(', ', ',')}`;
    const column = catalog.table(id as number)?.columns[(part as number) - 1];
    const whole = describeObject(catalog, id as number);
    if (whole.startsWith('object ')) return null;
    return column === undefined ? whole : `column ${column.name} of ${whole}`;
  },
  pg_get_functiondef: (session, [id]) =>
    ofRoutine(session, id, (catalog, routine) => routineSql(catalog, routine, session.bindEnv(catalog))),
  pg_get_function_arguments: (session, [id]) =>
    ofRoutine(session, id, (catalog, routine) =>
      routineArguments(catalog, routine, true, session.bindEnv(catalog)),
    ),
  pg_get_function_identity_arguments: (session, [id]) =>
    ofRoutine(session, id, (catalog, routine) =>
      routineArguments(catalog, routine, false, session.bindEnv(catalog)),
    ),
  pg_get_function_result: (session, [id]) =>
    ofRoutine(session, id, (catalog, routine) => routineResult(catalog, routine, session.bindEnv(catalog))),
  pg_get_function_sqlbody: (session, [id]) =>
    ofRoutine(session, id, (_catalog, { body, bodyForm }) => (bodyForm === 'text' ? null : body)),
  obj_description(session, [id]) {
    const catalog = catalogOf(session);
    const key = id as number;
    const named =
      catalog.table(key) ??
      catalog.views.get(key) ??
      catalog.sequences.get(key) ??
      catalog.schemas.get(key) ??
      catalog.routines.get(key) ??
      catalog.types.get(key);
    if (named !== undefined) return named.comment;
    const index = catalog.tableOfIndex(key)?.indexes.find((i) => i.id === key);
    if (index !== undefined) return index.comment;
    for (const table of catalog.tables.values())
      for (const c of table.constraints) if (c.id === key) return c.comment;
    for (const owner of [...catalog.tables.values(), ...catalog.views.values()])
      for (const trigger of owner.triggers) if (trigger.id === key) return trigger.comment ?? null;
    for (const type of catalog.types.values())
      if (type.form.kind === 'domain')
        for (const [i, check] of type.form.checks.entries())
          if (domainConstraintId(type, i) === key) return check.comment ?? null;
    return null;
  },
  col_description(session, [id, attnum]) {
    const catalog = catalogOf(session);
    const at = (attnum as number) - 1;
    const form = catalog.types.get(id as number)?.form;
    const fields = form?.kind === 'composite' ? form.fields : undefined;
    const parts = catalog.views.get(id as number)?.columns ?? catalog.table(id as number)?.columns ?? fields;
    return parts?.[at]?.comment ?? null;
  },
  shobj_description: (session, [id]) => catalogOf(session).roles.get(id as number)?.comment ?? null,
  pg_table_is_visible: (session, [id]) => isVisible(session, id as number),
  pg_type_is_visible(session, [id]) {
    const catalog = catalogOf(session);
    if (typeByOid(id as number) !== undefined) return true;
    const type = catalog.userType(id as number);
    if (type === undefined) return null;
    const named = namedType(catalog, type.oid) ?? namedType(catalog, type.elementType?.oid ?? 0);
    return named === undefined || isTypeVisible(catalog, session.settings.searchPath, named);
  },
  pg_function_is_visible(session, [id]) {
    const catalog = catalogOf(session);
    const routine = catalog.routines.get(id as number);
    if (routine === undefined) return builtinRoutine(id as number) === undefined ? null : true;
    return isRoutineVisible(catalog, session.settings.searchPath, routine);
  },
  to_regclass: (session, [name]) => oidOrNull(session, 'regclass', name ?? null),
  to_regproc: (session, [name]) => oidOrNull(session, 'regproc', name ?? null),
  to_regprocedure: (session, [name]) => oidOrNull(session, 'regprocedure', name ?? null),
  to_regtype: (session, [name]) => oidOrNull(session, 'regtype', name ?? null),
  to_regoper: (session, [name]) => oidOrNull(session, 'regoper', name ?? null),
  to_regoperator: (session, [name]) => oidOrNull(session, 'regoperator', name ?? null),
  to_regnamespace: (session, [name]) => oidOrNull(session, 'regnamespace', name ?? null),
  to_regrole: (session, [name]) => oidOrNull(session, 'regrole', name ?? null),
  to_regcollation: (session, [name]) => oidOrNull(session, 'regcollation', name ?? null),
  typeName(session, [id]) {
    const catalog = catalogOf(session);
    const type = catalog.userType(id as number);
    return type === undefined ? null : typeShown(catalog, session.settings.searchPath, type);
  },
};
