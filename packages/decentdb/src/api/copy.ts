/**
 * COPY through the API: data in and out as PostgreSQL's text and CSV formats.
 *
 * I1  What is copied in is all there or not at all; inside a transaction it is part of it.
 * I2  A target that is a COPY statement brings its own options; a table's name takes those of the call.
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import { CopyIn } from '../session/copy/copy-in.ts';
import { copyOut } from '../session/copy/copy-out.ts';
import type { Session } from '../session/session.ts';
import type { CopyStmt } from '../sql/ast/nodes.ts';
import { parseOne } from '../sql/parse/parse.ts';
import { quoteIdentifier, quoteString } from '../sql/print/quote.ts';
import { checkOptionNames } from './did-you-mean.ts';

/** Text, UTF-8 bytes, or pieces of them. */
export type CopySource = string | Uint8Array | Iterable<string | Uint8Array>;
/** As {@link CopySource}, or pieces that come with time: a stream. */
export type AsyncCopySource = CopySource | AsyncIterable<string | Uint8Array>;
/** Takes the pieces: a function, or anything with `write` (a stream). */
export type CopySink = ((piece: string) => unknown) | { write(piece: string): unknown };

export interface CopyFormat {
  readonly columns?: readonly string[];
  readonly format?: 'text' | 'csv';
  readonly delimiter?: string;
  readonly null?: string;
  readonly header?: boolean | 'match';
  readonly quote?: string;
  readonly escape?: string;
}

export interface CopyFromOptions extends CopyFormat {
  /** Stands for a column's default in the data. */
  readonly default?: string;
  readonly forceNotNull?: readonly string[];
  readonly forceNull?: readonly string[];
  /** 'ignore' skips rows with values their columns cannot read. */
  readonly onError?: 'stop' | 'ignore';
}

export interface CopyToOptions extends CopyFormat {
  readonly forceQuote?: readonly string[];
}

export interface CopyResult {
  readonly rowCount: number;
  /** All that was written, when there was no sink. */
  readonly text?: string;
}

const FORMAT = ['columns', 'format', 'delimiter', 'null', 'header', 'quote', 'escape'] as const;
const FROM: readonly string[] = [...FORMAT, 'default', 'forceNotNull', 'forceNull', 'onError'];
const TO: readonly string[] = [...FORMAT, 'forceQuote'];

export function copyFrom(
  session: Session,
  target: string,
  source: CopySource,
  options: CopyFromOptions,
): CopyResult {
  const copy = beginCopyFrom(session, target, options);
  try {
    for (const piece of piecesOf(source)) copy.push(piece);
    return { rowCount: copy.finish() };
  } catch (error) {
    copy.abort();
    throw error;
  }
}

export async function copyFromAsync(
  session: Session,
  target: string,
  source: AsyncCopySource,
  options: CopyFromOptions,
): Promise<CopyResult> {
  const copy = beginCopyFrom(session, target, options);
  try {
    const pieces = isAsync(source) ? source : piecesOf(source);
    for await (const piece of pieces) copy.push(piece);
    return { rowCount: copy.finish() };
  } catch (error) {
    copy.abort();
    throw error;
  }
}

export function copyTo(
  session: Session,
  target: string,
  sink: CopySink | null,
  options: CopyToOptions,
): CopyResult {
  const pieces = beginCopyTo(session, target, options);
  let text = '';
  for (;;) {
    const step = pieces.next();
    if (step.done === true) return sink === null ? { rowCount: step.value, text } : { rowCount: step.value };
    if (sink === null) text += step.value;
    else give(sink, step.value);
  }
}

export async function copyToAsync(
  session: Session,
  target: string,
  sink: CopySink | null,
  options: CopyToOptions,
): Promise<CopyResult> {
  const pieces = beginCopyTo(session, target, options);
  let text = '';
  try {
    for (;;) {
      const step = pieces.next();
      if (step.done === true)
        return sink === null ? { rowCount: step.value, text } : { rowCount: step.value };
      if (sink === null) text += step.value;
      else await give(sink, step.value);
    }
  } finally {
    pieces.return(0);
  }
}

function give(sink: CopySink, piece: string): unknown {
  return typeof sink === 'function' ? sink(piece) : sink.write(piece);
}

function beginCopyFrom(session: Session, target: string, options: CopyFromOptions): CopyIn {
  checkTarget(target, 'copyFrom');
  checkOptionNames(options, FROM, 'copyFrom');
  const sql = isStatement(target)
    ? target
    : `COPY ${target}${columnList(options)} FROM STDIN${optionList(options)}`;
  const stmt = copyStatement(sql, options, target);
  if (!stmt.is_from) throw invalidUse('copyFrom takes COPY ... FROM STDIN');
  return new CopyIn(session, stmt);
}

function beginCopyTo(session: Session, target: string, options: CopyToOptions): Generator<string, number> {
  checkTarget(target, 'copyTo');
  checkOptionNames(options, TO, 'copyTo');
  const sql = isStatement(target)
    ? target
    : `COPY ${target}${columnList(options)} TO STDOUT${optionList(options)}`;
  const stmt = copyStatement(sql, options, target);
  if (stmt.is_from) throw invalidUse('copyTo takes COPY ... TO STDOUT');
  return copyOut(session, sql, stmt);
}

function checkTarget(target: unknown, what: string): void {
  if (typeof target !== 'string' || target.trim() === '')
    throw invalidUse(`${what} takes a COPY statement or the name of a table`);
}

const isStatement = (target: string): boolean => /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*copy\s/i.test(target);

function copyStatement(sql: string, options: object, target: string): CopyStmt {
  if (isStatement(target) && Object.keys(options).length > 0)
    throw invalidUse('a COPY statement has its own options');
  const { stmt } = parseOne(sql);
  if (stmt.kind === 'CopyStmt') return stmt;
  throw new DecentDbError('42601', 'this is not a COPY statement');
}

function columnList({ columns }: CopyFormat): string {
  return columns === undefined ? '' : ` (${columns.map(quoteIdentifier).join(', ')})`;
}

function optionList(options: CopyFromOptions & CopyToOptions): string {
  const parts: string[] = [];
  const text = (name: string, value: string | undefined): void => {
    if (value !== undefined) parts.push(`${name} ${quoteString(value)}`);
  };
  const names = (name: string, value: readonly string[] | undefined): void => {
    if (value !== undefined) parts.push(`${name} (${value.map(quoteIdentifier).join(', ')})`);
  };
  text('FORMAT', options.format);
  text('DELIMITER', options.delimiter);
  text('NULL', options.null);
  text('DEFAULT', options.default);
  if (options.header !== undefined)
    parts.push(`HEADER ${options.header === 'match' ? 'MATCH' : options.header}`);
  text('QUOTE', options.quote);
  text('ESCAPE', options.escape);
  names('FORCE_QUOTE', options.forceQuote);
  names('FORCE_NOT_NULL', options.forceNotNull);
  names('FORCE_NULL', options.forceNull);
  text('ON_ERROR', options.onError);
  return parts.length === 0 ? '' : ` WITH (${parts.join(', ')})`;
}

function piecesOf(source: CopySource): Iterable<string | Uint8Array> {
  if (typeof source === 'string' || source instanceof Uint8Array) return [source];
  if (typeof source === 'object' && source !== null && Symbol.iterator in source) return source;
  throw invalidUse('the data of a COPY is a string, bytes, or an iterable of them');
}

function isAsync(source: AsyncCopySource): source is AsyncIterable<string | Uint8Array> {
  return typeof source === 'object' && source !== null && Symbol.asyncIterator in source;
}
