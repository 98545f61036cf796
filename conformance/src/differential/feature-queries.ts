/**
 * Random queries around one feature of SELECT each: lateral joins, grouping sets, frames, marks, recursion, merged columns, ties.
 *
 * I1  Answers are determined, as in query-generator.ts: what depends on an order of rows is ordered by a key.
 */
import type { Prng } from 'decentdb/testing';
import { ExpressionGenerator, type ScopeColumn } from './expression-generator.ts';
import type { ColumnType, GeneratedSchema, GeneratedTable } from './schema-generator.ts';

export interface FeatureQuery {
  readonly sql: string;
  readonly types: readonly ColumnType[];
}

/** A relation with its alias, its columns in scope, and a way to make expressions over them. */
export class Place {
  readonly table: GeneratedTable;
  readonly alias: string;
  readonly scope: readonly ScopeColumn[];
  readonly expressions: ExpressionGenerator;

  constructor(prng: Prng, table: GeneratedTable, alias: string, outer: readonly ScopeColumn[] = []) {
    this.table = table;
    this.alias = alias;
    this.scope = table.columns.map(({ name, type }) => ({ sql: `${alias}.${name}`, type }));
    this.expressions = new ExpressionGenerator(prng, [...this.scope, ...outer]);
  }

  get sql(): string {
    return `${this.table.name} ${this.alias}`;
  }
}

export class FeatureQueries {
  private readonly prng: Prng;
  private readonly schema: GeneratedSchema;

  constructor(prng: Prng, schema: GeneratedSchema) {
    this.prng = prng;
    this.schema = schema;
  }

  query(): FeatureQuery {
    const makers = [
      this.lateral,
      this.distinctOn,
      this.groupingSets,
      this.frames,
      this.marks,
      this.marks,
      this.orderedSets,
      this.recursion,
      this.mergedColumns,
      this.functionsInFrom,
      this.ties,
      this.rowValues,
      this.groupsJoined,
      this.groupedJoin,
      this.nestedSets,
    ];
    return this.prng.pick(makers).call(this);
  }

  private place(alias: string, outer: readonly ScopeColumn[] = []): Place {
    return new Place(this.prng, this.prng.pick(this.schema.tables), alias, outer);
  }

  /** An equality between columns of one type: of both ids where there is nothing else. */
  private equality(left: Place, right: Place): string {
    const pairs = left.scope.flatMap((a) =>
      right.scope.filter(({ type }) => type === a.type).map((b) => `${a.sql} = ${b.sql}`),
    );
    return this.prng.pick(pairs);
  }

  private maybeWhere(place: Place): string {
    return this.prng.chance(0.5) ? ` WHERE ${place.expressions.predicate(1)}` : '';
  }

  private lateral(): FeatureQuery {
    const outer = this.place('a');
    const inner = this.place('b', outer.scope);
    const type = inner.expressions.anyType();
    const join = this.prng.pick(['CROSS JOIN LATERAL', 'LEFT JOIN LATERAL']);
    const limit = this.prng.chance(0.6) ? ` ORDER BY b.id LIMIT ${1 + this.prng.below(3)}` : '';
    const body = this.prng.chance(0.3)
      ? `SELECT count(*)::int4 AS id, max(${inner.expressions.leaf(type)}) AS x FROM ${inner.sql} WHERE ${this.equality(inner, outer)}`
      : `SELECT b.id, ${inner.expressions.expr(type, 1)} AS x FROM ${inner.sql} WHERE ${this.equality(inner, outer)}${limit}`;
    if (type === 'bool' && body.includes('max(')) return this.lateral();
    return {
      sql: `SELECT a.id, l.id, l.x FROM ${outer.sql} ${join} (${body}) l${join.startsWith('LEFT') ? ' ON true' : ''}${this.maybeWhere(outer)}`,
      types: ['int4', 'int4', type],
    };
  }

