/**
 * Indexes that would help a statement: each that comes into question is built, the statement is planned again, and everything is
 * rolled back.
 *
 * I1  Nothing stays: it all happens in a transaction of its own that is rolled back.
 * I2  Only what the planner would use, and finds cheaper by a tenth at least, is advised.
 */
import { type Database, DecentDbError } from 'decentdb';

export interface IndexAdvice {
  readonly statement: string;
  readonly costBefore: number;
  readonly cost: number;
}

interface PlanNode {
  readonly 'Node Type'?: string;
  readonly 'Relation Name'?: string;
  readonly Schema?: string;
  readonly 'Total Cost'?: number;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
  readonly [key: string]: unknown;
}

const COLUMNS_MAX = 3;
const CANDIDATES_MAX = 12;
const WORTH = 0.9;
const NAME = 'advised_index';
/** Why an index cannot be: a type without an order, values too long, something else than a table. */
const IMPOSSIBLE = /^(42704|42809|42501|54000|0A000)$/;
const CONDITIONS = /Filter|Cond|Sort Key|Group Key/;

export function adviseIndexes(db: Database, sql: string, params: readonly unknown[] = []): IndexAdvice[] {
  const own = db.begin();
  try {
    const plan = planOf(db, sql, params);
    const before = plan['Total Cost'] ?? 0;
    const advice: IndexAdvice[] = [];
    for (const { table, columns } of candidates(db, plan).slice(0, CANDIDATES_MAX)) {
      const list = columns.join(', ');
      if (!wasBuilt(db, `SAVEPOINT advice; CREATE INDEX ${NAME} ON ${table} (${list})`)) continue;
      const now = planOf(db, sql, params);
      const cost = now['Total Cost'] ?? 0;
      if (cost < before * WORTH && nodesOf(now).some((node) => node['Index Name'] === NAME))
        advice.push({ statement: `CREATE INDEX ON ${table} (${list});`, costBefore: before, cost });
      db.exec('ROLLBACK TO advice');
    }
    return advice
      .sort((a, b) => a.cost - b.cost || a.statement.length - b.statement.length)
      .filter((one, at, all) => !all.slice(0, at).some((better) => isPrefix(one, better)));
  } finally {
    own.rollback();
  }
}

function wasBuilt(db: Database, sql: string): boolean {
  try {
    db.exec(sql);
    return true;
  } catch (error) {
    if (!(error instanceof DecentDbError) || !IMPOSSIBLE.test(error.code)) throw error;
    db.exec('ROLLBACK TO advice');
    return false;
  }
}

/** The same columns at the front of a better one: no advice of its own. */
function isPrefix(one: IndexAdvice, better: IndexAdvice): boolean {
  return better.statement.startsWith(one.statement.slice(0, -2)) || better.cost === one.cost;
}

function planOf(db: Database, sql: string, params: readonly unknown[]): PlanNode {
  const { rows } = db.query<Record<string, unknown>>(`EXPLAIN (FORMAT JSON) ${sql}`, params);
  const [text] = Object.values(rows[0] ?? {});
  const parsed = (typeof text === 'string' ? JSON.parse(text) : text) as readonly { Plan: PlanNode }[];
  return parsed[0]?.Plan ?? {};
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** Columns that conditions, joins and orders speak of, table by table: each alone, and those of one table together. */
function candidates(db: Database, plan: PlanNode): { table: string; columns: string[] }[] {
  const nodes = nodesOf(plan);
  const conditions = nodes
    .flatMap((node) => Object.entries(node))
    .filter(([key]) => CONDITIONS.test(key))
    .map(([, value]) => (Array.isArray(value) ? value.join(' ') : String(value)));
  const found: { table: string; columns: string[] }[] = [];
  const names = new Set(nodes.map((node) => node['Relation Name']).filter((one) => one !== undefined));
  for (const name of names) {
    const { rows } = db.query<{ place: string; name: string; quoted: string }>(
      `SELECT format('%I.%I', schema, table_name) AS place, name, quote_ident(name) AS quoted
       FROM sys.columns WHERE table_name = $1 ORDER BY position`,
      [name],
    );
    const used = rows.filter((row) => conditions.some((text) => hasWord(text, row.name)));
    const table = rows[0]?.place ?? '';
    const columns = used.map((row) => row.quoted).slice(0, COLUMNS_MAX);
    for (const column of columns) found.push({ table, columns: [column] });
    for (const first of columns)
      for (const second of columns) if (first !== second) found.push({ table, columns: [first, second] });
  }
  return found;
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!/\w/.test(text[at - 1] ?? ' ') && !/\w/.test(text[at + word.length] ?? ' ')) return true;
  return false;
}
