/**
 * Random queries that meet two or three features at once: rows against rows of subqueries, arrays of subqueries, lateral joins within
 * lateral joins, windows over groups, frames that move over aggregates with states of their own, values of derived types.
 *
 * I1  Answers are determined, as in query-generator.ts: what depends on an order of rows is ordered by a key.
 */
import type { Prng } from 'decentdb/testing';
import { type FeatureQuery, Place } from './feature-queries.ts';
import type { ColumnType, GeneratedSchema } from './schema-generator.ts';

const COMPARISONS = ['=', '<>', '<', '<=', '>', '>='];

export class CombinedQueries {
  private readonly prng: Prng;
  private readonly schema: GeneratedSchema;

  constructor(prng: Prng, schema: GeneratedSchema) {
    this.prng = prng;
    this.schema = schema;
  }

  query(): FeatureQuery {
    const makers = [
      this.rowsAgainstRows,
      this.collectedArrays,
      this.nestedLaterals,
      this.correlatedSets,
      this.windowsOverGroups,
      this.movingFrames,
      this.limitedArms,
      this.derivedKeys,
      this.derivedJoins,
      this.derivedWindows,
      this.existence,
      this.limitedScalars,
    ];
    return this.prng.pick(makers).call(this);
  }

  private place(alias: string, outer: Place | null = null): Place {
    return new Place(this.prng, this.prng.pick(this.schema.tables), alias, outer?.scope ?? []);
  }

  /** A condition that ties the inner rows to the outer ones, or none. */
  private tie(inner: Place, outer: Place): string {
    const pairs = inner.scope.flatMap((b) =>
      outer.scope.filter(({ type }) => type === b.type).map((a) => `${b.sql} = ${a.sql}`),
    );
    return this.prng.pick([...pairs, `${inner.alias}.id < ${outer.alias}.id`, 'true']);
  }

  /** An expression of a type the tables have no columns of, made of one they have. */
  private derived({ expressions }: Place): string {
    const int = (): string => expressions.leaf('int4');
    const text = (): string => expressions.leaf('text');
    return this.prng.pick([
      `(${text()})::char(${1 + this.prng.below(4)})`,
      `(${text()})::varchar(${1 + this.prng.below(4)})`,
      `(${expressions.leaf('numeric')})::numeric(12, ${this.prng.below(4)})`,
      `int4range(least(${int()}, ${int()}), greatest(${int()}, 7))`,
      `daterange(${expressions.leaf('date')}, NULL)`,
      `ARRAY[${int()}, ${int()}]`,
      `ARRAY[${text()}]`,
      `(ARRAY['low', 'middle', 'high'])[1 + abs((${int()}) % 4)]::level`,
      `nullif(abs((${int()}) % 5), 0)::positive`,
      `(${expressions.leaf('timestamp')} AT TIME ZONE 'America/New_York')`,
      `(${expressions.leaf('timestamp')})::time`,
      `(${expressions.leaf('date')} - date '2000-01-01') * interval '1 hour'`,
      `to_jsonb(${text()})`,
      `(${int()})::int2::text::bytea`,
      `ROW(${int()}, (${text()})::text)`,
      `md5(${text()})::uuid`,
      `(${int()})::bit(4)`,
      `(${expressions.leaf('float8')})::real`,
    ]);
  }

  private rowsAgainstRows(): FeatureQuery {
    const outer = this.place('a');
    const inner = this.place('b', outer);
    const [x, y] = [inner.expressions.anyType(), inner.expressions.anyType()];
    const op = this.prng.pick(COMPARISONS);
    const left = `(${outer.expressions.leaf(x)}, ${outer.expressions.leaf(y)})`;
    const from = `SELECT ${inner.expressions.leaf(x)}, ${inner.expressions.leaf(y)} FROM ${inner.sql} WHERE ${this.tie(inner, outer)}`;
    const test = this.prng.pick([
      `${left} ${op} ANY (${from})`,
      `${left} ${op} ALL (${from})`,
      `${left} ${op} (${from} AND b.id = ${this.prng.below(9)} LIMIT 1)`,
      `${left} ${op} (${from} AND b.id < 3)`,
      `${left} NOT IN (${from})`,
    ]);
    return this.prng.chance(0.5)
      ? { sql: `SELECT a.id, ${test} FROM ${outer.sql}`, types: ['int4', 'bool'] }
      : { sql: `SELECT a.id FROM ${outer.sql} WHERE ${test}`, types: ['int4'] };
  }

