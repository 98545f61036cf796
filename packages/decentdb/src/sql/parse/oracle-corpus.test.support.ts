// The bodies of SQL the oracle tests run over, read from ../shared/data when it is there. Test support only.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DATA = process.env['DECENTDB_SHARED_DATA'] ?? findData();

/** ../shared/data beside the repository, wherever the test runs from. */
function findData(): string {
  let at = import.meta.dirname ?? process.cwd();
  for (let i = 0; i < 10; i++) {
    const candidate = join(at, '..', 'shared', 'data');
    if (existsSync(join(candidate, 'postgres'))) return candidate;
    at = join(at, '..');
  }
  return '';
}

export function hasCorpus(): boolean {
  return DATA !== '';
}

/** Statements recorded as JSON lines. */
export function recordedStatements(folder: string): string[] {
  const out = new Set<string>();
  for (const file of readdirSync(join(DATA, folder))) {
    if (!file.endsWith('.jsonl')) continue;
    for (const line of readFileSync(join(DATA, folder, file), 'utf8').split('\n')) {
      if (line === '') continue;
      const record = JSON.parse(line) as { sql?: string; k?: string };
      if (record.sql !== undefined && record.k !== 'meta') out.add(record.sql);
    }
  }
  return [...out];
}

/** The `sql:` fields of the SQL:2016 feature tests. */
export function featureStatements(): string[] {
  const out = new Set<string>();
  const root = join(DATA, 'sql2016', 'tests');
  for (const folder of readdirSync(root, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    for (const file of readdirSync(join(root, folder.name))) {
      if (!file.endsWith('.yml')) continue;
      for (const line of readFileSync(join(root, folder.name, file), 'utf8').split('\n')) {
        const found = /^(?:sql: |- )(.*)$/.exec(line);
        if (found?.[1]) out.add(found[1]);
      }
    }
  }
  return [...out];
}

/** Every `every`-th statement of a sqllogictest file. */
export function logicTestStatements(file: string, every: number): string[] {
  const out: string[] = [];
  const records = readFileSync(join(DATA, 'sqllogictest', file), 'utf8').split(/\n\n+/);
  for (let i = 0; i < records.length; i += every) {
    const lines = records[i]!.split('\n').filter(
      (line) => !/^(#|onlyif|skipif|hash-threshold|halt)/.test(line),
    );
    if (lines.length < 2 || !/^(statement|query)/.test(lines[0]!)) continue;
    const end = lines.indexOf('----');
    out.push(lines.slice(1, end < 0 ? lines.length : end).join('\n'));
  }
  return out;
}

export function logicTestFiles(): string[] {
  const out: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(DATA, 'sqllogictest', folder), { withFileTypes: true })) {
      if (entry.isDirectory()) walk(join(folder, entry.name));
      else if (entry.name.endsWith('.test')) out.push(join(folder, entry.name));
    }
  };
  walk('');
  return out;
}

/** A sample database's script. */
export function sampleScript(name: string): string {
  return readFileSync(join(DATA, 'sampledb', `${name}.sql`), 'utf8');
}
