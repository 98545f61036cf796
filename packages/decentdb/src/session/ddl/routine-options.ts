/** Options of CREATE FUNCTION and ALTER FUNCTION: each at most once, with what it changes. */
import { DecentDbError } from '../../base/errors.ts';
import type { RoutineDef } from '../../catalog/routines.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindError, bindNotSupported } from '../../sql/bind/errors.ts';
import { settingText } from '../run/set-show.ts';
import type { DdlContext } from './context.ts';

type Changes = Partial<
  Pick<
    RoutineDef,
    | 'volatility'
    | 'isStrict'
    | 'isLeakproof'
    | 'isSecurityDefiner'
    | 'parallel'
    | 'cost'
    | 'rows'
    | 'settings'
  >
>;

export interface RoutineOptions {
  readonly language: string | null;
  readonly body: string | null;
  readonly changes: Changes;
}

/** What may be asked of procedures too. */
const OF_PROCEDURES: ReadonlySet<string> = new Set(['as', 'language', 'security', 'set', 'transform']);

export function readRoutineOptions(
  ctx: DdlContext,
  options: readonly ast.DefElem[],
  isProcedure: boolean,
  before: Readonly<Record<string, string>> = {},
): RoutineOptions {
  let language: string | null = null;
  let body: string | null = null;
  let changes: Changes = {};
  const written = options.find(({ defname }) => defname === 'language');
  if (written !== undefined && ['c', 'internal'].includes(wordOf(written).toLowerCase()))
    throw bindNotSupported(`LANGUAGE ${wordOf(written).toLowerCase()}`, written.location);
  const settings: Record<string, string> = { ...before };
  const seen = new Set<string>();
  for (const option of options) {
    const { defname, arg, location } = option;
    if (defname !== 'set' && seen.has(defname))
      throw bindError('42601', 'conflicting or redundant options', location);
    seen.add(defname);
    if (isProcedure && !OF_PROCEDURES.has(defname))
      throw bindError('42P13', 'invalid attribute in procedure definition', location);
    if (defname === 'as') body = bodyOf(option);
    else if (defname === 'language') language = wordOf(option).toLowerCase();
    else if (defname === 'set') readSetting(ctx, settings, arg);
    else changes = { ...changes, ...changeOf(option) };
  }
  if (seen.has('set')) changes = { ...changes, settings };
  return { language, body, changes };
}

function bodyOf({ arg, location }: ast.DefElem): string {
  if (arg?.kind !== 'NameList') return '';
  if (arg.names.length > 1) throw bindError('42P13', 'only one AS item needed for language "sql"', location);
  return arg.names[0] ?? '';
}

function wordOf({ arg }: ast.DefElem): string {
  return arg?.kind === 'String' ? arg.sval : '';
}

function isOn({ arg }: ast.DefElem): boolean {
  return arg?.kind === 'Boolean' && arg.boolval;
}

function changeOf(option: ast.DefElem): Changes {
  switch (option.defname) {
    case 'volatility':
      return { volatility: wordOf(option).toLowerCase() as RoutineDef['volatility'] };
    case 'strict':
      return { isStrict: isOn(option) };
    case 'leakproof':
      return { isLeakproof: isOn(option) };
    case 'security':
      return { isSecurityDefiner: isOn(option) };
    case 'parallel': {
      const word = wordOf(option).toLowerCase();
      if (word !== 'safe' && word !== 'restricted' && word !== 'unsafe')
        throw new DecentDbError('42601', 'parameter "parallel" must be SAFE, RESTRICTED, or UNSAFE');
      return { parallel: word };
    }
    case 'cost':
      return { cost: positive(option, 'COST must be positive') };
    case 'rows':
      return { rows: positive(option, 'ROWS must be positive') };
    case 'transform':
      throw bindNotSupported('TRANSFORM', option.location);
    case 'support':
      throw bindNotSupported('SUPPORT', option.location);
    default:
      throw bindNotSupported(`${option.defname.toUpperCase()} of a function`, option.location);
  }
}

function positive({ arg }: ast.DefElem, message: string): number {
  const value = arg?.kind === 'Integer' ? arg.ival : arg?.kind === 'Float' ? Number(arg.fval) : Number.NaN;
  if (!(value > 0)) throw new DecentDbError('22023', message);
  return value;
}

function readSetting(ctx: DdlContext, settings: Record<string, string>, arg: ast.DefElem['arg']): void {
  if (arg?.kind !== 'VariableSetStmt') return;
  const name = (arg.name ?? '').toLowerCase();
  switch (arg.setKind) {
    case 'VAR_SET_VALUE':
      settings[name] = settingText(arg);
      return;
    case 'VAR_SET_CURRENT':
      settings[name] = ctx.setting(name);
      return;
    case 'VAR_SET_DEFAULT':
    case 'VAR_RESET':
      delete settings[name];
      return;
    case 'VAR_RESET_ALL':
      for (const key of Object.keys(settings)) delete settings[key];
      return;
    default:
      throw bindNotSupported(`SET ${arg.name ?? ''} of a function`, arg.location);
  }
}
