/** Drizzle over node-postgres' and PGlite's shapes, and drizzle-kit's push, which reads the schema back. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import pg from 'decentdb/pg';
import { PGlite } from 'decentdb/pglite';
import { count, desc, eq, relations, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import {
  bigint,
  check,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  pgView,
  serial,
  text,
  timestamp,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { drizzle as drizzleOverPglite } from 'drizzle-orm/pglite';

const { pushSchema } = createRequire(import.meta.url)('drizzle-kit/api');

const mood = pgEnum('mood', ['sad', 'ok']);
const users = pgTable(
  'users',
  {
    id: serial('id').primaryKey(),
    name: varchar('name', { length: 20 }).notNull().unique(),
    age: integer('age'),
    m: mood('m').default('ok'),
    n: numeric('n', { precision: 8, scale: 2 }).default('1.5'),
    b: bigint('b', { mode: 'bigint' }),
    u: uuid('u').defaultRandom(),
    d: date('d'),
    plain: timestamp('plain', { mode: 'string' }),
    created: timestamp('created', { withTimezone: true }).defaultNow(),
    data: jsonb('data'),
    tags: text('tags').array(),
  },
  (t) => [
    index('by_m').on(t.m, t.name.desc()),
    check('len', sql`length(${t.name}) > 0`),
    uniqueIndex('low').on(sql`lower(${t.name})`),
  ],
);
const posts = pgTable('posts', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  userId: integer('user_id').references(() => users.id, { onDelete: 'cascade' }),
  body: text('body'),
});
const names = pgView('names').as((qb) => qb.select({ id: users.id }).from(users));
const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
const postsRelations = relations(posts, ({ one }) => ({
  user: one(users, { fields: [posts.userId], references: [users.id] }),
}));
const schema = { mood, users, posts, names };

for (const kind of ['node-postgres', 'pglite']) {
  test(`drizzle-kit push over ${kind}: pushed once, nothing is left to do`, async () => {
    const db = kind === 'pglite' ? drizzleOverPglite(new PGlite()) : drizzle(new pg.Pool({ max: 2 }));
    const first = await pushSchema(schema, db);
    assert.ok(first.statementsToExecute.length > 5);
    await first.apply();
    assert.deepEqual((await pushSchema(schema, db)).statementsToExecute, []);
  });
}

test('Drizzle', async () => {
  const pool = new pg.Pool({ max: 3 });
  const db = drizzle(pool, { schema: { users, posts, usersRelations, postsRelations } });
  await (await pushSchema(schema, db)).apply();
  const [ann] = await db
    .insert(users)
    .values({
      name: 'Ann',
      age: 3,
      data: { a: [1] },
      n: '12.50',
      b: 9007199254740993n,
      tags: ['x', 'y'],
      d: '2020-02-03',
      plain: '2020-01-01 10:00:00',
    })
    .returning();
  assert.deepEqual(
    [ann.m, ann.n, ann.b, ann.tags, ann.d, ann.plain, ann.created instanceof Date],
    ['ok', '12.50', 9007199254740993n, ['x', 'y'], '2020-02-03', '2020-01-01 10:00:00', true],
  );
  await db.insert(users).values([{ name: 'Bob' }, { name: 'Cid', m: 'sad' }]);
  await db.insert(posts).values([
    { userId: 1, body: 'hi' },
    { userId: 1, body: 'ho' },
  ]);
  assert.deepEqual(
    await db.query.users.findMany({
      columns: { name: true },
      with: { posts: { columns: { body: true }, orderBy: desc(posts.id) } },
      where: eq(users.id, 1),
    }),
    [{ name: 'Ann', posts: [{ body: 'ho' }, { body: 'hi' }] }],
  );
  assert.deepEqual(
    await db.select({ m: users.m, n: count() }).from(users).groupBy(users.m).orderBy(users.m),
    [
      { m: 'sad', n: 1 },
      { m: 'ok', n: 2 },
    ],
  );
  await assert.rejects(
    db.transaction(async (t) => {
      await t.update(users).set({ age: 9 }).where(eq(users.id, 1));
      await t
        .transaction(async (inner) => {
          await inner.delete(posts);
          throw new Error('inner');
        })
        .catch(() => {});
      assert.equal(await t.$count(posts), 2);
      t.rollback();
    }),
    /Rollback/,
  );
  assert.deepEqual(await db.select({ age: users.age }).from(users).where(eq(users.id, 1)), [{ age: 3 }]);
  await assert.rejects(db.insert(users).values({ name: 'Ann' }), ({ cause }) => cause.code === '23505');
  await db.transaction((t) => t.execute(sql`select 1`), {
    isolationLevel: 'serializable',
    accessMode: 'read only',
  });
  await pool.end();
});