  private distinctOn(): FeatureQuery {
    const place = this.place('a');
    const [key, value] = [place.expressions.anyType(), place.expressions.anyType()];
    const on = place.expressions.leaf(key);
    if (!on.includes('a.')) return this.ties();
    const order = `${on} ${this.prng.pick(['', 'DESC', 'NULLS FIRST'])}, a.id ${this.prng.pick(['', 'DESC'])}`;
    return {
      sql: `SELECT DISTINCT ON (${on}) a.id, ${place.expressions.expr(value, 1)} FROM ${place.sql}${this.maybeWhere(place)} ORDER BY ${order}`,
      types: ['int4', value],
    };
  }

  private groupingSets(): FeatureQuery {
    const place = this.place('a');
    const columns = place.scope.slice(1);
    const [a, b] = [this.prng.pick(columns), this.prng.pick(columns)];
    const sets = this.prng.pick([
      `GROUPING SETS ((${a.sql}), (${b.sql}), ())`,
      `GROUPING SETS ((${a.sql}, ${b.sql}), (${a.sql}))`,
      `ROLLUP (${a.sql}, ${b.sql})`,
      `CUBE (${a.sql}, ${b.sql})`,
      `${a.sql}, ROLLUP (${b.sql})`,
    ]);
    const having = this.prng.chance(0.3) ? ` HAVING grouping(${b.sql}) = 0 OR count(*) > 2` : '';
    const total = place.expressions.leaf('int4');
    return {
      sql: `SELECT ${a.sql}, ${b.sql}, grouping(${a.sql}), count(*), sum(${total}), count(DISTINCT ${b.sql}) FROM ${place.sql}${this.maybeWhere(place)} GROUP BY ${sets}${having}`,
      types: [a.type, b.type, 'int4', 'int8', 'int8', 'int8'],
    };
  }

  private frames(): FeatureQuery {
    const place = this.place('a');
    const { expressions } = place;
    const partition = this.prng.chance(0.6) ? `PARTITION BY ${expressions.leaf(expressions.anyType())} ` : '';
    const exclude = this.prng.pick([
      '',
      '',
      ' EXCLUDE CURRENT ROW',
      ' EXCLUDE GROUP',
      ' EXCLUDE TIES',
      ' EXCLUDE NO OTHERS',
    ]);
    const range = this.prng.pick([
      `RANGE BETWEEN ${this.prng.below(9)} PRECEDING AND ${this.prng.below(50)} FOLLOWING`,
      'RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
      `RANGE BETWEEN 5 FOLLOWING AND ${5 + this.prng.below(60)} FOLLOWING`,
      'GROUPS BETWEEN 2 PRECEDING AND 1 PRECEDING',
      `ROWS BETWEEN ${this.prng.below(4)} FOLLOWING AND ${this.prng.below(900)} FOLLOWING`,
      `ROWS BETWEEN ${this.prng.below(70)} PRECEDING AND ${this.prng.below(3)} PRECEDING`,
    ]);
    const value = expressions.leaf('int4');
    const key = this.prng.pick(['a.id', expressions.leaf('int4'), `${expressions.leaf('int4')} DESC`]);
    const calls: readonly string[] = [
      `sum(${value}) OVER w`,
      `count(${value}) FILTER (WHERE ${expressions.predicate(1)}) OVER w`,
      `min(${expressions.leaf('text')}) OVER w`,
      `max(${expressions.leaf('date')}) OVER w`,
      `dense_rank() OVER (w2)`,
      `percent_rank() OVER w2`,
      `cume_dist() OVER w2`,
      `lead(${value}, ${this.prng.below(4)}, -7) OVER w2`,
      `avg(${value}) OVER (PARTITION BY ${expressions.leaf('bool')})`,
    ];
    const types: readonly ColumnType[] = [
      'int8',
      'int8',
      'text',
      'date',
      'int8',
      'float8',
      'float8',
      'int4',
      'numeric',
    ];
    const [i, j] = [this.prng.below(calls.length), this.prng.below(calls.length)];
    return {
      sql:
        `SELECT a.id, ${calls[i]}, ${calls[j]} FROM ${place.sql}${this.maybeWhere(place)} ` +
        `WINDOW w AS (${partition}ORDER BY ${key}${range.startsWith('ROWS') ? ', a.id' : ''} ${range}${exclude}), ` +
        `w2 AS (${partition}ORDER BY a.id${this.prng.pick(['', ' DESC'])})`,
      types: ['int4', types[i]!, types[j]!],
    };
  }

