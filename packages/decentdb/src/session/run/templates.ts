/**
 * Statements that differ only in literals share plans.
 *
 *     SELECT * FROM t WHERE id = 17      skeleton: SELECT * FROM t WHERE id = #      template: ... WHERE id = $1
 *
 * The texts of one template are a family. It has one plan, or one for each class of values where the values decide how many rows are
 * found: `WHERE day > '2024-12-30'` finds few rows and `WHERE day > '2020-01-01'` most (plan/peek.ts).
 *
 * I1  A literal becomes a parameter only where the answer cannot depend on that (literal-places.ts). All others belong to the
 *     family's key.
 * I2  The parameter has the type the literal has (integer, numeric), or takes the type a quoted literal would take.
 * I3  Whenever anything about the template fails, the statement runs as it was written: errors keep their positions.
 * I4  At most PLANS_MAX plans and FAMILIES_MAX families are held; the oldest plans go first, families all at once.
 */
import { fitsGuesses } from '../../plan/peek.ts';
import type { Expr, ParamRef, Statement } from '../../sql/ast/nodes.ts';
import { parseOne } from '../../sql/parse/parse.ts';
import { namesClock } from '../../types/clock-words.ts';
import { int4Type } from '../../types/integer-types.ts';
import { numericType } from '../../types/numeric-type.ts';
import type { SqlType, TypeSettings } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { PlanCache } from '../plan-cache.ts';
import { mapLiterals } from './literal-places.ts';
import { type Literal, type Skeleton, scanLiterals } from './literal-scan.ts';
import { isPreparable, type Prepared } from './prepared.ts';

/** A text as one of a family, with the literals that are parameters. */
export interface Templated {
  readonly family: Family;
  readonly literals: readonly Literal[];
}

/** One statement with parameters, and its plans by classes of their values. */
export class Family {
  readonly #stmt: Statement;
  readonly #text: string;
  readonly #paramTypes: readonly (SqlType | null)[];
  readonly #plans: Prepared[] = [];

  constructor(stmt: Statement, text: string, paramTypes: readonly (SqlType | null)[]) {
    this.#stmt = stmt;
    this.#text = text;
    this.#paramTypes = paramTypes;
  }

  /** Types of the parameters; null before the first plan. */
  get types(): readonly SqlType[] | null {
    return this.#plans[0]?.compiled?.paramTypes ?? null;
  }

