/**
 * Boxes, paths, polygons and circles: what contains, touches and overlaps what.
 *
 * I1  Points of a polygon or closed path are joined round, the last with the first.
 */
import { DecentDbError } from '../../base/errors.ts';
import { add, divide, isAtLeast, isAtMost, isLess, isMore, isZero, multiply, subtract } from './fuzzy.ts';
import {
  type Closest,
  closestOfSegments,
  closestOnSegment,
  crossingOfSegments,
  distanceOf,
  isOnSegment,
  isSamePoint,
  middleOf,
  nearest,
  type Point,
  type Segment,
} from './lines.ts';

export interface Box {
  readonly high: Point;
  readonly low: Point;
}

export interface Circle {
  readonly center: Point;
  readonly radius: number;
}

export function boxOf(p: Point, q: Point): Box {
  const [highX, lowX] = isGreater(p.x, q.x) ? [p.x, q.x] : [q.x, p.x];
  const [highY, lowY] = isGreater(p.y, q.y) ? [p.y, q.y] : [q.y, p.y];
  return { high: { x: highX, y: highY }, low: { x: lowX, y: lowY } };
}

/** NaN counts as larger than everything. */
const isGreater = (a: number, b: number): boolean => (Number.isNaN(a) ? !Number.isNaN(b) : a > b);

export const areaOfBox = (b: Box): number =>
  multiply(subtract(b.high.x, b.low.x), subtract(b.high.y, b.low.y));

export const boxesOverlap = (a: Box, b: Box): boolean =>
  isAtMost(a.low.x, b.high.x) &&
  isAtMost(b.low.x, a.high.x) &&
  isAtMost(a.low.y, b.high.y) &&
  isAtMost(b.low.y, a.high.y);

export const boxContains = (a: Box, b: Box): boolean =>
  isAtLeast(a.high.x, b.high.x) &&
  isAtMost(a.low.x, b.low.x) &&
  isAtLeast(a.high.y, b.high.y) &&
  isAtMost(a.low.y, b.low.y);

export const boxHolds = (box: Box, p: Point): boolean =>
  box.high.x >= p.x && box.low.x <= p.x && box.high.y >= p.y && box.low.y <= p.y;

export function edgesOfBox({ high, low }: Box): Segment[] {
  const upperLeft = { x: low.x, y: high.y };
  const lowerRight = { x: high.x, y: low.y };
  return [
    { from: low, to: upperLeft },
    { from: high, to: upperLeft },
    { from: low, to: lowerRight },
    { from: high, to: lowerRight },
  ];
}

export function segmentMeetsBox(s: Segment, box: Box): boolean {
  if (!boxesOverlap(boxOf(s.from, s.to), box)) return false;
  if (boxHolds(box, s.from) || boxHolds(box, s.to)) return true;
  return edgesOfBox(box).some((edge) => crossingOfSegments(edge, s) !== null);
}

export function closestOnBox(box: Box, point: Point): Closest {
  if (boxHolds(box, point)) return { point, distance: 0 };
  return nearest(edgesOfBox(box).map((edge) => closestOnSegment(edge, point)));
}

export function closestOfBoxAndSegment(box: Box, s: Segment): Closest {
  if (segmentMeetsBox(s, box))
    return { point: closestOnSegment(s, middleOf(box.high, box.low)).point, distance: 0 };
  return nearest(edgesOfBox(box).map((edge) => closestOfSegments(edge, s)));
}

export function boundingBox(points: readonly Point[]): Box {
  return points.reduce((box, p) => ({ high: boxOf(box.high, p).high, low: boxOf(box.low, p).low }), {
    high: points[0] as Point,
    low: points[0] as Point,
  });
}

/** The segments between points, from the one that closes the round when it is closed. */
export function segmentsOf(points: readonly Point[], isClosed: boolean): Segment[] {
  const list: Segment[] = [];
  for (let i = isClosed ? 0 : 1; i < points.length; i++)
    list.push({ from: points[i === 0 ? points.length - 1 : i - 1] as Point, to: points[i] as Point });
  return list;
}

/** Twice the area to the left, signed, halved. */
export function areaOfPoints(points: readonly Point[]): number {
  let area = 0;
  for (const [i, p] of points.entries()) {
    const q = points[(i + 1) % points.length] as Point;
    area = subtract(add(area, multiply(p.x, q.y)), multiply(p.y, q.x));
  }
  return Math.abs(divide(area, 2));
}

const ON_EDGE = Number.NaN;

/** How an edge, seen from the origin, crosses the positive x axis; NaN when it goes through the origin. */
function crossingsOfEdge(x: number, y: number, lastX: number, lastY: number): number {
  if (isZero(y)) {
    if (isZero(x)) return ON_EDGE;
    if (isMore(x, 0)) {
      if (isZero(lastY)) return isMore(lastX, 0) ? 0 : ON_EDGE;
      return isLess(lastY, 0) ? 1 : -1;
    }
    if (isZero(lastY)) return isLess(lastX, 0) ? 0 : ON_EDGE;
    return 0;
  }
  const sign = isMore(y, 0) ? 1 : -1;
  if (isZero(lastY)) return isLess(lastX, 0) ? 0 : sign;
  if ((sign < 0 && isLess(lastY, 0)) || (sign > 0 && isMore(lastY, 0))) return 0;
  if (isAtLeast(x, 0) && isMore(lastX, 0)) return 2 * sign;
  if (isLess(x, 0) && isAtMost(lastX, 0)) return 0;
  const side = subtract(multiply(subtract(x, lastX), y), multiply(subtract(y, lastY), x));
  if (isZero(side)) return ON_EDGE;
  if ((sign < 0 && isLess(side, 0)) || (sign > 0 && isMore(side, 0))) return 0;
  return 2 * sign;
}

