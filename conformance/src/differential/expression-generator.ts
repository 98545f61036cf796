/**
 * Random typed expressions over the columns in scope.
 *
 * I1  An expression of type T parses and types as T in PostgreSQL, and raises no run-time error on the generated data:
 *     divisors are guarded and magnitudes stay small, because the order of evaluation (and so whether an error shows) is
 *     nobody's promise.
 */
import type { Prng } from 'decentdb/testing';
import { COLUMN_TYPES, type ColumnType, literal } from './schema-generator.ts';

/** A column that an expression may name, qualified. */
export interface ScopeColumn {
  readonly sql: string;
  readonly type: ColumnType;
}

export class ExpressionGenerator {
  private readonly prng: Prng;
  private readonly scope: readonly ScopeColumn[];

  constructor(prng: Prng, scope: readonly ScopeColumn[]) {
    this.prng = prng;
    this.scope = scope;
  }

  anyType(): ColumnType {
    return this.prng.pick(COLUMN_TYPES);
  }

  /** An expression of the type, nested at most `depth` deep. */
  expr(type: ColumnType, depth: number): string {
    if (depth <= 0 || this.prng.chance(0.3)) return this.leaf(type);
    if (this.prng.chance(0.15)) return this.conditional(type, depth);
    switch (type) {
      case 'bool':
        return this.predicate(depth);
      case 'text':
        return this.text(depth);
      case 'date':
        return this.date(depth);
      case 'timestamp':
        return this.timestamp(depth);
      default:
        return this.number(type, depth);
    }
  }

  leaf(type: ColumnType): string {
    const columns = this.scope.filter((column) => column.type === type);
    if (columns.length > 0 && this.prng.chance(0.8)) return this.prng.pick(columns).sql;
    return this.prng.chance(0.08) ? `NULL::${type}` : literal(type, this.prng);
  }

  predicate(depth: number): string {
    const { prng } = this;
    const next = depth - 1;
    switch (prng.below(12)) {
      case 0:
        return `(${this.expr('bool', next)} ${prng.pick(['AND', 'OR'])} ${this.expr('bool', next)})`;
      case 1:
        return `(NOT ${this.expr('bool', next)})`;
      case 2:
        return `(${this.expr(this.anyType(), next)} IS ${prng.pick(['', 'NOT '])}NULL)`;
      case 3:
        return this.between(next);
      case 4:
        return this.inList(next);
      case 5:
        return `(${this.expr('text', next)} ${prng.pick(['LIKE', 'NOT LIKE', 'ILIKE'])} ${prng.pick(["'a%'", "'%b%'", "'_'", "'%'", "'x\\_y'", "'%é'", "''"])})`;
      case 6: {
        const type = this.anyType();
        return `(${this.expr(type, next)} IS ${prng.pick(['', 'NOT '])}DISTINCT FROM ${this.expr(type, next)})`;
      }
      case 7:
        return `(${this.expr('bool', next)} IS ${prng.pick(['', 'NOT '])}${prng.pick(['TRUE', 'FALSE', 'UNKNOWN'])})`;
      default:
        return this.comparison(next);
    }
  }

  private comparison(depth: number): string {
    const op = this.prng.pick(['=', '<>', '<', '<=', '>', '>=']);
    const numbers: readonly ColumnType[] = ['int4', 'int8', 'numeric', 'float8'];
    const left = this.anyType();
    const right = numbers.includes(left) ? this.prng.pick(numbers) : left;
    return `(${this.expr(left, depth)} ${op} ${this.expr(right, depth)})`;
  }

  private between(depth: number): string {
    const type = this.anyType();
    const negated = this.prng.pick(['', 'NOT ']);
    return `(${this.expr(type, depth)} ${negated}BETWEEN ${this.expr(type, depth)} AND ${this.expr(type, depth)})`;
  }

  private inList(depth: number): string {
    const type = this.anyType();
    const items = Array.from({ length: 1 + this.prng.below(4) }, () => this.leaf(type));
    return `(${this.expr(type, depth)} ${this.prng.pick(['', 'NOT '])}IN (${items.join(', ')}))`;
  }

  private conditional(type: ColumnType, depth: number): string {
    const next = depth - 1;
    switch (this.prng.below(3)) {
      case 0:
        return `CASE WHEN ${this.expr('bool', next)} THEN ${this.expr(type, next)} ELSE ${this.expr(type, next)} END`;
      case 1:
        return `COALESCE(${this.expr(type, next)}, ${this.expr(type, next)})`;
      default:
        return `${this.prng.pick(['NULLIF', 'GREATEST', 'LEAST'])}(${this.expr(type, next)}, ${this.expr(type, next)})`;
    }
  }

  private number(type: ColumnType, depth: number): string {
    const { prng } = this;
    const next = depth - 1;
    const small = (): string => this.leaf(type);
    switch (prng.below(7)) {
      case 0:
        return `(${small()} + ${small()})`;
      case 1:
        return `(${small()} - ${small()})`;
      case 2:
        return `(${this.expr(type, next)} / NULLIF(${small()}, 0))`;
      case 3:
        return type === 'float8' ? `(- ${small()})` : `(${this.expr(type, next)} % NULLIF(${small()}, 0))`;
      case 4:
        return `abs(${this.expr(type, next)})`;
      case 5:
        return `${type === 'int4' ? 'length' : 'char_length'}(${this.expr('text', next)})::${type}`;
      default:
        return type === 'numeric'
          ? `${prng.pick(['round', 'trunc'])}(${this.expr('numeric', next)}, ${prng.below(4)})`
          : this.leaf(type);
    }
  }

  private text(depth: number): string {
    const { prng } = this;
    const next = depth - 1;
    const inner = (): string => this.expr('text', next);
    switch (prng.below(9)) {
      case 0:
        return `(${inner()} || ${inner()})`;
      case 1:
        return `${prng.pick(['upper', 'lower', 'reverse', 'ltrim', 'rtrim', 'btrim', 'md5'])}(${inner()})`;
      case 2:
        return `substr(${inner()}, ${prng.below(5) - 1}, ${prng.below(4)})`;
      case 3:
        return `replace(${inner()}, 'a', ${inner()})`;
      case 4:
        return `${prng.pick(['left', 'right'])}(${inner()}, ${prng.below(5) - 2})`;
      case 5:
        return `${prng.pick(['lpad', 'rpad'])}(${inner()}, ${prng.below(6)}, 'xy')`;
      case 6:
        return `(${this.expr(this.anyType(), next)})::text`;
      case 7:
        return `concat(${inner()}, ${this.expr('int4', next)}, ${inner()})`;
      default:
        return `split_part(${inner()}, ' ', ${1 + prng.below(2)})`;
    }
  }

  private date(depth: number): string {
    const next = depth - 1;
    switch (this.prng.below(3)) {
      case 0:
        return `(${this.expr('date', next)} + ${this.prng.below(400) - 200})`;
      case 1:
        return `(${this.expr('timestamp', next)})::date`;
      default:
        return this.leaf('date');
    }
  }

  private timestamp(depth: number): string {
    const next = depth - 1;
    switch (this.prng.below(4)) {
      case 0:
        return `(${this.expr('timestamp', next)} + interval '${this.prng.pick(['1 day', '2 months', '-3 hours', '1 year 2 days'])}')`;
      case 1:
        return `date_trunc('${this.prng.pick(['hour', 'day', 'month', 'year'])}', ${this.expr('timestamp', next)})`;
      case 2:
        return `(${this.expr('date', next)})::timestamp`;
      default:
        return this.leaf('timestamp');
    }
  }
}
