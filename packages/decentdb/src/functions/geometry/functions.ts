/**
 * Functions and casts of the geometric types (PostgreSQL manual 9.11).
 *
 * I1  A cast and the function of the type's name are the same.
 */
import { DecentDbError } from '../../base/errors.ts';
import { Shape } from '../../types/geometric-types.ts';
import { Oid as T } from '../../types/oids.ts';
import { builtinType } from '../../types/registry.ts';
import type { CastContext, CastEntry } from '../casts.ts';
import { type Evaluate, fn, overloads } from '../define.ts';
import type { ScalarFunction } from '../function.ts';
import {
  areaOfBox,
  areaOfPoints,
  boundingBox,
  boxOf,
  centerOf,
  circleAround,
  pointsOnCircle,
} from './areas.ts';
import { add, divide, isSame, multiply, subtract } from './fuzzy.ts';
import {
  crossingOfLines,
  crossSlopeOfSegment,
  distanceOf,
  isPerpendicular,
  isSamePoint,
  lengthOf,
  lineAt,
  middleOf,
  slopeOf,
  slopeOfSegment,
} from './lines.ts';
import { lengthOfPath } from './operators.ts';
import {
  boxFrom,
  boxShape,
  circleOf,
  circleShape,
  lineOf,
  lineShape,
  pointOf,
  pointShape,
  pointsOf,
  pointsShape,
  segmentOf,
  segmentShape,
} from './shapes.ts';

const { point, lseg, line, box, path, polygon, circle, bool, float8, int4 } = T;

function polygonOfBox(shape: Shape): Shape {
  const { high, low } = boxFrom(shape);
  return pointsShape([low, { x: low.x, y: high.y }, high, { x: high.x, y: low.y }]);
}

function polygonOfPath(shape: Shape): Shape {
  if (shape.isOpen) throw new DecentDbError('22023', 'open path cannot be converted to polygon');
  return new Shape(shape.numbers);
}

function boxOfCircle(shape: Shape): Shape {
  const { center, radius } = circleOf(shape);
  const reach = divide(radius, Math.SQRT2);
  return boxShape(
    { x: add(center.x, reach), y: add(center.y, reach) },
    { x: subtract(center.x, reach), y: subtract(center.y, reach) },
  );
}

function circleOfBox(shape: Shape): Shape {
  const { high, low } = boxFrom(shape);
  const center = middleOf(high, low);
  return circleShape({ center, radius: distanceOf(center, high) });
}

function boxOfPolygon(shape: Shape): Shape {
  const { high, low } = boundingBox(pointsOf(shape));
  return boxShape(high, low);
}

const centerOfBox = (shape: Shape): Shape => {
  const { high, low } = boxFrom(shape);
  return pointShape(middleOf(high, low));
};

type Conversion = readonly [
  source: number,
  target: number,
  context: CastContext,
  convert: (shape: Shape) => Shape,
];

const conversions: readonly Conversion[] = [
  [lseg, point, 'explicit', (s) => pointShape(middleOf(segmentOf(s).from, segmentOf(s).to))],
  [path, polygon, 'assignment', polygonOfPath],
  [box, point, 'explicit', centerOfBox],
  [box, lseg, 'explicit', (s) => new Shape(s.numbers)],
  [box, polygon, 'assignment', polygonOfBox],
  [box, circle, 'explicit', circleOfBox],
  [polygon, point, 'explicit', (s) => pointShape(centerOf(pointsOf(s)))],
  [polygon, path, 'assignment', (s) => new Shape(s.numbers)],
  [polygon, box, 'explicit', boxOfPolygon],
  [polygon, circle, 'explicit', (s) => circleShape(circleAround(pointsOf(s)))],
  [circle, point, 'explicit', (s) => pointShape(circleOf(s).center)],
  [circle, box, 'explicit', boxOfCircle],
  [circle, polygon, 'explicit', (s) => pointsShape(pointsOnCircle(circleOf(s), 12))],
  [point, box, 'assignment', (s) => boxShape(pointOf(s), pointOf(s))],
];

