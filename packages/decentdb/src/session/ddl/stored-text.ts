/**
 * An expression as a definition keeps it.
 *
 * I1  What the text means does not change with the search path: it is read with schema `public` first, and names of anything in
 *     another schema that were found along the path are written with it. Names of built-in functions and types stay as they are.
 */
import type { SequenceDef } from '../../catalog/schema.ts';
import { aggregatesNamed, scalarsNamed } from '../../functions/registry.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { effectivePath } from '../../sql/bind/env.ts';
import { schemaMeant } from '../../sql/bind/routine-calls.ts';
import { routinesNamed } from '../../sql/bind/routine-lookup.ts';
import { printExpr } from '../../sql/print/expression.ts';
import { quoteIdentifier } from '../../sql/print/quote.ts';
import { typeByName } from '../../types/registry.ts';
import { replaceNodes } from './canonical-query.ts';
import type { DdlContext } from './context.ts';
import { envOf, lookUp, rangeVarOf } from './work.ts';

const PUBLIC = 'public';
const OF_SEQUENCES: ReadonlySet<string> = new Set(['nextval', 'currval', 'setval']);

export function storedText(ctx: DdlContext, node: ast.Expr): string {
  const replacements = outsidePublic(ctx, node);
  return printExpr(replacements.size === 0 ? node : replaceNodes(node, replacements));
}

/** What stands in the place of names that the search path led out of schema `public`, by node (I1). */
export function outsidePublic(ctx: DdlContext, node: unknown): Map<object, object> {
  const replacements = new Map<object, object>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const { kind } = part as { kind?: string };
    if (kind === 'FuncCall') noteFunction(ctx, part as ast.FuncCall, replacements);
    else if (kind === 'TypeName') noteType(ctx, part as ast.TypeName, replacements);
    for (const child of Array.isArray(part) ? part : Object.values(part)) visit(child);
  };
  visit(node);
  return replacements;
}

function noteFunction(ctx: DdlContext, call: ast.FuncCall, replacements: Map<object, object>): void {
  const [name, ...rest] = call.funcname;
  if (name === undefined || rest.length > 0) return;
  if (OF_SEQUENCES.has(name)) {
    noteSequence(ctx, call, replacements);
    return;
  }
  const meant = schemaMeant(call);
  if (meant !== undefined) replacements.set(call.funcname, [meant, name]);
  if (meant !== undefined || scalarsNamed(name).length > 0 || aggregatesNamed(name).length > 0) return;
  const schema = routinesNamed(envOf(ctx), [name])[0]?.routine.schema;
  if (schema !== undefined && schema !== PUBLIC) replacements.set(call.funcname, [schema, name]);
}

function noteType(ctx: DdlContext, type: ast.TypeName, replacements: Map<object, object>): void {
  const [name, ...rest] = type.names;
  if (name === undefined || rest.length > 0 || typeByName(name) !== undefined) return;
  const schema = ctx.catalog.findType(effectivePath(envOf(ctx)), name)?.schema;
  if (schema !== undefined && schema !== PUBLIC) replacements.set(type.names, [schema, name]);
}

/** nextval('s') and its kin, where the sequence is not in schema public. */
function noteSequence(ctx: DdlContext, call: ast.FuncCall, replacements: Map<object, object>): void {
  const literal = sequenceLiteral(call);
  const sequence = literal === null ? null : sequenceOf(ctx, literal);
  if (literal === null || sequence === null || sequence.schema === PUBLIC) return;
  const sval = `${quoteIdentifier(sequence.schema)}.${quoteIdentifier(sequence.name)}`;
  replacements.set(literal, { ...literal, sval });
}

function sequenceLiteral(call: ast.FuncCall): ast.A_Const | null {
  const [first] = call.args;
  const arg = first?.kind === 'TypeCast' && first.typeName.names.at(-1) === 'regclass' ? first.arg : first;
  return arg?.kind === 'A_Const' && arg.constType === 'String' ? arg : null;
}

function sequenceOf(ctx: DdlContext, literal: ast.A_Const): SequenceDef | null {
  const text = literal.constType === 'String' ? literal.sval : '';
  // Names that need quotes are left to be read as they are written.
  if (!/^[a-z_][a-z0-9_$]*(\.[a-z_][a-z0-9_$]*)?$/.test(text)) return null;
  const relation = lookUp(ctx, rangeVarOf(text.split('.')));
  return relation?.kind === 'sequence' ? relation.sequence : null;
}

/** The sequence of a default that is nextval of it and nothing else. */
export function sequenceOfDefault(ctx: DdlContext, node: ast.Expr): SequenceDef | null {
  if (node.kind !== 'FuncCall' || node.args.length !== 1 || node.funcname.at(-1) !== 'nextval') return null;
  const literal = sequenceLiteral(node);
  return literal === null ? null : sequenceOf(ctx, literal);
}