  /** Subqueries where their answer is a value: under OR and NOT, in CASE, in the select list. */
  private marks(): FeatureQuery {
    const outer = this.place('a');
    const mark = (alias: string): string => {
      const inner = this.place(alias, outer.scope);
      const column = this.prng.pick(inner.scope);
      const same = outer.scope.filter(({ type }) => type === column.type);
      const value = same.length > 0 ? this.prng.pick(same).sql : outer.expressions.leaf(column.type);
      const from = `FROM ${inner.sql} WHERE ${inner.expressions.predicate(1)}`;
      const exists = `EXISTS (SELECT 1 ${from} AND ${this.equality(inner, outer)})`;
      const isIn = `${value} ${this.prng.pick(['', 'NOT '])}IN (SELECT ${column.sql} ${from})`;
      const quantified = `${value} ${this.prng.pick(['=', '<>', '>', '<='])} ${this.prng.pick(['ANY', 'ALL'])} (SELECT ${column.sql} ${from})`;
      return this.prng.pick([exists, `NOT ${exists}`, isIn, isIn, quantified]);
    };
    const { expressions } = outer;
    switch (this.prng.below(5)) {
      case 0:
        return { sql: `SELECT a.id, ${mark('b')} FROM ${outer.sql}`, types: ['int4', 'bool'] };
      case 1:
        return {
          sql: `SELECT a.id FROM ${outer.sql} WHERE ${expressions.predicate(1)} OR ${mark('b')}`,
          types: ['int4'],
        };
      case 2:
        return {
          sql: `SELECT a.id, CASE WHEN ${expressions.predicate(1)} THEN ${mark('b')} ELSE ${mark('c')} END FROM ${outer.sql}`,
          types: ['int4', 'bool'],
        };
      case 3:
        return {
          sql: `SELECT count(*), count(*) FILTER (WHERE ${mark('b')}) FROM ${outer.sql} WHERE NOT (${expressions.predicate(1)} AND ${mark('c')})`,
          types: ['int8', 'int8'],
        };
      default: {
        const inner = this.place('b', outer.scope);
        const sum = `(SELECT sum(${inner.expressions.leaf('int4')}) FROM ${inner.sql} WHERE ${this.equality(inner, outer)})`;
        return {
          sql: `SELECT a.id, ${sum} FROM ${outer.sql} WHERE coalesce(${sum}, ${this.prng.below(40)}) > ${this.prng.below(60)}`,
          types: ['int4', 'int8'],
        };
      }
    }
  }

  private orderedSets(): FeatureQuery {
    const place = this.place('a');
    const { expressions } = place;
    const key = this.prng.pick(place.scope.slice(1));
    const aggregates: readonly [string, ColumnType][] = [
      [`percentile_disc(0.5) WITHIN GROUP (ORDER BY ${expressions.leaf('int4')})`, 'int4'],
      [`percentile_cont(0.25) WITHIN GROUP (ORDER BY ${expressions.leaf('float8')} DESC)`, 'float8'],
      [`mode() WITHIN GROUP (ORDER BY ${expressions.leaf('text')})`, 'text'],
      [`rank(${this.prng.below(50)}) WITHIN GROUP (ORDER BY ${expressions.leaf('int4')})`, 'int8'],
      [`array_agg(${expressions.leaf('int4')} ORDER BY a.id DESC)`, 'text'],
      [`(array_agg(DISTINCT ${expressions.leaf('text')}))[1:3]`, 'text'],
      [`jsonb_agg(a.id ORDER BY a.id)`, 'text'],
      [`json_object_agg(a.id, ${expressions.leaf('bool')} ORDER BY a.id)`, 'text'],
      [`bit_or(${expressions.leaf('int4')})`, 'int4'],
      [`every(${expressions.predicate(1)})`, 'bool'],
    ];
    const [[a, first], [b, second]] = [this.prng.pick(aggregates), this.prng.pick(aggregates)];
    return {
      sql: `SELECT ${key.sql}, ${a}, ${b} FROM ${place.sql}${this.maybeWhere(place)} GROUP BY ${key.sql}`,
      types: [key.type, first, second],
    };
  }

