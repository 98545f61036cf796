/** Knex and Objection: schema building and changing, rows, nested transactions, migrations, graphs. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import pg from 'decentdb/pg';
import makeKnex from 'knex';
import { Model } from 'objection';

const PostgresClient = createRequire(import.meta.url)('knex/lib/dialects/postgres/index.js');
class DecentClient extends PostgresClient {
  _driver() {
    return pg;
  }
}
const open = () =>
  makeKnex({ client: DecentClient, connection: { database: ':memory:' }, pool: { min: 1, max: 1 } });

async function createTables(knex) {
  await knex.schema.createTable('users', (t) => {
    t.increments('id');
    t.string('name').notNullable().unique();
    t.jsonb('meta');
    t.timestamps(true, true);
    t.enu('kind', ['a', 'b']).defaultTo('a');
    t.decimal('amount', 10, 2);
    t.uuid('u').defaultTo(knex.raw('gen_random_uuid()'));
    t.specificType('tags', 'text[]');
  });
  await knex.schema.createTable('posts', (t) => {
    t.bigIncrements('id');
    t.integer('user_id').unsigned().references('users.id').onDelete('CASCADE').index();
    t.text('body');
  });
}

test('Knex', async () => {
  const knex = open();
  await createTables(knex);
  assert.deepEqual(
    await knex('users')
      .insert([{ name: 'a', meta: { x: 1 }, tags: ['q', 'r'] }, { name: 'b' }])
      .returning(['id', 'kind', 'tags']),
    [
      { id: 1, kind: 'a', tags: ['q', 'r'] },
      { id: 2, kind: 'a', tags: null },
    ],
  );
  await knex('posts').insert({ user_id: 1, body: 'hi' });
  assert.deepEqual(
    await knex('users').join('posts', 'users.id', 'posts.user_id').select('users.name', 'posts.body'),
    [{ name: 'a', body: 'hi' }],
  );
  const undone = knex.transaction(async (t) => {
    await t('users').update({ name: 'zz' }).where({ id: 1 });
    await t.transaction(async (inner) => {
      await inner('users').insert({ name: 'c' });
    });
    throw new Error('undo');
  });
  await assert.rejects(undone, /undo/);
  assert.deepEqual(await knex('users').pluck('name').orderBy('id'), ['a', 'b']);
  assert.equal((await knex('users').columnInfo()).name.type, 'character varying');
  assert.deepEqual(
    [await knex.schema.hasTable('users'), await knex.schema.hasColumn('users', 'nothing')],
    [true, false],
  );
  await knex.schema.alterTable('users', (t) => {
    t.string('email', 100);
    t.renameColumn('meta', 'info');
    t.dropColumn('u');
    t.index(['email', 'name'], 'ix');
  });
  await knex.schema.alterTable('users', (t) => {
    t.string('name', 30).notNullable().alter();
    t.dropIndex([], 'ix');
    t.foreign('id', 'self').references('users.id');
  });
  assert.deepEqual(
    await knex('users')
      .insert({ name: 'a', email: 'e' })
      .onConflict('name')
      .merge()
      .returning(['id', 'email']),
    [{ id: 1, email: 'e' }],
  );
  await assert.rejects(knex('users').insert({ name: 'a' }), {
    code: '23505',
    constraint: 'users_name_unique',
  });
  await knex.migrate.latest({
    migrationSource: {
      getMigrations: async () => ['m1'],
      getMigrationName: (name) => name,
      getMigration: async () => ({
        up: (k) =>
          k.schema.createView('v', (v) => {
            v.columns(['n']);
            v.as(k('users').select('name'));
          }),
        down: (k) => k.schema.dropView('v'),
      }),
    },
  });
  assert.deepEqual(await knex('v').select().orderBy('n'), [{ n: 'a' }, { n: 'b' }]);
  await knex.batchInsert(
    'posts',
    Array.from({ length: 50 }, (_, i) => ({ user_id: 1, body: `p${i}` })),
    20,
  );
  assert.deepEqual(await knex('posts').count(), [{ count: '51' }]);
  await knex.destroy();
});

test('Objection', async () => {
  const knex = open();
  await createTables(knex);
  class Post extends Model {
    static tableName = 'posts';
  }
  class User extends Model {
    static tableName = 'users';
    static relationMappings = {
      posts: {
        relation: Model.HasManyRelation,
        modelClass: Post,
        join: { from: 'users.id', to: 'posts.user_id' },
      },
    };
  }
  Model.knex(knex);
  await User.query().insertGraph({ name: 'graph', posts: [{ body: 'g1' }, { body: 'g2' }] });
  const [user] = await User.query().withGraphFetched('posts').where('name', 'graph');
  assert.deepEqual(
    user.posts.map(({ body }) => body),
    ['g1', 'g2'],
  );
  const [joined] = await User.query().withGraphJoined('posts').where('users.name', 'graph');
  assert.equal(joined.posts.length, 2);
  await knex.destroy();
});
