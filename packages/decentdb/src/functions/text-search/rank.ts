/**
 * How well a document fits a query: ts_rank (how often, and how close together) and ts_rank_cd (cover density, Clarke, Cormack and
 * Tudhope, "Relevance Ranking for One to Three Term Queries", 1999), with PostgreSQL's formulas and its single precision.
 *
 *     weights         of D, C, B, A; 0.1, 0.2, 0.4, 1 unless given
 *     normalization   1 logarithm of the length, 2 length, 4 distance of the covers, 8 lexemes, 16 logarithm of the lexemes,
 *                     32 rank / (rank + 1); any sum of them
 */
import type { TsNode, TsOperand, TsQuery } from '../../types/tsquery.ts';
import { type Places, POSITION_MAX, positionOf, type TsVector } from '../../types/tsvector.ts';
import { lexemeRange, matches, type Occurrences } from './match.ts';

export const DEFAULT_WEIGHTS: readonly number[] = [0.1, 0.2, 0.4, 1].map(Math.fround);

const f = Math.fround;
/** Stands for the places of a lexeme that has none. */
const NO_PLACES: Places = Uint16Array.of(POSITION_MAX - 1);

/** Different operands of a query, in order of their lexemes. */
function operandsOf(root: TsNode): TsOperand[] {
  const found: Map<string, TsOperand> = new Map();
  const visit = (node: TsNode): void => {
    if (node.kind === 'value') found.set(`${node.lexeme}`, found.get(node.lexeme) ?? node);
    else if (node.kind === 'not') visit(node.child);
    else {
      visit(node.left);
      visit(node.right);
    }
  };
  visit(root);
  return [...found.values()].sort((a, b) => (a.lexeme < b.lexeme ? -1 : 1));
}

/** Positions in a vector, lexemes without any counting one. */
function lengthOf(vector: TsVector): number {
  let length = 0;
  for (const places of vector.places) length += places === null ? 1 : places.length;
  return length;
}

export function rank(
  weights: readonly number[],
  vector: TsVector,
  query: TsQuery,
  normalization: number,
): number {
  const { root } = query;
  if (root === null || vector.size === 0) return 0;
  const isJoined = root.kind === 'and' || root.kind === 'phrase';
  let result = isJoined ? rankTogether(weights, vector, root) : rankEach(weights, vector, root);
  if (result < 0) result = f(1e-20);
  if (normalization & 1) result = f(result / (Math.log(lengthOf(vector) + 1) / Math.log(2)));
  if (normalization & 2) result = f(result / lengthOf(vector));
  if (normalization & 8) result = f(result / vector.size);
  if (normalization & 16) result = f(result / (Math.log(vector.size + 1) / Math.log(2)));
  if (normalization & 32) result = f(result / f(result + 1));
  return result;
}

function rankEach(weights: readonly number[], vector: TsVector, root: TsNode): number {
  const operands = operandsOf(root);
  let result = 0;
  for (const operand of operands) {
    const [from, to] = lexemeRange(vector, operand);
    for (let entry = from; entry < to; entry++) {
      const places = vector.places[entry] ?? NO_PLACES;
      let sum = 0;
      let heaviest = -1;
      let heaviestAt = 0;
      for (let j = 0; j < places.length; j++) {
        const weight = weights[places[j]! >>> 14]!;
        sum = f(sum + f(weight / ((j + 1) * (j + 1))));
        if (weight > heaviest) {
          heaviest = weight;
          heaviestAt = j;
        }
      }
      const rest = f(f(heaviest + sum) - f(heaviest / ((heaviestAt + 1) * (heaviestAt + 1))));
      result = f(result + rest / 1.64493406685);
    }
  }
  return operands.length > 0 ? f(result / operands.length) : result;
}

function wordDistance(distance: number): number {
  if (distance > 100) return f(1e-30);
  return f(1 / (1.005 + 0.05 * Math.exp(f(distance) / 1.5 - 2)));
}

function rankTogether(weights: readonly number[], vector: TsVector, root: TsNode): number {
  const operands = operandsOf(root);
  if (operands.length < 2) return rankEach(weights, vector, root);
  const placesOf: (Places | null)[] = [];
  let result = -1;
  operands.forEach((operand, i) => {
    placesOf.push(null);
    const [from, to] = lexemeRange(vector, operand);
    for (let entry = from; entry < to; entry++) {
      const own = vector.places[entry] ?? NO_PLACES;
      placesOf[i] = own;
      for (let k = 0; k < i; k++) {
        const other = placesOf[k] ?? null;
        if (other === null) continue;
        for (const a of own)
          for (const b of other) {
            let distance = Math.abs(positionOf(a) - positionOf(b));
            if (distance === 0 && own !== NO_PLACES && other !== NO_PLACES) continue;
            if (distance === 0) distance = POSITION_MAX + 1;
            const together = f(
              Math.sqrt(f(f(weights[a >>> 14]! * weights[b >>> 14]!) * wordDistance(distance))),
            );
            result = result < 0 ? together : f(1 - (1 - result) * (1 - together));
          }
      }
    }
  });
  return result;
}

