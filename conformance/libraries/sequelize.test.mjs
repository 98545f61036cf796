/** Sequelize: sync in its three ways, rows with every type, includes, errors, the query interface. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'decentdb/pg';
import { DataTypes, Op, Sequelize } from 'sequelize';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-sequelize-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('Sequelize', async () => {
  const db = new Sequelize({
    dialect: 'postgres',
    dialectModule: pg,
    database: join(folder, 'a.ddb'),
    logging: false,
    pool: { max: 3 },
  });
  const User = db.define(
    'user',
    {
      name: { type: DataTypes.STRING, unique: true, allowNull: false },
      age: DataTypes.INTEGER,
      meta: DataTypes.JSONB,
      kind: { type: DataTypes.ENUM('a', 'b'), defaultValue: 'a' },
      tags: DataTypes.ARRAY(DataTypes.TEXT),
      uid: { type: DataTypes.UUID, defaultValue: DataTypes.UUIDV4 },
      big: DataTypes.BIGINT,
      price: DataTypes.DECIMAL(10, 2),
      d: DataTypes.DATEONLY,
      blob: DataTypes.BLOB,
    },
    { paranoid: true, indexes: [{ fields: ['age', 'name'] }] },
  );
  const Post = db.define('post', { body: DataTypes.TEXT });
  User.hasMany(Post, { onDelete: 'CASCADE' });
  Post.belongsTo(User);
  await db.sync({ force: true });
  await db.sync();
  await db.sync({ alter: true });
  const ann = await User.create(
    {
      name: 'Ann',
      age: 3,
      meta: { a: { b: 1 } },
      tags: ['x', 'y,z'],
      price: '1.50',
      big: '9007199254740993',
      d: '2020-01-02',
      blob: Buffer.from([1, 2]),
      posts: [{ body: 'p1' }],
    },
    { include: [Post] },
  );
  assert.equal(ann.id, 1);
  const found = await User.findOne({ include: [Post], where: { name: { [Op.iLike]: 'a%' }, 'meta.a.b': 1 } });
  assert.deepEqual(
    [found.tags, found.price, found.big, found.d, found.blob, found.posts.length],
    [['x', 'y,z'], '1.50', '9007199254740993', '2020-01-02', Buffer.from([1, 2]), 1],
  );
  await User.bulkCreate([{ name: 'b' }, { name: 'c' }]);
  assert.equal((await User.upsert({ name: 'b', age: 9 }))[0].age, 9);
  const undone = db.transaction(async (transaction) => {
    await User.update({ age: 1 }, { where: {}, transaction });
    throw new Error('undo');
  });
  await assert.rejects(undone, /undo/);
  await assert.rejects(User.create({ name: 'b' }), { name: 'SequelizeUniqueConstraintError' });
  await assert.rejects(Post.create({ userId: 99 }), { name: 'SequelizeForeignKeyConstraintError' });
  await User.destroy({ where: { name: 'c' } });
  assert.deepEqual([await User.count(), await User.count({ paranoid: false })], [2, 3]);
  const q = db.getQueryInterface();
  assert.deepEqual((await q.showAllTables()).sort(), ['posts', 'users']);
  assert.equal((await q.describeTable('users')).id.primaryKey, true);
  await q.addColumn('users', 'extra', { type: DataTypes.INTEGER, defaultValue: 5 });
  await q.renameColumn('users', 'extra', 'more');
  await q.changeColumn('users', 'more', { type: DataTypes.BIGINT });
  await q.addIndex('users', ['more']);
  await q.removeIndex('users', ['more']);
  await q.removeColumn('users', 'more');
  assert.equal(await User.sum('age'), 12);
  await db.drop({});
  await db.close();
});
