/**
 * Random SELECT statements over a generated schema, each with what is known of its answer.
 *
 * I1  A query's answer is determined: LIMIT stands only over an order on all output columns, order-sensitive aggregates
 *     carry their own ORDER BY, and window functions that depend on row order are ordered by a unique key.
 */
import type { Prng } from 'decentdb/testing';
import { CombinedQueries } from './combined-queries.ts';
import type { AnswerShape } from './compare.ts';
import { ExpressionGenerator, type ScopeColumn } from './expression-generator.ts';
import { FeatureQueries } from './feature-queries.ts';
import type { ColumnType, GeneratedSchema, GeneratedTable } from './schema-generator.ts';

export interface GeneratedQuery extends AnswerShape {
  readonly sql: string;
}

interface FromClause {
  readonly sql: string;
  readonly scope: readonly ScopeColumn[];
}
interface SelectItem {
  readonly sql: string;
  readonly type: ColumnType;
}

export class QueryGenerator {
  private readonly prng: Prng;
  private readonly schema: GeneratedSchema;
  private readonly features: FeatureQueries;
  private readonly combined: CombinedQueries;
  private aliases = 0;

  constructor(prng: Prng, schema: GeneratedSchema) {
    this.prng = prng;
    this.schema = schema;
    this.features = new FeatureQueries(prng, schema);
    this.combined = new CombinedQueries(prng, schema);
  }

  query(): GeneratedQuery {
    this.aliases = 0;
    if (this.prng.chance(0.4)) return this.feature();
    switch (this.prng.below(10)) {
      case 0:
      case 1:
      case 2:
        return this.grouped();
      case 3:
        return this.setOperation();
      case 4:
        return this.windowed();
      case 5:
        return this.withCte();
      default:
        return this.plain();
    }
  }

  /** A query without WHERE, and the three that share its rows out by a predicate: true, false, NULL. */
  partition(): { readonly whole: GeneratedQuery; readonly parts: readonly string[] } {
    this.aliases = 0;
    const from = this.from();
    const expressions = new ExpressionGenerator(this.prng, from.scope);
    const items = this.items(expressions, 1 + this.prng.below(3), 1);
    const predicate = expressions.predicate(3);
    const select = `SELECT ${list(items)} FROM ${from.sql}`;
    const parts = [`(${predicate})`, `NOT (${predicate})`, `(${predicate}) IS NULL`];
    return {
      whole: { sql: select, floats: floatsOf(items), isOrdered: false },
      parts: parts.map((part) => `${select} WHERE ${part}`),
    };
  }

  private feature(): GeneratedQuery {
    const { sql, types } = (this.prng.chance(0.4) ? this.combined : this.features).query();
    return { sql, floats: floatsOf(types.map((type) => ({ sql: '', type }))), isOrdered: false };
  }

  private plain(): GeneratedQuery {
    const from = this.from();
    const expressions = new ExpressionGenerator(this.prng, from.scope);
    const items = this.items(expressions, 1 + this.prng.below(4), 2);
    const distinct = this.prng.chance(0.2) ? 'DISTINCT ' : '';
    return this.finish(
      `SELECT ${distinct}${list(items)} FROM ${from.sql}${this.where(expressions, from)}`,
      items,
    );
  }

  private grouped(): GeneratedQuery {
    const from = this.from();
    const expressions = new ExpressionGenerator(this.prng, from.scope);
    const keys = this.items(expressions, this.prng.below(3), 1).filter(({ sql }) =>
      /[a-z]\d*\.[a-z]/.test(sql),
    );
    const aggregates = Array.from({ length: 1 + this.prng.below(3) }, () => this.aggregate(expressions));
    const items = [...keys, ...aggregates];
    const groupBy = keys.length === 0 ? '' : ` GROUP BY ${this.grouping(keys)}`;
    const having = this.prng.chance(0.3) ? ` HAVING count(*) ${this.prng.pick(['> 1', '>= 2', '< 10'])}` : '';
    const where = this.where(expressions, from);
    return this.finish(`SELECT ${list(items)} FROM ${from.sql}${where}${groupBy}${having}`, items);
  }

  private grouping(keys: readonly SelectItem[]): string {
    const plain = keys.map(({ sql }) => `(${sql})`).join(', ');
    if (!this.prng.chance(0.25)) return plain;
    return `${this.prng.pick(['ROLLUP', 'CUBE'])} (${plain})`;
  }

