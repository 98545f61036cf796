/**
 * CREATE FUNCTION and CREATE PROCEDURE in SQL, and the ALTERs of both.
 *
 * I1  LANGUAGE sql is the only language; others that PostgreSQL has are refused by name.
 * I2  A body that is checked when made may still fail when called: text bodies stand on nothing but their types and defaults.
 */
import { DecentDbError } from '../../base/errors.ts';
import { FIRST_OBJECT_ID } from '../../catalog/catalog.ts';
import { inputParameters, type RoutineDef, type RoutineParameter } from '../../catalog/routines.ts';
import type { Dependency } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindError, bindNotSupported } from '../../sql/bind/errors.ts';
import { routineBody } from '../../sql/bind/routine-body.ts';
import { hasSameInputs, typeIn } from '../../sql/bind/routine-lookup.ts';
import { printExpr } from '../../sql/print/expression.ts';
import { print } from '../../sql/print/print.ts';
import { QueryNotes, replaceNodes } from './canonical-query.ts';
import type { DdlContext } from './context.ts';
import { checkBody } from './routine-check.ts';
import { type RoutineOptions, readRoutineOptions } from './routine-options.ts';
import { defaultDependencies, readSignature } from './routine-signature.ts';
import { outsidePublic } from './stored-text.ts';
import { creationSchema, newId } from './work.ts';

export function createRoutine(ctx: DdlContext, stmt: ast.CreateFunctionStmt): void {
  const name = stmt.funcname.at(-1) as string;
  const schema = creationSchema(
    ctx,
    stmt.funcname.length > 1 ? (stmt.funcname.at(-2) as string) : null,
    false,
  );
  const options = readRoutineOptions(ctx, stmt.options, stmt.is_procedure);
  checkLanguage(stmt, options);
  const signature = readSignature(ctx, stmt);
  const kind = stmt.is_procedure ? 'procedure' : 'function';
  const draft: RoutineDef = {
    id: 0,
    schema,
    name,
    kind,
    ...signature,
    volatility: 'volatile',
    isStrict: false,
    isLeakproof: false,
    isSecurityDefiner: false,
    parallel: 'unsafe',
    cost: null,
    rows: null,
    settings: {},
    ...options.changes,
    ...bodyText(stmt, options),
    dependsOn: [],
    comment: null,
    aggregate: null,
  };
  const old = ctx.catalog.routinesNamed(schema, name).find((other) => hasSameInputs(other, draft));
  if (old !== undefined) checkReplacement(ctx, stmt, old, draft);
  const named = { ...draft, id: old?.id ?? newId(ctx), comment: old?.comment ?? null };
  // A body may call the function itself.
  ctx.catalog = ctx.catalog.withRoutine(named);
  ctx.catalog = ctx.catalog.withRoutine(storeBody(ctx, stmt, named));
}

function checkLanguage(stmt: ast.CreateFunctionStmt, options: RoutineOptions): void {
  const language = options.language ?? (stmt.sql_body === null ? null : 'sql');
  if (language === null) throw new DecentDbError('42P13', 'no language specified');
  if (language === 'plpgsql') throw bindNotSupported('LANGUAGE plpgsql', stmt.location);
  if (language === 'c' || language === 'internal')
    throw bindNotSupported(`LANGUAGE ${language}`, stmt.location);
  if (language !== 'sql') throw new DecentDbError('42704', `language "${language}" does not exist`);
  if (stmt.sql_body !== null && options.body !== null)
    throw new DecentDbError('42P13', 'duplicate function body specified');
  if (stmt.sql_body === null && options.body === null)
    throw new DecentDbError('42P13', 'no function body specified');
}

function bodyText(
  stmt: ast.CreateFunctionStmt,
  options: RoutineOptions,
): Pick<RoutineDef, 'body' | 'bodyForm'> {
  const { sql_body } = stmt;
  if (sql_body === null) return { body: options.body ?? '', bodyForm: 'text' };
  if (sql_body.kind === 'ReturnStmt') return { body: printExpr(sql_body.returnval), bodyForm: 'return' };
  const statements = sql_body.stmts.map((one) =>
    one.kind === 'ReturnStmt' ? `SELECT ${printExpr(one.returnval)}` : print(one),
  );
  return { body: statements.join(';\n'), bodyForm: 'atomic' };
}

