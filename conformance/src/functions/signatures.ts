/**
 * Functions, operators and casts as PostgreSQL's catalogue lists them, and the calls of them with edge values.
 *
 * I1  Only what may be called by anybody and answers the same each time: no volatile functions, no machinery (internal, cstring).
 * I2  A signature whose types have no edge values is left out, and counted.
 */
import { EDGE_VALUES, literal, STAND_INS, WRONG_TEXTS } from './edge-values.ts';
import type { PostgresBatch } from './postgres-batch.ts';

/** Calls of one signature. */
export interface Subject {
  readonly kind: 'function' | 'aggregate' | 'operator' | 'cast' | 'input';
  /** `name(types)`. */
  readonly signature: string;
  readonly calls: readonly string[];
}

const CALLS_MAX = 24;
/** Rows looked at of functions that return sets, some of which are endless. */
const ROWS_MAX = 20;

interface Routine {
  readonly name: string;
  readonly kind: string;
  readonly args: readonly string[];
  readonly isVariadic: boolean;
}

/** Combinations of argument values: all of them when few, else one argument varied at a time; each argument NULL once. */
function combinations(types: readonly string[]): string[][] {
  const values = types.map((type) => EDGE_VALUES[type]!.map((text) => literal(type, text)));
  const total = values.reduce((product, list) => product * list.length, 1);
  const found: string[][] = [];
  if (total <= CALLS_MAX) {
    let rows: string[][] = [[]];
    for (const list of values) rows = rows.flatMap((row) => list.map((value) => [...row, value]));
    found.push(...rows);
  } else {
    found.push(...varied(values));
  }
  for (const [at, type] of types.entries())
    found.push(values.map((list, i) => (i === at ? literal(type, null) : list[0]!)));
  return found;
}

/** Each value of each argument at least once, beside first values and beside edge values. */
function varied(values: readonly (readonly string[])[]): string[][] {
  const found = new Map<string, string[]>();
  const keep = (row: string[]): void => {
    found.set(row.join(), row);
  };
  for (const [at, list] of values.entries())
    for (const value of list) keep(values.map((other, i) => (i === at ? value : other[0]!)));
  for (let n = 0; found.size < CALLS_MAX && n < 4 * CALLS_MAX; n++)
    keep(values.map((list, i) => list[(n * (2 * i + 1) + i * Math.floor(n / list.length)) % list.length]!));
  return [...found.values()];
}

/** Concrete argument types for a declared signature; polymorphic ones stand in for several. */
function concrete(args: readonly string[]): string[][] {
  let rows: string[][] = [[]];
  for (const arg of args) {
    const choices = STAND_INS[arg] ?? [arg];
    rows = rows.flatMap((row) => choices.map((choice) => [...row, choice]));
  }
  return rows.filter((row) => row.every((type) => EDGE_VALUES[type] !== undefined));
}

/** Names in which clocks, sizes, files, sessions and PostgreSQL's machinery show. */
const LEFT_OUT =
  /^(pg_(?!size_|input_|collation_for|typeof)|brin|gin|gist|spg|hash|ri_|binary_upgrade|lo_|lo|be_|ts_|tsm_|txid|current_|has_|inet_|query_to|table_to|schema_to|database_to|cursor_to|xml|.*_(support|sel|joinsel|recv|send|in|out|accum|combine|serialize|deserialize|transfn|transition|final|finalfn|inv|sortsupport|typmodin|typmodout|sfunc|ffunc|subscript_handler)$|in_range|row_security|to_reg|setval|nextval|currval|set_config|obj_desc|col_desc|shobj|format_type|convert|generate_series|gen_random|random|.*(hash|hash_extended|hashextended)$|(ts|tsvector|tsquery|nextval|phraseto|plainto|websearch|array_to_tsvector|jsonb?_to_tsvector|to_ts(vector|query)|numnode|querytree|strip|setweight))/;

