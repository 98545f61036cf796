/** Partitions asked about by functions: keys, roots, trees. */
import type { Datum } from '../../types/vector.ts';
import type { Session } from '../session.ts';
import { partitionKeySql } from '../virtual/definitions.ts';
import { partitionConstraintSql } from '../virtual/partition-constraint.ts';
import { listOf, type PartitionLink, partitionLink, partitionsOf } from '../virtual/pg-inherits.ts';
import { runningOf, type SessionService } from './service.ts';

const catalogOf = (session: Session) => session.catalogOf(runningOf(session));

function linkOf(session: Session, id: Datum | undefined): PartitionLink | null {
  return typeof id === 'number' ? partitionLink(catalogOf(session), id) : null;
}

/** A relation and those it is part of, itself first. */
function ancestors(session: Session, id: Datum | undefined): readonly number[] {
  const found: number[] = [];
  for (let at = linkOf(session, id); at !== null; at = linkOf(session, at.parentId)) found.push(at.id);
  return found;
}

export const partitionServices: Readonly<Record<string, SessionService>> = {
  pg_get_partkeydef(session, [id]) {
    const table = catalogOf(session).table(id as number);
    return table?.partitionKey === undefined ? null : partitionKeySql(table);
  },
  pg_get_partition_constraintdef(session, [id]) {
    const catalog = catalogOf(session);
    const table = catalog.table(id as number);
    return table === undefined ? null : partitionConstraintSql(session.bindEnv(catalog), catalog, table);
  },
  pg_partition_root: (session, [id]) => ancestors(session, id).at(-1) ?? null,
  pg_partition_ancestors: (session, [id]) => listOf(ancestors(session, id).map(String)),
  /** Four texts to a row: number, parent's number, whether it is a leaf, level. */
  pg_partition_tree(session, [id]) {
    const texts: string[] = [];
    const add = (link: PartitionLink | null, level: number): PartitionLink[] => {
      if (link === null) return [];
      const parent = link.parentId === 0 ? '' : String(link.parentId);
      texts.push(String(link.id), parent, link.isPartitioned ? 'f' : 't', String(level));
      return partitionsOf(catalogOf(session), link.id).flatMap((below) => linkOf(session, below) ?? []);
    };
    const root = linkOf(session, id);
    let row: readonly (PartitionLink | null)[] = [root];
    for (let level = 0; row.length > 0; level++) row = row.flatMap((link) => add(link, level));
    return listOf(texts);
  },
};
