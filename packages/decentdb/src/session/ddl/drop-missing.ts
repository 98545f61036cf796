/**
 * DROP of kinds of objects nobody can make here: what is asked for is not there, or belongs to the system.
 *
 * I1  Names, types and relations are checked in PostgreSQL's order, with its codes: a script's DROP ... IF EXISTS runs, a plain
 *     DROP of something missing fails as it should, and what the engine itself consists of cannot be dropped (2BP01).
 */
import { DecentDbError } from '../../base/errors.ts';
import { aggregatesNamed, operatorsNamed, scalarsNamed } from '../../functions/registry.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { resolveTypeName } from '../../sql/bind/type-names.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { DdlContext } from './context.ts';
import { changeTable } from './drop.ts';
import { envOf, lookUp, rangeVarOf } from './work.ts';

interface Kind {
  /** As messages call it. */
  readonly label: string;
  readonly tag: string;
  readonly how: 'name' | 'plain' | 'routine' | 'operator' | 'cast' | 'onRelation' | 'byMethod';
  /** Of this kind, what every database has. */
  readonly builtin?: readonly string[];
}

const KINDS: Partial<Record<ast.ObjectType, Kind>> = {
  OBJECT_COLLATION: { label: 'collation', tag: 'COLLATION', how: 'name', builtin: ['default', 'C', 'POSIX'] },
  OBJECT_CONVERSION: { label: 'conversion', tag: 'CONVERSION', how: 'name' },
  OBJECT_STATISTIC_EXT: { label: 'statistics object', tag: 'STATISTICS', how: 'name' },
  OBJECT_FOREIGN_TABLE: { label: 'foreign table', tag: 'FOREIGN TABLE', how: 'name' },
  OBJECT_TSPARSER: { label: 'text search parser', tag: 'TEXT SEARCH PARSER', how: 'name' },
  OBJECT_TSDICTIONARY: { label: 'text search dictionary', tag: 'TEXT SEARCH DICTIONARY', how: 'name' },
  OBJECT_TSTEMPLATE: { label: 'text search template', tag: 'TEXT SEARCH TEMPLATE', how: 'name' },
  OBJECT_TSCONFIGURATION: {
    label: 'text search configuration',
    tag: 'TEXT SEARCH CONFIGURATION',
    how: 'name',
  },
  OBJECT_EXTENSION: { label: 'extension', tag: 'EXTENSION', how: 'plain' },
  OBJECT_PUBLICATION: { label: 'publication', tag: 'PUBLICATION', how: 'plain' },
  OBJECT_EVENT_TRIGGER: { label: 'event trigger', tag: 'EVENT TRIGGER', how: 'plain' },
  OBJECT_FDW: { label: 'foreign-data wrapper', tag: 'FOREIGN DATA WRAPPER', how: 'plain' },
  OBJECT_FOREIGN_SERVER: { label: 'server', tag: 'SERVER', how: 'plain' },
  OBJECT_LANGUAGE: { label: 'language', tag: 'LANGUAGE', how: 'plain', builtin: ['sql', 'internal', 'c'] },
  OBJECT_ACCESS_METHOD: {
    label: 'access method',
    tag: 'ACCESS METHOD',
    how: 'plain',
    builtin: ['heap', 'btree', 'hash', 'gin', 'gist', 'spgist', 'brin'],
  },
  OBJECT_FUNCTION: { label: 'function', tag: 'FUNCTION', how: 'routine' },
  OBJECT_PROCEDURE: { label: 'procedure', tag: 'PROCEDURE', how: 'routine' },
  OBJECT_ROUTINE: { label: 'routine', tag: 'ROUTINE', how: 'routine' },
  OBJECT_AGGREGATE: { label: 'aggregate', tag: 'AGGREGATE', how: 'routine' },
  OBJECT_OPERATOR: { label: 'operator', tag: 'OPERATOR', how: 'operator' },
  OBJECT_CAST: { label: 'cast', tag: 'CAST', how: 'cast' },
  OBJECT_TRIGGER: { label: 'trigger', tag: 'TRIGGER', how: 'onRelation' },
  OBJECT_RULE: { label: 'rule', tag: 'RULE', how: 'onRelation' },
  OBJECT_POLICY: { label: 'policy', tag: 'POLICY', how: 'onRelation' },
  OBJECT_OPCLASS: { label: 'operator class', tag: 'OPERATOR CLASS', how: 'byMethod' },
  OBJECT_OPFAMILY: { label: 'operator family', tag: 'OPERATOR FAMILY', how: 'byMethod' },
};

const ACCESS_METHODS: ReadonlySet<string> = new Set(['btree', 'hash', 'gin', 'gist', 'spgist', 'brin']);

export function dropMissing(ctx: DdlContext, stmt: ast.DropStmt): string {
  const kind = KINDS[stmt.removeType];
  if (kind === undefined)
    throw bindNotSupported(
      `DROP ${stmt.removeType.slice('OBJECT_'.length).replaceAll('_', ' ')}`,
      stmt.location,
    );
  for (const object of stmt.objects) {
    try {
      dropOne(ctx, kind, object);
    } catch (error) {
      if (!(stmt.missing_ok && error instanceof DecentDbError && isAbsence(error, kind, object))) throw error;
      ctx.notice({ severity: 'NOTICE', code: '00000', message: `${error.message}, skipping` });
    }
  }
  return `DROP ${kind.tag}`;
}

