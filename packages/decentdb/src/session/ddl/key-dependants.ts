/**
 * Views that group by a primary key and name other columns of its table: they are nothing without the key.
 *
 * I1  Whether a view needs the key is asked of the binder, with the catalogue that has it no more.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { TableDef } from '../../catalog/schema.ts';
import { bindView } from '../../sql/bind/statement.ts';
import type { DdlContext } from './context.ts';
import { closure, type Dropped, viewsOn } from './dependencies.ts';
import { remove } from './drop.ts';
import { envOf } from './work.ts';

/** Refuses to drop a key that views need, or drops them with it. The key is gone from the catalogue already. */
export function dropGroupedViews(ctx: DdlContext, table: TableDef, key: string, isCascade: boolean): void {
  const found = viewsOn(ctx.catalog, table.id, null).filter((dropped) => needsKey(ctx, dropped));
  if (found.length === 0) return;
  if (!isCascade)
    throw new DecentDbError(
      '2BP01',
      `cannot drop constraint ${key} on table ${table.name} because other objects depend on it`,
      {
        detail: found
          .map((one) => `${nameOf(one)} depends on constraint ${key} on table ${table.name}`)
          .join('\n'),
        hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
      },
    );
  for (const one of found)
    ctx.notice({ severity: 'NOTICE', code: '00000', message: `drop cascades to ${nameOf(one)}` });
  for (const one of closure(ctx, found, true)) remove(ctx, one);
}

function nameOf(dropped: Dropped): string {
  return dropped.kind === 'view' ? `view ${dropped.view.name}` : dropped.kind;
}

function needsKey(ctx: DdlContext, dropped: Dropped): boolean {
  if (dropped.kind !== 'view') return false;
  try {
    bindView(dropped.view, envOf(ctx));
    return false;
  } catch (error) {
    if (error instanceof DecentDbError && error.code === '42803') return true;
    throw error;
  }
}