async function routines(postgres: PostgresBatch): Promise<Routine[]> {
  const rows = await postgres.rows(`
    SELECT p.proname, CASE WHEN p.proretset THEN 's' ELSE p.prokind END, p.provariadic <> 0,
           array_to_json(ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY AS u(t, n) ORDER BY n))
    FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind IN ('f', 'a') AND p.provolatile <> 'v'
      AND NOT EXISTS (SELECT FROM pg_aggregate g WHERE g.aggfnoid = p.oid AND g.aggkind <> 'n')
      AND p.prorettype NOT IN ('internal'::regtype, 'cstring'::regtype, 'trigger'::regtype)
    ORDER BY p.proname, p.oid`);
  return rows
    .map(([name, kind, isVariadic, args]) => ({
      name: name!,
      kind: kind!,
      args: JSON.parse(args!) as string[],
      isVariadic: isVariadic === 't',
    }))
    .filter(
      ({ name, args }) => !LEFT_OUT.test(name) && !args.includes('internal') && !args.includes('cstring'),
    );
}

function callsOf({ name, kind, args, isVariadic }: Routine): string[] {
  return concrete(args).flatMap((types) => {
    if (kind === 'a') return aggregateCalls(name, types);
    return combinations(types).map((values) => {
      const last = isVariadic && types.at(-1)!.endsWith('[]') ? `VARIADIC ${values.at(-1)}` : values.at(-1);
      const list = [...values.slice(0, -1), last].filter((value) => value !== undefined).join(', ');
      return `"${name}"(${list})${kind === 's' ? ` LIMIT ${ROWS_MAX}` : ''}`;
    });
  });
}

/** Over nothing, one value, all values, and NULLs among them. */
function aggregateCalls(name: string, types: readonly string[]): string[] {
  if (types.length === 0) return [];
  const columns = types.map((_, i) => `c${i}`);
  const rows = combinations(types);
  const over = (list: readonly string[][], where: string): string =>
    `(SELECT "${name}"(${columns.join(', ')}) FROM (VALUES ${list.map((row) => `(${row.join(', ')})`).join(', ')}) AS v(${columns.join(', ')}) ${where})`;
  return [
    over(rows.slice(0, 1), 'WHERE false'),
    over(rows.slice(0, 1), ''),
    over(rows.slice(0, 3), ''),
    over(rows.slice(-1), ''),
    over(rows, ''),
  ];
}

async function operatorSubjects(postgres: PostgresBatch): Promise<Subject[]> {
  const rows = await postgres.rows(`
    SELECT oprname, CASE WHEN oprleft = 0 THEN NULL ELSE format_type(oprleft, NULL) END, format_type(oprright, NULL)
    FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace ORDER BY 1, oid`);
  return rows.map(([symbol, left, right]) => {
    const args = left === null ? [right!] : [left!, right!];
    const calls = concrete(args).flatMap((types) =>
      combinations(types).map((values) => values.join(` OPERATOR(pg_catalog.${symbol}) `)),
    );
    const prefixed = left === null ? calls.map((call) => `OPERATOR(pg_catalog.${symbol}) ${call}`) : calls;
    return { kind: 'operator' as const, signature: `${left ?? ''} ${symbol} ${right}`, calls: prefixed };
  });
}

/** Every type to every other, whether there is a cast or not, and texts to every type. */
function castSubjects(): Subject[] {
  const types = Object.keys(EDGE_VALUES);
  const found: Subject[] = [];
  for (const source of types) {
    for (const target of types) {
      const calls = [...EDGE_VALUES[source]!, null].map((text) => `(${literal(source, text)})::${target}`);
      found.push({ kind: 'cast', signature: `${source} to ${target}`, calls });
    }
  }
  for (const target of types) {
    const calls = WRONG_TEXTS.map((text) => literal(target, text));
    found.push({ kind: 'input', signature: target, calls });
  }
  return found;
}

/** Everything to ask. */
export async function subjects(postgres: PostgresBatch): Promise<Subject[]> {
  const functions = (await routines(postgres)).map(
    (routine): Subject => ({
      kind: routine.kind === 'a' ? 'aggregate' : 'function',
      signature: `${routine.name}(${routine.args.join(', ')})`,
      calls: callsOf(routine),
    }),
  );
  return [...functions, ...(await operatorSubjects(postgres)), ...castSubjects()];
}
