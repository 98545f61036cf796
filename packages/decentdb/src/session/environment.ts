/** The surroundings of binding and planning, made from a session's state. */

import type { Catalog } from '../catalog/catalog.ts';
import { partitionedParent } from '../catalog/family.ts';
import type { TableDef } from '../catalog/schema.ts';
import { PIECE_ROWS_MIN } from '../exec/parallel.ts';
import type { ParallelEnv, PlanEnv, TableExpressions } from '../plan/env.ts';
import type { BindEnv } from '../sql/bind/env.ts';
import type { ReadView } from '../txn/page-view.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Session } from './session.ts';
import { TreeStatistics } from './statistics.ts';
import { OWNER_NAME } from './virtual/object-ids.ts';
import { systemViews } from './virtual/registry.ts';

export function makeBindEnv(
  session: Session,
  catalog: Catalog,
  paramTypes: readonly (SqlType | null)[],
): BindEnv {
  return {
    catalog,
    databaseName: OWNER_NAME,
    searchPath: session.settings.searchPath,
    settings: session.settings.types,
    virtualTables: systemViews,
    userFunctions: session.functions,
    paramTypes,
  };
}

export function makePlanEnv(session: Session, env: BindEnv, view: ReadView): PlanEnv {
  const { settings, shared } = session;
  return {
    statistics: new TreeStatistics(view, session.evalContext, shared),
    isRuleOn: (name: string) => settings.isRuleOn(name),
    workMemBytes: settings.workMemBytes,
    parallel: parallelEnv(session),
    tableExpressions: (table: TableDef): TableExpressions => shared.tableExpressions(table, env),
    partitionKeyOf: (partition: TableDef) => {
      const above = partitionedParent(env.catalog, partition);
      if (above === null) return null;
      const names = above.key.parts.map(({ column }) => above.parent.columns[column]?.name ?? '');
      return { ...above.key, names };
    },
  };
}

/** Statements that functions run are theirs alone: helpers know the text of the statement on top. */
function parallelEnv(session: Session): ParallelEnv | null {
  if (session.parallel === null || session.functionDepth > 0) return null;
  const { helpers, pieceRowsMin = PIECE_ROWS_MIN } = session.parallel;
  const { parallel } = session.settings;
  return { ...parallel, workers: Math.min(parallel.workers, helpers), pieceRowsMin };
}
