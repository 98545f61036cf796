/**
 * Operators of the geometric types (PostgreSQL manual 9.11).
 *
 * I1  Equality is of places, lengths, areas or numbers of points, with PostgreSQL's tolerance: no ordering to index by.
 */
import type { Shape } from '../../types/geometric-types.ts';
import { Oid as T } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import { type Evaluate, op } from '../define.ts';
import type { ScalarFunction } from '../function.ts';
import {
  areaOfBox,
  type Box,
  boundingBox,
  boxContains,
  boxesOverlap,
  boxHolds,
  type Circle,
  centerOf,
  closestOfBoxAndSegment,
  closestOnBox,
  distanceOfSegments,
  distanceToPolygon,
  edgesOfBox,
  polygonContains,
  polygonHolds,
  polygonsOverlap,
  segmentMeetsBox,
  segmentsOf,
} from './areas.ts';
import {
  add,
  divide,
  hypotenuse,
  isAtLeast,
  isAtMost,
  isLess,
  isMore,
  isOther,
  isSame,
  multiply,
  subtract,
} from './fuzzy.ts';
import {
  type Closest,
  closestOfSegments,
  closestOnLine,
  closestOnSegment,
  closestToLine,
  crossingOfLines,
  crossingOfSegments,
  crossingWithLine,
  crossSlopeOfSegment,
  distanceOf,
  distanceOfLines,
  isOnLine,
  isOnSegment,
  isPerpendicular,
  isSameLine,
  isSamePoint,
  type Line,
  lengthOf,
  middleOf,
  type Point,
  type Segment,
  slopeOfLine,
  slopeOfSegment,
} from './lines.ts';
import {
  boxFrom,
  boxShape,
  circleOf,
  circleShape,
  lineOf,
  pointOf,
  pointShape,
  pointsOf,
  pointsShape,
  segmentOf,
} from './shapes.ts';

const { point, lseg, line, box, path, polygon, circle, bool, float8, int4 } = T;

/** How the datum of each type is seen. */
interface Views {
  readonly [T.point]: Point;
  readonly [T.lseg]: Segment;
  readonly [T.line]: Line;
  readonly [T.box]: Box;
  readonly [T.circle]: Circle;
  readonly [T.path]: Shape;
  readonly [T.polygon]: readonly Point[];
}
type Kind = keyof Views;
const view: { readonly [K in Kind]: (shape: Shape) => Views[K] } = {
  [T.point]: pointOf,
  [T.lseg]: segmentOf,
  [T.line]: lineOf,
  [T.box]: boxFrom,
  [T.circle]: circleOf,
  [T.path]: (shape) => shape,
  [T.polygon]: pointsOf,
};

/** A binary operator over two kinds of shapes. */
function between<A extends Kind, B extends Kind>(
  symbol: string,
  left: A,
  right: B,
  returns: number,
  evaluate: (a: Views[A], b: Views[B]) => Datum,
  description: string,
): ScalarFunction {
  const run: Evaluate = (_, a: Shape, b: Shape) => evaluate(view[left](a), view[right](b));
  return op(symbol, [left, right], returns, run, description, null);
}

/** A test, and its mirror image where `mirror` names one. */
function test<A extends Kind, B extends Kind>(
  symbol: string,
  left: A,
  right: B,
  holds: (a: Views[A], b: Views[B]) => boolean,
  description: string,
  mirror?: string,
): ScalarFunction[] {
  const made = [between(symbol, left, right, bool, holds, description)];
  if (mirror !== undefined) made.push(between(mirror, right, left, bool, (b, a) => holds(a, b), description));
  return made;
}

function prefix<A extends Kind>(
  symbol: string,
  kind: A,
  returns: number,
  evaluate: (a: Views[A]) => Datum,
  description: string,
): ScalarFunction {
  return op(symbol, [kind], returns, (_, a: Shape) => evaluate(view[kind](a)), description, null);
}

type Extent = {
  readonly left: number;
  readonly right: number;
  readonly below: number;
  readonly above: number;
};
interface Order {
  readonly less: (a: number, b: number) => boolean;
  readonly atMost: (a: number, b: number) => boolean;
}

