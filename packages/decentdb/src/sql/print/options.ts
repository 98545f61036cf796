// Option lists as SQL text.

import type { DefArg, DefElem, Expr } from '../ast/nodes.ts';
import { printExpr } from './expression.ts';
import { printOperator, quoteIdentifier, quoteName, quoteString } from './quote.ts';
import { printTypeName } from './type-name.ts';

/** An option's value where a word, string, number or type may stand. */
export function printDefArg(arg: DefArg): string {
  switch (arg.kind) {
    case 'Integer':
      return String(arg.ival);
    case 'Float':
      return arg.fval;
    case 'Boolean':
      return arg.boolval ? 'true' : 'false';
    case 'String':
      return quoteString(arg.sval);
    case 'TypeName':
      return printTypeName(arg);
    case 'NameList':
      return arg.names.length === 1 && /^[^a-z0-9_]/i.test(arg.names[0]!)
        ? printOperator(arg.names)
        : quoteName(arg.names);
    case 'DefElemList':
      return printRelOptions(arg.items);
    case 'RoleSpec':
      return quoteIdentifier(arg.rolename ?? '');
    case 'VariableSetStmt':
      return '';
    default:
      return printExpr(arg as Expr);
  }
}

/** `(name = value, ...)`. */
export function printRelOptions(list: readonly DefElem[]): string {
  const items = list.map((o) => {
    const space = o.defnamespace === null ? '' : `${quoteIdentifier(o.defnamespace)}.`;
    return `${space}${quoteIdentifier(o.defname)}${o.arg === null ? '' : ` = ${printDefArg(o.arg)}`}`;
  });
  return `(${items.join(', ')})`;
}

/** `(name value, ...)` of EXPLAIN and its like. */
export function printUtilityOptions(list: readonly DefElem[]): string {
  if (list.length === 0) return '';
  const items = list.map(
    (o) => quoteIdentifier(o.defname) + (o.arg === null ? '' : ` ${printDefArg(o.arg)}`),
  );
  return ` (${items.join(', ')})`;
}

/** OPTIONS ( [action] name 'value', ... ). */
export function printGenericOptions(list: readonly DefElem[]): string {
  const items = list.map((o) => {
    const action = o.defaction === 'DEFELEM_UNSPEC' ? '' : `${o.defaction.slice(8)} `;
    return `${action}${quoteIdentifier(o.defname)}${o.arg === null ? '' : ` ${printDefArg(o.arg)}`}`;
  });
  return `OPTIONS (${items.join(', ')})`;
}

/** Options of a sequence, each with its leading blank. */
export function printSequenceOptions(list: readonly DefElem[]): string {
  return list.map((o) => ` ${printSequenceOption(o)}`).join('');
}

function printSequenceOption(o: DefElem): string {
  const arg = o.arg === null ? null : printDefArg(o.arg);
  switch (o.defname) {
    case 'as':
      return `AS ${arg}`;
    case 'cycle':
      return o.arg?.kind === 'Boolean' && !o.arg.boolval ? 'NO CYCLE' : 'CYCLE';
    case 'increment':
      return `INCREMENT BY ${arg}`;
    case 'maxvalue':
    case 'minvalue':
      return arg === null ? `NO ${o.defname.toUpperCase()}` : `${o.defname.toUpperCase()} ${arg}`;
    case 'owned_by':
      return `OWNED BY ${arg === '"none"' ? 'NONE' : arg}`;
    case 'sequence_name':
      return `SEQUENCE NAME ${arg}`;
    case 'start':
      return `START WITH ${arg}`;
    case 'restart':
      return arg === null ? 'RESTART' : `RESTART WITH ${arg}`;
    default:
      return arg === null ? o.defname.toUpperCase() : `${o.defname.toUpperCase()} ${arg}`;
  }
}
