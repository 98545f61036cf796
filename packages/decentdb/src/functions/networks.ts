/**
 * Functions and operators of inet, cidr, macaddr, macaddr8, and pg_lsn (PostgreSQL manual 9.12).
 *
 * I1  A cidr serves wherever an inet is asked for.
 */
import { DecentDbError } from '../base/errors.ts';
import { Decimal } from '../types/decimal.ts';
import { formatHost, NetworkAddress } from '../types/network-types.ts';
import { Oid as T } from '../types/oids.ts';
import { builtinType } from '../types/registry.ts';
import { defaultTypeSettings } from '../types/sql-type.ts';
import type { CastContext, CastEntry } from './casts.ts';
import { type Evaluate, fn, op } from './define.ts';
import type { ScalarFunction } from './function.ts';

const { inet, cidr, macaddr, macaddr8, text, bool, int4, int8, numeric, pgLsn } = T;
type Address = NetworkAddress;

const withPrefix = (a: Address, address: bigint, prefix: number): Address =>
  new NetworkAddress(a.family, address, prefix);
const formatInet = (a: Address): string => builtinType(inet).output(a, defaultTypeSettings);
const formatCidr = (a: Address): string => builtinType(cidr).output(a, defaultTypeSettings);

/** Whether the network of `b` lies within that of `a`. */
function includes(a: Address, b: Address, isStrict: boolean): boolean {
  if (a.family !== b.family) return false;
  if (isStrict ? b.prefix <= a.prefix : b.prefix < a.prefix) return false;
  return (b.address & a.mask) === a.network;
}

function overlap(a: Address, b: Address): boolean {
  return includes(a, b, false) || includes(b, a, false);
}

function sameFamily(a: Address, b: Address, what: string): void {
  if (a.family !== b.family)
    throw new DecentDbError('22023', `cannot ${what} inet values of different sizes`);
}

function bitwise(
  a: Address,
  b: Address,
  word: 'AND' | 'OR',
  compute: (x: bigint, y: bigint) => bigint,
): Address {
  sameFamily(a, b, word);
  return withPrefix(a, compute(a.address, b.address), Math.max(a.prefix, b.prefix));
}

function moved(a: Address, distance: bigint): Address {
  const address = a.address + distance;
  if (address < 0n || address >= 1n << BigInt(a.width))
    throw new DecentDbError('22003', 'result is out of range');
  return withPrefix(a, address, a.prefix);
}

function distance(a: Address, b: Address): number | bigint {
  if (a.family !== b.family)
    throw new DecentDbError('22023', 'cannot subtract inet values of different sizes');
  const gap = a.address - b.address;
  if (BigInt.asIntN(64, gap) !== gap) throw new DecentDbError('22003', 'result is out of range');
  return Number.isSafeInteger(Number(gap)) ? Number(gap) : gap;
}

function setPrefix(a: Address, length: number, isNetwork: boolean): Address {
  const prefix = length === -1 ? a.width : length;
  if (prefix < 0 || prefix > a.width) throw new DecentDbError('22023', `invalid mask length: ${length}`);
  const changed = withPrefix(a, a.address, prefix);
  return isNetwork ? withPrefix(a, changed.network, prefix) : changed;
}

/** The smallest network that holds both. */
function merged(a: Address, b: Address): Address {
  if (a.family !== b.family)
    throw new DecentDbError('22023', 'cannot merge addresses from different families');
  let prefix = Math.min(a.prefix, b.prefix);
  while (prefix > 0 && withPrefix(a, a.address, prefix).network !== withPrefix(b, b.address, prefix).network)
    prefix--;
  const value = withPrefix(a, a.address, prefix);
  return withPrefix(a, value.network, prefix);
}

/** The network in as few octets as it takes. */
function abbreviated(a: Address): string {
  const whole = formatCidr(a);
  if (a.family === 6) return whole;
  const octets = Math.max(1, Math.ceil(a.prefix / 8));
  return `${formatHost(a).split('.').slice(0, octets).join('.')}/${a.prefix}`;
}

const ofAddress: readonly (readonly [string, number, Evaluate, string, string, string])[] = [
  [
    'host',
    text,
    (_, a: Address) => formatHost(a),
    'The address as text, without its prefix.',
    "'192.168.1.5/24'",
    '192.168.1.5',
  ],
  [
    'text',
    text,
    (_, a: Address) => `${formatHost(a)}/${a.prefix}`,
    'The address with its prefix.',
    "'192.168.1.5'",
    '192.168.1.5/32',
  ],
  ['family', int4, (_, a: Address) => a.family, 'Version of the protocol: 4 or 6.', "'::1'", '6'],
  ['masklen', int4, (_, a: Address) => a.prefix, 'Bits of the prefix.', "'192.168.1.5/24'", '24'],
  [
    'broadcast',
    inet,
    (_, a: Address) => withPrefix(a, a.address | (~a.mask & ((1n << BigInt(a.width)) - 1n)), a.prefix),
    'Broadcast address of the network.',
    "'192.168.1.5/24'",
    '192.168.1.255/24',
  ],
  [
    'netmask',
    inet,
    (_, a: Address) => withPrefix(a, a.mask, a.width),
    'Mask of the network.',
    "'192.168.1.5/24'",
    '255.255.255.0',
  ],
  [
    'hostmask',
    inet,
    (_, a: Address) => withPrefix(a, a.mask ^ ((1n << BigInt(a.width)) - 1n), a.width),
    'Mask of the host.',
    "'192.168.23.20/30'",
    '0.0.0.3',
  ],
  [
    'network',
    cidr,
    (_, a: Address) => withPrefix(a, a.network, a.prefix),
    'The network of an address.',
    "'192.168.1.5/24'",
    '192.168.1.0/24',
  ],
];