/** Strictly left of, not right of, and so on, by how far two shapes reach. */
function places<K extends Kind>(
  kind: K,
  extent: (shape: Views[K]) => Extent,
  { less, atMost }: Order,
): ScalarFunction[] {
  const by = (
    symbol: string,
    holds: (a: Extent, b: Extent) => boolean,
    description: string,
  ): ScalarFunction[] => test(symbol, kind, kind, (a, b) => holds(extent(a), extent(b)), description);
  return [
    ...by('<<', (a, b) => less(a.right, b.left), 'Is left of.'),
    ...by('>>', (a, b) => less(b.right, a.left), 'Is right of.'),
    ...by('&<', (a, b) => atMost(a.right, b.right), 'Does not reach further right than.'),
    ...by('&>', (a, b) => atMost(b.left, a.left), 'Does not reach further left than.'),
    ...by('<<|', (a, b) => less(a.above, b.below), 'Is below.'),
    ...by('|>>', (a, b) => less(b.above, a.below), 'Is above.'),
    ...by('&<|', (a, b) => atMost(a.above, b.above), 'Does not reach higher than.'),
    ...by('|&>', (a, b) => atMost(b.below, a.below), 'Does not reach lower than.'),
  ];
}

const FUZZY: Order = { less: isLess, atMost: isAtMost };
const EXACT: Order = { less: (a, b) => a < b, atMost: (a, b) => a <= b };

const extentOfBox = ({ high, low }: Box): Extent => ({
  left: low.x,
  right: high.x,
  below: low.y,
  above: high.y,
});
const extentOfCircle = ({ center, radius }: Circle): Extent => ({
  left: subtract(center.x, radius),
  right: add(center.x, radius),
  below: subtract(center.y, radius),
  above: add(center.y, radius),
});

/** Comparisons of a number each shape has. */
function comparisons<K extends Kind>(
  kind: K,
  size: (shape: Views[K]) => number,
  what: string,
  symbols = ['<', '<=', '=', '>=', '>'],
): ScalarFunction[] {
  const all: Readonly<Record<string, (a: number, b: number) => boolean>> = {
    '<': isLess,
    '<=': isAtMost,
    '=': isSame,
    '>=': isAtLeast,
    '>': isMore,
    '<>': isOther,
  };
  return symbols.flatMap((symbol) =>
    test(symbol, kind, kind, (a, b) => all[symbol]!(size(a), size(b)), `Compares ${what}.`),
  );
}

const plus = (p: Point, q: Point): Point => ({ x: add(p.x, q.x), y: add(p.y, q.y) });
const minus = (p: Point, q: Point): Point => ({ x: subtract(p.x, q.x), y: subtract(p.y, q.y) });
const times = (p: Point, q: Point): Point => ({
  x: subtract(multiply(p.x, q.x), multiply(p.y, q.y)),
  y: add(multiply(p.x, q.y), multiply(p.y, q.x)),
});

function over(p: Point, q: Point): Point {
  const length = add(multiply(q.x, q.x), multiply(q.y, q.y));
  return {
    x: divide(add(multiply(p.x, q.x), multiply(p.y, q.y)), length),
    y: divide(subtract(multiply(p.y, q.x), multiply(p.x, q.y)), length),
  };
}

/** Translation, and rotation with scaling, of everything by a point. */
function movements(
  symbol: string,
  move: (p: Point, q: Point) => Point,
  stretch: (radius: number, q: Point) => number,
): ScalarFunction[] {
  const says = 'Moves, or turns and stretches.';
  return [
    between(symbol, point, point, point, (p, q) => pointShape(move(p, q)), says),
    between(symbol, box, point, box, (b, q) => boxShape(move(b.high, q), move(b.low, q)), says),
    between(
      symbol,
      path,
      point,
      path,
      (p, q) =>
        pointsShape(
          pointsOf(p).map((each) => move(each, q)),
          p.isOpen,
        ),
      says,
    ),
    between(
      symbol,
      circle,
      point,
      circle,
      (c, q) => circleShape({ center: move(c.center, q), radius: stretch(c.radius, q) }),
      says,
    ),
  ];
}

/** Distance both ways. */
function distance<A extends Kind, B extends Kind>(
  left: A,
  right: B,
  measure: (a: Views[A], b: Views[B]) => number | null,
): ScalarFunction[] {
  const made = [between('<->', left, right, float8, measure, 'The distance.')];
  if (Number(left) !== Number(right))
    made.push(between('<->', right, left, float8, (b, a) => measure(a, b), 'The distance.'));
  return made;
}

const segmentsOfPath = (shape: Shape): Segment[] => segmentsOf(pointsOf(shape), !shape.isOpen);