/** Inside or on the edge. */
export function polygonHolds(points: readonly Point[], p: Point): boolean {
  const at = (q: Point): Point => ({ x: subtract(q.x, p.x), y: subtract(q.y, p.y) });
  const moved = points.map(at);
  let total = 0;
  for (const [i, { x, y }] of [...moved.slice(1), moved[0] as Point].entries()) {
    const last = moved[i] as Point;
    const crossings = crossingsOfEdge(x, y, last.x, last.y);
    if (Number.isNaN(crossings)) return true;
    total += crossings;
  }
  return total !== 0;
}

export function polygonsOverlap(a: readonly Point[], b: readonly Point[]): boolean {
  if (!boxesOverlap(boundingBox(a), boundingBox(b))) return false;
  const edges = segmentsOf(b, true);
  if (segmentsOf(a, true).some((s) => edges.some((t) => crossingOfSegments(s, t) !== null))) return true;
  return polygonHolds(b, a[0] as Point) || polygonHolds(a, b[0] as Point);
}

export function polygonContains(outer: readonly Point[], inner: readonly Point[]): boolean {
  if (!boxContains(boundingBox(outer), boundingBox(inner))) return false;
  return segmentsOf(inner, true).every(({ from, to }) => isInside(from, to, outer, 0));
}

/** Whether the segment from `a` to `b` is in the polygon, seen from its edge number `start`. */
function isInside(a: Point, b: Point, polygon: readonly Point[], start: number): boolean {
  const edges = segmentsOf(polygon, true);
  const whole = { from: a, to: b };
  let result = true;
  for (let i = start; i < edges.length && result; i++) {
    const edge = edges[i] as Segment;
    if (isOnSegment(a, edge)) {
      if (isOnSegment(b, edge)) return true;
      result = touchingIsInside(a, b, edge, polygon, i + 1);
    } else if (isOnSegment(b, edge)) result = touchingIsInside(b, a, edge, polygon, i + 1);
    else {
      const crossing = crossingOfSegments(whole, edge);
      if (crossing !== null)
        return isInside(a, crossing, polygon, i + 1) && isInside(b, crossing, polygon, i + 1);
    }
  }
  return result && polygonHolds(polygon, middleOf(a, b));
}

/** The same of a segment whose end `a` is on the edge. */
function touchingIsInside(
  a: Point,
  b: Point,
  edge: Segment,
  polygon: readonly Point[],
  start: number,
): boolean {
  const whole = { from: a, to: b };
  const ends = isSamePoint(a, edge.from)
    ? [edge.to]
    : isSamePoint(a, edge.to)
      ? [edge.from]
      : [edge.from, edge.to];
  const end = ends.find((p) => isOnSegment(p, whole));
  return end === undefined ? true : isInside(b, end, polygon, start);
}

/** From a point to the polygon, 0 inside of it. */
export function distanceToPolygon(points: readonly Point[], p: Point): number {
  if (polygonHolds(points, p)) return 0;
  return nearest(segmentsOf(points, true).map((edge) => closestOnSegment(edge, p))).distance;
}

/** The smallest distance of two lists of segments. */
export function distanceOfSegments(a: readonly Segment[], b: readonly Segment[]): number | null {
  let best: number | null = null;
  for (const s of a)
    for (const t of b) {
      const { distance } = closestOfSegments(s, t);
      if (best === null || distance < best) best = distance;
    }
  return best;
}

export function centerOf(points: readonly Point[]): Point {
  const sum = points.reduce((at, p) => ({ x: add(at.x, p.x), y: add(at.y, p.y) }), { x: 0, y: 0 });
  return { x: divide(sum.x, points.length), y: divide(sum.y, points.length) };
}

export function circleAround(points: readonly Point[]): Circle {
  const center = centerOf(points);
  const sum = points.reduce((total, p) => add(total, distanceOf(p, center)), 0);
  return { center, radius: divide(sum, points.length) };
}

export function pointsOnCircle(circle: Circle, count: number): Point[] {
  if (isZero(circle.radius))
    throw new DecentDbError('0A000', 'cannot convert circle with radius zero to polygon');
  if (count < 2) throw new DecentDbError('22023', 'must request at least 2 points');
  const step = divide(2 * Math.PI, count);
  return Array.from({ length: count }, (_, i) => ({
    x: subtract(circle.center.x, multiply(circle.radius, Math.cos(i * step))),
    y: add(circle.center.y, multiply(circle.radius, Math.sin(i * step))),
  }));
}
