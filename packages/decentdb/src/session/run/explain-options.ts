/**
 * What EXPLAIN was asked to show: its options checked as PostgreSQL checks them.
 *
 * I1  A later option of the same name wins. What needs a run (TIMING, WAL) is refused without ANALYZE.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { DefElem } from '../../sql/ast/nodes.ts';
import { optionText } from './transaction-control.ts';

export type ExplainFormat = 'text' | 'json' | 'yaml' | 'xml';

export interface ExplainRequest {
  readonly analyze: boolean;
  readonly verbose: boolean;
  readonly costs: boolean;
  readonly buffers: boolean;
  readonly settings: boolean;
  readonly timing: boolean;
  readonly summary: boolean;
  /** The plan for any values: parameters need none. */
  readonly generic: boolean;
  readonly format: ExplainFormat;
}

const NAMES = [
  'analyze',
  'verbose',
  'costs',
  'buffers',
  'wal',
  'settings',
  'timing',
  'summary',
  'generic_plan',
  'memory',
] as const;
const FORMATS: readonly string[] = ['text', 'json', 'yaml', 'xml'];

export function readExplainOptions(list: readonly DefElem[]): ExplainRequest {
  const given = new Map<string, boolean>();
  let format: ExplainFormat = 'text';
  for (const option of list) {
    const { defname } = option;
    if (defname === 'format') format = formatOf(option);
    else if ((NAMES as readonly string[]).includes(defname)) given.set(defname, booleanOf(option));
    else
      throw new DecentDbError('42601', `unrecognized EXPLAIN option "${defname}"`, {
        position: option.location + 1,
      });
  }
  const analyze = given.get('analyze') === true;
  const isOn = (name: (typeof NAMES)[number], unless: boolean): boolean => given.get(name) ?? unless;
  for (const name of ['wal', 'timing'] as const)
    if (isOn(name, false) && !analyze)
      throw new DecentDbError('22023', `EXPLAIN option ${name.toUpperCase()} requires ANALYZE`);
  if (analyze && isOn('generic_plan', false))
    throw new DecentDbError('22023', 'EXPLAIN options ANALYZE and GENERIC_PLAN cannot be used together');
  return {
    analyze,
    verbose: isOn('verbose', false),
    costs: isOn('costs', true),
    buffers: isOn('buffers', false),
    settings: isOn('settings', false),
    timing: isOn('timing', analyze),
    summary: isOn('summary', analyze),
    generic: isOn('generic_plan', false),
    format,
  };
}

/** PostgreSQL's defGetBoolean: nothing is true, else 0, 1, on, off, true or false. */
function booleanOf(option: DefElem): boolean {
  if (option.arg === null) return true;
  const text = optionText(option).toLowerCase();
  if (text === '1' || text === 'true' || text === 'on') return true;
  if (text === '0' || text === 'false' || text === 'off') return false;
  throw new DecentDbError('42601', `${option.defname} requires a Boolean value`);
}

function formatOf(option: DefElem): ExplainFormat {
  const text = optionText(option);
  if (!FORMATS.includes(text.toLowerCase()))
    throw new DecentDbError('22023', `unrecognized value for EXPLAIN option "format": "${text}"`, {
      position: option.location + 1,
    });
  return text.toLowerCase() as ExplainFormat;
}