const addressFunctions: readonly ScalarFunction[] = [
  ...ofAddress.map(([name, returns, evaluate, description, literal, result]) =>
    fn(name, [inet], returns, evaluate, description, [`${name}(${literal}::inet)`, result]),
  ),
  fn('abbrev', [inet], text, (_, a: Address) => formatInet(a), 'The address in short.', null),
  fn('abbrev', [cidr], text, (_, a: Address) => abbreviated(a), 'The network in short.', [
    "abbrev('10.1.0.0/16'::cidr)",
    '10.1/16',
  ]),
  fn(
    'set_masklen',
    [inet, int4],
    inet,
    (_, a: Address, n: number) => setPrefix(a, n, false),
    'Changes the prefix.',
    ["set_masklen('192.168.1.5/24'::inet, 16)", '192.168.1.5/16'],
  ),
  fn(
    'set_masklen',
    [cidr, int4],
    cidr,
    (_, a: Address, n: number) => setPrefix(a, n, true),
    'Changes the prefix.',
    null,
  ),
  fn(
    'inet_same_family',
    [inet, inet],
    bool,
    (_, a: Address, b: Address) => a.family === b.family,
    'Whether both are of one protocol.',
    ["inet_same_family('192.168.1.5/24'::inet, '::1'::inet)", 'f'],
  ),
  fn(
    'inet_merge',
    [inet, inet],
    cidr,
    (_, a: Address, b: Address) => merged(a, b),
    'Smallest network that holds both.',
    ["inet_merge('192.168.1.5/24'::inet, '192.168.2.5/24'::inet)", '192.168.0.0/22'],
  ),
];

const contains = (
  symbol: string,
  commutator: string,
  test: (a: Address, b: Address) => boolean,
  description: string,
): ScalarFunction =>
  op(symbol, [inet, inet], bool, (_, a: Address, b: Address) => test(a, b), description, null, {
    info: { commutator },
  });

const addressOperators: readonly ScalarFunction[] = [
  contains('<<', '>>', (a, b) => includes(b, a, true), 'Lies within the network, and is smaller.'),
  contains('<<=', '>>=', (a, b) => includes(b, a, false), 'Lies within the network, or is it.'),
  contains('>>', '<<', (a, b) => includes(a, b, true), 'Holds the network, and is larger.'),
  contains('>>=', '<<=', (a, b) => includes(a, b, false), 'Holds the network, or is it.'),
  contains('&&', '&&', overlap, 'Either holds the other.'),
  op(
    '~',
    [inet],
    inet,
    (_, a: Address) => withPrefix(a, a.address ^ ((1n << BigInt(a.width)) - 1n), a.prefix),
    'Bitwise NOT.',
    null,
  ),
  op(
    '&',
    [inet, inet],
    inet,
    (_, a: Address, b: Address) => bitwise(a, b, 'AND', (x, y) => x & y),
    'Bitwise AND.',
    null,
  ),
  op(
    '|',
    [inet, inet],
    inet,
    (_, a: Address, b: Address) => bitwise(a, b, 'OR', (x, y) => x | y),
    'Bitwise OR.',
    null,
  ),
  op(
    '+',
    [inet, int8],
    inet,
    (_, a: Address, n: number | bigint) => moved(a, BigInt(n)),
    'Adds to an address.',
    ["'192.168.1.6'::inet + 25", '192.168.1.31'],
  ),
  op(
    '+',
    [int8, inet],
    inet,
    (_, n: number | bigint, a: Address) => moved(a, BigInt(n)),
    'Adds to an address.',
    null,
  ),
  op(
    '-',
    [inet, int8],
    inet,
    (_, a: Address, n: number | bigint) => moved(a, -BigInt(n)),
    'Subtracts from an address.',
    null,
  ),
  op('-', [inet, inet], int8, (_, a: Address, b: Address) => distance(a, b), 'Distance of two addresses.', [
    "'192.168.1.43'::inet - '192.168.1.19'::inet",
    '24',
  ]),
];

const ALL_ONES: Readonly<Record<number, bigint>> = {
  [macaddr]: (1n << 48n) - 1n,
  [macaddr8]: (1n << 64n) - 1n,
};

