// CREATE TABLE and CREATE TABLE AS.

import type {
  CollateClause,
  ColumnDef,
  Constraint,
  CreateStmt,
  CreateTableAsStmt,
  DefElem,
  OnCommitAction,
  PartitionSpec,
  RangeVar,
  Statement,
  TableElement,
  TypeName,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseColumnQualifiers, parseTableConstraint, startsTableConstraint } from './constraint.ts';
import { parseGenericOptions } from './generic-options.ts';
import {
  NONE,
  parseAnyName,
  parseColId,
  parseList,
  parseOptParenNames,
  parseQualifiedName,
} from './names.ts';
import { parseRelOptions } from './options.ts';
import type { Parser } from './parser.ts';
import { isColId } from './parser.ts';
import { parsePartitionBound, parsePartitionSpec } from './partition.ts';
import { parseExecute } from './prepared.ts';
import { makeInto, parseSelectStmt } from './select.ts';
import { parseTypeName } from './types.ts';

/** OptTemp: null when nothing is written. GLOBAL and LOCAL are noise. */
export function parsePersistence(p: Parser): 't' | 'u' | null {
  if (p.accept(K.UNLOGGED)) return 'u';
  if ((p.kind === K.GLOBAL || p.kind === K.LOCAL) && (p.peek() === K.TEMP || p.peek() === K.TEMPORARY))
    p.next();
  if (p.accept(K.TEMP) || p.accept(K.TEMPORARY)) return 't';
  return null;
}

export function parseCollate(p: Parser): CollateClause | null {
  const location = p.location;
  if (!p.accept(K.COLLATE)) return null;
  return { kind: 'CollateClause', arg: null, collname: parseAnyName(p), location };
}

/** [IF NOT EXISTS]. */
export function parseIfNotExists(p: Parser): boolean {
  if (p.kind !== K.IF || p.peek() !== K.NOT) return false;
  p.next();
  p.next();
  p.expect(K.EXISTS);
  return true;
}

/** [IF EXISTS]. */
export function parseIfExists(p: Parser): boolean {
  return p.accept2(K.IF, K.EXISTS);
}

/** From TABLE on; CREATE and the persistence are read. */
export function parseCreateTable(p: Parser, location: number, persistence: 'p' | 't' | 'u'): Statement {
  p.expect(K.TABLE);
  const if_not_exists = parseIfNotExists(p);
  const relation = parseQualifiedName(p, persistence);
  if (p.kind === K.OF) return parseTypedTable(p, relation, if_not_exists, location);
  if (p.kind === K.PARTITION) return parsePartitionTable(p, relation, if_not_exists, location);
  if (p.kind !== T.LPAREN || isColumnListOfCtas(p))
    return parseCreateTableAs(p, relation, if_not_exists, location);
  p.next();
  const tableElts: readonly TableElement[] = p.kind === T.RPAREN ? NONE : parseList(p, parseTableElement);
  p.expect(T.RPAREN);
  let inhRelations: readonly RangeVar[] = NONE;
  if (p.accept(K.INHERITS)) {
    p.expect(T.LPAREN);
    inhRelations = parseList(p, (q) => parseQualifiedName(q));
    p.expect(T.RPAREN);
  }
  return finishCreateTable(p, location, { relation, tableElts, inhRelations, if_not_exists });
}

/** At `(`: names only, then something that continues CREATE TABLE AS. */
function isColumnListOfCtas(p: Parser): boolean {
  if (!isColId(p.peek())) return false;
  const after = p.peek(2);
  return after === T.COMMA || after === T.RPAREN;
}

interface TableParts {
  readonly relation: RangeVar;
  readonly tableElts: readonly TableElement[];
  readonly inhRelations: readonly RangeVar[];
  readonly if_not_exists: boolean;
  readonly partbound?: CreateStmt['partbound'];
  readonly ofTypename?: TypeName;
}

