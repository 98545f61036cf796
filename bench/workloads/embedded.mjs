/** The embedded comparison as engines of this kind publish it (BENCHMARKS.md section 3). */
import { titleOf } from '../harness/data.mjs';

const ROWS = 100_000;

/** Keys in strides of 8191: every key once, far from its neighbour. */
const stridden = (count) => Array.from({ length: count }, (_, i) => 1 + ((i * 8191) % ROWS));

function* itemRows() {
  for (let id = 1; id <= ROWS; id++) yield [id, (id * 7919) % 1000, titleOf(id), (id % 977) / 8];
}
function* groupRows() {
  for (let id = 0; id < 1000; id++) yield [id, titleOf(id + 1e6)];
}

const lighter = (count, ctx) => (ctx.isSlow ? Math.ceil(count / 20) : count);

async function counted(keys, work) {
  let sum = 0;
  await work((row) => {
    for (const key in row) {
      const value = row[key];
      sum += typeof value === 'string' ? value.length : Number(value);
    }
  });
  return { count: keys, check: [Math.round(sum * 100) / 100] };
}

export function cases() {
  return [
    {
      name: 'insert 100k rows in one transaction, COMMIT included',
      unit: 'rows/s',
      bulk: true,
      prepare: (db) =>
        db.exec(
          'CREATE TABLE item (id INTEGER PRIMARY KEY, grp INTEGER, name TEXT, price DOUBLE PRECISION);' +
            'CREATE TABLE grp (id INTEGER PRIMARY KEY, name TEXT); CREATE INDEX item_grp ON item (grp)',
        ),
      async run(db) {
        await db.runAll('INSERT INTO item VALUES ($1, $2, $3, $4)', itemRows());
        return { count: ROWS, check: [] };
      },
      after: (db) => db.runAll('INSERT INTO grp VALUES ($1, $2)', groupRows()),
    },
    {
      name: '100k prepared point reads, stride 8191',
      unit: 'ops/s',
      warm: true,
      run: (db, ctx) => {
        const keys = stridden(lighter(ROWS, ctx));
        return counted(keys.length, (fold) => db.getEach('SELECT * FROM item WHERE id = $1', keys, fold));
      },
      verify: 'same-count',
    },
    {
      name: '1,000 durable autocommits',
      unit: 'ops/s',
      prepare: (db) => db.exec('CREATE TABLE log (id INTEGER PRIMARY KEY, text TEXT)'),
      async run(db) {
        const lines = Array.from({ length: 1000 }, (_, i) => [i + 1, titleOf(i)]);
        return { count: await db.runEachDurably('INSERT INTO log VALUES ($1, $2)', lines), check: [] };
      },
    },
    {
      name: '10k two-table joins by id',
      unit: 'ops/s',
      warm: true,
      run: (db, ctx) => {
        const keys = stridden(lighter(10_000, ctx)).map((id) => [id]);
        const sql =
          'SELECT i.id, i.name, g.name AS grp FROM item i JOIN grp g ON g.id = i.grp WHERE i.id = $1';
        return counted(keys.length, (fold) => db.allEach(sql, keys, fold));
      },
      verify: 'same-count',
    },
    {
      name: '10k ranges of 50 rows',
      unit: 'ops/s',
      warm: true,
      run: (db, ctx) => {
        const keys = stridden(lighter(10_000, ctx)).map((id) => [id, id + 49]);
        return counted(keys.length, (fold) =>
          db.allEach('SELECT * FROM item WHERE id BETWEEN $1 AND $2', keys, fold),
        );
      },
      verify: 'same-count',
    },
    {
      name: '10k count + sum over about 1,000 rows',
      unit: 'ops/s',
      warm: true,
      run: (db, ctx) => {
        const keys = stridden(lighter(10_000, ctx)).map((id) => [id, id + 999]);
        const sql = 'SELECT count(*) AS n, sum(price) AS s FROM item WHERE id BETWEEN $1 AND $2';
        return counted(keys.length, (fold) => db.allEach(sql, keys, fold));
      },
      verify: 'same-count',
    },
    {
      name: 'size after checkpoint',
      unit: 'MB',
      run: async (db) => ({ count: 1, check: [void (await db.checkpoint())] }),
      measuresSize: true,
    },
  ];
}
