/**
 * What a jsonb value must hold for a jsonpath to be true of it (`@@`) or to yield anything (`@?`).
 *
 * I1  A path yields nothing unless its keys are there, a comparison is not true unless both sides yield something: so lax mode and
 *     strict mode are alike here.
 * I2  What methods make is nowhere in the value: behind one, nothing more is asked for. The same of arithmetic and variables.
 * I3  `!` and `is unknown` say nothing.
 */
import type { JsonPath, PathItem } from '../../types/jsonpath.ts';
import { ANYTHING, allOf, anyOf, holding, type ItemQuery } from './item-query.ts';
import {
  type JsonClass,
  keyItem,
  type PathHash,
  pathItem,
  pathOf,
  ROOT_PATH,
  scalarQuery,
} from './json-items.ts';

/** Where a chain of items has come to. */
interface Reached {
  /** What must be held to get here. */
  readonly needs: readonly ItemQuery[];
  /** The keys on the way; null: not all are known, or what is here was made by a method. */
  readonly path: PathHash | null;
  readonly isMade: boolean;
}

const START: Reached = { needs: [], path: ROOT_PATH, isMade: false };
const UNKNOWN: Reached = { needs: [], path: null, isMade: true };

/** `json @? path`. */
export function pathExistsQuery(path: JsonPath, of: JsonClass): ItemQuery {
  return allOf(new PathReader(of).walk(path.root, START).needs);
}

/** `json @@ path`. */
export function pathHoldsQuery(path: JsonPath, of: JsonClass): ItemQuery {
  const reader = new PathReader(of);
  const { root } = path;
  return root.next === null ? reader.predicate(root, START) : allOf(reader.walk(root, START).needs);
}

class PathReader {
  private readonly of: JsonClass;

  constructor(of: JsonClass) {
    this.of = of;
  }

  /** Follows a chain of items; `@` is where `current` is. */
  walk(chain: PathItem, current: Reached): Reached {
    let at: Reached = UNKNOWN;
    for (let item: PathItem | null = chain; item !== null; item = item.next)
      at = this.step(item, at, current);
    return at;
  }

  private step(item: PathItem, at: Reached, current: Reached): Reached {
    switch (item.kind) {
      case 'root':
        return START;
      case 'current':
        return current;
      case 'key':
        return this.member(item.value as string, at);
      case 'anyKey':
      case 'any':
        return { ...at, path: null };
      case 'anyArray':
      case 'indexArray':
        return at;
      case 'filter':
        return { ...at, needs: [...at.needs, this.predicate(item.left!, at)] };
      default:
        // Predicates as values, literals and whatever is computed: they always yield something, or say nothing of where they are.
        return { needs: at.needs, path: null, isMade: true };
    }
  }

  private member(key: string, at: Reached): Reached {
    if (at.isMade) return at;
    const path = at.path === null ? null : pathOf(at.path, key);
    const needs = this.of === 'jsonb_ops' ? [...at.needs, holding(keyItem(key))] : at.needs;
    return { needs, path, isMade: false };
  }

  /** What must be held for a predicate to be true. */
  predicate(item: PathItem, current: Reached): ItemQuery {
    if (item.next !== null) return ANYTHING;
    const { left, right } = item;
    switch (item.kind) {
      case 'and':
        return allOf([this.predicate(left!, current), this.predicate(right!, current)]);
      case 'or':
        return anyOf([this.predicate(left!, current), this.predicate(right!, current)]);
      case 'exists':
      case 'startsWith':
      case 'likeRegex':
        return allOf(this.walk(left!, current).needs);
      case 'comparison':
        return this.comparison(item, left!, right!, current);
      default:
        return ANYTHING;
    }
  }

  private comparison(item: PathItem, left: PathItem, right: PathItem, current: Reached): ItemQuery {
    const [a, b] = [this.walk(left, current), this.walk(right, current)];
    const needs = [...a.needs, ...b.needs];
    if (item.operator === '==') needs.push(this.equal(a, right), this.equal(b, left));
    return allOf(needs);
  }

  /** What is reached equals a literal. */
  private equal(at: Reached, other: PathItem): ItemQuery {
    if (at.isMade || other.kind !== 'literal' || other.next !== null) return ANYTHING;
    if (this.of === 'jsonb_ops') return scalarQuery(other.value);
    return at.path === null ? ANYTHING : holding(pathItem(at.path, other.value));
  }
}