function hexOf(value: bigint, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

const stations: readonly ScalarFunction[] = [macaddr, macaddr8].flatMap((type) => {
  const digits = type === macaddr ? 12 : 16;
  const all = ALL_ONES[type]!;
  const two = (
    symbol: string,
    compute: (x: bigint, y: bigint) => bigint,
    description: string,
  ): ScalarFunction =>
    op(
      symbol,
      [type, type],
      type,
      (_, a: string, b: string) => hexOf(compute(BigInt(`0x${a}`), BigInt(`0x${b}`)), digits),
      description,
      null,
    );
  return [
    op('~', [type], type, (_, a: string) => hexOf(BigInt(`0x${a}`) ^ all, digits), 'Bitwise NOT.', null),
    two('&', (x, y) => x & y, 'Bitwise AND.'),
    two('|', (x, y) => x | y, 'Bitwise OR.'),
    fn(
      'trunc',
      [type],
      type,
      (_, a: string) => a.slice(0, 6).padEnd(digits, '0'),
      'Keeps the manufacturer prefix.',
      [
        `trunc('${type === macaddr ? '12:34:56:78:90:ab' : '12:34:56:78:90:ab:cd:ef'}'::${type === macaddr ? 'macaddr' : 'macaddr8'})`,
        type === macaddr ? '12:34:56:00:00:00' : '12:34:56:00:00:00:00:00',
      ],
    ),
  ];
});

const lsnOf = (value: bigint): string => {
  if (value < 0n || value >= 1n << 64n) throw new DecentDbError('22023', 'pg_lsn out of range');
  return hexOf(value, 16);
};

function whole(value: Decimal, word: string): bigint {
  if (value.isNaN) throw new DecentDbError('0A000', `cannot ${word} pg_lsn`);
  if (!value.isFinite) throw new DecentDbError('22023', 'pg_lsn out of range');
  return value.round(0).scaledTo(0);
}

const logPositions: readonly ScalarFunction[] = [
  op(
    '-',
    [pgLsn, pgLsn],
    numeric,
    (_, a: string, b: string) => Decimal.fromInteger(BigInt(`0x${a}`) - BigInt(`0x${b}`)),
    'Bytes between positions.',
    null,
  ),
  op(
    '+',
    [pgLsn, numeric],
    pgLsn,
    (_, a: string, n: Decimal) => lsnOf(BigInt(`0x${a}`) + whole(n, 'add NaN to')),
    'Adds bytes.',
    null,
  ),
  op(
    '+',
    [numeric, pgLsn],
    pgLsn,
    (_, n: Decimal, a: string) => lsnOf(BigInt(`0x${a}`) + whole(n, 'add NaN to')),
    'Adds bytes.',
    null,
  ),
  op(
    '-',
    [pgLsn, numeric],
    pgLsn,
    (_, a: string, n: Decimal) => lsnOf(BigInt(`0x${a}`) - whole(n, 'subtract NaN from')),
    'Subtracts bytes.',
    null,
  ),
];

export const networkFunctions: readonly ScalarFunction[] = [
  ...addressFunctions,
  ...addressOperators,
  ...stations,
  fn(
    'macaddr8_set7bit',
    [macaddr8],
    macaddr8,
    (_, a: string) => hexOf(BigInt(`0x${a}`) | (1n << 57n), 16),
    'Sets the bit of modified EUI-64.',
    ["macaddr8_set7bit('00:34:56:ab:cd:ef'::macaddr8)", '02:34:56:ff:fe:ab:cd:ef'],
  ),
  ...logPositions,
];

function shorter(hex: string): string {
  if (hex.slice(6, 10) !== 'fffe') {
    throw new DecentDbError('22003', 'macaddr8 data out of range to convert to macaddr', {
      hint:
        'Only addresses that have FF and FE as values in the 4th and 5th bytes from the left, for example ' +
        'xx:xx:xx:ff:fe:xx:xx:xx, are eligible to be converted from macaddr8 to macaddr.',
    });
  }
  return hex.slice(0, 6) + hex.slice(10);
}

function entry(source: number, target: number, context: CastContext, evaluate: Evaluate | null): CastEntry {
  const { name } = builtinType(target);
  return {
    source,
    target,
    context,
    fn: evaluate === null ? null : fn(name, [source], target, evaluate, `Converts to ${name}.`, null),
  };
}

const toText: Evaluate = (_, a: Address) => `${formatHost(a)}/${a.prefix}`;

export const networkCasts: readonly CastEntry[] = [
  entry(cidr, inet, 'implicit', null),
  entry(inet, cidr, 'assignment', (_, a: Address) => withPrefix(a, a.network, a.prefix)),
  ...[text, T.varchar, T.bpchar].flatMap((target) => [
    entry(inet, target, 'assignment', toText),
    entry(cidr, target, 'assignment', toText),
  ]),
  entry(macaddr, macaddr8, 'implicit', (_, a: string) => `${a.slice(0, 6)}fffe${a.slice(6)}`),
  entry(macaddr8, macaddr, 'implicit', (_, a: string) => shorter(a)),
  entry(T.xid8, T.xid, 'explicit', (_, a: string) => Number(BigInt.asUintN(32, BigInt(`0x${a}`)))),
];
