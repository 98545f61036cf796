/** Explores orders of a writer, a checkpoint and a reader. EXPLORE=deep takes more steps, and ORDERS random orders of 8 steps each. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import { exploreOrders, randomOrders } from '../testing/isolation/interleavings.ts';

setVerify(true);

const SEED = Number(process.env['SEED'] ?? 20266);

const isDeep: boolean = process.env['EXPLORE'] === 'deep';
const explorations: readonly { readonly counts: readonly number[]; readonly followed: boolean }[] = isDeep
  ? [
      { counts: [4, 5, 3], followed: false },
      { counts: [4, 5, 3], followed: true },
      { counts: [2, 8, 3], followed: true },
    ]
  : [
      { counts: [4, 3, 2], followed: false },
      { counts: [3, 3, 2], followed: true },
      { counts: [1, 8, 2], followed: true },
    ];

for (const { counts, followed } of explorations) {
  test(`AC-A1.4 ACID-001 ACID-002: every order of ${counts.join('+')} steps, reader ${followed ? 'in another thread' : 'here'}`, (t) => {
    const { orders, crashes } = exploreOrders(counts, followed);
    t.diagnostic(`${orders} orders, ${crashes} crashes`);
    assert.equal(orders, ordersOf(counts));
    assert.ok(crashes > orders);
  });
}

/** How many orders there are: a multinomial coefficient. */
function ordersOf(counts: readonly number[]): number {
  let orders = 1;
  let placed = 0;
  for (const count of counts) for (let i = 1; i <= count; i++) orders = (orders * ++placed) / i;
  return Math.round(orders);
}

test(`AC-A1.4: random orders of 8 steps of each of 3 actors (SEED=${SEED})`, (t) => {
  const { orders, crashes } = randomOrders(SEED, isDeep ? Number(process.env['ORDERS'] ?? 100_000) : 150);
  t.diagnostic(`${orders} orders, ${crashes} crashes`);
});
