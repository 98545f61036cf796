/** JSON: numbers exactly as the database prints them (a bigint keeps all its digits), one object a row. */
import { jsonText, type ResultTable, uniqueNames } from './result-table.ts';

function* rowObjects(table: ResultTable): Generator<string> {
  const keys = uniqueNames(table.columns).map((name) => JSON.stringify(name));
  for (const row of table.rows) {
    const members = row.map((value, at) => `${keys[at]}:${jsonText(value, table.columns[at]?.typeOid ?? 0)}`);
    yield `{${members.join(',')}}`;
  }
}

/** One array, one row a line. */
export function* jsonLines(table: ResultTable): Generator<string> {
  let before = '[';
  for (const row of rowObjects(table)) {
    yield before + row;
    before = ',\n ';
  }
  yield before === '[' ? '[]\n' : ']\n';
}

/** One object a line and nothing round them. */
export function* ndjsonLines(table: ResultTable): Generator<string> {
  for (const row of rowObjects(table)) yield `${row}\n`;
}