export const geometricCasts: readonly CastEntry[] = conversions.map(([source, target, context, convert]) => {
  const { name } = builtinType(target);
  const run: Evaluate = (_, shape: Shape) => convert(shape);
  return { source, target, context, fn: fn(name, [source], target, run, `Converts to ${name}.`, null) };
});

/** Also as functions, of which another constructor may share the name. */
const converters: readonly ScalarFunction[] = conversions.map(([source, target, , convert]) => {
  const { name } = builtinType(target);
  const run: Evaluate = (_, shape: Shape) => convert(shape);
  return fn(name, [source], target, run, `Makes a ${name}.`, null);
});

function lineThroughPoints(_: unknown, p: Shape, q: Shape): Shape {
  if (isSamePoint(pointOf(p), pointOf(q)))
    throw new DecentDbError('22023', 'invalid line specification: must be two distinct points');
  return lineShape(lineAt(pointOf(p), slopeOf(pointOf(p), pointOf(q))));
}

const constructors: readonly ScalarFunction[] = [
  fn('point', [float8, float8], point, (_, x: number, y: number) => new Shape([x, y]), 'Makes a point.', [
    'point(1, 2)',
    '(1,2)',
  ]),
  fn(
    'box',
    [point, point],
    box,
    (_, p: Shape, q: Shape) => boxShape(pointOf(p), pointOf(q)),
    'Makes a box of two corners.',
    ['box(point(0, 1), point(1, 0))', '(1,1),(0,0)'],
  ),
  fn(
    'lseg',
    [point, point],
    lseg,
    (_, p: Shape, q: Shape) => segmentShape({ from: pointOf(p), to: pointOf(q) }),
    'Makes a segment of its ends.',
    ['lseg(point(0, 1), point(1, 0))', '[(0,1),(1,0)]'],
  ),
  fn('line', [point, point], line, lineThroughPoints, 'Makes a line through two points.', [
    'line(point(-1, 0), point(1, 0))',
    '{0,-1,0}',
  ]),
  fn(
    'circle',
    [point, float8],
    circle,
    (_, p: Shape, radius: number) => circleShape({ center: pointOf(p), radius }),
    'Makes a circle of its center and radius.',
    ['circle(point(0, 0), 2)', '<(0,0),2>'],
  ),
  fn(
    'polygon',
    [int4, circle],
    polygon,
    (_, count: number, c: Shape) => pointsShape(pointsOnCircle(circleOf(c), count)),
    'Makes a polygon of so many points on a circle.',
    null,
  ),
  fn(
    'bound_box',
    [box, box],
    box,
    (_, a: Shape, b: Shape) => {
      const [p, q] = [boxFrom(a), boxFrom(b)];
      return boxShape(boxOf(p.high, q.high).high, boxOf(p.low, q.low).low);
    },
    'The smallest box that holds both.',
    ["bound_box(box '1,1,0,0', box '4,4,3,3')", '(4,4),(0,0)'],
  ),
];