  private collectedArrays(): FeatureQuery {
    const outer = this.place('a');
    const inner = this.place('b', outer);
    const value = this.prng.chance(0.5)
      ? this.derived(inner)
      : inner.expressions.leaf(inner.expressions.anyType());
    const array = `ARRAY(SELECT ${value} FROM ${inner.sql} WHERE ${this.tie(inner, outer)} ORDER BY b.id${this.prng.chance(0.4) ? ' DESC LIMIT 3' : ''})`;
    return {
      sql: `SELECT a.id, ${array}, cardinality(${array}), (${array})[${this.prng.below(3)}:2] FROM ${outer.sql}`,
      types: ['int4', 'text', 'int4', 'text'],
    };
  }

  private nestedLaterals(): FeatureQuery {
    const a = this.place('a');
    const b = this.place('b', a);
    const c = this.place('c', b);
    const kind = (): string => this.prng.pick(['CROSS JOIN LATERAL', 'LEFT JOIN LATERAL']);
    const [first, second] = [kind(), kind()];
    const on = (join: string): string => (join.startsWith('LEFT') ? ' ON true' : '');
    const inner = `SELECT count(*) AS n, max(c.id) + min(a.id) AS m FROM ${c.sql} WHERE ${this.tie(c, b)}`;
    return {
      sql: `SELECT a.id, l.* FROM ${a.sql} ${first} (SELECT b.id AS b, k.* FROM ${b.sql} ${second} (${inner}) k${on(second)} WHERE ${this.tie(b, a)} ORDER BY b.id LIMIT ${1 + this.prng.below(4)}) l${on(first)}`,
      types: ['int4', 'int4', 'int8', 'int4'],
    };
  }

  private correlatedSets(): FeatureQuery {
    const outer = this.place('a');
    const inner = this.place('b', outer);
    const [x, y] = [this.prng.pick(inner.scope), this.prng.pick(inner.scope)];
    const sets = this.prng.pick([
      `ROLLUP (${x.sql}, ${y.sql})`,
      `GROUPING SETS ((${x.sql}), (${y.sql}), ())`,
      `CUBE (${x.sql}, ${y.sql})`,
    ]);
    return {
      sql: `SELECT a.id, l.* FROM ${outer.sql} CROSS JOIN LATERAL (SELECT ${x.sql} AS x, ${y.sql} AS y, grouping(${x.sql}, ${y.sql}), count(*) + a.id, sum(b.id) FILTER (WHERE ${inner.expressions.predicate(1)}) FROM ${inner.sql} WHERE ${this.tie(inner, outer)} GROUP BY ${sets}) l`,
      types: ['int4', x.type, y.type, 'int4', 'int8', 'int8'],
    };
  }

  private windowsOverGroups(): FeatureQuery {
    const place = this.place('a');
    const { expressions } = place;
    const key = this.prng.pick(place.scope);
    const total = `sum(${expressions.leaf('int4')})`;
    const filter = `FILTER (WHERE count(*) ${this.prng.pick(['> 1', '= 1', '< 3'])})`;
    return {
      sql:
        `SELECT ${key.sql}, ${total}, rank() OVER (ORDER BY ${total} ${this.prng.pick(['', 'DESC', 'NULLS FIRST'])}), ` +
        `sum(count(*)) ${filter} OVER (ORDER BY ${key.sql} ROWS ${this.prng.below(3)} PRECEDING), ` +
        `lag(${total}) OVER w, count(${total}) OVER (w ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE ${this.prng.pick(['CURRENT ROW', 'TIES', 'GROUP'])}) ` +
        `FROM ${place.sql} GROUP BY ${key.sql} HAVING count(*) < ${2 + this.prng.below(30)} WINDOW w AS (ORDER BY ${key.sql} DESC)`,
      types: [key.type, 'int8', 'int8', 'numeric', 'int8', 'int8'],
    };
  }

