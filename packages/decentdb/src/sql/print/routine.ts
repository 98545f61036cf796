// CREATE FUNCTION, CREATE PROCEDURE and CREATE TRIGGER as SQL text.

import type { CreateFunctionStmt, CreateTrigStmt, DefElem } from '../ast/nodes.ts';
import { printExpr } from './expression.ts';
import { printDefArg } from './options.ts';
import { print } from './print.ts';
import { quoteIdentifier, quoteName, quoteNames, quoteString } from './quote.ts';
import { printRelation } from './select.ts';
import { printTypeName } from './type-name.ts';
import { printParameter, printVariableSet } from './utility.ts';

export function printCreateFunction(s: CreateFunctionStmt): string {
  const isTable = (p: CreateFunctionStmt['parameters'][number]): boolean => p.mode === 'FUNC_PARAM_TABLE';
  const columns = s.parameters.filter(isTable);
  const parameters = s.parameters.filter((p) => !isTable(p)).map(printParameter);
  let text = `CREATE ${s.replace ? 'OR REPLACE ' : ''}${s.is_procedure ? 'PROCEDURE' : 'FUNCTION'} ${quoteName(s.funcname)}(${parameters.join(', ')})`;
  if (columns.length > 0) text += ` RETURNS TABLE (${columns.map(printParameter).join(', ')})`;
  else if (s.returnType !== null) text += ` RETURNS ${printTypeName(s.returnType)}`;
  for (const option of s.options) text += ` ${printOption(option)}`;
  const body = s.sql_body;
  if (body === null) return text;
  if (body.kind === 'ReturnStmt') return `${text} RETURN ${printExpr(body.returnval)}`;
  const stmts = body.stmts.map(
    (stmt) => `${stmt.kind === 'ReturnStmt' ? `RETURN ${printExpr(stmt.returnval)}` : print(stmt)};`,
  );
  return `${text} BEGIN ATOMIC ${stmts.join(' ')} END`;
}

function printOption(o: DefElem): string {
  const on = o.arg?.kind === 'Boolean' && o.arg.boolval;
  const word = o.arg?.kind === 'String' ? o.arg.sval : '';
  switch (o.defname) {
    case 'as':
      return o.arg?.kind === 'NameList' ? `AS ${o.arg.names.map(quoteString).join(', ')}` : '';
    case 'language':
      return `LANGUAGE ${quoteIdentifier(word)}`;
    case 'strict':
      return on ? 'STRICT' : 'CALLED ON NULL INPUT';
    case 'volatility':
      return word.toUpperCase();
    case 'security':
      return on ? 'SECURITY DEFINER' : 'SECURITY INVOKER';
    case 'leakproof':
      return on ? 'LEAKPROOF' : 'NOT LEAKPROOF';
    case 'window':
      return 'WINDOW';
    case 'parallel':
      return `PARALLEL ${quoteIdentifier(word)}`;
    case 'set':
      return o.arg?.kind === 'VariableSetStmt' ? printVariableSet(o.arg) : '';
    case 'transform':
      return o.arg?.kind === 'DefElemList'
        ? `TRANSFORM ${o.arg.items.map((type) => `FOR TYPE ${printDefArg(type.arg!)}`).join(', ')}`
        : '';
    default:
      return `${o.defname.toUpperCase()} ${printDefArg(o.arg!)}`;
  }
}

const EVENTS: readonly (readonly [number, string])[] = [
  [4, 'INSERT'],
  [8, 'DELETE'],
  [16, 'UPDATE'],
  [32, 'TRUNCATE'],
];

export function printCreateTrigger(s: CreateTrigStmt): string {
  const timing = s.timing === 2 ? 'BEFORE' : s.timing === 64 ? 'INSTEAD OF' : 'AFTER';
  const events = EVENTS.filter(([bit]) => (s.events & bit) !== 0).map(([, name]) =>
    name === 'UPDATE' && s.columns.length > 0 ? `UPDATE OF ${quoteNames(s.columns)}` : name,
  );
  let text = `CREATE ${s.replace ? 'OR REPLACE ' : ''}${s.isconstraint ? 'CONSTRAINT ' : ''}TRIGGER ${quoteIdentifier(s.trigname)} ${timing} ${events.join(' OR ')} ON ${printRelation(s.relation)}`;
  if (s.constrrel !== null) text += ` FROM ${printRelation(s.constrrel)}`;
  if (s.deferrable) text += ' DEFERRABLE';
  if (s.initdeferred) text += ' INITIALLY DEFERRED';
  const transitions = s.transitionRels.map(
    (t) => `${t.isNew ? 'NEW' : 'OLD'} ${t.isTable ? 'TABLE' : 'ROW'} AS ${quoteIdentifier(t.name)}`,
  );
  if (transitions.length > 0) text += ` REFERENCING ${transitions.join(' ')}`;
  text += ` FOR EACH ${s.row ? 'ROW' : 'STATEMENT'}`;
  if (s.whenClause !== null) text += ` WHEN (${printExpr(s.whenClause)})`;
  return `${text} EXECUTE FUNCTION ${quoteName(s.funcname)}(${s.args.map(quoteString).join(', ')})`;
}
