/**
 * Tags of column blocks, shared by writer and reader. docs/file-format-nodes.md draws the blocks.
 *
 * A block is: tag byte | null bitmap when flagged | overflow list when flagged | what the encoding says.
 */
export const Encoding = {
  /** Every row NULL; nothing follows. */
  allNull: 0,
  /** bool, int32, int64: an integer body. */
  ints: 1,
  /** int64 beyond 2^53: base int64, integer body of the distances. */
  bigInts: 2,
  /** int64 beyond 2^53: eight bytes each. */
  rawBigInts: 3,
  /** Doubles, eight bytes each. */
  doubles: 4,
  /** Doubles that are exact in four bytes. */
  singles: 5,
  /** Doubles = integer / 10^scale: scale, integer body. */
  scaledDoubles: 6,
  /** The same rounded to four-byte floats. */
  scaledSingles: 7,
  /** Text or numeric as text: charset, body of byte lengths, run. */
  text: 8,
  /** Text: charset, size, body of lengths, run, width, packed codes. */
  textDictionary: 9,
  /** Sorted Latin-1 text: charset, body of shared prefix lengths, body of rest lengths, run of the rests. */
  frontCoded: 10,
  /** 16 bytes each. */
  uuids: 11,
  /** size, 16 bytes each, width, packed codes. */
  uuidDictionary: 12,
  /** bytes and object: body of lengths, run. */
  blobs: 13,
  /** numeric: scale, integer body. */
  scaledNumeric: 14,
  /** numeric: integer body of scales, integer body of coefficients. */
  numericPairs: 15,
} as const;
export type Encoding = (typeof Encoding)[keyof typeof Encoding];

export const ENCODING_MASK = 0x3f;
export const HAS_NULLS = 0x80;
export const HAS_OVERFLOW = 0x40;

export const Charset = { latin1: 0, utf8: 1 } as const;
export type Charset = (typeof Charset)[keyof typeof Charset];
