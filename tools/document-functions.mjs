/**
 * Writes docs/functions.md from the function registry: each family with signatures, what they give, and an example that was run.
 *
 *   node tools/document-functions.mjs            (after npm run build)
 *
 * I1  An example is run by DecentDB while the page is made; an example of the registry must give the result the registry says.
 * I2  document-functions.test.mjs fails while the page is not what this makes.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EXAMPLES } from './function-examples.mjs';

const root = new URL('..', import.meta.url);
const built = (path) => new URL(`packages/decentdb/dist/${path}`, root).href;

const code = (text) => `\`${text.replaceAll('|', '\\|')}\``;
const SIGNATURES_MAX = 6;

/** `sum(x) over 1, 2` as a query. */
function queryOfExample(example, kind) {
  if (kind === 'table') return example;
  const over = /^(\w+)\((.*?)\) over (.*)$/.exec(example);
  if (kind !== 'aggregate' || over === null) return `SELECT ${example}`;
  const [, name, args, list] = over;
  if (args === '*') return `SELECT ${name}(*) FROM generate_series(1, ${Number.parseInt(list, 10)})`;
  return `SELECT ${name}(${args}) FROM (VALUES ${list
    .split(', ')
    .map((value) => `(${value})`)
    .join(', ')}) v(x)`;
}

class FunctionPage {
  constructor(db, typeName) {
    this.db = db;
    this.typeName = typeName;
    this.failures = [];
  }

  run(sql) {
    const { rows } = this.db.query(sql, [], { rowMode: 'array', format: 'text' });
    return rows.map((row) => row.map((value) => value ?? 'NULL').join(' ')).join(', ');
  }

  /** The example of some overloads, and its result; both empty when there is none. */
  example(entries, kind) {
    const [known] = entries.flatMap(({ example }) => (example === undefined ? [] : [example]));
    const own = EXAMPLES[entries[0].name];
    if (known === undefined && own === undefined) return ['', ''];
    const sql = known === undefined ? own : queryOfExample(known[0], kind);
    let result = '';
    try {
      result = this.run(sql);
      if (known !== undefined && result !== known[1])
        this.failures.push(`${sql} gives ${result}, the registry says ${known[1]}`);
    } catch (error) {
      this.failures.push(`${sql}: ${error.message}`);
    }
    return [code(sql.replace(/^SELECT (?!.*\b(FROM|OVER)\b)/, '')), code(result)];
  }

  arguments(entry) {
    const list = entry.args.map((oid) => this.typeName(oid));
    if (entry.variadic !== undefined) list.push(`VARIADIC ${this.typeName(entry.variadic)}`);
    return list.join(', ');
  }

  signature(entry, kind) {
    if (entry.operator !== undefined) {
      const types = entry.args.map((oid) => this.typeName(oid));
      const [left, right] = types.length === 1 ? ['', types[0]] : types;
      return `${left} ${entry.name} ${right} → ${this.typeName(entry.returns)}`.trim();
    }
    if (kind !== 'table') return `${entry.name}(${this.arguments(entry)}) → ${this.typeName(entry.returns)}`;
    const columns = entry.columns.map(({ name, type }) => `${name} ${this.typeName(type)}`).join(', ');
    return `${entry.name}(${this.arguments(entry)}) → rows${columns === '' ? '' : ` (${columns})`}`;
  }

  signatures(entries, kind) {
    const all = [...new Set(entries.map((entry) => code(this.signature(entry, kind))))];
    const shown = all.slice(0, SIGNATURES_MAX).join('<br>');
    return all.length > SIGNATURES_MAX ? `${shown}<br>and ${all.length - SIGNATURES_MAX} more` : shown;
  }

  table(entries, kind) {
    const byName =
      Map.groupBy === undefined ? groupByName(entries) : Map.groupBy(entries, ({ name }) => name);
    const rows = [...byName.values()].map((overloads) => {
      const [example, result] = this.example(overloads, kind);
      const description = overloads[0].description.replaceAll('|', '\\|');
      return `| ${this.signatures(overloads, kind)} | ${description} | ${example} | ${result} |`;
    });
    return ['| signature | what it gives | example | result |', '| --- | --- | --- | --- |', ...rows].join(
      '\n',
    );
  }
}

function groupByName(entries) {
  const groups = new Map();
  for (const entry of entries) groups.set(entry.name, [...(groups.get(entry.name) ?? []), entry]);
  return groups;
}

function missingExamples(sections) {
  return sections.flatMap(([, , entries]) =>
    [...groupByName(entries)].flatMap(([name, all]) =>
      all.some(({ example }) => example !== undefined) || name in EXAMPLES ? [] : [name],
    ),
  );
}

/** The page, and the names that have no example. */
export async function renderFunctions() {
  const { functionFamilies, allFunctions } = await import(built('functions/registry.js'));
  const { typeByOid } = await import(built('types/registry.js'));
  const { openSync } = await import(built('bundle/index.js'));
  const db = openSync(':memory:');
  db.exec("SET TIME ZONE 'UTC'");
  const page = new FunctionPage(db, (oid) => typeByOid(oid)?.sqlName(-1) ?? String(oid));
  const all = allFunctions();
  const sections = [
    ...functionFamilies().map(([title, functions]) => [title, 'scalar', functions]),
    ['Aggregates', 'aggregate', [...all.aggregates].flat()],
    [
      'Window functions',
      'window',
      [...all.windows].flat().filter(({ name }) => !/rank$|cume_dist/.test(name)),
    ],
    ['Functions that return rows', 'table', [...all.tables].flat()],
  ];
  const byTitle = new Map();
  for (const [title, kind, entries] of sections)
    byTitle.set(title, [title, kind, [...(byTitle.get(title)?.[2] ?? []), ...entries]]);
  const merged = [...byTitle.values()];
  const own = new Set(merged.flatMap(([, , entries]) => entries.map(({ name }) => name)));
  const others = [...all.scalars].map(([entry]) => entry.name).filter((name) => !own.has(name));
  const text = `# Functions and operators

Made from the function registry by \`node tools/document-functions.mjs\`; every example was run while the page was made. The meaning is
PostgreSQL's: chapter 9 of its manual holds the details. Functions of your own: \`db.function\`, \`db.aggregate\`, \`db.table\`.

${merged.map(([title, kind, entries]) => `## ${title}\n\n${page.table(entries, kind)}\n`).join('\n')}
## Other names

PostgreSQL has names for the functions behind its operators, and older names of others. They mean what the operator or function means:
${[...new Set(others)]
  .sort()
  .map((name) => `\`${name}\``)
  .join(', ')}.
`;
  db.close();
  if (page.failures.length > 0) throw new Error(page.failures.join('\n'));
  return { text, missing: missingExamples(merged) };
}

export const PAGE = fileURLToPath(new URL('docs/functions.md', root));

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { text, missing } = await renderFunctions();
  writeFileSync(PAGE, text);
  process.stdout.write(`${PAGE} written; without an example: ${missing.join(', ') || 'none'}\n`);
}