  private aggregate(expressions: ExpressionGenerator): SelectItem {
    const filter = this.prng.chance(0.2) ? ` FILTER (WHERE ${expressions.predicate(1)})` : '';
    const distinct = this.prng.chance(0.15) ? 'DISTINCT ' : '';
    const number = this.prng.pick(['int4', 'numeric', 'float8'] as const);
    switch (this.prng.below(7)) {
      case 0:
        return { sql: `count(*)${filter}`, type: 'int8' };
      case 1:
        return {
          sql: `count(${distinct}${expressions.expr(expressions.anyType(), 1)})${filter}`,
          type: 'int8',
        };
      case 2:
        return { sql: `sum(${distinct}${expressions.expr(number, 1)})${filter}`, type: number };
      case 3:
        return { sql: `avg(${distinct}${expressions.expr(number, 1)})${filter}`, type: number };
      case 4: {
        const type = this.prng.pick([
          'int4',
          'int8',
          'numeric',
          'float8',
          'text',
          'date',
          'timestamp',
        ] as const);
        return { sql: `${this.prng.pick(['min', 'max'])}(${expressions.expr(type, 1)})${filter}`, type };
      }
      case 5:
        return {
          sql: `${this.prng.pick(['bool_and', 'bool_or'])}(${expressions.predicate(1)})${filter}`,
          type: 'bool',
        };
      default: {
        const text = expressions.expr('text', 1);
        return { sql: `string_agg(${text}, ',' ORDER BY ${text})${filter}`, type: 'text' };
      }
    }
  }

  private setOperation(): GeneratedQuery {
    const types = Array.from({ length: 1 + this.prng.below(3) }, () =>
      this.prng.pick(['int4', 'text', 'numeric', 'date', 'bool'] as const),
    );
    const branch = (): string => {
      const from = this.from();
      const expressions = new ExpressionGenerator(this.prng, from.scope);
      const values = types.map((type, at) => `${expressions.expr(type, 1)} AS x${at}`);
      return `SELECT ${values.join(', ')} FROM ${from.sql}${this.where(expressions, from)}`;
    };
    const op = this.prng.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL']);
    const items = types.map((type) => ({ sql: '', type }));
    return this.finish(`${branch()} ${op} ${branch()}`, items);
  }

  private windowed(): GeneratedQuery {
    const table = this.prng.pick(this.schema.tables);
    const scope = scopeOf(table, 't');
    const expressions = new ExpressionGenerator(this.prng, scope);
    const partition = this.prng.chance(0.6)
      ? `PARTITION BY ${expressions.expr(expressions.anyType(), 1)} `
      : '';
    const order = `ORDER BY ${expressions.leaf(expressions.anyType())} ${this.prng.pick(['', 'DESC '])}${this.prng.pick(['', 'NULLS FIRST'])}, t.id`;
    const frame = this.prng.pick([
      '',
      'ROWS BETWEEN 2 PRECEDING AND CURRENT ROW',
      'ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
      'GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
      'ROWS BETWEEN 1 PRECEDING AND 3 FOLLOWING EXCLUDE CURRENT ROW',
    ]);
    const calls: SelectItem[] = [
      { sql: 'row_number()', type: 'int8' },
      { sql: 'rank()', type: 'int8' },
      { sql: 'ntile(3)', type: 'int4' },
      { sql: `lag(${expressions.leaf('int4')})`, type: 'int4' },
      { sql: `first_value(${expressions.leaf('text')})`, type: 'text' },
      { sql: `sum(${expressions.leaf('int4')})`, type: 'int8' },
      { sql: 'count(*)', type: 'int8' },
      { sql: `max(${expressions.leaf('numeric')})`, type: 'numeric' },
    ];
    const call = this.prng.pick(calls);
    const over = `${call.sql} OVER (${partition}${order} ${frame})`;
    const items: SelectItem[] = [
      { sql: 't.id', type: 'int4' },
      { sql: over, type: call.type },
    ];
    return this.finish(`SELECT ${list(items)} FROM ${table.name} t${this.where(expressions, null)}`, items);
  }

  private withCte(): GeneratedQuery {
    const inner = this.from();
    const expressions = new ExpressionGenerator(this.prng, inner.scope);
    const types = [expressions.anyType(), expressions.anyType()];
    const columns = types.map((type, at) => `${expressions.expr(type, 1)} AS k${at}`);
    const definition = `SELECT ${columns.join(', ')} FROM ${inner.sql}${this.where(expressions, null)}`;
    const scope = types.map((type, at) => ({ sql: `w.k${at}`, type }));
    const outer = new ExpressionGenerator(this.prng, scope);
    const items = this.items(outer, 2, 1);
    const hint = this.prng.pick(['', 'MATERIALIZED ', 'NOT MATERIALIZED ']);
    const body = `SELECT ${list(items)} FROM w${this.where(outer, null)}`;
    return this.finish(`WITH w AS ${hint}(${definition}) ${body}`, items);
  }

