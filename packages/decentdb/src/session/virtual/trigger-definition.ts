/** pg_get_triggerdef: a trigger as the statement that makes it. */
import type { Catalog } from '../../catalog/catalog.ts';
import type { TableDef, TriggerDef, ViewDef } from '../../catalog/schema.ts';
import { quoteString } from '../../sql/print/quote.ts';
import { quoted } from './definitions.ts';

const TIMINGS = { before: 'BEFORE', after: 'AFTER', insteadOf: 'INSTEAD OF' } as const;

export function triggerSql(catalog: Catalog, owner: TableDef | ViewDef, trigger: TriggerDef): string {
  const { constraint } = trigger;
  const events = trigger.events.map((event) => {
    const columns = trigger.updateColumns.map((column) => quoted(owner.columns[column]?.name ?? '?'));
    return event === 'update' && columns.length > 0 ? `UPDATE OF ${columns.join(', ')}` : event.toUpperCase();
  });
  const parts = [
    `CREATE ${constraint == null ? '' : 'CONSTRAINT '}TRIGGER ${quoted(trigger.name)}`,
    `${TIMINGS[trigger.timing]} ${events.join(' OR ')} ON ${quoted(owner.schema)}.${quoted(owner.name)}`,
  ];
  const from = constraint?.fromTableId == null ? undefined : catalog.table(constraint.fromTableId);
  if (from !== undefined) parts.push(`FROM ${quoted(from.schema)}.${quoted(from.name)}`);
  if (constraint?.deferrable === true)
    parts.push(`DEFERRABLE INITIALLY ${constraint.initiallyDeferred ? 'DEFERRED' : 'IMMEDIATE'}`);
  else if (constraint != null) parts.push('NOT DEFERRABLE INITIALLY IMMEDIATE');
  const tables = [
    ...(trigger.oldTable === null ? [] : [`OLD TABLE AS ${quoted(trigger.oldTable)}`]),
    ...(trigger.newTable === null ? [] : [`NEW TABLE AS ${quoted(trigger.newTable)}`]),
  ];
  if (tables.length > 0) parts.push(`REFERENCING ${tables.join(' ')}`);
  parts.push(`FOR EACH ${trigger.forEach.toUpperCase()}`);
  if (trigger.whenSql !== null) parts.push(`WHEN (${trigger.whenSql})`);
  parts.push(`EXECUTE FUNCTION ${quoted(trigger.functionName)}(${trigger.args.map(quoteString).join(', ')})`);
  return parts.join(' ');
}
