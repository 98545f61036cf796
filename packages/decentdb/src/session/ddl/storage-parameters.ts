/**
 * WITH (...) of tables and views: parameters PostgreSQL knows are checked as it checks them.
 *
 * I1  Those of tables have no effect here and are not kept; those of views are kept with the view.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { ViewDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';

const AUTOVACUUM: readonly string[] = [
  'autovacuum_enabled',
  'autovacuum_vacuum_threshold',
  'autovacuum_vacuum_scale_factor',
  'autovacuum_vacuum_insert_threshold',
  'autovacuum_vacuum_insert_scale_factor',
  'autovacuum_vacuum_cost_delay',
  'autovacuum_vacuum_cost_limit',
  'autovacuum_freeze_min_age',
  'autovacuum_freeze_max_age',
  'autovacuum_freeze_table_age',
  'autovacuum_multixact_freeze_min_age',
  'autovacuum_multixact_freeze_max_age',
  'autovacuum_multixact_freeze_table_age',
  'log_autovacuum_min_duration',
  'vacuum_index_cleanup',
  'vacuum_truncate',
];
const TABLE: ReadonlySet<string> = new Set([
  ...AUTOVACUUM,
  'autovacuum_analyze_threshold',
  'autovacuum_analyze_scale_factor',
  'fillfactor',
  'toast_tuple_target',
  'parallel_workers',
  'user_catalog_table',
]);
const TOAST: ReadonlySet<string> = new Set(AUTOVACUUM);

const unrecognized = (name: string): DecentDbError =>
  new DecentDbError('22023', `unrecognized parameter "${name}"`);

export function checkTableParameters(options: readonly ast.DefElem[]): void {
  const seen = new Set<string>();
  for (const option of options) {
    const { defnamespace, defname } = option;
    if (defnamespace !== null && defnamespace !== 'toast')
      throw new DecentDbError('22023', `unrecognized parameter namespace "${defnamespace}"`);
    if (defnamespace === null && defname === 'oids') {
      if (booleanOf(option, 'oids'))
        throw new DecentDbError('0A000', 'tables declared WITH OIDS are not supported');
      continue;
    }
    if (!(defnamespace === null ? TABLE : TOAST).has(defname)) throw unrecognized(defname);
    const key = `${defnamespace ?? ''}.${defname}`;
    if (seen.has(key)) throw new DecentDbError('22023', `parameter "${defname}" specified more than once`);
    seen.add(key);
    if (defname === 'fillfactor') checkFillFactor(option);
  }
}

function checkFillFactor({ arg }: ast.DefElem): void {
  if (arg?.kind !== 'Integer') return;
  if (arg.ival >= 10 && arg.ival <= 100) return;
  throw new DecentDbError('22023', `value ${arg.ival} out of bounds for option "fillfactor"`, {
    detail: 'Valid values are between "10" and "100".',
  });
}

function textOf({ arg }: ast.DefElem): string {
  switch (arg?.kind) {
    case undefined:
      return 'true';
    case 'String':
      return arg.sval;
    case 'Boolean':
      return arg.boolval ? 'true' : 'false';
    case 'Integer':
      return String(arg.ival);
    case 'Float':
      return arg.fval;
    case 'TypeName':
      return arg.names.at(-1) ?? '';
    default:
      return '';
  }
}

const TRUE = new Set(['true', 'on', 'yes', '1', 't', 'y']);
const FALSE = new Set(['false', 'off', 'no', '0', 'f', 'n']);

function booleanOf(option: ast.DefElem, name: string): boolean {
  const text = textOf(option).toLowerCase();
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new DecentDbError('22023', `invalid value for boolean option "${name}": ${textOf(option)}`);
}

/** A view's options after WITH (...) or ALTER VIEW ... SET (...): as they were written, checked. */
export function viewOptions(
  options: readonly ast.DefElem[],
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const made: Record<string, string> = { ...before };
  const seen = new Set<string>();
  for (const option of options) {
    const { defname } = option;
    if (seen.has(defname))
      throw new DecentDbError('22023', `parameter "${defname}" specified more than once`);
    seen.add(defname);
    if (defname === 'check_option') {
      const text = textOf(option);
      if (text !== 'local' && text !== 'cascaded')
        throw new DecentDbError('22023', `invalid value for enum option "check_option": ${text}`, {
          detail: 'Valid values are "local" and "cascaded".',
        });
    } else if (defname === 'security_barrier' || defname === 'security_invoker') booleanOf(option, defname);
    else throw unrecognized(defname);
    made[defname] = textOf(option);
  }
  return made;
}

export function checkOptionIn(options: Readonly<Record<string, string>>): ViewDef['checkOption'] {
  const text = options['check_option'];
  return text === 'local' || text === 'cascaded' ? text : null;
}
