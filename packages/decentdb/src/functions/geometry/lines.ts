/**
 * Points, lines and line segments: distances, crossings, closest points.
 *
 * I1  A line is A, B, C of Ax + By + C = 0. The slope of a vertical one is infinite.
 * I2  The closest point of two things is on the first of them; distances may be NaN where coordinates are.
 */
import { add, divide, hypotenuse, isSame, isZero, multiply, subtract } from './fuzzy.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Segment {
  readonly from: Point;
  readonly to: Point;
}

export interface Line {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** A place, and how far it is. */
export interface Closest {
  readonly point: Point;
  readonly distance: number;
}

export function isSamePoint(p: Point, q: Point): boolean {
  if (Number.isNaN(p.x + p.y + q.x + q.y) && [p.x, p.y, q.x, q.y].some(Number.isNaN))
    return Object.is(p.x + 0, q.x + 0) && Object.is(p.y + 0, q.y + 0);
  return isSame(p.x, q.x) && isSame(p.y, q.y);
}

export const distanceOf = (p: Point, q: Point): number => hypotenuse(subtract(p.x, q.x), subtract(p.y, q.y));

export function slopeOf(p: Point, q: Point): number {
  if (isSame(p.x, q.x)) return Infinity;
  if (isSame(p.y, q.y)) return 0;
  return divide(subtract(p.y, q.y), subtract(p.x, q.x));
}

/** The slope of what is perpendicular. */
function crossSlopeOf(p: Point, q: Point): number {
  if (isSame(p.x, q.x)) return 0;
  if (isSame(p.y, q.y)) return Infinity;
  return divide(subtract(p.x, q.x), subtract(q.y, p.y));
}

export const slopeOfSegment = (s: Segment): number => slopeOf(s.from, s.to);
export const crossSlopeOfSegment = (s: Segment): number => crossSlopeOf(s.from, s.to);
export const lengthOf = (s: Segment): number => distanceOf(s.from, s.to);

export function middleOf(p: Point, q: Point): Point {
  return { x: divide(add(p.x, q.x), 2), y: divide(add(p.y, q.y), 2) };
}

export function lineAt(point: Point, slope: number): Line {
  if (Math.abs(slope) === Infinity) return { a: -1, b: 0, c: point.x };
  if (slope === 0) return { a: 0, b: -1, c: point.y };
  return { a: slope, b: -1, c: subtract(point.y, multiply(slope, point.x)) + 0 };
}

export function slopeOfLine(line: Line): number {
  if (isZero(line.a)) return 0;
  return isZero(line.b) ? Infinity : divide(line.a, -line.b);
}

function crossSlopeOfLine(line: Line): number {
  if (isZero(line.a)) return Infinity;
  return isZero(line.b) ? 0 : divide(line.b, line.a);
}

/** Where two lines meet; null when they are parallel. */
export function crossingOfLines(l: Line, m: Line): Point | null {
  const [first, second] = isZero(l.b) ? [m, l] : [l, m];
  if (isZero(first.b)) return null;
  if (isSame(second.a, multiply(first.a, divide(second.b, first.b)))) return null;
  const x = divide(
    subtract(multiply(first.b, second.c), multiply(second.b, first.c)),
    subtract(multiply(first.a, second.b), multiply(second.a, first.b)),
  );
  const y = divide(-add(multiply(first.a, x), first.c), first.b);
  return { x: x + 0, y: y + 0 };
}

export function isPerpendicular(l: Line, m: Line): boolean {
  if (isZero(l.a)) return isZero(m.b);
  if (isZero(m.a)) return isZero(l.b);
  if (isZero(l.b)) return isZero(m.a);
  if (isZero(m.b)) return isZero(l.a);
  return isSame(divide(multiply(l.a, m.a), multiply(l.b, m.b)), -1);
}

export function isSameLine(l: Line, m: Line): boolean {
  if ([l.a, l.b, l.c, m.a, m.b, m.c].some(Number.isNaN))
    return Object.is(l.a, m.a) && Object.is(l.b, m.b) && Object.is(l.c, m.c);
  let ratio = 1;
  if (!isZero(m.a)) ratio = divide(l.a, m.a);
  else if (!isZero(m.b)) ratio = divide(l.b, m.b);
  else if (!isZero(m.c)) ratio = divide(l.c, m.c);
  return (
    isSame(l.a, multiply(ratio, m.a)) &&
    isSame(l.b, multiply(ratio, m.b)) &&
    isSame(l.c, multiply(ratio, m.c))
  );
}

export function distanceOfLines(l: Line, m: Line): number {
  if (crossingOfLines(l, m) !== null) return 0;
  let ratio = 1;
  if (!isZero(l.a) && !Number.isNaN(l.a) && !isZero(m.a) && !Number.isNaN(m.a)) ratio = divide(l.a, m.a);
  else if (!isZero(l.b) && !Number.isNaN(l.b) && !isZero(m.b) && !Number.isNaN(m.b)) ratio = divide(l.b, m.b);
  return divide(Math.abs(subtract(l.c, multiply(ratio, m.c))), hypotenuse(l.a, l.b));
}

export const isOnLine = (p: Point, line: Line): boolean =>
  isZero(add(add(multiply(line.a, p.x), multiply(line.b, p.y)), line.c));

export function closestOnLine(line: Line, point: Point): Closest {
  const across = lineAt(point, crossSlopeOfLine(line));
  const found = crossingOfLines(across, line);
  if (found === null) return { point, distance: Number.NaN };
  return { point: found, distance: distanceOf(point, found) };
}

export const isOnSegment = (p: Point, s: Segment): boolean =>
  isSame(add(distanceOf(p, s.from), distanceOf(p, s.to)), lengthOf(s));

export function crossingWithLine(s: Segment, line: Line): Point | null {
  const found = crossingOfLines(lineAt(s.from, slopeOfSegment(s)), line);
  if (found === null || !isOnSegment(found, s)) return null;
  if (isSamePoint(s.from, found)) return s.from;
  return isSamePoint(s.to, found) ? s.to : found;
}

export function crossingOfSegments(s: Segment, t: Segment): Point | null {
  const found = crossingWithLine(s, lineAt(t.from, slopeOfSegment(t)));
  return found !== null && isOnSegment(found, t) ? found : null;
}

export function closestToLine(s: Segment, line: Line): Closest {
  const crossing = crossingWithLine(s, line);
  if (crossing !== null) return { point: crossing, distance: 0 };
  const from = closestOnLine(line, s.from).distance;
  const to = closestOnLine(line, s.to).distance;
  return from < to ? { point: s.from, distance: from } : { point: s.to, distance: to };
}

export function closestOnSegment(s: Segment, point: Point): Closest {
  const closest = closestToLine(s, lineAt(point, crossSlopeOfSegment(s))).point;
  return { point: closest, distance: distanceOf(closest, point) };
}

/** The point of `s` closest to `t`. */
export function closestOfSegments(s: Segment, t: Segment): Closest {
  const crossing = crossingOfSegments(s, t);
  if (crossing !== null) return { point: crossing, distance: 0 };
  const candidates = [
    closestOnSegment(s, t.from),
    closestOnSegment(s, t.to),
    { point: s.from, distance: closestOnSegment(t, s.from).distance },
    { point: s.to, distance: closestOnSegment(t, s.to).distance },
  ];
  return nearest(candidates);
}

/** The first of those at the smallest distance. */
export function nearest(candidates: readonly Closest[]): Closest {
  return candidates.reduce((best, one) => (one.distance < best.distance ? one : best));
}