  /** Aggregates whose states are lists, or numbers of several scales. */
  private movingFrames(): FeatureQuery {
    const place = this.place('a');
    const { expressions } = place;
    const frame = this.prng.pick([
      '',
      'ROWS 1 PRECEDING',
      'ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING',
      'ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
      'GROUPS BETWEEN 2 PRECEDING AND 1 PRECEDING',
      'RANGE BETWEEN 3 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW',
    ]);
    const call = (): string =>
      this.prng.pick([
        `sum(${expressions.leaf('numeric')})`,
        `avg(${expressions.leaf('numeric')})`,
        `jsonb_agg(${expressions.leaf('text')})`,
        `array_agg(${expressions.leaf('int4')})`,
        `string_agg(${expressions.leaf('text')}, ',')`,
        `json_object_agg(a.id, ${expressions.leaf('int4')})`,
        `max(${expressions.leaf('numeric')})`,
        `bool_and(${expressions.predicate(1)})`,
        `array_agg(${this.derived(place)})`,
        `nth_value(${this.derived(place)}, 2)`,
      ]);
    const partition = this.prng.chance(0.5) ? `PARTITION BY ${expressions.leaf(expressions.anyType())} ` : '';
    return {
      sql: `SELECT a.id, ${call()} OVER w, ${call()} OVER w FROM ${place.sql} WINDOW w AS (${partition}ORDER BY a.id ${frame})`,
      types: ['int4', 'text', 'text'],
    };
  }

  private limitedArms(): FeatureQuery {
    const types = ['int4', 'text', 'date'] as const;
    const [x, y] = [this.prng.pick(types), this.prng.pick(types)];
    const arm = (): string => {
      const place = this.place('a');
      const order = this.prng.pick(['1, 2', '2 DESC, 1', '1 NULLS FIRST, 2 DESC']);
      return `(SELECT ${place.expressions.leaf(x)} AS x, ${place.expressions.leaf(y)} AS y FROM ${place.sql} WHERE ${place.expressions.predicate(1)} ORDER BY ${order} LIMIT ${this.prng.below(9)} OFFSET ${this.prng.below(3)})`;
    };
    const op = (): string => this.prng.pick(['UNION', 'UNION ALL', 'INTERSECT ALL', 'EXCEPT', 'EXCEPT ALL']);
    return {
      sql: `SELECT x, y, count(*) FROM (${arm()} ${op()} ${arm()} ${op()} ${arm()} ORDER BY 2, 1 LIMIT 20) s GROUP BY x, y`,
      types: [x, y, 'int8'],
    };
  }

  private derivedKeys(): FeatureQuery {
    const place = this.place('a');
    const key = this.derived(place);
    const sql = this.prng.pick([
      `SELECT ${key} AS k, count(*), min(a.id) FROM ${place.sql} GROUP BY 1`,
      `SELECT count(DISTINCT ${key}), count(${key}), max(a.id) FROM ${place.sql}`,
      `SELECT DISTINCT ON (k) k, 1, id FROM (SELECT ${key} AS k, a.id FROM ${place.sql}) s ORDER BY k, id`,
      `SELECT k, grouping(k), count(*) FROM (SELECT ${key} AS k FROM ${place.sql}) s GROUP BY ROLLUP (k)`,
      `SELECT array_agg(k ORDER BY k, id), array_agg(id ORDER BY k DESC, id), 0 FROM (SELECT ${key} AS k, a.id FROM ${place.sql}) s`,
      `SELECT k, 0, id FROM (SELECT ${key} AS k, a.id FROM ${place.sql}) s ORDER BY k NULLS FIRST, id DESC LIMIT ${1 + this.prng.below(9)}`,
    ]);
    return { sql, types: ['text', 'int8', 'int4'] };
  }

