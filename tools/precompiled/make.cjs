/**
 * `decentdb precompile`: loads the files of the bundle, runs ordinary statements, and keeps what V8 compiled of them (loader.cjs).
 * Run as a program, by the Node and with the flags that are to use it. Prints the folder, the files and their bytes as JSON.
 *
 * I1  A file is written beside its place and moved there: another process finds all of it or nothing.
 */
'use strict';
const { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { folder, make } = require('./loader.cjs');
const statements = require('./statements.json');

/** Loaded by few programs, large: not worth the room. */
const LEFT_OUT = /^(languages|loader|make)\.cjs$/;

function runStatements({ openSync }) {
  const room = mkdtempSync(join(tmpdir(), 'decentdb-precompile-'));
  try {
    for (const way of ['prepared', 'at once', 'opened again']) {
      const db = openSync(join(room, way === 'opened again' ? 'prepared' : way));
      const list =
        way === 'opened again' ? statements.filter((sql) => /^(SELECT|WITH)/.test(sql)) : statements;
      for (const sql of list) {
        if (way === 'at once') db.exec(sql);
        else if (!/^(SELECT|WITH)/.test(sql)) db.prepare(sql).run();
        else for (const read of ['all', 'get', 'iterate']) Array.from(db.prepare(sql)[read]() ?? []);
      }
      db.close();
    }
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

const kept = make((load) => {
  runStatements(load('core.cjs'));
  for (const name of readdirSync(__dirname)) if (name.endsWith('.cjs') && !LEFT_OUT.test(name)) load(name);
});
mkdirSync(folder, { recursive: true });
let bytes = 0;
for (const [name, content] of kept) {
  const place = join(folder, `${name}.bin`);
  writeFileSync(`${place}.${process.pid}`, content);
  renameSync(`${place}.${process.pid}`, place);
  bytes += content.length;
}
process.stdout.write(`${JSON.stringify({ folder, files: kept.size, bytes })}\n`);