/** What every form of CREATE TABLE may end with. */
function finishCreateTable(p: Parser, location: number, parts: TableParts): CreateStmt {
  const partspec: PartitionSpec | null = p.kind === K.PARTITION ? parsePartitionSpec(p) : null;
  const accessMethod = p.accept(K.USING) ? parseColId(p) : null;
  const options = parseOptWith(p);
  const oncommit = parseOnCommit(p);
  const tablespacename = p.accept(K.TABLESPACE) ? parseColId(p) : null;
  return {
    kind: 'CreateStmt',
    relation: parts.relation,
    tableElts: parts.tableElts,
    inhRelations: parts.inhRelations,
    partbound: parts.partbound ?? null,
    partspec,
    ofTypename: parts.ofTypename ?? null,
    options,
    oncommit,
    tablespacename,
    accessMethod,
    if_not_exists: parts.if_not_exists,
    location,
  };
}

function parseTypedTable(
  p: Parser,
  relation: RangeVar,
  if_not_exists: boolean,
  location: number,
): CreateStmt {
  p.next();
  const at = p.location;
  const names = parseAnyName(p);
  const ofTypename: TypeName = {
    kind: 'TypeName',
    names,
    setof: false,
    pct_type: false,
    typmods: NONE,
    arrayBounds: NONE,
    location: at,
  };
  const tableElts = parseOptTypedElements(p);
  return finishCreateTable(p, location, {
    relation,
    tableElts,
    inhRelations: NONE,
    if_not_exists,
    ofTypename,
  });
}

function parsePartitionTable(
  p: Parser,
  parent: RangeVar,
  if_not_exists: boolean,
  location: number,
): CreateStmt {
  p.next();
  p.expect(K.OF);
  const inhRelations = [parseQualifiedName(p)];
  const tableElts = parseOptTypedElements(p);
  const partbound = parsePartitionBound(p);
  return finishCreateTable(p, location, {
    relation: parent,
    tableElts,
    inhRelations,
    if_not_exists,
    partbound,
  });
}

/** OptTypedTableElementList: columns without types, and constraints. */
export function parseOptTypedElements(p: Parser): readonly TableElement[] {
  if (!p.accept(T.LPAREN)) return NONE;
  const list = parseList(p, (q): TableElement => {
    if (startsTableConstraint(q)) return parseTableConstraint(q);
    const location = q.location;
    const colname = parseColId(q);
    if (q.kind === K.WITH) {
      q.next();
      q.expect(K.OPTIONS);
    }
    const rest = parseColumnQualifiers(q);
    return makeColumnDef(colname, null, location, rest.constraints, rest.collClause);
  });
  p.expect(T.RPAREN);
  return list;
}

function parseTableElement(p: Parser): TableElement {
  if (startsTableConstraint(p)) return parseTableConstraint(p);
  if (p.kind === K.LIKE) return parseTableLike(p);
  return parseColumnDef(p);
}

function makeColumnDef(
  colname: string,
  typeName: TypeName | null,
  location: number,
  constraints: readonly Constraint[],
  collClause: CollateClause | null,
): ColumnDef {
  return {
    kind: 'ColumnDef',
    colname,
    typeName,
    compression: null,
    storage_name: null,
    raw_default: null,
    collClause,
    constraints,
    fdwoptions: NONE,
    is_local: true,
    location,
  };
}

/** columnDef: name, type, storage, compression, options, qualifiers. */
export function parseColumnDef(p: Parser): ColumnDef {
  const location = p.location;
  const colname = parseColId(p);
  const typeName = parseTypeName(p);
  let storage_name: string | null = null;
  let compression: string | null = null;
  if (p.accept(K.STORAGE)) storage_name = p.kind === K.DEFAULT ? p.takeText() : parseColId(p);
  if (p.accept(K.COMPRESSION)) compression = p.kind === K.DEFAULT ? p.takeText() : parseColId(p);
  const fdwoptions: readonly DefElem[] = p.kind === K.OPTIONS ? parseGenericOptions(p) : NONE;
  const rest = parseColumnQualifiers(p);
  const column = makeColumnDef(colname, typeName, location, rest.constraints, rest.collClause);
  return { ...column, compression, storage_name, fdwoptions };
}