  private recursion(): FeatureQuery {
    const place = this.place('b');
    const union = this.prng.pick(['UNION', 'UNION ALL']);
    const step = 1 + this.prng.below(3);
    return {
      sql:
        `WITH RECURSIVE r (id, n) AS (SELECT id, 0 FROM ${this.prng.pick(this.schema.tables).name} WHERE id <= ${this.prng.below(4)} ${union} ` +
        `SELECT b.id, r.n + 1 FROM r JOIN ${place.sql} ON b.id = r.id + ${step} WHERE r.n < 60 AND ${place.expressions.predicate(1)}) ` +
        this.prng.pick([
          'SELECT id, n FROM r',
          'SELECT max(id), count(*)::int4 FROM r',
          'SELECT r.id, s.n FROM r JOIN r s ON s.id = r.id',
        ]),
      types: ['int4', 'int4'],
    };
  }

  private mergedColumns(): FeatureQuery {
    const [a, b] = [this.place('a'), this.place('b')];
    const both = a.table.columns
      .filter(({ name, type }) => b.table.columns.some((other) => other.name === name && other.type === type))
      .map(({ name }) => name);
    const column = this.prng.pick(both);
    const type = a.table.columns.find(({ name }) => name === column)!.type;
    const kind = this.prng.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN']);
    const where = this.prng.chance(0.4) ? ` WHERE ${column} IS NOT NULL` : '';
    if (this.prng.chance(0.3))
      return {
        sql: `SELECT ${column}, count(*), count(a.id), count(b.id) FROM ${a.sql} ${kind} ${b.sql} USING (${column})${where} GROUP BY ${column}`,
        types: [type, 'int8', 'int8', 'int8'],
      };
    return {
      sql: `SELECT ${column}, a.id, b.id FROM ${a.sql} ${kind} ${b.sql} USING (${column})${where}`,
      types: [type, 'int4', 'int4'],
    };
  }

  private functionsInFrom(): FeatureQuery {
    const place = this.place('a');
    const source = this.prng.pick([
      `generate_series(1, ${this.prng.below(60)}) AS g (n)`,
      `unnest(ARRAY[1, 5, NULL, ${this.prng.below(40)}]) WITH ORDINALITY AS g (n, o)`,
      `(VALUES (1), (2), (NULL), (${this.prng.below(300)})) AS g (n)`,
      `LATERAL generate_series(a.id, a.id + ${this.prng.below(4)}) AS g (n)`,
      `LATERAL (SELECT a.id % ${2 + this.prng.below(9)} AS n) AS g`,
    ]);
    const join = this.prng.pick(['JOIN', 'LEFT JOIN']);
    const type = place.expressions.anyType();
    return {
      sql: `SELECT a.id, g.n, ${place.expressions.expr(type, 1)} FROM ${place.sql} ${join} ${source} ON g.n = a.id${this.maybeWhere(place)}`,
      types: ['int4', 'int4', type],
    };
  }

  private ties(): FeatureQuery {
    const place = this.place('a');
    const type = place.expressions.anyType();
    const key = place.expressions.leaf(type);
    if (!key.includes('a.')) return this.recursion();
    return {
      sql: `SELECT a.id, ${key} FROM ${place.sql}${this.maybeWhere(place)} ORDER BY ${key}${this.prng.pick(['', ' DESC', ' NULLS FIRST'])} FETCH FIRST ${1 + this.prng.below(5)} ROWS WITH TIES`,
      types: ['int4', type],
    };
  }

