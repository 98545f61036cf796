/** Aggregates of the catalogue: the statement that makes one again, and pg_aggregate. */
import type { AggregateDef, AggregateSteps, FunctionName } from '../../catalog/aggregate-def.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { inputParameters, type RoutineDef } from '../../catalog/routines.ts';
import { aggregatesNamed } from '../../functions/registry.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { typeIn } from '../../sql/bind/routine-lookup.ts';
import { Oid } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import { builtinOperators, builtinRoutines } from './builtin-routines.ts';
import { type VirtualContext, view } from './define.ts';
import { quoted } from './definitions.ts';
import { routineArguments } from './routine-definition.ts';

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A function as it is written where no search path is known: with its schema, unless it is a built-in one. */
function functionText(catalog: Catalog, { schema, name, routineId }: FunctionName): string {
  const own = routineId === null ? undefined : catalog.routines.get(routineId);
  if (own !== undefined) return `${quoted(own.schema)}.${quoted(own.name)}`;
  return schema === null ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

function typeText(catalog: Catalog, oid: number): string {
  const def = catalog.types.get(oid);
  return def === undefined
    ? (typeIn(catalog, oid)?.sqlName(-1) ?? '')
    : `${quoted(def.schema)}.${quoted(def.name)}`;
}

const MODIFY = { r: 'READ_ONLY', s: 'SHAREABLE', w: 'READ_WRITE' } as const;

function stepLines(catalog: Catalog, steps: AggregateSteps, prefix: '' | 'M'): string[] {
  const lines = [
    `${prefix}SFUNC = ${functionText(catalog, steps.transition)}`,
    ...(steps.inverse === null ? [] : [`MINVFUNC = ${functionText(catalog, steps.inverse)}`]),
    `${prefix}STYPE = ${typeText(catalog, steps.stateTypeId)}`,
  ];
  if (steps.stateSpace !== 0) lines.push(`${prefix}SSPACE = ${steps.stateSpace}`);
  if (steps.initial !== null) lines.push(`${prefix}INITCOND = ${literal(steps.initial)}`);
  if (steps.final !== null) lines.push(`${prefix}FINALFUNC = ${functionText(catalog, steps.final)}`);
  if (steps.finalExtra) lines.push(`${prefix}FINALFUNC_EXTRA`);
  if (steps.finalModify !== null && steps.finalModify !== 'r')
    lines.push(`${prefix}FINALFUNC_MODIFY = ${MODIFY[steps.finalModify]}`);
  return lines;
}

/** CREATE AGGREGATE. */
export function aggregateSql(catalog: Catalog, routine: RoutineDef): string {
  const def = routine.aggregate as AggregateDef;
  const lines = stepLines(catalog, def, '');
  if (def.combine !== null) lines.push(`COMBINEFUNC = ${functionText(catalog, def.combine)}`);
  if (def.moving !== null) lines.push(...stepLines(catalog, def.moving, 'M'));
  if (def.sortOperator !== null) lines.push(`SORTOP = OPERATOR(pg_catalog.${def.sortOperator})`);
  if (routine.parallel !== 'unsafe') lines.push(`PARALLEL = ${routine.parallel}`);
  const name = `${quoted(routine.schema)}.${quoted(routine.name)}`;
  return `CREATE AGGREGATE ${name}(${aggregateArguments(catalog, routine)}) (\n    ${lines.join(',\n    ')}\n)`;
}

/** The arguments as statements on aggregates name them: `*` for none. */
export function aggregateArguments(catalog: Catalog, routine: RoutineDef): string {
  return routine.parameters.length === 0 ? '*' : routineArguments(catalog, routine, false);
}

type Row = readonly Datum[];

/** The oid of a function an aggregate is made of. */
function functionId(one: FunctionName | null, types: readonly number[]): number {
  if (one === null) return 0;
  if (one.routineId !== null) return one.routineId;
  const named = builtinRoutines().filter(({ name }) => name === one.name);
  const isExact = (args: readonly number[]): boolean =>
    args.length === types.length && args.every((oid, i) => oid === types[i]);
  return (named.find(({ args }) => isExact(args)) ?? named[0])?.oid ?? 0;
}

function sortOperatorId(symbol: string | null, type: number | undefined): number {
  const found = builtinOperators().find(
    ({ name, args }) => name === symbol && args.length === 2 && args.every((oid) => oid === type),
  );
  return found?.oid ?? 0;
}

function ownRow(routine: RoutineDef, def: AggregateDef): Row {
  const inputs = inputParameters(routine).map(({ typeId }) => typeId);
  const { moving } = def;
  const stepTypes = [def.stateTypeId, ...inputs];
  const movingTypes = [moving?.stateTypeId ?? 0, ...inputs];
  return [
    routine.id,
    'n',
    0,
    functionId(def.transition, stepTypes),
    functionId(def.final, def.finalExtra ? stepTypes : [def.stateTypeId]),
    functionId(def.combine, [def.stateTypeId, def.stateTypeId]),
    0,
    0,
    functionId(moving?.transition ?? null, movingTypes),
    functionId(moving?.inverse ?? null, movingTypes),
    functionId(moving?.final ?? null, movingTypes.slice(0, 1)),
    def.finalExtra,
    moving?.finalExtra ?? false,
    def.finalModify ?? 'r',
    moving?.finalModify ?? 'r',
    sortOperatorId(def.sortOperator, inputs[0]),
    def.stateTypeId,
    def.stateSpace,
    moving?.stateTypeId ?? 0,
    moving?.stateSpace ?? 0,
    def.initial,
    moving?.initial ?? null,
  ];
}

/** Of built-in aggregates only the kind is told: their states are not values. */
function* aggregateRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const fn of builtinRoutines()) {
    if (fn.kind !== 'a') continue;
    const ordered = aggregatesNamed(fn.name).find(({ orderedSet }) => orderedSet !== undefined)?.orderedSet;
    const kind = ordered === undefined ? 'n' : ordered.hypothetical ? 'h' : 'o';
    const direct = ordered?.directArgs.length ?? 0;
    yield [
      fn.oid,
      kind,
      direct,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      false,
      false,
      'r',
      'r',
      0,
      Oid.internal,
      0,
      0,
      0,
      null,
      null,
    ];
  }
  for (const routine of catalog.routines.values())
    if (routine.aggregate !== null) yield ownRow(routine, routine.aggregate);
}

export const aggregateView: VirtualTable = view(
  'pg_catalog',
  'pg_aggregate',
  'aggfnoid regproc, aggkind char, aggnumdirectargs int2, aggtransfn regproc, aggfinalfn regproc, aggcombinefn regproc, aggserialfn regproc, ' +
    'aggdeserialfn regproc, aggmtransfn regproc, aggminvtransfn regproc, aggmfinalfn regproc, aggfinalextra bool, aggmfinalextra bool, ' +
    'aggfinalmodify char, aggmfinalmodify char, aggsortop oid, aggtranstype oid, aggtransspace int4, aggmtranstype oid, aggmtransspace int4, ' +
    'agginitval text, aggminitval text',
  aggregateRows,
);