const LIKE_OPTIONS: ReadonlyMap<number, number> = new Map([
  [K.COMMENTS, 1],
  [K.COMPRESSION, 2],
  [K.CONSTRAINTS, 4],
  [K.DEFAULTS, 8],
  [K.GENERATED, 16],
  [K.IDENTITY, 32],
  [K.INDEXES, 64],
  [K.STATISTICS, 128],
  [K.STORAGE, 256],
  [K.ALL, 0x7fffffff],
]);

/** LIKE table {INCLUDING | EXCLUDING} option ... */
function parseTableLike(p: Parser): TableElement {
  const location = p.location;
  p.next();
  const relation = parseQualifiedName(p);
  let options = 0;
  while (p.kind === K.INCLUDING || p.kind === K.EXCLUDING) {
    const including = p.kind === K.INCLUDING;
    p.next();
    const bit = LIKE_OPTIONS.get(p.kind);
    if (bit === undefined) p.fail();
    p.next();
    options = including ? options | bit : options & ~bit;
  }
  return { kind: 'TableLikeClause', relation, options, location };
}

/** OptWith: WITH (reloptions) | WITHOUT OIDS. */
export function parseOptWith(p: Parser): readonly DefElem[] {
  if (p.accept(K.WITH)) return parseRelOptions(p);
  p.accept2(K.WITHOUT, K.OIDS);
  return NONE;
}

function parseOnCommit(p: Parser): OnCommitAction {
  if (p.kind !== K.ON || p.peek() !== K.COMMIT) return 'ONCOMMIT_NOOP';
  p.next();
  p.next();
  if (p.accept(K.DROP)) return 'ONCOMMIT_DROP';
  const isDelete = p.accept(K.DELETE);
  if (!isDelete) p.expect(K.PRESERVE);
  p.expect(K.ROWS);
  return isDelete ? 'ONCOMMIT_DELETE_ROWS' : 'ONCOMMIT_PRESERVE_ROWS';
}

/** create_as_target, then AS query [WITH [NO] DATA]. */
function parseCreateTableAs(
  p: Parser,
  relation: RangeVar,
  if_not_exists: boolean,
  location: number,
): CreateTableAsStmt {
  const into = makeInto(relation, relation.location);
  into.colNames = parseOptParenNames(p);
  if (p.accept(K.USING)) into.accessMethod = parseColId(p);
  into.options = parseOptWith(p);
  into.onCommit = parseOnCommit(p);
  if (p.accept(K.TABLESPACE)) into.tableSpaceName = parseColId(p);
  p.expect(K.AS);
  const query = p.kind === K.EXECUTE ? parseExecute(p) : parseSelectStmt(p);
  into.skipData = parseWithNoData(p);
  return { kind: 'CreateTableAsStmt', query, into, objtype: 'OBJECT_TABLE', if_not_exists, location };
}

/** [WITH [NO] DATA]: true for NO. */
export function parseWithNoData(p: Parser): boolean {
  if (p.kind !== K.WITH) return false;
  p.next();
  const no = p.accept(K.NO);
  p.expect(K.DATA);
  return no;
}

/** CREATE [UNLOGGED] MATERIALIZED VIEW, from MATERIALIZED on. */
export function parseCreateMaterializedView(
  p: Parser,
  location: number,
  persistence: 'p' | 'u',
): CreateTableAsStmt {
  p.expect(K.MATERIALIZED);
  p.expect(K.VIEW);
  const if_not_exists = parseIfNotExists(p);
  const relation = parseQualifiedName(p, persistence);
  const into = makeInto(relation, relation.location);
  into.colNames = parseOptParenNames(p);
  if (p.accept(K.USING)) into.accessMethod = parseColId(p);
  into.options = parseOptWith(p);
  if (p.accept(K.TABLESPACE)) into.tableSpaceName = parseColId(p);
  p.expect(K.AS);
  const query = parseSelectStmt(p);
  into.skipData = parseWithNoData(p);
  return { kind: 'CreateTableAsStmt', query, into, objtype: 'OBJECT_MATVIEW', if_not_exists, location };
}
