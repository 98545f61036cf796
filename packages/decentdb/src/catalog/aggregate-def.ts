/**
 * What CREATE AGGREGATE keeps beside name, arguments and result: the functions an aggregate is made of.
 *
 * I1  A function of the catalogue is known by its id, so that it may be renamed; a built-in one, or one of the application, by its
 *     name alone.
 * I2  What a state starts from is kept as text, read as a value of the state's type by whoever binds a call.
 */
import type { DefinitionFields } from './definition-fields.ts';

export interface FunctionName {
  readonly schema: string | null;
  readonly name: string;
  /** Of a function of the catalogue (I1). */
  readonly routineId: number | null;
}

/** How rows become a state, and a state a value. */
export interface AggregateSteps {
  readonly stateTypeId: number;
  readonly stateSpace: number;
  readonly transition: FunctionName;
  /** Takes a row out of the state again: of moving frames only. */
  readonly inverse: FunctionName | null;
  readonly final: FunctionName | null;
  /** The final function gets NULLs of the arguments' types after the state. */
  readonly finalExtra: boolean;
  /** pg_aggregate's aggfinalmodify; null: not said. */
  readonly finalModify: 'r' | 's' | 'w' | null;
  readonly initial: string | null;
}

export interface AggregateDef extends AggregateSteps {
  readonly combine: FunctionName | null;
  readonly sortOperator: string | null;
  /** Told of moving frames. Every frame is computed by the steps above: these are kept for whoever asks and for dumps. */
  readonly moving: AggregateSteps | null;
}

function readFunction(fields: DefinitionFields): FunctionName {
  return {
    schema: fields.textOrNull('schema'),
    name: fields.text('name'),
    routineId: fields.numberOrNull('routineId'),
  };
}

function readSteps(fields: DefinitionFields): AggregateSteps {
  const optional = (field: string): FunctionName | null => fields.objectOrNull(field, readFunction);
  return {
    stateTypeId: fields.number('stateTypeId'),
    stateSpace: fields.number('stateSpace'),
    transition: readFunction(fields.object('transition')),
    inverse: optional('inverse'),
    final: optional('final'),
    finalExtra: fields.flag('finalExtra'),
    finalModify: fields.oneOf('finalModify', ['r', 's', 'w', null]),
    initial: fields.textOrNull('initial'),
  };
}

export function readAggregate(fields: DefinitionFields): AggregateDef {
  return {
    ...readSteps(fields),
    combine: fields.objectOrNull('combine', readFunction),
    sortOperator: fields.textOrNull('sortOperator'),
    moving: fields.objectOrNull('moving', readSteps),
  };
}