  /** One to three relations, joined every way there is. */
  private from(): FromClause {
    let { sql, scope } = this.relation();
    const joins = this.prng.pick([0, 0, 1, 1, 2]);
    for (let j = 0; j < joins; j++) {
      const right = this.relation();
      const both = [...scope, ...right.scope];
      const kind = this.prng.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'CROSS JOIN']);
      sql = `${sql} ${kind} ${right.sql}${kind === 'CROSS JOIN' ? '' : ` ON ${this.joinCondition(scope, right.scope)}`}`;
      scope = both;
    }
    return { sql, scope };
  }

  /** FULL JOIN wants a mergeable condition in PostgreSQL, so every condition begins with an equality. */
  private joinCondition(left: readonly ScopeColumn[], right: readonly ScopeColumn[]): string {
    const pairs = left.flatMap((a) => right.filter((b) => b.type === a.type).map((b) => [a, b] as const));
    const [a, b] = this.prng.pick(pairs.length > 0 ? pairs : [[left[0]!, right[0]!] as const]);
    return `${a.sql} = ${b.sql}`;
  }

  private relation(): FromClause {
    const table = this.prng.pick(this.schema.tables);
    const alias = `a${this.aliases++}`;
    if (this.prng.chance(0.15)) {
      const inner = new ExpressionGenerator(this.prng, scopeOf(table, 's'));
      const columns = table.columns.map(({ name }) => `s.${name}`).join(', ');
      return {
        sql: `(SELECT ${columns} FROM ${table.name} s WHERE ${inner.predicate(1)}) ${alias}`,
        scope: scopeOf(table, alias),
      };
    }
    return { sql: `${table.name} ${alias}`, scope: scopeOf(table, alias) };
  }

  private where(expressions: ExpressionGenerator, from: FromClause | null): string {
    if (this.prng.chance(0.4)) return '';
    const predicate = expressions.predicate(2);
    if (from === null || !this.prng.chance(0.3)) return ` WHERE ${predicate}`;
    return ` WHERE ${predicate} AND ${this.subqueryPredicate(from)}`;
  }

  private subqueryPredicate(from: FromClause): string {
    const table = this.prng.pick(this.schema.tables);
    const outer = this.prng.pick(from.scope);
    const scope = scopeOf(table, 'q');
    const inner = new ExpressionGenerator(this.prng, [...scope, outer]);
    const same = scope.filter(({ type }) => type === outer.type);
    const column = same.length > 0 ? this.prng.pick(same).sql : inner.leaf(outer.type);
    switch (this.prng.below(4)) {
      case 0:
        return `${this.prng.pick(['', 'NOT '])}EXISTS (SELECT 1 FROM ${table.name} q WHERE ${column} = ${outer.sql} AND ${inner.predicate(1)})`;
      case 1:
        return `${outer.sql} ${this.prng.pick(['', 'NOT '])}IN (SELECT ${column} FROM ${table.name} q WHERE ${inner.predicate(1)})`;
      case 2:
        return `${outer.sql} ${this.prng.pick(['=', '<', '>='])} ${this.prng.pick(['ANY', 'ALL'])} (SELECT ${column} FROM ${table.name} q)`;
      default:
        return `(SELECT count(*) FROM ${table.name} q WHERE ${column} = ${outer.sql}) ${this.prng.pick(['= 0', '> 0', '< 3'])}`;
    }
  }

  private items(expressions: ExpressionGenerator, count: number, depth: number): SelectItem[] {
    return Array.from({ length: count }, () => {
      const type = expressions.anyType();
      return { sql: expressions.expr(type, depth), type };
    });
  }

  /** Adds an order over all columns, sometimes a limit. */
  private finish(sql: string, items: readonly SelectItem[]): GeneratedQuery {
    const floats = floatsOf(items);
    if (items.length === 0 || floats.includes(true) || !this.prng.chance(0.4))
      return { sql, floats, isOrdered: false };
    const keys = items.map(
      (_, at) => `${at + 1}${this.prng.pick(['', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST'])}`,
    );
    const limit = this.prng.chance(0.5)
      ? ` LIMIT ${this.prng.below(10)}${this.prng.chance(0.5) ? ` OFFSET ${this.prng.below(4)}` : ''}`
      : '';
    return { sql: `${sql} ORDER BY ${keys.join(', ')}${limit}`, floats, isOrdered: true };
  }
}

/** Of equal numerics (1.0 and 1) it is open which one a set operation, DISTINCT, max or a group shows: compared as numbers. */
function floatsOf(items: readonly SelectItem[]): boolean[] {
  return items.map(({ type }) => type === 'float8' || type === 'numeric');
}

function list(items: readonly SelectItem[]): string {
  return items.map(({ sql }) => sql).join(', ');
}

function scopeOf(table: GeneratedTable, alias: string): ScopeColumn[] {
  return table.columns.map(({ name, type }) => ({ sql: `${alias}.${name}`, type }));
}