/** A place of the document where operands of the query stand. */
interface DocumentPlace {
  readonly place: number;
  readonly operands: readonly TsOperand[];
}

function placesOfQuery(vector: TsVector, root: TsNode): DocumentPlace[] {
  const found: Map<string, { entry: number; place: number; operands: TsOperand[] }> = new Map();
  const visit = (node: TsNode): void => {
    if (node.kind === 'not') visit(node.child);
    else if (node.kind !== 'value') {
      visit(node.left);
      visit(node.right);
    } else {
      const [from, to] = lexemeRange(vector, node);
      for (let entry = from; entry < to; entry++) {
        for (const place of vector.places[entry] ?? []) {
          if (node.weights !== 0 && ((node.weights >> (place >>> 14)) & 1) === 0) continue;
          const known = found.get(`${entry} ${place}`);
          if (known === undefined) found.set(`${entry} ${place}`, { entry, place, operands: [node] });
          else known.operands.push(node);
        }
      }
    }
  };
  visit(root);
  return [...found.values()].sort(
    (a, b) =>
      positionOf(a.place) - positionOf(b.place) || (a.place >>> 14) - (b.place >>> 14) || a.entry - b.entry,
  );
}

/** What a growing window of a document holds. */
class Window implements Occurrences {
  private readonly found: Map<TsOperand, number[]> = new Map();

  add(place: DocumentPlace, isBackward: boolean): void {
    const position = positionOf(place.place);
    for (const operand of place.operands) {
      const positions = this.found.get(operand);
      if (positions === undefined) this.found.set(operand, [position]);
      else if (isBackward) positions.unshift(position);
      else positions.push(position);
    }
  }

  has(operand: TsOperand): boolean {
    return this.found.has(operand);
  }

  positions(operand: TsOperand): readonly number[] | null {
    return this.found.get(operand) ?? null;
  }
}

interface Cover {
  readonly begin: number;
  readonly end: number;
}

/** The next shortest window from place `from` on that satisfies the query. */
function nextCover(places: readonly DocumentPlace[], root: TsNode, from: number): Cover | null {
  let end = -1;
  const forward = new Window();
  for (let i = from; i < places.length && end < 0; i++) {
    forward.add(places[i]!, false);
    if (matches(root, forward)) end = i;
  }
  if (end < 0) return null;
  const backward = new Window();
  for (let i = end; i >= from; i--) {
    backward.add(places[i]!, true);
    if (matches(root, backward)) return { begin: i, end };
  }
  return null;
}

export function rankCoverDensity(
  weights: readonly number[],
  vector: TsVector,
  query: TsQuery,
  normalization: number,
): number {
  const { root } = query;
  if (root === null || vector.size === 0) return 0;
  const places = placesOfQuery(vector, root);
  let total = 0;
  let covers = 0;
  let lastCentre = 0;
  let closeness = 0;
  for (let from = 0; ; ) {
    const cover = nextCover(places, root, from);
    if (cover === null) break;
    from = cover.begin + 1;
    const { begin, end } = cover;
    let inverse = 0;
    for (let i = begin; i <= end; i++) inverse += 1 / weights[places[i]!.place >>> 14]!;
    const first = positionOf(places[begin]!.place);
    const last = positionOf(places[end]!.place);
    let noise = last - first - (end - begin);
    if (noise < 0) noise = Math.trunc((end - begin) / 2);
    total += (end - begin + 1) / inverse / (1 + noise);
    const centre = (first + last) / 2;
    if (covers > 0 && centre > lastCentre) closeness += 1 / (centre - lastCentre);
    lastCentre = centre;
    covers++;
  }
  if (normalization & 1) total /= Math.log(lengthOf(vector) + 1);
  if (normalization & 2) total /= lengthOf(vector);
  if (normalization & 4 && covers > 0 && closeness > 0) total /= covers / closeness;
  if (normalization & 8) total /= vector.size;
  if (normalization & 16) total /= Math.log(vector.size + 1) / Math.log(2);
  if (normalization & 32) total /= total + 1;
  return f(total);
}
