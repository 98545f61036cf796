/**
 * Geometric types: point, lseg, path, box, polygon, line, circle. Their operators are in functions/geometry.
 *
 * I1  A datum is a list of coordinates: x, y of each point; a circle ends in its radius, a line is A, B, C of Ax + By + C = 0.
 * I2  A box has its upper right corner first. An open path is told from a closed one by `isOpen`.
 */
import { DecentDbError } from '../base/errors.ts';
import { formatFloat8, parseFloatText } from './float-types.ts';
import { ByteReader, ByteWriter } from './object-bytes.ts';
import { Oid } from './oids.ts';
import { defineType, hashText, invalidInput, Physical, type SqlType } from './sql-type.ts';
import type { ObjectCodec } from './vector.ts';

/** The datum of every geometric type. */
export class Shape {
  readonly numbers: readonly number[];
  readonly isOpen: boolean;

  constructor(numbers: readonly number[], isOpen = false) {
    this.numbers = numbers;
    this.isOpen = isOpen;
  }
}

type Form = 'point' | 'lseg' | 'path' | 'box' | 'polygon' | 'line' | 'circle';

/** The numbers of a text, whatever brackets of the right kind stand around them. */
class ShapeReader {
  private readonly text: string;
  private readonly form: Form;
  private at = 0;

  constructor(text: string, form: Form) {
    this.text = text;
    this.form = form;
  }

