/**
 * Checks of a function's body when it is made: every statement binds, and the last gives what the function promises.
 */
import { DecentDbError } from '../../base/errors.ts';
import { inputParameters, outputParameters, type RoutineDef } from '../../catalog/routines.ts';
import type { Dependency } from '../../catalog/schema.ts';
import { canCoerce } from '../../functions/coercion.ts';
import type { BoundStatement, OutputColumn } from '../../plan/logical.ts';
import { columnsOf, isQuery, routineBody, routineEnv, routineScope } from '../../sql/bind/routine-body.ts';
import { typeIn } from '../../sql/bind/routine-lookup.ts';
import type { BindRecorder } from '../../sql/bind/state.ts';
import { bindWithState } from '../../sql/bind/statement.ts';
import { unplaced } from '../../sql/bind/views.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType, type TypeField } from '../../types/sql-type.ts';
import type { DdlContext } from './context.ts';
import { hasOpenTypes } from './routine-signature.ts';
import { envOf } from './work.ts';

/** Binds the body and checks its result; gives what it stands on. */
export function checkBody(
  ctx: DdlContext,
  routine: RoutineDef,
  recorder: BindRecorder | null = null,
): readonly Dependency[] {
  const { statements } = routineBody(routine);
  if (hasOpenTypes(routine)) return [];
  const argTypes = inputParameters(routine).map(({ typeId }) => typeIn(ctx.catalog, typeId) as SqlType);
  const stored = routineEnv(envOf(ctx), routine, argTypes);
  // Names are as they are written yet, not as they are kept.
  const env = { ...stored, routine: { ...routineScope(routine), known: null } };
  const used = new Map<number, Set<number>>();
  let last: BoundStatement | null = null;
  for (const { stmt } of statements) {
    if (stmt.kind === 'TransactionStmt')
      throw new DecentDbError('0A000', 'COMMIT and ROLLBACK are not allowed in an SQL function');
    last = null;
    if (!isQuery(stmt)) continue;
    const { bound, state } = unplaced(() => bindWithState(stmt, env, recorder));
    last = bound;
    for (const [id, columns] of state.columnsUsed) {
      const before = used.get(id) ?? new Set<number>();
      for (const column of columns) before.add(column);
      used.set(id, before);
    }
  }
  checkResult(ctx, routine, columnsOf(last));
  used.delete(routine.id);
  return [...used].map(([id, columns]) => ({ id, columns: [...columns] }));
}

function checkResult(ctx: DdlContext, routine: RoutineDef, columns: readonly OutputColumn[] | null): void {
  const wanted = outputParameters(routine);
  if (routine.kind === 'procedure' && wanted.length === 0) return;
  const declared = typeIn(ctx.catalog, routine.returnTypeId) as SqlType;
  if (declared.oid === Oid.void) return;
  const shown = wanted.length > 1 ? 'record' : declared.sqlName(-1);
  const fail = (detail: string): DecentDbError =>
    new DecentDbError('42P13', `return type mismatch in function declared to return ${shown}`, { detail });
  if (columns === null)
    throw fail("Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.");
  const fields = wantedFields(ctx, routine, declared);
  if (fields === null) return;
  const { only } = fields;
  if (only !== null) {
    if (columns.length !== 1) throw fail('Final statement must return exactly one column.');
    const actual = (columns[0] as OutputColumn).type;
    if (!fits(actual, only)) throw fail(`Actual return type is ${actual.sqlName(-1)}.`);
    return;
  }
  const [single] = columns;
  if (columns.length === 1 && single !== undefined && isWholeRow(single.type, declared, fields.list)) return;
  if (columns.length > fields.list.length) throw fail('Final statement returns too many columns.');
  if (columns.length < fields.list.length) throw fail('Final statement returns too few columns.');
  for (const [i, field] of fields.list.entries()) {
    const actual = (columns[i] as OutputColumn).type;
    if (!fits(actual, field.type))
      throw fail(
        `Final statement returns ${actual.sqlName(-1)} instead of ${field.type.sqlName(-1)} at column ${i + 1}.`,
      );
  }
}

function isWholeRow(type: SqlType, declared: SqlType, fields: readonly TypeField[]): boolean {
  const row = domainBase(type).fields;
  if (row === null) return false;
  return (
    type.oid === declared.oid || (row.length === fields.length && (fields.length !== 1 || row !== fields))
  );
}

/** Columns the result has: one value (`only`), a list, or null for a record of whatever the body gives. */
function wantedFields(
  ctx: DdlContext,
  routine: RoutineDef,
  declared: SqlType,
): { readonly only: SqlType | null; readonly list: readonly TypeField[] } | null {
  const outputs = outputParameters(routine);
  const list = outputs.map(({ name, typeId }) => ({
    name: name ?? '',
    type: typeIn(ctx.catalog, typeId) as SqlType,
    typmod: -1,
  }));
  if (list.length > 1 || (routine.kind === 'procedure' && list.length === 1)) return { only: null, list };
  if (declared.oid === Oid.record) return null;
  const { fields } = domainBase(declared);
  return fields === null ? { only: declared, list: [] } : { only: null, list: fields };
}

function fits(actual: SqlType, wanted: SqlType): boolean {
  return actual.oid === wanted.oid || actual.oid === Oid.unknown || canCoerce(actual, wanted, 'assignment');
}