/** What IF EXISTS forgives: the object, its schema, its relation or its types are not there. */
function isAbsence(error: DecentDbError, kind: Kind, object: ast.ObjectName): boolean {
  if (kind.how === 'byMethod' && !ACCESS_METHODS.has(object.using ?? '')) return false;
  return ['42704', '42883', '42P01', '3F000'].includes(error.code);
}

function dropOne(ctx: DdlContext, kind: Kind, object: ast.ObjectName): void {
  const name = object.names.join('.');
  switch (kind.how) {
    case 'name':
    case 'plain':
      if (kind.how === 'name') requireSchemaOf(ctx, object.names);
      if (kind.builtin?.includes(object.names.at(-1) ?? '') === true) throw required(kind, name);
      throw new DecentDbError('42704', `${kind.label} "${name}" does not exist`);
    case 'routine':
      return dropRoutine(ctx, kind, object);
    case 'operator':
      return dropOperator(ctx, kind, object);
    case 'cast':
      return dropCast(ctx, object);
    case 'onRelation':
      return dropFromRelation(ctx, kind, object);
    default: {
      const method = object.using ?? '';
      if (!ACCESS_METHODS.has(method))
        throw new DecentDbError('42704', `access method "${method}" does not exist`);
      requireSchemaOf(ctx, object.names);
      throw new DecentDbError(
        '42704',
        `${kind.label} "${name}" does not exist for access method "${method}"`,
      );
    }
  }
}

function required(kind: Kind, name: string): DecentDbError {
  return new DecentDbError(
    '2BP01',
    `cannot drop ${kind.label} ${name} because it is required by the database system`,
  );
}

function requireSchemaOf(ctx: DdlContext, names: readonly string[]): void {
  const schema = names.length > 1 ? names.at(-2) : undefined;
  if (schema === undefined || schema === 'pg_catalog') return;
  if (ctx.catalog.schema(schema) === undefined && !ctx.env.virtualTables.hasSchema(schema))
    throw new DecentDbError('3F000', `schema "${schema}" does not exist`);
}

function typesOf(ctx: DdlContext, nodes: readonly (ast.TypeName | null)[]): (SqlType | null)[] {
  return nodes.map((node) => (node === null ? null : resolveTypeName(envOf(ctx), node).type));
}

function dropRoutine(ctx: DdlContext, kind: Kind, object: ast.ObjectName): void {
  requireSchemaOf(ctx, object.names);
  const name = object.names.join('.');
  const known =
    kind.label === 'aggregate'
      ? aggregatesNamed(object.names.at(-1) ?? '')
      : scalarsNamed(object.names.at(-1) ?? '');
  if (object.args === null) {
    if (known.length > 1) throw new DecentDbError('42725', `${kind.label} name "${name}" is not unique`);
    const [only] = known;
    if (only !== undefined) throw required(kind, name);
    throw new DecentDbError('42883', `could not find a ${kind.label} named "${name}"`);
  }
  const types = typesOf(ctx, object.args);
  const shown = types.map((type) => type?.sqlName(-1) ?? 'none').join(', ');
  const signature = `${name}(${kind.label === 'aggregate' && types.length === 0 ? '*' : shown})`;
  if (known.some((fn) => isSameSignature(fn.args, types))) throw required(kind, signature);
  throw new DecentDbError('42883', `${kind.label} ${signature} does not exist`);
}

function isSameSignature(args: readonly number[], types: readonly (SqlType | null)[]): boolean {
  return args.length === types.length && args.every((oid, i) => oid === types[i]?.oid);
}

function dropOperator(ctx: DdlContext, kind: Kind, object: ast.ObjectName): void {
  requireSchemaOf(ctx, object.names);
  const types = typesOf(ctx, object.args ?? []);
  const symbol = object.names.join('.');
  const operands = types.filter((type) => type !== null);
  const [left, right] = types;
  const shown = [left?.sqlName(-1), symbol, right?.sqlName(-1)]
    .filter((part) => part !== undefined)
    .join(' ');
  const known = operatorsNamed(object.names.at(-1) ?? '');
  if (known.some((operator) => isSameSignature(operator.args, operands))) throw required(kind, shown);
  throw new DecentDbError('42883', `operator does not exist: ${shown}`);
}

function dropCast(ctx: DdlContext, object: ast.ObjectName): void {
  const [source, target] = typesOf(ctx, [object.sourceType, object.typeName]);
  throw new DecentDbError(
    '42704',
    `cast from type ${source?.sqlName(-1)} to type ${target?.sqlName(-1)} does not exist`,
  );
}

function dropFromRelation(ctx: DdlContext, kind: Kind, object: ast.ObjectName): void {
  const owner = object.names.slice(0, -1);
  const name = object.names.at(-1) ?? '';
  requireSchemaOf(ctx, owner);
  const relation = lookUp(ctx, rangeVarOf(owner));
  if (relation === null) throw new DecentDbError('42P01', `relation "${owner.join('.')}" does not exist`);
  if (
    kind.label === 'trigger' &&
    relation.kind === 'table' &&
    relation.table.triggers.some((t) => t.name === name)
  ) {
    changeTable(ctx, relation.table.id, (draft) => {
      draft.triggers = draft.triggers.filter((trigger) => trigger.name !== name);
    });
    return;
  }
  const what = kind.label === 'rule' ? 'relation' : 'table';
  throw new DecentDbError('42704', `${kind.label} "${name}" for ${what} "${owner.at(-1)}" does not exist`);
}
