/**
 * Datums of the geometric types as points, lines and areas, and back (types/geometric-types.ts has the layout).
 */
import { Shape } from '../../types/geometric-types.ts';
import { type Box, boxOf, type Circle } from './areas.ts';
import type { Line, Point, Segment } from './lines.ts';

const at = (shape: Shape, i: number): number => shape.numbers[i] as number;

export const pointOf = (shape: Shape): Point => ({ x: at(shape, 0), y: at(shape, 1) });
export const segmentOf = (shape: Shape): Segment => ({
  from: pointOf(shape),
  to: { x: at(shape, 2), y: at(shape, 3) },
});
export const boxFrom = (shape: Shape): Box => ({
  high: pointOf(shape),
  low: { x: at(shape, 2), y: at(shape, 3) },
});
export const lineOf = (shape: Shape): Line => ({ a: at(shape, 0), b: at(shape, 1), c: at(shape, 2) });
export const circleOf = (shape: Shape): Circle => ({ center: pointOf(shape), radius: at(shape, 2) });

/** Of a path or polygon. */
export function pointsOf(shape: Shape): Point[] {
  const points: Point[] = [];
  for (let i = 0; i + 1 < shape.numbers.length; i += 2) points.push({ x: at(shape, i), y: at(shape, i + 1) });
  return points;
}

export const pointShape = (p: Point): Shape => new Shape([p.x, p.y]);
export const segmentShape = (s: Segment): Shape => new Shape([s.from.x, s.from.y, s.to.x, s.to.y]);
export const lineShape = (l: Line): Shape => new Shape([l.a, l.b, l.c]);
export const circleShape = (c: Circle): Shape => new Shape([c.center.x, c.center.y, c.radius]);

export function boxShape(p: Point, q: Point): Shape {
  const { high, low } = boxOf(p, q);
  return new Shape([high.x, high.y, low.x, low.y]);
}

export const pointsShape = (points: readonly Point[], isOpen = false): Shape =>
  new Shape(
    points.flatMap((p) => [p.x, p.y]),
    isOpen,
  );
