/**
 * Rows of the TPC-H tables at any scale, following clause 4.2 of the specification: the same cardinalities, key spaces and
 * distributions, with random numbers of our own, so figures compare engines in one run and not with published results.
 */
import { hash32 } from '../harness/data.mjs';
import * as W from './words.mjs';

const DAY_MS = 86_400_000;
const START = Date.UTC(1992, 0, 1) / DAY_MS;
/** Last order date: 1998-08-02, so that every line can be received by the end of 1998. */
const ORDER_DAYS = Date.UTC(1998, 7, 2) / DAY_MS - START;
const CURRENT_DATE = Date.UTC(1995, 5, 17) / DAY_MS;

const dateText = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** A small generator of numbers belonging to one row. */
class Draw {
  constructor(stream, id) {
    this.state = hash32(stream * 0x9e3779b1 + id);
  }
  next() {
    this.state = (this.state + 0x9e3779b9) | 0;
    return hash32(this.state);
  }
  between(low, high) {
    return low + (this.next() % (high - low + 1));
  }
  pick(list) {
    return list[this.next() % list.length];
  }
}

/** Words up to the width of the column. */
function comment(draw, words, width = 200) {
  const parts = [];
  for (let i = 0; i < words; i++) parts.push(draw.pick(W.COMMENT_WORDS));
  return parts.join(' ').slice(0, width).trimEnd();
}

const phone = (draw, nation) =>
  `${nation + 10}-${draw.between(100, 999)}-${draw.between(100, 999)}-${draw.between(1000, 9999)}`;
const numbered = (name, id) => `${name}#${String(id).padStart(9, '0')}`;
const cents = (value) => Math.round(value) / 100;

export function sizes(scale) {
  const of = (count) => Math.max(1, Math.round(count * scale));
  return {
    supplier: of(10_000),
    part: of(200_000),
    customer: of(150_000),
    orders: of(1_500_000),
    clerks: of(1000),
  };
}

/** The four suppliers of a part, spread as the specification has it. */
function supplierOf(part, corner, suppliers) {
  return ((part + corner * (Math.floor(suppliers / 4) + Math.floor((part - 1) / suppliers))) % suppliers) + 1;
}

/** Cents. */
const retailPrice = (part) => 90_000 + (Math.floor(part / 10) % 20_001) + 100 * (part % 1000);

export function* region() {
  for (const [id, name] of W.REGIONS.entries()) yield [id, name, comment(new Draw(1, id), 8)];
}
export function* nation() {
  for (const [id, [name, regionId]] of W.NATIONS.entries())
    yield [id, name, regionId, comment(new Draw(2, id), 8)];
}
export function* supplier(scale) {
  for (let id = 1; id <= sizes(scale).supplier; id++) {
    const draw = new Draw(3, id);
    const nationId = draw.between(0, 24);
    const words = comment(draw, 8, 76);
    // Five in ten thousand are complained about, as clause 4.2.3 asks; scaled up so that small data has some.
    const text = id % 199 === 7 ? `${words} Customer slow Complaints` : words;
    yield [
      id,
      numbered('Supplier', id),
      comment(draw, 3, 40),
      nationId,
      phone(draw, nationId),
      cents(draw.between(-99_999, 999_999)),
      text,
    ];
  }
}
export function* part(scale) {
  for (let id = 1; id <= sizes(scale).part; id++) {
    const draw = new Draw(4, id);
    const name = Array.from({ length: 5 }, () => draw.pick(W.COLORS)).join(' ');
    const maker = draw.between(1, 5);
    const type = `${draw.pick(W.TYPE_1)} ${draw.pick(W.TYPE_2)} ${draw.pick(W.TYPE_3)}`;
    const container = `${draw.pick(W.CONTAINER_1)} ${draw.pick(W.CONTAINER_2)}`;
    yield [
      id,
      name,
      `Manufacturer#${maker}`,
      `Brand#${maker}${draw.between(1, 5)}`,
      type,
      draw.between(1, 50),
      container,
      cents(retailPrice(id)),
      comment(draw, 2, 23),
    ];
  }
}
export function* partsupp(scale) {
  const { part: parts, supplier: suppliers } = sizes(scale);
  for (let id = 1; id <= parts; id++)
    for (let corner = 0; corner < 4; corner++) {
      const draw = new Draw(5, id * 4 + corner);
      yield [
        id,
        supplierOf(id, corner, suppliers),
        draw.between(1, 9999),
        cents(draw.between(100, 100_000)),
        comment(draw, 12),
      ];
    }
}
export function* customer(scale) {
  for (let id = 1; id <= sizes(scale).customer; id++) {
    const draw = new Draw(6, id);
    const nationId = draw.between(0, 24);
    yield [
      id,
      numbered('Customer', id),
      comment(draw, 3, 40),
      nationId,
      phone(draw, nationId),
      cents(draw.between(-99_999, 999_999)),
      draw.pick(W.SEGMENTS),
      comment(draw, 9, 117),
    ];
  }
}

