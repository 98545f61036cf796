/** TypeORM: synchronize, which finds nothing to do the second time; relations, versions, soft deletes, errors. */
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'decentdb/pg';
import { DataSource, EntitySchema } from 'typeorm';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-typeorm-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const User = new EntitySchema({
  name: 'User',
  columns: {
    id: { type: 'int', primary: true, generated: true },
    name: { type: 'varchar', length: 50, unique: true },
    age: { type: 'int', nullable: true },
    meta: { type: 'jsonb', nullable: true },
    kind: { type: 'enum', enum: ['a', 'b'], default: 'a' },
    kinds: { type: 'enum', enum: ['x', 'y'], array: true, nullable: true },
    tags: { type: 'text', array: true, nullable: true },
    uid: { type: 'uuid', generated: 'uuid' },
    price: { type: 'numeric', precision: 10, scale: 2, nullable: true },
    created: { type: 'timestamptz', createDate: true },
    v: { type: 'int', version: true },
    deleted: { type: 'timestamptz', deleteDate: true },
  },
  relations: {
    posts: { type: 'one-to-many', target: 'Post', inverseSide: 'user', cascade: true },
    groups: { type: 'many-to-many', target: 'Group', joinTable: true, cascade: true },
  },
  indices: [{ columns: ['age', 'name'] }],
  checks: [{ expression: '"age" > 0' }],
});
const Post = new EntitySchema({
  name: 'Post',
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    body: { type: 'text', comment: 'the body' },
  },
  relations: { user: { type: 'many-to-one', target: 'User', inverseSide: 'posts', onDelete: 'CASCADE' } },
});
const Group = new EntitySchema({
  name: 'Group',
  tableName: 'group',
  columns: { id: { type: 'uuid', primary: true, generated: 'uuid' }, label: { type: 'text' } },
});

const open = (more = {}) =>
  new DataSource({
    type: 'postgres',
    driver: pg,
    database: join(folder, 'a.ddb'),
    entities: [User, Post, Group],
    synchronize: true,
    logging: false,
    ...more,
  }).initialize();

test('TypeORM', async () => {
  const source = await open();
  const users = source.getRepository('User');
  const user = await users.save({
    name: 'Ann',
    age: 3,
    meta: { a: 1 },
    tags: ['x'],
    kinds: ['x', 'y'],
    price: '1.50',
    posts: [{ body: 'p1' }, { body: 'p2' }],
    groups: [{ label: 'g' }],
  });
  assert.deepEqual([user.id, user.kind, user.v, user.created instanceof Date], [1, 'a', 1, true]);
  const [found] = await users.find({ relations: { posts: true, groups: true } });
  assert.deepEqual(
    [found.posts.length, found.groups[0].label, found.kinds, found.price],
    [2, 'g', ['x', 'y'], '1.50'],
  );
  user.name = 'Anna';
  await users.save(user);
  assert.equal((await users.findOneBy({ id: 1 })).v, 2);
  assert.deepEqual(
    await users
      .createQueryBuilder('u')
      .leftJoin('u.posts', 'p')
      .select('u.name', 'name')
      .addSelect('count(p.id)', 'n')
      .groupBy('u.name')
      .getRawMany(),
    [{ name: 'Anna', n: '2' }],
  );
  await users.upsert({ name: 'Anna', age: 7 }, ['name']);
  assert.equal((await users.findOneBy({ name: 'Anna' })).age, 7);
  const undone = source.transaction(async (manager) => {
    await manager.getRepository('User').insert({ name: 'x', age: 1 });
    throw new Error('undo');
  });
  await assert.rejects(undone, /undo/);
  await assert.rejects(users.insert({ name: 'Anna' }), { code: '23505' });
  await assert.rejects(users.insert({ name: 'neg', age: -1 }), { code: '23514' });
  await users.softDelete(1);
  assert.deepEqual([await users.count(), await users.count({ withDeleted: true })], [0, 1]);
  assert.deepEqual((await source.driver.createSchemaBuilder().log()).upQueries, []);
  await source.destroy();
  const again = await open({ dropSchema: true });
  assert.equal(await again.getRepository('User').count(), 0);
  await again.destroy();
});