function distanceToPath(p: Point, shape: Shape): number {
  const points = pointsOf(shape);
  const segments = segmentsOf(points, !shape.isOpen && points.length > 1);
  if (segments.length === 0) return distanceOf(p, points[0] as Point);
  return Math.min(...segments.map((s) => closestOnSegment(s, p).distance));
}

function pathHolds(shape: Shape, p: Point): boolean {
  const points = pointsOf(shape);
  if (!shape.isOpen) return polygonHolds(points, p);
  return segmentsOf(points, false).some((s) => isOnSegment(p, s));
}

function polygonsApart(a: readonly Point[], b: readonly Point[]): number | null {
  return polygonsOverlap(a, b) ? 0 : distanceOfSegments(segmentsOf(a, true), segmentsOf(b, true));
}

const beyond = (length: number, reach: number): number => Math.max(subtract(length, reach), 0);

const distances: readonly ScalarFunction[] = [
  ...distance(point, point, distanceOf),
  ...distance(point, line, (p, l) => closestOnLine(l, p).distance),
  ...distance(point, lseg, (p, s) => closestOnSegment(s, p).distance),
  ...distance(point, path, distanceToPath),
  ...distance(point, box, (p, b) => closestOnBox(b, p).distance),
  ...distance(point, polygon, (p, poly) => distanceToPolygon(poly, p)),
  ...distance(point, circle, (p, c) => beyond(distanceOf(p, c.center), c.radius)),
  ...distance(lseg, lseg, (s, t) => closestOfSegments(s, t).distance),
  ...distance(lseg, line, (s, l) => closestToLine(s, l).distance),
  ...distance(lseg, box, (s, b) => closestOfBoxAndSegment(b, s).distance),
  ...distance(line, line, distanceOfLines),
  ...distance(box, box, (a, b) => distanceOf(middleOf(a.high, a.low), middleOf(b.high, b.low))),
  ...distance(path, path, (a, b) => distanceOfSegments(segmentsOfPath(a), segmentsOfPath(b))),
  ...distance(polygon, polygon, polygonsApart),
  ...distance(polygon, circle, (poly, c) => beyond(distanceToPolygon(poly, c.center), c.radius)),
  ...distance(circle, circle, (a, b) => beyond(distanceOf(a.center, b.center), add(a.radius, b.radius))),
];

const circleHolds = (c: Circle, p: Point): boolean => distanceOf(c.center, p) <= c.radius;
const contains = 'Contains.';

const containment: readonly ScalarFunction[] = [
  ...test('@>', box, point, boxHolds, contains, '<@'),
  ...test('@>', path, point, pathHolds, contains, '<@'),
  ...test('@>', polygon, point, polygonHolds, contains, '<@'),
  ...test('@>', circle, point, circleHolds, contains, '<@'),
  ...test('@>', box, box, boxContains, contains, '<@'),
  ...test('@>', polygon, polygon, polygonContains, contains, '<@'),
  ...test(
    '@>',
    circle,
    circle,
    (a, b) => isAtMost(distanceOf(a.center, b.center), subtract(a.radius, b.radius)),
    contains,
    '<@',
  ),
  ...test('<@', point, lseg, isOnSegment, 'Is on.'),
  ...test('<@', point, line, isOnLine, 'Is on.'),
  ...test('<@', lseg, line, (s, l) => isOnLine(s.from, l) && isOnLine(s.to, l), 'Is on.'),
  ...test('<@', lseg, box, (s, b) => boxHolds(b, s.from) && boxHolds(b, s.to), 'Is in.'),
  ...test('&&', box, box, boxesOverlap, 'Overlaps.'),
  ...test('?#', box, box, boxesOverlap, 'Overlaps.'),
  ...test('&&', polygon, polygon, polygonsOverlap, 'Overlaps.'),
  ...test(
    '&&',
    circle,
    circle,
    (a, b) => isAtMost(distanceOf(a.center, b.center), add(a.radius, b.radius)),
    'Overlaps.',
  ),
];

const isSameBox = (a: Box, b: Box): boolean => isSamePoint(a.high, b.high) && isSamePoint(a.low, b.low);
const isSameCircle = (a: Circle, b: Circle): boolean =>
  ((Number.isNaN(a.radius) && Number.isNaN(b.radius)) || isSame(a.radius, b.radius)) &&
  isSamePoint(a.center, b.center);