  fail(): DecentDbError {
    return invalidInput(this.form, this.text);
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  accept(char: string): boolean {
    this.blanks();
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  number(): number {
    this.blanks();
    const match = /^[^\s,()[\]{}<>]+/.exec(this.text.slice(this.at));
    const value = match === null ? null : parseFloatText(match[0], false, 'double precision');
    if (match === null || value === null) throw this.fail();
    this.at += match[0].length;
    return value;
  }

  /** `x,y` or `(x,y)`. */
  point(): number[] {
    const isBracketed = this.accept('(');
    const x = this.number();
    if (!this.accept(',')) throw this.fail();
    const y = this.number();
    if (isBracketed && !this.accept(')')) throw this.fail();
    return [x, y];
  }

  /** Points with commas between, up to `most`. */
  points(most: number): number[] {
    const numbers = this.point();
    for (let n = 1; n < most && this.accept(','); n++) numbers.push(...this.point());
    return numbers;
  }

  end(): void {
    this.blanks();
    if (this.at < this.text.length) throw this.fail();
  }

  /** Whether a bracket opens that belongs to the whole: one before another, or one with more than a point in it. */
  isOuterBracket(): boolean {
    this.blanks();
    const rest = this.text.slice(this.at);
    if (!rest.startsWith('(')) return false;
    if (/^\(\s*\(/.test(rest)) return true;
    return /^\([^()]*,[^()]*,/.test(rest);
  }
}

function readPoints(text: string, form: Form, most: number): Shape {
  const reader = new ShapeReader(text, form);
  const isOpen = (form === 'path' || form === 'lseg') && reader.accept('[');
  const isOuter = !isOpen && reader.isOuterBracket() && reader.accept('(');
  const numbers = reader.points(most);
  if (isOpen && !reader.accept(']')) throw reader.fail();
  if (isOuter && !reader.accept(')')) throw reader.fail();
  reader.end();
  if (Number.isFinite(most) && numbers.length !== most * 2) throw reader.fail();
  return new Shape(numbers, form === 'path' && isOpen);
}

function readBox(text: string): Shape {
  const [a = 0, b = 0, c = 0, d = 0] = readPoints(text, 'box', 2).numbers;
  return new Shape([Math.max(a, c), Math.max(b, d), Math.min(a, c), Math.min(b, d)]);
}

function readCircle(text: string): Shape {
  const reader = new ShapeReader(text, 'circle');
  const isAngled = reader.accept('<');
  const isOuter = !isAngled && reader.isOuterBracket() && reader.accept('(');
  const numbers = reader.point();
  if (!reader.accept(',')) throw reader.fail();
  const radius = reader.number();
  if (radius < 0) throw reader.fail();
  if (isAngled && !reader.accept('>')) throw reader.fail();
  if (isOuter && !reader.accept(')')) throw reader.fail();
  reader.end();
  return new Shape([...numbers, radius]);
}

/** `{A,B,C}`, or two points it goes through. */
function readLine(text: string): Shape {
  const reader = new ShapeReader(text, 'line');
  if (reader.accept('{')) {
    const a = reader.number();
    if (!reader.accept(',')) throw reader.fail();
    const b = reader.number();
    if (!reader.accept(',')) throw reader.fail();
    const c = reader.number();
    if (!reader.accept('}')) throw reader.fail();
    reader.end();
    if (a === 0 && b === 0)
      throw new DecentDbError('22P02', 'invalid line specification: A and B cannot both be zero');
    return new Shape([a, b, c]);
  }
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = readPoints(text, 'lseg', 2).numbers;
  return lineThrough(x1, y1, x2, y2);
}

function lineThrough(x1: number, y1: number, x2: number, y2: number): Shape {
  if (x1 === x2 && y1 === y2)
    throw new DecentDbError('22P02', 'invalid line specification: must be two distinct points');
  if (x1 === x2) return new Shape([-1, 0, x1]);
  if (y1 === y2) return new Shape([0, -1, y1]);
  const slope = (y1 - y2) / (x1 - x2);
  return new Shape([slope, -1, y1 - slope * x1 + 0]);
}

function readPoint(text: string): Shape {
  const reader = new ShapeReader(text, 'point');
  const numbers = reader.point();
  reader.end();
  return new Shape(numbers);
}

function format(shape: Shape, form: Form, extraDigits: number): string {
  const number = (value: number): string => formatFloat8(value, extraDigits);
  const points: string[] = [];
  const { numbers } = shape;
  for (let i = 0; i + 1 < numbers.length; i += 2)
    points.push(`(${number(numbers[i]!)},${number(numbers[i + 1]!)})`);
  switch (form) {
    case 'line':
      return `{${numbers.map(number).join(',')}}`;
    case 'circle':
      return `<${points[0]},${number(numbers[2]!)}>`;
    case 'lseg':
      return `[${points.join(',')}]`;
    case 'path':
    case 'polygon':
      return shape.isOpen ? `[${points.join(',')}]` : `(${points.join(',')})`;
    default:
      return points.join(',');
  }
}

function compareShapes(a: Shape, b: Shape): number {
  const count = Math.min(a.numbers.length, b.numbers.length);
  for (let i = 0; i < count; i++)
    if (a.numbers[i] !== b.numbers[i]) return a.numbers[i]! < b.numbers[i]! ? -1 : 1;
  return a.numbers.length - b.numbers.length || Number(a.isOpen) - Number(b.isOpen);
}

const codec: ObjectCodec = {
  toBytes: (value) => {
    const { numbers, isOpen } = value as Shape;
    const writer = new ByteWriter();
    writer.byte(isOpen ? 1 : 0);
    writer.unsigned(numbers.length);
    for (const number of numbers) writer.double(number);
    return writer.finish();
  },
  fromBytes: (bytes) => {
    const reader = new ByteReader(bytes);
    const isOpen = reader.byte() === 1;
    return new Shape(
      Array.from({ length: reader.unsigned() }, () => reader.double()),
      isOpen,
    );
  },
  compare: (a, b) => compareShapes(a as Shape, b as Shape),
  memoryBytes: (value) => 48 + 8 * (value as Shape).numbers.length,
};

function defineGeometric(oid: number, form: Form, read: (text: string) => Shape): SqlType {
  return defineType({
    oid,
    name: form,
    sqlName: form,
    category: 'G',
    physical: Physical.object,
    codec,
    input: (text) => read(text),
    output: (value: Shape, settings) => format(value, form, settings.extraFloatDigits),
    compare: compareShapes,
    hash: (value: Shape) => hashText(value.numbers.join()),
    toJs: (value: Shape, options) => format(value, form, options.settings.extraFloatDigits),
  });
}

const MANY = Number.POSITIVE_INFINITY;

/** With the oid of each one's array type. */
export const geometricTypes: readonly (readonly [SqlType, number])[] = [
  [defineGeometric(Oid.point, 'point', readPoint), Oid.pointArray],
  [defineGeometric(Oid.lseg, 'lseg', (text) => readPoints(text, 'lseg', 2)), Oid.lsegArray],
  [defineGeometric(Oid.path, 'path', (text) => readPoints(text, 'path', MANY)), Oid.pathArray],
  [defineGeometric(Oid.box, 'box', readBox), Oid.boxArray],
  [defineGeometric(Oid.polygon, 'polygon', (text) => readPoints(text, 'polygon', MANY)), Oid.polygonArray],
  [defineGeometric(Oid.line, 'line', readLine), Oid.lineArray],
  [defineGeometric(Oid.circle, 'circle', readCircle), Oid.circleArray],
];