/** Keys use 8 of every 32, and a third of the customers never order. */
function orderHead(n, size) {
  const draw = new Draw(7, n);
  const index = n - 1;
  const key = Math.floor(index / 8) * 32 + (index % 8) + 1;
  let customerId = draw.between(1, size.customer);
  if (customerId % 3 === 0)
    customerId = customerId === size.customer ? Math.max(1, customerId - 1) : customerId + 1;
  return { draw, key, customerId, day: START + draw.between(0, ORDER_DAYS), lines: draw.between(1, 7) };
}

function lineOf(key, number, day, size) {
  const draw = new Draw(8, key * 8 + number);
  const partId = draw.between(1, size.part);
  const supplierId = supplierOf(partId, draw.between(0, 3), size.supplier);
  const quantity = draw.between(1, 50);
  const price = quantity * retailPrice(partId);
  const shipped = day + draw.between(1, 121);
  const committed = day + draw.between(30, 90);
  const received = shipped + draw.between(1, 30);
  const returned = received <= CURRENT_DATE ? draw.pick(['R', 'A']) : 'N';
  return {
    isOpen: shipped > CURRENT_DATE,
    cents: price,
    row: [
      key,
      partId,
      supplierId,
      number,
      quantity,
      cents(price),
      draw.between(0, 10) / 100,
      draw.between(0, 8) / 100,
      returned,
      shipped > CURRENT_DATE ? 'O' : 'F',
      dateText(shipped),
      dateText(committed),
      dateText(received),
      draw.pick(W.INSTRUCTIONS),
      draw.pick(W.MODES),
      comment(draw, 4, 44),
    ],
  };
}

export function* orders(scale) {
  const size = sizes(scale);
  for (let n = 1; n <= size.orders; n++) {
    const { draw, key, customerId, day, lines } = orderHead(n, size);
    let total = 0;
    let open = 0;
    for (let number = 1; number <= lines; number++) {
      const line = lineOf(key, number, day, size);
      total += line.cents * (1 + line.row[7]) * (1 - line.row[6]);
      if (line.isOpen) open++;
    }
    const status = open === lines ? 'O' : open === 0 ? 'F' : 'P';
    yield [
      key,
      customerId,
      status,
      cents(total),
      dateText(day),
      draw.pick(W.PRIORITIES),
      numbered('Clerk', draw.between(1, size.clerks)),
      0,
      comment(draw, 7, 79),
    ];
  }
}
export function* lineitem(scale) {
  const size = sizes(scale);
  for (let n = 1; n <= size.orders; n++) {
    const { key, day, lines } = orderHead(n, size);
    for (let number = 1; number <= lines; number++) yield lineOf(key, number, day, size).row;
  }
}

/** Table name to its rows at a scale. */
export const generators = { region, nation, supplier, part, partsupp, customer, orders, lineitem };
