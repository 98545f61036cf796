/**
 * Errors for names that are not there, with PostgreSQL's details and hints.
 *
 * I1  The search for look-alikes covers every range-table entry of every enclosing level, visible or not; joins excepted.
 */
import type { DecentDbError } from '../../base/errors.ts';
import { utf8Length } from '../../catalog/names.ts';
import { bindError } from './errors.ts';
import type { Level, NamespaceItem } from './level.ts';
import { levenshteinAtMost } from './levenshtein.ts';

const FUZZY_DISTANCE_MAX = 3;

interface Match {
  readonly item: NamespaceItem;
  readonly column: string;
}

interface Matches {
  exact: Match[];
  near: Match[];
  distance: number;
}

/** 42703. `relation` is the qualifier as written, or null. */
export function missingColumn(
  level: Level,
  relation: string | null,
  column: string,
  location: number,
): DecentDbError {
  const matches = searchColumns(level, relation, column);
  const message =
    relation === null ? `column "${column}" does not exist` : `column ${relation}.${column} does not exist`;
  const fields = columnHints(level, relation, column, matches);
  return bindError('42703', message, location, fields);
}

function columnHints(
  level: Level,
  relation: string | null,
  column: string,
  matches: Matches,
): { detail?: string; hint?: string } {
  const [first] = matches.exact;
  if (matches.exact.length > 1) {
    const detail = `There are columns named "${column}", but they are in tables that cannot be referenced from this part of the query.`;
    return relation === null ? { detail, hint: 'Try using a table-qualified name.' } : { detail };
  }
  if (first !== undefined) {
    const detail = `There is a column named "${column}" in table "${first.item.refname}", but it cannot be referenced from this part of the query.`;
    if (isVisibleIfLateral(level, first.item))
      return { detail, hint: 'To reference that column, you must mark this subquery with LATERAL.' };
    if (relation === null && isVisibleIfQualified(level, first.item))
      return { detail, hint: 'To reference that column, you must use a table-qualified name.' };
    return { detail };
  }
  const named = matches.near.map((match) => `the column "${match.item.refname}.${match.column}"`);
  return named.length === 0 ? {} : { hint: `Perhaps you meant to reference ${named.join(' or ')}.` };
}

function searchColumns(level: Level, relation: string | null, column: string): Matches {
  const matches: Matches = { exact: [], near: [], distance: FUZZY_DISTANCE_MAX + 1 };
  for (let at: Level | null = level; at !== null; at = at.parent) {
    for (const item of at.rangeTable) {
      const penalty =
        relation === null ? 0 : levenshteinAtMost(relation, item.refname, FUZZY_DISTANCE_MAX + 1);
      for (const candidate of item.columns) {
        if (candidate.name === '') continue;
        if (candidate.name === column && penalty === 0) matches.exact.push({ item, column });
        else considerNear(matches, { item, column: candidate.name }, column, penalty);
      }
    }
  }
  return matches;
}

function considerNear(matches: Matches, match: Match, column: string, penalty: number): void {
  if (penalty > matches.distance) return;
  const bound = matches.distance + 1 - penalty;
  let distance = levenshteinAtMost(match.column, column, bound);
  if (distance > Math.floor(utf8Length(column) / 2)) return;
  distance += penalty;
  if (distance < matches.distance) {
    matches.distance = distance;
    matches.near = [match];
  } else if (distance === matches.distance) {
    if (matches.near.length >= 2) {
      matches.near = [];
      matches.distance = distance - 1;
    } else if (matches.near.length === 1 || matches.distance <= FUZZY_DISTANCE_MAX) matches.near.push(match);
  }
}

/** 42P01: a qualifier that names nothing visible. */
export function missingRelation(
  level: Level,
  schema: string | null,
  name: string,
  location: number,
): DecentDbError {
  const entry = findEntry(level, schema, name);
  if (entry === null) return bindError('42P01', `missing FROM-clause entry for table "${name}"`, location);
  const message = `invalid reference to FROM-clause entry for table "${name}"`;
  if (entry.refname !== name && isRelationVisible(level, entry))
    return bindError('42P01', message, location, {
      hint: `Perhaps you meant to reference the table alias "${entry.refname}".`,
    });
  const detail = `There is an entry for table "${name}", but it cannot be referenced from this part of the query.`;
  if (isVisibleIfLateral(level, entry))
    return bindError('42P01', message, location, {
      detail,
      hint: 'To reference that table, you must mark this subquery with LATERAL.',
    });
  return bindError('42P01', message, location, { detail });
}

function findEntry(level: Level, schema: string | null, name: string): NamespaceItem | null {
  for (let at: Level | null = level; at !== null; at = at.parent) {
    for (const item of at.rangeTable) {
      if (schema === null && item.refname === name) return item;
      if (item.relationName === name && (schema === null || schema === item.relationSchema)) return item;
    }
  }
  return null;
}

function isRelationVisible(level: Level, entry: NamespaceItem): boolean {
  for (let at: Level | null = level; at !== null; at = at.parent)
    for (const item of at.namespace)
      if (item.refname === entry.refname && item.relationVisible && (!item.lateralOnly || at.lateralActive))
        return item === entry;
  return false;
}

function isVisibleIfLateral(level: Level, entry: NamespaceItem): boolean {
  for (let at: Level | null = level; at !== null; at = at.parent)
    for (const item of at.namespace)
      if (item === entry) return item.lateralOnly && item.lateralOk && !at.lateralActive;
  return false;
}

function isVisibleIfQualified(level: Level, entry: NamespaceItem): boolean {
  for (let at: Level | null = level; at !== null; at = at.parent)
    for (const item of at.namespace)
      if (item === entry) return item.relationVisible && (!item.lateralOnly || at.lateralActive);
  return false;
}
