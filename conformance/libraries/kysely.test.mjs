/** Kysely: migrations, rows, JSON of relations, transactions, conflicts, introspection. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'decentdb/pg';
import { PGlite } from 'decentdb/pglite';
import { Kysely, Migrator, PostgresDialect, sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';

const migrations = {
  one: {
    async up(db) {
      await db.schema
        .createTable('person')
        .addColumn('id', 'serial', (c) => c.primaryKey())
        .addColumn('name', 'varchar(50)', (c) => c.notNull().unique())
        .addColumn('born', 'timestamptz', (c) => c.defaultTo(sql`now()`))
        .addColumn('data', 'jsonb')
        .addColumn('big', 'bigint')
        .execute();
      await db.schema
        .createTable('pet')
        .addColumn('id', 'integer', (c) => c.primaryKey().generatedAlwaysAsIdentity())
        .addColumn('owner_id', 'integer', (c) => c.references('person.id').onDelete('cascade').notNull())
        .addColumn('species', 'text', (c) => c.check(sql`species in ('cat', 'dog')`))
        .execute();
      await db.schema.createIndex('pet_owner').on('pet').column('owner_id').execute();
    },
    async down(db) {
      await db.schema.dropTable('pet').execute();
      await db.schema.dropTable('person').execute();
    },
  },
  two: {
    async up(db) {
      await db.schema.alterTable('person').addColumn('mail', 'text').execute();
      await db.schema
        .alterTable('person')
        .alterColumn('name', (c) => c.setDataType('text'))
        .execute();
    },
    down: (db) => db.schema.alterTable('person').dropColumn('mail').execute(),
  },
};

test('Kysely', async () => {
  const db = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ max: 3 }) }) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const done = await migrator.migrateToLatest();
  assert.equal(done.error, undefined);
  assert.deepEqual(
    done.results.map(({ status }) => status),
    ['Success', 'Success'],
  );
  const [ann] = await db
    .insertInto('person')
    .values([{ name: 'Ann', data: JSON.stringify({ a: 1 }), big: '9007199254740993' }, { name: 'Bob' }])
    .returningAll()
    .execute();
  assert.deepEqual(
    [ann.id, ann.big, ann.data, ann.born instanceof Date],
    [1, '9007199254740993', { a: 1 }, true],
  );
  await db
    .insertInto('pet')
    .values([
      { owner_id: 1, species: 'cat' },
      { owner_id: 1, species: 'dog' },
    ])
    .execute();
  const people = await db
    .selectFrom('person')
    .select((eb) => [
      'name',
      jsonArrayFrom(
        eb.selectFrom('pet').select('species').whereRef('pet.owner_id', '=', 'person.id').orderBy('pet.id'),
      ).as('pets'),
    ])
    .orderBy('id')
    .execute();
  assert.deepEqual(people, [
    { name: 'Ann', pets: [{ species: 'cat' }, { species: 'dog' }] },
    { name: 'Bob', pets: [] },
  ]);
  const undone = db
    .transaction()
    .setIsolationLevel('serializable')
    .execute(async (t) => {
      await t.updateTable('person').set({ mail: 'x' }).where('id', '=', 1).execute();
      throw new Error('undo');
    });
  await assert.rejects(undone, /undo/);
  const merged = await db
    .insertInto('person')
    .values({ name: 'Ann' })
    .onConflict((oc) => oc.column('name').doUpdateSet({ mail: 'm' }))
    .returning(['id', 'mail'])
    .executeTakeFirst();
  assert.deepEqual(merged, { id: 1, mail: 'm' });
  await assert.rejects(db.insertInto('pet').values({ owner_id: 99, species: 'cat' }).execute(), {
    code: '23503',
    constraint: 'pet_owner_id_fkey',
  });
  const tables = await db.introspection.getTables();
  assert.deepEqual(
    tables.map(({ name, columns }) => [name, columns.map((c) => `${c.name} ${c.dataType}`).join()]),
    [
      ['person', 'id int4,name text,born timestamptz,data jsonb,big int8,mail text'],
      ['pet', 'id int4,owner_id int4,species text'],
    ],
  );
  assert.equal((await migrator.migrateDown()).error, undefined);
  await db.destroy();
});

test('PGlite, as Kysely and others use it', async () => {
  const db = await PGlite.create();
  await db.exec('CREATE TABLE t (id serial PRIMARY KEY, v int)');
  await db.transaction(async (tx) => {
    await tx.query('INSERT INTO t (v) VALUES ($1)', [7]);
  });
  assert.deepEqual((await db.query('SELECT * FROM t')).rows, [{ id: 1, v: 7 }]);
  await db.close();
});