/** The same points in the same order, forwards or backwards, from anywhere. */
function isSamePolygon(a: readonly Point[], b: readonly Point[]): boolean {
  const count = a.length;
  if (count !== b.length) return false;
  return b.some((_, start) =>
    [1, -1].some((step) =>
      a.every((p, i) => isSamePoint(p, b[(start + step * i + count * 2) % count] as Point)),
    ),
  );
}

const isSameSegment = (a: Segment, b: Segment): boolean =>
  isSamePoint(a.from, b.from) && isSamePoint(a.to, b.to);
const areaOfCircle = (c: Circle): number => multiply(multiply(c.radius, c.radius), Math.PI);

const equality: readonly ScalarFunction[] = [
  ...test('~=', point, point, isSamePoint, 'Is the same.'),
  ...test('<>', point, point, (a, b) => !isSamePoint(a, b), 'Is another.'),
  ...test('~=', box, box, isSameBox, 'Is the same.'),
  ...test('~=', polygon, polygon, isSamePolygon, 'Is the same.'),
  ...test('~=', circle, circle, isSameCircle, 'Is the same.'),
  ...test('=', line, line, isSameLine, 'Is the same.'),
  ...test('=', lseg, lseg, isSameSegment, 'Is the same.'),
  ...test('<>', lseg, lseg, (a, b) => !isSameSegment(a, b), 'Is another.'),
  ...comparisons(lseg, lengthOf, 'lengths', ['<', '<=', '>=', '>']),
  ...comparisons(box, areaOfBox, 'areas'),
  ...comparisons(circle, areaOfCircle, 'areas', ['<', '<=', '=', '>=', '>', '<>']),
  ...comparisons(path, (p) => p.numbers.length, 'numbers of points'),
];

const segmentParallel = (s: Segment, t: Segment): boolean => isSame(slopeOfSegment(s), slopeOfSegment(t));
const isUpright = (p: Point, q: Point): boolean => isSame(p.x, q.x);
const isLevel = (p: Point, q: Point): boolean => isSame(p.y, q.y);
const parallel = 'Are parallel.';
const perpendicular = 'Are perpendicular.';

const directions: readonly ScalarFunction[] = [
  ...test('?||', lseg, lseg, segmentParallel, parallel),
  ...test('?||', line, line, (l, m) => crossingOfLines(l, m) === null, parallel),
  ...test('?-|', lseg, lseg, (s, t) => isSame(slopeOfSegment(s), crossSlopeOfSegment(t)), perpendicular),
  ...test('?-|', line, line, isPerpendicular, perpendicular),
  ...test('?-', point, point, isLevel, 'Are on one level.'),
  ...test('?|', point, point, isUpright, 'Are one above the other.'),
  prefix('?-', lseg, bool, (s) => isLevel(s.from, s.to), 'Is horizontal.'),
  prefix('?-', line, bool, (l) => isSame(l.a, 0), 'Is horizontal.'),
  prefix('?|', lseg, bool, (s) => isUpright(s.from, s.to), 'Is vertical.'),
  prefix('?|', line, bool, (l) => isSame(l.b, 0), 'Is vertical.'),
  ...test('<<', point, point, (p, q) => isLess(p.x, q.x), 'Is left of.'),
  ...test('>>', point, point, (p, q) => isMore(p.x, q.x), 'Is right of.'),
  ...test('<<|', point, point, (p, q) => isLess(p.y, q.y), 'Is below.'),
  ...test('|>>', point, point, (p, q) => isMore(p.y, q.y), 'Is above.'),
  ...test('<^', point, point, (p, q) => isLess(p.y, q.y), 'Is below.'),
  ...test('>^', point, point, (p, q) => isMore(p.y, q.y), 'Is above.'),
  ...test('<^', box, box, (a, b) => isAtMost(a.high.y, b.low.y), 'Is below or touches.'),
  ...test('>^', box, box, (a, b) => isAtLeast(a.low.y, b.high.y), 'Is above or touches.'),
  ...places(box, extentOfBox, FUZZY),
  ...places(circle, extentOfCircle, FUZZY),
  ...places(polygon, (points) => extentOfBox(boundingBox(points)), EXACT),
];

const orNull = (p: Point | null): Datum => (p === null ? null : pointShape(p));
const closest = ({ point: found, distance: far }: Closest): Datum =>
  Number.isNaN(far) ? null : pointShape(found);