  private derivedJoins(): FeatureQuery {
    const place = this.place('a');
    const key = this.derived(place);
    // PostgreSQL has no hash of bit strings, and no FULL JOIN of them.
    if (key.includes('::bit')) return this.derivedKeys();
    const side = `(SELECT ${key} AS k, a.id FROM ${place.sql})`;
    // Nor of anonymous rows, and a condition beside the equality needs a hash.
    const full = key.includes('ROW(') ? 'LEFT' : 'FULL';
    const sql = this.prng.pick([
      `SELECT x.id, y.id FROM ${side} x JOIN ${side} y ON x.k = y.k`,
      `SELECT x.id, y.id FROM ${side} x ${full} JOIN ${side} y ON x.k = y.k AND x.id < ${this.prng.below(30)}`,
      `SELECT x.id, count(y.id) FROM ${side} x LEFT JOIN ${side} y ON x.k > y.k GROUP BY x.id`,
      `SELECT x.id, x.k IN (SELECT y.k FROM ${side} y WHERE y.id > ${this.prng.below(20)}) FROM ${side} x`,
      `SELECT x.id, x.k <= ALL (SELECT y.k FROM ${side} y WHERE y.id > x.id) FROM ${side} x`,
      `SELECT x.id, x.k IS NOT DISTINCT FROM (SELECT max(y.k::text) FROM ${side} y)::text FROM (SELECT k::text, id FROM ${side} z) x`,
    ]);
    return { sql, types: ['int4', 'int4'] };
  }

  private derivedWindows(): FeatureQuery {
    const place = this.place('a');
    const key = this.derived(place);
    return {
      sql:
        `SELECT id, rank() OVER (ORDER BY k), count(*) OVER (PARTITION BY k), lag(k) OVER (ORDER BY id), ` +
        `first_value(k) OVER (PARTITION BY id % 3 ORDER BY id DESC) FROM (SELECT ${key} AS k, a.id FROM ${place.sql}) s`,
      types: ['int4', 'int8', 'int8', 'text', 'text'],
    };
  }

  private existence(): FeatureQuery {
    const a = this.place('a');
    const b = this.place('b', a);
    const c = this.place('c', b);
    const deep = `${this.prng.pick(['', 'NOT '])}EXISTS (SELECT c.id / 0 FROM ${c.sql} WHERE ${this.tie(c, b)} AND ${this.tie(c, a)})`;
    const tail = this.prng.pick(['', ' LIMIT 1', ' OFFSET 1', ' OFFSET 3', ' LIMIT 0']);
    const grouped = `a.id ${this.prng.pick(['', 'NOT '])}IN (SELECT max(b.id) FROM ${b.sql} WHERE ${this.tie(b, a)} GROUP BY ${this.prng.pick(b.scope).sql} HAVING count(*) > ${this.prng.below(3)})`;
    const test = this.prng.pick([
      `EXISTS (SELECT ${this.prng.pick(['', 'DISTINCT '])}b.id FROM ${b.sql} WHERE ${this.tie(b, a)} AND (${deep} OR ${b.expressions.predicate(1)})${tail})`,
      `NOT EXISTS (SELECT 1 FROM ${b.sql} WHERE ${this.tie(b, a)} AND ${deep}${tail})`,
      grouped,
      `${a.expressions.predicate(1)} IS DISTINCT FROM ${grouped}`,
    ]);
    return {
      sql: `SELECT a.id, ${test} FROM ${a.sql} WHERE ${test} OR a.id % 2 = 0`,
      types: ['int4', 'bool'],
    };
  }

  private limitedScalars(): FeatureQuery {
    const outer = this.place('a');
    const inner = this.place('b', outer);
    const type: ColumnType = inner.expressions.anyType();
    const scalar = `(SELECT ${inner.expressions.leaf(type)} FROM ${inner.sql} WHERE ${this.tie(inner, outer)} ORDER BY b.id ${this.prng.pick(['', 'DESC'])} LIMIT 1 OFFSET ${this.prng.below(3)})`;
    const counted = `(SELECT count(*) FROM ${inner.sql} WHERE ${this.tie(inner, outer)} HAVING count(*) <> ${this.prng.below(4)})`;
    return {
      sql: `SELECT a.id, ${scalar}, ${counted} FROM ${outer.sql} ORDER BY ${counted} NULLS FIRST, a.id LIMIT 15`,
      types: ['int4', type, 'int8'],
    };
  }
}
