/**
 * tsvector_update_trigger and tsvector_update_trigger_column: triggers that keep a vector of a row's texts (PostgreSQL manual 12.4.3).
 *
 *     tsvector_update_trigger(vector column, 'configuration', text column, ...)
 *     tsvector_update_trigger_column(vector column, configuration column, text column, ...)
 *
 * I1  An UPDATE that changes none of the texts keeps the vector, unless the row has none.
 */
import { DecentDbError } from '../base/errors.ts';
import type { TableDef } from '../catalog/schema.ts';
import { toVectorOfTexts } from '../functions/text-search/analysis.ts';
import { configOf } from '../functions/text-search/configurations.ts';
import { Oid } from '../types/oids.ts';
import { searchConfigOid } from '../types/regconfig.ts';
import type { Datum } from '../types/vector.ts';
import type { TriggerFiring } from './trigger-run.ts';

function columnOf(table: TableDef, name: string, types: readonly number[], wanted: string): number {
  const position = table.columns.findIndex((column) => column.name === name && !column.isDropped);
  const column = table.columns[position];
  if (column === undefined)
    throw new DecentDbError('42703', `column "${name}" does not exist`, { table: table.name });
  if (!types.includes((column.type.baseType ?? column.type).oid))
    throw new DecentDbError('42804', `column "${name}" is not of ${wanted} type`, { table: table.name });
  return position;
}

const TEXTS = [Oid.text, Oid.varchar, Oid.bpchar];

function update(firing: TriggerFiring, isConfigColumn: boolean): readonly Datum[] | null {
  const { trigger, table, event, newRow, oldRow } = firing;
  const refuse = (message: string): DecentDbError =>
    new DecentDbError('39P01', `tsvector_update_trigger: ${message}`);
  if (trigger.forEach !== 'row' || newRow === null) throw refuse('must be fired for row');
  if (trigger.timing !== 'before') throw refuse('must be fired BEFORE event');
  if (event !== 'insert' && event !== 'update') throw refuse('must be fired for INSERT or UPDATE');
  const [vectorName, configName, ...textNames] = trigger.args;
  if (vectorName === undefined || configName === undefined || textNames.length === 0)
    throw refuse('arguments must be tsvector_field, ts_config, text_field1, ...');
  const vector = columnOf(table, vectorName, [Oid.tsvector], 'tsvector');
  const configColumn = isConfigColumn ? columnOf(table, configName, [Oid.regconfig], 'regconfig') : -1;
  const texts = textNames.map((name) => columnOf(table, name, TEXTS, 'a character'));
  const config = configColumn < 0 ? searchConfigOid(configName) : (newRow[configColumn] as number | null);
  if (config === null)
    throw new DecentDbError('22004', `configuration column "${configName}" must not be null`, {
      table: table.name,
    });
  const watched = configColumn < 0 ? texts : [configColumn, ...texts];
  const isSame = oldRow !== null && watched.every((column) => oldRow[column] === newRow[column]);
  if (isSame && newRow[vector] !== null) return newRow;
  const present = texts.map((column) => newRow[column] ?? null).filter((text) => text !== null);
  const next = [...newRow];
  next[vector] = toVectorOfTexts(configOf(config), present as string[], false);
  return next;
}

export const updateVector = {
  run: (firing: TriggerFiring): readonly Datum[] | null => update(firing, false),
};

export const updateVectorByColumn = {
  run: (firing: TriggerFiring): readonly Datum[] | null => update(firing, true),
};