  /** The plan for values of this class; null when there is none yet. */
  planFor(values: readonly Datum[]): Prepared | null {
    for (const plan of this.#plans)
      if (plan.compiled !== null && fitsGuesses(plan.compiled.guesses, values)) return plan;
    return null;
  }

  /** A statement that will be planned by the given values. */
  statementFor(peek: (types: readonly SqlType[]) => readonly Datum[]): Prepared {
    return {
      sql: '',
      stmt: this.#stmt,
      text: this.#text,
      paramTypes: this.#paramTypes,
      peek,
      compiled: null,
    };
  }

  keep(plan: Prepared): void {
    this.#plans.push(plan);
    if (this.#plans.length > PLANS_EACH_MAX) this.#plans.shift();
  }

  dropOldest(): void {
    this.#plans.shift();
  }
}

interface Entry {
  /** Per literal of the skeleton: whether it is a parameter. Null: the skeleton has no template. */
  readonly isParam: readonly boolean[] | null;
  /** Families by the values of the literals that are not parameters. */
  readonly byFixed: Map<string, Family>;
}

const SKELETONS_MAX = 1000;
const CHARS_MAX = 2_000_000;
const FAMILIES_EACH_MAX = 200;
const FAMILIES_MAX = 4000;
const PLANS_EACH_MAX = 12;
const PLANS_MAX = 2000;

export class Templates {
  readonly #entries = new PlanCache<Entry>(SKELETONS_MAX, CHARS_MAX);
  /** Families by their plans, in the order these were made. */
  readonly #planned: Family[] = [];
  #families = 0;

  /** The family of a text; null when it has none. */
  find(sql: string): Templated | null {
    const skeleton = scanLiterals(sql);
    if (skeleton === null || skeleton.values.some(isOfClock)) return null;
    const entry = this.#entries.get(skeleton.key) ?? this.#enter(sql, skeleton);
    const { isParam } = entry;
    if (isParam === null) return null;
    const fixed = fixedKey(skeleton, isParam);
    let family = entry.byFixed.get(fixed);
    if (family === undefined) {
      if (entry.byFixed.size >= FAMILIES_EACH_MAX) return null;
      family = templateOf(parseOne(sql).stmt, sql, skeleton, isParam)?.family;
      if (family === undefined) return null;
      this.#add(entry, fixed, family);
    }
    const literals = fixed === '' ? skeleton.values : skeleton.values.filter((_, i) => isParam[i]);
    return { family, literals };
  }

  /** Notes the skeleton, with the family of this text where it has one. */
  #enter(sql: string, skeleton: Skeleton): Entry {
    const { stmt } = parseOne(sql);
    const template = isPreparable(stmt) ? templateOf(stmt, sql, skeleton) : null;
    const entry: Entry = { isParam: template?.isParam ?? null, byFixed: new Map() };
    if (template !== null) this.#add(entry, fixedKey(skeleton, template.isParam), template.family);
    this.#entries.set(skeleton.key, entry);
    return entry;
  }

  #add(entry: Entry, fixed: string, family: Family): void {
    if (++this.#families > FAMILIES_MAX) this.clear();
    entry.byFixed.set(fixed, family);
  }

  /** Keeps a planned statement of a family (I4). */
  keep(family: Family, plan: Prepared): void {
    family.keep(plan);
    this.#planned.push(family);
    if (this.#planned.length > PLANS_MAX) this.#planned.shift()?.dropOldest();
  }

  /** Says that a text's template does not work: it will not be tried again. */
  refuse(sql: string): void {
    const skeleton = scanLiterals(sql);
    if (skeleton !== null) this.#entries.set(skeleton.key, { isParam: null, byFixed: new Map() });
  }

  clear(): void {
    this.#entries.clear();
    this.#planned.length = 0;
    this.#families = 0;
  }
}

/** The literals of a text as values of a template's parameters. */
export function literalValues(
  literals: readonly Literal[],
  types: readonly SqlType[],
  settings: TypeSettings,
): readonly Datum[] {
  return literals.map((value, i) =>
    typeof value === 'number' ? value : (types[i] as SqlType).input(value, -1, settings),
  );
}

/** Values of literals are kept with a text: what 'now' is must not be. */
function isOfClock(value: Literal): boolean {
  return typeof value === 'string' && namesClock(value);
}

function fixedKey(skeleton: Skeleton, isParam: readonly boolean[]): string {
  let key = '';
  for (let i = 0; i < isParam.length; i++)
    if (!isParam[i]) key += `${typeof skeleton.values[i]}:${skeleton.values[i]}\u0000`;
  return key;
}

/**
 * The statement with its eligible literals replaced by parameters, and which these are; null when there are none. `known`: which they
 * are in other texts of the skeleton; they are the same here, though literals that are equal in one text may not be in another.
 */
function templateOf(
  stmt: Statement,
  sql: string,
  skeleton: Skeleton,
  known: readonly boolean[] | null = null,
): { readonly isParam: readonly boolean[]; readonly family: Family } | null {
  const places = new Map(skeleton.locations.map((location, i) => [location, i]));
  const found: { readonly at: number; readonly type: SqlType | null; readonly param: NumberedLater }[] = [];
  const seen = new Set<number>();
  let isTwice = false;
  const mapped = (expr: Expr): Expr => {
    const at = expr.kind === 'A_Const' ? places.get(expr.location) : undefined;
    if (at === undefined || known?.[at] === false) return expr;
    isTwice ||= seen.has(at);
    seen.add(at);
    const param: NumberedLater = { kind: 'ParamRef', number: 0, location: skeleton.locations[at] as number };
    found.push({ at, type: typeOf(expr), param });
    return param;
  };
  const template = mapLiterals(stmt, mapped, known === null);
  // A literal that the statement holds in two places would be two parameters, and have one value.
  if (found.length === 0 || isTwice) return null;
  found.sort((a, b) => a.at - b.at);
  found.forEach(({ param }, i) => {
    param.number = i + 1;
  });
  const isParam = skeleton.locations.map(() => false);
  for (const { at } of found) isParam[at] = true;
  if (known?.some((was, i) => was !== isParam[i]) === true) return null;
  const types = found.map(({ type }) => type);
  return { isParam, family: new Family(template, sql, types) };
}

/** Parameters count in the order of the text, which is known when all of them are. */
type NumberedLater = { -readonly [K in keyof ParamRef]: ParamRef[K] };

function typeOf(expr: Expr): SqlType | null {
  if (expr.kind !== 'A_Const' || expr.constType === 'String') return null;
  return expr.constType === 'Integer' ? int4Type : numericType;
}