const measures: readonly ScalarFunction[] = [
  ...overloads(
    'area',
    'The area; NULL of an open path.',
    ["area(box '2,2,0,0')", '4'],
    [
      [[box], float8, (_, s: Shape) => areaOfBox(boxFrom(s))],
      [[path], float8, (_, s: Shape) => (s.isOpen ? null : areaOfPoints(pointsOf(s)))],
      [
        [circle],
        float8,
        (_, s: Shape) => multiply(multiply(circleOf(s).radius, circleOf(s).radius), Math.PI),
      ],
    ],
  ),
  ...overloads(
    'center',
    'The middle.',
    ["center(box '1,2,0,0')", '(0.5,1)'],
    [
      [[box], point, (_, s: Shape) => centerOfBox(s)],
      [[circle], point, (_, s: Shape) => pointShape(circleOf(s).center)],
    ],
  ),
  ...overloads(
    'length',
    'The length.',
    ["length(path '((-1,0),(1,0))')", '4'],
    [
      [[path], float8, (_, s: Shape) => lengthOfPath(s)],
      [[lseg], float8, (_, s: Shape) => lengthOf(segmentOf(s))],
    ],
  ),
  ...overloads(
    'npoints',
    'How many points there are.',
    ["npoints(path '[(0,0),(1,1),(2,0)]')", '3'],
    [
      [[path], int4, (_, s: Shape) => s.numbers.length / 2],
      [[polygon], int4, (_, s: Shape) => s.numbers.length / 2],
    ],
  ),
  fn('diameter', [circle], float8, (_, s: Shape) => multiply(circleOf(s).radius, 2), 'The diameter.', null),
  fn('radius', [circle], float8, (_, s: Shape) => circleOf(s).radius, 'The radius.', null),
  fn('diagonal', [box], lseg, (_, s: Shape) => new Shape(s.numbers), 'The diagonal.', null),
  fn(
    'height',
    [box],
    float8,
    (_, s: Shape) => subtract(boxFrom(s).high.y, boxFrom(s).low.y),
    'The height.',
    null,
  ),
  fn(
    'width',
    [box],
    float8,
    (_, s: Shape) => subtract(boxFrom(s).high.x, boxFrom(s).low.x),
    'The width.',
    null,
  ),
  fn('isclosed', [path], bool, (_, s: Shape) => !s.isOpen, 'Whether it is closed.', null),
  fn('isopen', [path], bool, (_, s: Shape) => s.isOpen, 'Whether it is open.', null),
  fn('pclose', [path], path, (_, s: Shape) => new Shape(s.numbers), 'Closes it.', null),
  fn('popen', [path], path, (_, s: Shape) => new Shape(s.numbers, true), 'Opens it.', null),
  fn(
    'slope',
    [point, point],
    float8,
    (_, p: Shape, q: Shape) => slopeOf(pointOf(p), pointOf(q)),
    'The slope of the line through two points.',
    ['slope(point(0, 0), point(2, 1))', '0.5'],
  ),
];

const tests: readonly ScalarFunction[] = [
  ...overloads('ishorizontal', 'Whether it is level.', null, [
    [[point, point], bool, (_, p: Shape, q: Shape) => isSame(pointOf(p).y, pointOf(q).y)],
    [[lseg], bool, (_, s: Shape) => isSame(segmentOf(s).from.y, segmentOf(s).to.y)],
    [[line], bool, (_, s: Shape) => isSame(lineOf(s).a, 0)],
  ]),
  ...overloads('isvertical', 'Whether it is upright.', null, [
    [[point, point], bool, (_, p: Shape, q: Shape) => isSame(pointOf(p).x, pointOf(q).x)],
    [[lseg], bool, (_, s: Shape) => isSame(segmentOf(s).from.x, segmentOf(s).to.x)],
    [[line], bool, (_, s: Shape) => isSame(lineOf(s).b, 0)],
  ]),
  ...overloads('isparallel', 'Whether they are parallel.', null, [
    [
      [lseg, lseg],
      bool,
      (_, s: Shape, t: Shape) => isSame(slopeOfSegment(segmentOf(s)), slopeOfSegment(segmentOf(t))),
    ],
    [[line, line], bool, (_, l: Shape, m: Shape) => crossingOfLines(lineOf(l), lineOf(m)) === null],
  ]),
  ...overloads('isperp', 'Whether they are perpendicular.', null, [
    [
      [lseg, lseg],
      bool,
      (_, s: Shape, t: Shape) => isSame(slopeOfSegment(segmentOf(s)), crossSlopeOfSegment(segmentOf(t))),
    ],
    [[line, line], bool, (_, l: Shape, m: Shape) => isPerpendicular(lineOf(l), lineOf(m))],
  ]),
];

export const geometricFunctions: readonly ScalarFunction[] = [
  ...constructors,
  ...converters,
  ...measures,
  ...tests,
];
