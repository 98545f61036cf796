/**
 * Functions and procedures as text: arguments, result, and the statement that makes them again.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { RoutineDef, RoutineParameter } from '../../catalog/routines.ts';
import type { BindEnv } from '../../sql/bind/env.ts';
import { typeIn } from '../../sql/bind/routine-lookup.ts';
import { shownDefault } from '../../sql/bind/shown-definitions.ts';
import { Oid } from '../../types/oids.ts';
import { quoted } from './definitions.ts';
import { loneColumn } from './lone-column.ts';
import { typeShown } from './visible-names.ts';

const WORDS: Readonly<Record<RoutineParameter['mode'], string>> = {
  in: '',
  out: 'OUT ',
  inout: 'INOUT ',
  variadic: 'VARIADIC ',
  table: '',
};

function typeName(catalog: Catalog, oid: number, env: BindEnv | null): string {
  const type = typeIn(catalog, oid);
  if (type === undefined) return '???';
  return typeShown(catalog, env === null ? [] : env.searchPath, type);
}

function parameterText(
  catalog: Catalog,
  one: RoutineParameter,
  withDefault: boolean,
  env: BindEnv | null,
): string {
  const name = one.name === null ? '' : `${quoted(one.name)} `;
  const fallback = withDefault && one.defaultSql !== null ? ` DEFAULT ${defaultText(catalog, one, env)}` : '';
  return `${WORDS[one.mode]}${name}${typeName(catalog, one.typeId, env)}${fallback}`;
}

/** A default; with `env`, as PostgreSQL shows it. */
function defaultText(
  catalog: Catalog,
  { typeId, defaultSql }: RoutineParameter,
  env: BindEnv | null,
): string {
  const type = typeIn(catalog, typeId);
  if (env === null || type === undefined || type.kind === 'pseudo') return defaultSql ?? '';
  const { table, column } = loneColumn('value', type, -1, defaultSql);
  return shownDefault(env, table, column);
}

/** pg_get_function_arguments. */
export function routineArguments(
  catalog: Catalog,
  routine: RoutineDef,
  withDefaults = true,
  env: BindEnv | null = null,
): string {
  return routine.parameters
    .filter(({ mode }) => mode !== 'table')
    .map((one) =>
      // A procedure's inputs say so, as PostgreSQL has it.
      routine.kind === 'procedure' && one.mode === 'in'
        ? `IN ${parameterText(catalog, one, withDefaults, env)}`
        : parameterText(catalog, one, withDefaults, env),
    )
    .join(', ');
}

/** pg_get_function_result; null for procedures. */
export function routineResult(
  catalog: Catalog,
  routine: RoutineDef,
  env: BindEnv | null = null,
): string | null {
  if (routine.kind === 'procedure') return null;
  const columns = routine.parameters.filter(({ mode }) => mode === 'table');
  if (columns.length > 0)
    return `TABLE(${columns.map((one) => parameterText(catalog, one, false, env)).join(', ')})`;
  return `${routine.returnsSet ? 'SETOF ' : ''}${typeName(catalog, routine.returnTypeId, env)}`;
}

/** pg_get_functiondef. */
export function routineSql(catalog: Catalog, routine: RoutineDef, env: BindEnv | null = null): string {
  const { kind } = routine;
  if (kind === 'aggregate') throw new DecentDbError('42809', `"${routine.name}" is an aggregate function`);
  const name = `${quoted(routine.schema)}.${quoted(routine.name)}`;
  const result = routineResult(catalog, routine, env);
  const lines = [
    `CREATE OR REPLACE ${kind.toUpperCase()} ${name}(${routineArguments(catalog, routine, true, env)})`,
    ...(result === null ? [] : [` RETURNS ${result}`]),
    ' LANGUAGE sql',
  ];
  const options = optionsOf(routine);
  if (options.length > 0) lines.push(` ${options.join(' ')}`);
  for (const [setting, value] of Object.entries(routine.settings))
    lines.push(` SET ${setting} TO '${value.replaceAll("'", "''")}'`);
  lines.push(bodyOf(routine));
  return `${lines.join('\n')}\n`;
}

function optionsOf(routine: RoutineDef): string[] {
  const options: string[] = [];
  if (routine.volatility !== 'volatile') options.push(routine.volatility.toUpperCase());
  if (routine.parallel !== 'unsafe') options.push(`PARALLEL ${routine.parallel.toUpperCase()}`);
  if (routine.isStrict) options.push('STRICT');
  if (routine.isSecurityDefiner) options.push('SECURITY DEFINER');
  if (routine.isLeakproof) options.push('LEAKPROOF');
  if (routine.cost !== null && routine.cost !== 100) options.push(`COST ${routine.cost}`);
  if (routine.rows !== null && routine.rows !== 1000) options.push(`ROWS ${routine.rows}`);
  return options;
}

function bodyOf(routine: RoutineDef): string {
  if (routine.bodyForm === 'return') return `RETURN ${routine.body}`;
  if (routine.bodyForm === 'atomic') return `BEGIN ATOMIC\n ${routine.body.replaceAll(';\n', ';\n ')};\nEND`;
  // The dollar quotes must not occur in the body.
  let tag = routine.kind;
  while (routine.body.includes(`$${tag}$`)) tag += 'x';
  return `AS $${tag}$${routine.body}$${tag}$`;
}

const MODE_LETTERS: Readonly<Record<RoutineParameter['mode'], string>> = {
  in: 'i',
  out: 'o',
  inout: 'b',
  variadic: 'v',
  table: 't',
};

/** proargmodes; null when all are inputs. */
export function modeLetters(routine: RoutineDef): readonly string[] | null {
  if (routine.parameters.every(({ mode }) => mode === 'in')) return null;
  return routine.parameters.map(({ mode }) => MODE_LETTERS[mode]);
}

/** provariadic. */
export function variadicElement(catalog: Catalog, routine: RoutineDef): number {
  const last = routine.parameters.find(({ mode }) => mode === 'variadic');
  if (last === undefined) return 0;
  if (last.typeId === Oid.anyarray) return Oid.anyelement;
  return typeIn(catalog, last.typeId)?.elementType?.oid ?? 0;
}