/** The definition with its body checked; of BEGIN ATOMIC and RETURN with names resolved and dependencies. */
function storeBody(ctx: DdlContext, stmt: ast.CreateFunctionStmt, draft: RoutineDef): RoutineDef {
  const onDefaults = defaultDependencies(ctx, draft.parameters).filter(({ id }) => id !== draft.id);
  const onTypes = [...typeDependencies(draft), ...onDefaults];
  if (stmt.sql_body === null) {
    if (ctx.setting('check_function_bodies') !== 'off') checkBody(ctx, draft);
    return { ...draft, dependsOn: onTypes };
  }
  const notes = new QueryNotes();
  const dependsOn = [...onTypes, ...checkBody(ctx, draft, notes)];
  const statements = routineBody(draft).statements.map(({ stmt: one }) =>
    replaceNodes(one, new Map([...outsidePublic(ctx, one), ...notes.replacements]), notes.edits),
  );
  const [first] = statements;
  if (stmt.sql_body.kind === 'ReturnStmt' && first?.kind === 'SelectStmt') {
    const value = first.targetList[0]?.val ?? stmt.sql_body.returnval;
    return { ...draft, body: printExpr(value), dependsOn };
  }
  return { ...draft, body: statements.map(print).join(';\n'), dependsOn };
}

/** Types of the user the signature mentions. */
function typeDependencies(draft: RoutineDef): Dependency[] {
  const ids = [...draft.parameters.map(({ typeId }) => typeId), draft.returnTypeId];
  return [...new Set(ids)].filter((id) => id >= FIRST_OBJECT_ID).map((id) => ({ id, columns: null }));
}

const KIND_TEXTS = {
  function: 'a function',
  procedure: 'a procedure',
  aggregate: 'an aggregate function',
} as const;

/** 42723 without OR REPLACE, 42P13 where a call of the old one would not fit the new one. */
export function checkReplacement(
  ctx: DdlContext,
  stmt: { readonly replace: boolean },
  old: RoutineDef,
  next: RoutineDef,
): void {
  const { name } = next;
  if (!stmt.replace)
    throw new DecentDbError('42723', `function "${name}" already exists with same argument types`);
  if (old.kind !== next.kind)
    throw new DecentDbError('42809', 'cannot change routine kind', {
      detail: `"${name}" is ${KIND_TEXTS[old.kind]}.`,
    });
  const hint = `Use DROP ${next.kind.toUpperCase()} ${signatureText(ctx, old)} first.`;
  const refuse = (message: string, detail?: string): DecentDbError =>
    new DecentDbError('42P13', message, detail === undefined ? { hint } : { detail, hint });
  if (old.returnTypeId !== next.returnTypeId || old.returnsSet !== next.returnsSet)
    throw refuse(
      next.kind !== 'procedure'
        ? 'cannot change return type of existing function'
        : 'cannot change whether a procedure has output parameters',
    );
  const outputs = (def: RoutineDef): string =>
    def.parameters
      .filter(({ mode }) => mode !== 'in' && mode !== 'variadic')
      .map(({ typeId, name: n }) => `${n} ${typeId}`)
      .join();
  if (outputs(old) !== outputs(next))
    throw refuse(
      'cannot change return type of existing function',
      'Row type defined by OUT parameters is different.',
    );
  const before = inputParameters(old);
  for (const [i, parameter] of inputParameters(next).entries()) {
    const was = before[i] as RoutineParameter;
    if (was.name !== null && was.name !== parameter.name)
      throw refuse(`cannot change name of input parameter "${was.name}"`);
    if (was.defaultSql !== null && parameter.defaultSql === null)
      throw refuse('cannot remove parameter defaults from existing function');
  }
}

export function signatureText(ctx: DdlContext, routine: RoutineDef): string {
  const types = inputParameters(routine).map(
    ({ typeId }) => typeIn(ctx.catalog, typeId)?.sqlName(-1) ?? String(typeId),
  );
  return `${routine.name}(${types.join(',')})`;
}

/** ALTER FUNCTION ... with options. */
export function alterRoutine(ctx: DdlContext, stmt: ast.AlterFunctionStmt, routine: RoutineDef): void {
  if (routine.kind === 'aggregate')
    throw new DecentDbError('42809', `"${stmt.func.names.join('.')}" is an aggregate function`);
  const { changes } = readRoutineOptions(ctx, stmt.actions, routine.kind === 'procedure', routine.settings);
  if (changes.rows !== undefined && !routine.returnsSet)
    throw bindError('22023', 'ROWS is not applicable when function does not return a set', -1);
  ctx.catalog = ctx.catalog.withRoutine({ ...routine, ...changes });
}
