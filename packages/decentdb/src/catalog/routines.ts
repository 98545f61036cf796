/**
 * Functions and procedures written in SQL, and aggregates made of functions, as the catalogue keeps them.
 *
 * I1  A definition never changes: CREATE OR REPLACE and ALTER make another with the same id.
 * I2  `body` is the text as written for AS '...' (bound when called), canonical statements for BEGIN ATOMIC and RETURN
 *     (bound when made: `dependsOn` says what they stand on).
 * I3  Functions, procedures and aggregates share one namespace per schema; name and input types tell them apart.
 * I4  An aggregate has `aggregate` and no body; nothing else has it.
 */
import type { SqlType } from '../types/sql-type.ts';
import { type AggregateDef, readAggregate } from './aggregate-def.ts';
import { type CatalogRow, RowKind } from './catalog-rows.ts';
import { DefinitionFields } from './definition-fields.ts';
import type { Dependency } from './schema.ts';

export interface RoutineParameter {
  readonly name: string | null;
  readonly mode: 'in' | 'out' | 'inout' | 'variadic' | 'table';
  readonly typeId: number;
  readonly defaultSql: string | null;
}

export interface RoutineDef {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'function' | 'procedure' | 'aggregate';
  readonly parameters: readonly RoutineParameter[];
  /** Type of the value or of one row: record for several output parameters. */
  readonly returnTypeId: number;
  readonly returnsSet: boolean;
  readonly volatility: 'immutable' | 'stable' | 'volatile';
  readonly isStrict: boolean;
  readonly isLeakproof: boolean;
  readonly isSecurityDefiner: boolean;
  readonly parallel: 'unsafe' | 'restricted' | 'safe';
  readonly cost: number | null;
  readonly rows: number | null;
  /** Settings that hold while it runs (SET in CREATE FUNCTION). */
  readonly settings: Readonly<Record<string, string>>;
  readonly body: string;
  /** How the body was written: a string, one RETURN, or BEGIN ATOMIC. */
  readonly bodyForm: 'text' | 'return' | 'atomic';
  readonly dependsOn: readonly Dependency[];
  readonly comment: string | null;
  /** I4. */
  readonly aggregate: AggregateDef | null;
}

/** Parameters a call gives, in order. */
export function inputParameters(routine: RoutineDef): readonly RoutineParameter[] {
  return routine.parameters.filter(({ mode }) => mode === 'in' || mode === 'inout' || mode === 'variadic');
}

/** Parameters that make the result's columns. */
export function outputParameters(routine: RoutineDef): readonly RoutineParameter[] {
  return routine.parameters.filter(({ mode }) => mode === 'out' || mode === 'inout' || mode === 'table');
}

/** `name(type, type)`, as messages and regprocedure show it. */
export function routineSignature(routine: RoutineDef, typeOf: (oid: number) => SqlType | undefined): string {
  const types = inputParameters(routine).map(({ typeId }) => typeOf(typeId)?.sqlName(-1) ?? String(typeId));
  return `${routine.name}(${types.length === 0 && routine.kind === 'aggregate' ? '*' : types.join(', ')})`;
}

export function encodeRoutine(def: RoutineDef, schemaId: number): CatalogRow[] {
  const { id, schema: _schema, name, ...definition } = def;
  const text = JSON.stringify(definition);
  return [{ kind: RowKind.routine, id, number: 0, parent: schemaId, name, definition: text }];
}

export function decodeRoutine(source: CatalogRow, schema: string): RoutineDef {
  const fields = DefinitionFields.parse(source.definition, `object ${source.id} "${source.name}"`);
  return {
    id: source.id,
    schema,
    name: source.name,
    kind: fields.oneOf('kind', ['function', 'procedure', 'aggregate']),
    parameters: fields.list('parameters', (item) => ({
      name: item.textOrNull('name'),
      mode: item.oneOf('mode', ['in', 'out', 'inout', 'variadic', 'table']),
      typeId: item.number('typeId'),
      defaultSql: item.textOrNull('defaultSql'),
    })),
    returnTypeId: fields.number('returnTypeId'),
    returnsSet: fields.flag('returnsSet'),
    volatility: fields.oneOf('volatility', ['immutable', 'stable', 'volatile']),
    isStrict: fields.flag('isStrict'),
    isLeakproof: fields.flag('isLeakproof'),
    isSecurityDefiner: fields.flag('isSecurityDefiner'),
    parallel: fields.oneOf('parallel', ['unsafe', 'restricted', 'safe']),
    cost: fields.numberOrNull('cost'),
    rows: fields.numberOrNull('rows'),
    settings: fields.textMap('settings'),
    body: fields.text('body'),
    bodyForm: fields.oneOf('bodyForm', ['text', 'return', 'atomic']),
    dependsOn: fields.list('dependsOn', (item) => ({
      id: item.number('id'),
      columns: item.numbersOrNull('columns'),
    })),
    comment: fields.textOrNull('comment'),
    aggregate: fields.has('aggregate') ? fields.objectOrNull('aggregate', readAggregate) : null,
  };
}