const meets = 'Whether they meet.';
const nearestPoint = 'The point of the second closest to the first.';

function boxMeetsLine(b: Box, l: Line): boolean {
  return edgesOfBox(b).some((edge) => crossingWithLine(edge, l) !== null);
}

function pathsMeet(a: Shape, b: Shape): boolean {
  if (!boxesOverlap(boundingBox(pointsOf(a)), boundingBox(pointsOf(b)))) return false;
  const others = segmentsOfPath(b);
  return segmentsOfPath(a).some((s) => others.some((t) => crossingOfSegments(s, t) !== null));
}

function commonBox(a: Box, b: Box): Datum {
  if (!boxesOverlap(a, b)) return null;
  return boxShape(
    { x: Math.min(a.high.x, b.high.x), y: Math.min(a.high.y, b.high.y) },
    { x: Math.max(a.low.x, b.low.x), y: Math.max(a.low.y, b.low.y) },
  );
}

const crossings: readonly ScalarFunction[] = [
  ...test('?#', lseg, lseg, (s, t) => crossingOfSegments(s, t) !== null, meets),
  ...test('?#', lseg, line, (s, l) => crossingWithLine(s, l) !== null, meets),
  ...test('?#', lseg, box, segmentMeetsBox, meets),
  ...test('?#', line, line, (l, m) => crossingOfLines(l, m) !== null, meets),
  ...test('?#', line, box, (l, b) => boxMeetsLine(b, l), meets),
  ...test('?#', path, path, pathsMeet, meets),
  between('#', lseg, lseg, point, (s, t) => orNull(crossingOfSegments(s, t)), 'Where they meet.'),
  between('#', line, line, point, (l, m) => orNull(crossingOfLines(l, m)), 'Where they meet.'),
  between('#', box, box, box, commonBox, 'What they have in common.'),
  between('##', point, line, point, (p, l) => closest(closestOnLine(l, p)), nearestPoint),
  between('##', point, lseg, point, (p, s) => closest(closestOnSegment(s, p)), nearestPoint),
  between('##', point, box, point, (p, b) => closest(closestOnBox(b, p)), nearestPoint),
  between(
    '##',
    lseg,
    lseg,
    point,
    (s, t) => (slopeOfSegment(s) === slopeOfSegment(t) ? null : closest(closestOfSegments(t, s))),
    nearestPoint,
  ),
  between(
    '##',
    line,
    lseg,
    point,
    (l, s) => (slopeOfSegment(s) === slopeOfLine(l) ? null : closest(closestToLine(s, l))),
    nearestPoint,
  ),
  between('##', lseg, box, point, (s, b) => closest(closestOfBoxAndSegment(b, s)), nearestPoint),
];

export function lengthOfPath(shape: Shape): number {
  return segmentsOfPath(shape).reduce((total, s) => add(total, lengthOf(s)), 0);
}

const measures: readonly ScalarFunction[] = [
  prefix('@-@', path, float8, lengthOfPath, 'The length.'),
  prefix('@-@', lseg, float8, lengthOf, 'The length.'),
  prefix('@@', lseg, point, (s) => pointShape(middleOf(s.from, s.to)), 'The middle.'),
  prefix('@@', box, point, (b) => pointShape(middleOf(b.high, b.low)), 'The middle.'),
  prefix('@@', circle, point, (c) => pointShape(c.center), 'The middle.'),
  prefix('@@', polygon, point, (points) => pointShape(centerOf(points)), 'The middle.'),
  prefix('#', path, int4, (shape) => shape.numbers.length / 2, 'How many points there are.'),
  prefix('#', polygon, int4, (points) => points.length, 'How many points there are.'),
  between(
    '+',
    path,
    path,
    path,
    (a, b) => (a.isOpen && b.isOpen ? pointsShape([...pointsOf(a), ...pointsOf(b)], true) : null),
    'One after the other; NULL when one is closed.',
  ),
];

export const geometricOperators: readonly ScalarFunction[] = [
  ...movements('+', plus, (radius) => radius),
  ...movements('-', minus, (radius) => radius),
  ...movements('*', times, (radius, q) => multiply(radius, hypotenuse(q.x, q.y))),
  ...movements('/', over, (radius, q) => divide(radius, hypotenuse(q.x, q.y))),
  ...measures,
  ...crossings,
  ...directions,
  ...containment,
  ...equality,
  ...distances,
];