  private rowValues(): FeatureQuery {
    const [a, b] = [this.place('a'), this.place('b')];
    const [x, y] = [this.prng.pick(a.scope), this.prng.pick(a.scope)];
    const like = (type: ColumnType): string =>
      this.prng.chance(0.5)
        ? b.expressions.leaf(type)
        : (b.scope.find((column) => column.type === type)?.sql ?? b.expressions.leaf(type));
    const condition = this.prng.pick([
      `(${x.sql}, ${y.sql}) ${this.prng.pick(['<', '>=', '=', '<>'])} (${a.expressions.leaf(x.type)}, ${a.expressions.leaf(y.type)})`,
      `(${x.sql}, ${y.sql}) IN (SELECT ${like(x.type)}, ${like(y.type)} FROM ${b.sql})`,
      `(${x.sql}, ${y.sql}) NOT IN (SELECT ${like(x.type)}, ${like(y.type)} FROM ${b.sql}${this.maybeWhere(b)})`,
      `ROW(${x.sql}, ${y.sql}) IS ${this.prng.pick(['', 'NOT '])}DISTINCT FROM ROW(${a.expressions.leaf(x.type)}, ${a.expressions.leaf(y.type)})`,
      `${x.sql} = ANY (ARRAY[${a.expressions.leaf(x.type)}, ${a.expressions.leaf(x.type)}])`,
      `a.id BETWEEN SYMMETRIC ${this.prng.below(30)} AND ${this.prng.below(30)}`,
    ]);
    return { sql: `SELECT a.id FROM ${a.sql} WHERE ${condition}`, types: ['int4'] };
  }

  /** Groups of one table joined with rows of another. */
  private groupsJoined(): FeatureQuery {
    const [a, b] = [this.place('a'), this.place('b')];
    const key = this.prng.pick(b.scope);
    const same = a.scope.filter(({ type }) => type === key.type);
    const value = same.length > 0 ? this.prng.pick(same).sql : 'a.id';
    const keySql = same.length > 0 ? key.sql : 'b.id';
    const join = this.prng.pick(['JOIN', 'LEFT JOIN']);
    return {
      sql:
        `SELECT a.id, g.n, g.s FROM ${a.sql} ${join} (SELECT ${keySql} AS k, count(*) AS n, sum(${b.expressions.leaf('int4')}) AS s ` +
        `FROM ${b.sql}${this.maybeWhere(b)} GROUP BY 1) g ON g.k = ${value}${this.prng.chance(0.4) ? ` WHERE g.n > ${this.prng.below(3)}` : ''}`,
      types: ['int4', 'int8', 'int8'],
    };
  }

  /** Groups over a join, by columns of one side, aggregates of both. */
  private groupedJoin(): FeatureQuery {
    const [a, b] = [this.place('a'), this.place('b')];
    const key = this.prng.pick(a.scope);
    const join = this.prng.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN']);
    const { expressions } = b;
    const aggregates = [
      `count(*), sum(${expressions.leaf('int4')})`,
      `count(b.id), min(${expressions.leaf('text')})`,
      `sum(${a.expressions.leaf('int4')}), count(DISTINCT b.id)`,
      `avg(${expressions.leaf('int4')}), max(${a.expressions.leaf('int4')})`,
      `count(*) FILTER (WHERE ${expressions.predicate(1)}), sum(b.id)`,
    ];
    const at = this.prng.below(aggregates.length);
    const types = (
      [
        ['int8', 'int8'],
        ['int8', 'text'],
        ['int8', 'int8'],
        ['numeric', 'int4'],
        ['int8', 'int8'],
      ] as const
    )[at]!;
    const by = this.prng.chance(0.4) ? `a.id, ${key.sql}` : key.sql;
    return {
      sql: `SELECT ${key.sql}, ${aggregates[at]} FROM ${a.sql} ${join} ${b.sql} ON ${this.equality(a, b)}${this.prng.chance(0.3) ? ` WHERE ${a.expressions.predicate(1)}` : ''} GROUP BY ${by}`,
      types: [key.type, ...types],
    };
  }

  private nestedSets(): FeatureQuery {
    const type = this.prng.pick(['int4', 'text', 'date', 'bool'] as const);
    const branch = (): string => {
      const place = this.place('a');
      return `SELECT ${place.expressions.expr(type, 1)} AS x FROM ${place.sql}${this.maybeWhere(place)}`;
    };
    const op = (): string =>
      this.prng.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL']);
    const sql = this.prng.chance(0.5)
      ? `(${branch()} ${op()} ${branch()}) ${op()} ${branch()}`
      : `${branch()} ${op()} (${branch()} ${op()} ${branch()})`;
    return { sql: `SELECT x, count(*) FROM (${sql}) s GROUP BY x`, types: [type, 'int8'] };
  }
}
