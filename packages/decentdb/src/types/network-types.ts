/**
 * inet and cidr: addresses of hosts and networks.
 *
 * I1  Order is PostgreSQL's: family, common prefix of the networks, length of the prefix, whole address.
 * I2  A cidr has no bits set behind its prefix (22P02).
 */
import { DecentDbError } from '../base/errors.ts';
import { ByteReader, ByteWriter } from './object-bytes.ts';
import { Oid } from './oids.ts';
import { defineType, hashText, invalidInput, Physical, type SqlType } from './sql-type.ts';
import type { ObjectCodec } from './vector.ts';

/** The datum of inet and cidr. */
export class NetworkAddress {
  /** 4 or 6. */
  readonly family: 4 | 6;
  readonly address: bigint;
  /** Bits of the prefix. */
  readonly prefix: number;

  constructor(family: 4 | 6, address: bigint, prefix: number) {
    this.family = family;
    this.address = address;
    this.prefix = prefix;
  }

  get width(): number {
    return this.family === 4 ? 32 : 128;
  }

  /** Ones where the prefix is. */
  get mask(): bigint {
    const host = BigInt(this.width - this.prefix);
    return ((1n << BigInt(this.width)) - 1n) ^ ((1n << host) - 1n);
  }

  get network(): bigint {
    return this.address & this.mask;
  }
}

function parseIp4(text: string, isNetwork: boolean): bigint | null {
  const parts = text.split('.');
  if (parts.length > 4 || (!isNetwork && parts.length !== 4)) return null;
  let value = 0n;
  for (let i = 0; i < 4; i++) {
    const part = parts[i] ?? '0';
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return null;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseIp6(text: string): bigint | null {
  let source = text;
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (tail !== null) {
    const low = parseIp4(tail[2]!, false);
    if (low === null) return null;
    source = `${tail[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  }
  const halves = source.split('::');
  if (halves.length > 2) return null;
  const groups = (half: string): string[] => (half === '' ? [] : half.split(':'));
  const [head, rest] = [groups(halves[0]!), halves.length === 2 ? groups(halves[1]!) : []];
  const missing = 8 - head.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  let value = 0n;
  for (const group of [...head, ...new Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...rest]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}

/** Bits a network written without its prefix has: those of the octets given, or of its old class when that is more. */
function impliedPrefix(source: string): number {
  const octets = source.split('.');
  const first = Number(octets[0]);
  const byClass = first >= 240 ? 32 : first >= 224 ? 4 : first >= 192 ? 24 : first >= 128 ? 16 : 8;
  return first >= 224 && first < 240 && octets.length === 1 ? byClass : Math.max(byClass, octets.length * 8);
}

function parseNetwork(text: string, isNetwork: boolean): NetworkAddress {
  const name = isNetwork ? 'cidr' : 'inet';
  const match = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text);
  if (match === null) throw invalidInput(name, text);
  const source = match[1]!;
  const family = source.includes(':') ? 6 : 4;
  const address = family === 6 ? parseIp6(source) : parseIp4(source, isNetwork);
  const width = family === 6 ? 128 : 32;
  if (address === null || (match[2] !== undefined && Number(match[2]) > width))
    throw invalidInput(name, text);
  const whole = isNetwork && family === 4 ? impliedPrefix(source) : width;
  const value = new NetworkAddress(family, address, match[2] === undefined ? whole : Number(match[2]));
  return isNetwork ? checkNetwork(value, text) : value;
}

/** Returns a network, or throws 22P02 when bits behind the prefix are set. */
export function checkNetwork(value: NetworkAddress, text: string): NetworkAddress {
  if (value.network === value.address) return value;
  throw new DecentDbError('22P02', `invalid cidr value: "${text}"`, {
    detail: 'Value has bits set to right of mask.',
  });
}

function formatIp4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
}

function formatIp6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((address >> BigInt(112 - 16 * i)) & 0xffffn));
  let best = { at: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > best.length) best = { at: i, length: end - i };
  }
  const isMapped = best.at === 0 && (best.length === 6 || (best.length === 5 && groups[5] === 0xffff));
  const text = (list: readonly number[]): string => list.map((group) => group.toString(16)).join(':');
  if (isMapped) return `::${best.length === 5 ? 'ffff:' : ''}${formatIp4(address & 0xffffffffn)}`;
  if (best.at < 0) return text(groups);
  return `${text(groups.slice(0, best.at))}::${text(groups.slice(best.at + best.length))}`;
}

/** The address without its prefix. */
export function formatHost(value: NetworkAddress): string {
  return value.family === 4 ? formatIp4(value.address) : formatIp6(value.address);
}

export function compareNetworks(a: NetworkAddress, b: NetworkAddress): number {
  if (a.family !== b.family) return a.family - b.family;
  const shift = BigInt(a.width - Math.min(a.prefix, b.prefix));
  const [x, y] = [a.address >> shift, b.address >> shift];
  if (x !== y) return x < y ? -1 : 1;
  if (a.prefix !== b.prefix) return a.prefix - b.prefix;
  return a.address < b.address ? -1 : a.address > b.address ? 1 : 0;
}

const codec: ObjectCodec = {
  toBytes: (value) => {
    const { family, address, prefix } = value as NetworkAddress;
    const writer = new ByteWriter();
    writer.byte(family);
    writer.byte(prefix);
    writer.text(address.toString(16));
    return writer.finish();
  },
  fromBytes: (bytes) => {
    const reader = new ByteReader(bytes);
    const family = reader.byte() === 4 ? 4 : 6;
    const prefix = reader.byte();
    return new NetworkAddress(family, BigInt(`0x${reader.text()}`), prefix);
  },
  compare: (a, b) => compareNetworks(a as NetworkAddress, b as NetworkAddress),
  memoryBytes: () => 56,
};

function defineNetwork(oid: number, name: string, isNetwork: boolean): SqlType {
  const format = (value: NetworkAddress): string =>
    isNetwork || value.prefix < value.width ? `${formatHost(value)}/${value.prefix}` : formatHost(value);
  return defineType({
    oid,
    name,
    sqlName: name,
    category: 'I',
    isPreferred: !isNetwork,
    physical: Physical.object,
    codec,
    input: (text) => parseNetwork(text, isNetwork),
    output: format,
    compare: compareNetworks,
    hash: (value: NetworkAddress) => hashText(`${value.prefix} ${value.address.toString(16)}`),
    toJs: format,
  });
}

export const inetType: SqlType = defineNetwork(Oid.inet, 'inet', false);
export const cidrType: SqlType = defineNetwork(Oid.cidr, 'cidr', true);
