/**
 * What a commit costs on the disk at hand, by durability and by how log space is allocated; what a fetch costs.
 *
 *     npx tsx packages/decentdb/src/wal/log.bench.ts [DIRECTORY]
 */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PageNo } from '../base/ids.ts';
import type { StorageOptions } from '../txn/engine-options.ts';
import { openStorage } from '../txn/open-storage.ts';
import { addPage, setText, textOf } from '../txn/testing/bytes-node.ts';

const base = process.argv[2] ?? tmpdir();
const directory = fs.mkdtempSync(join(base, 'decentdb-bench-'));
const text = 'x'.repeat(4000);

function withDatabase(
  options: StorageOptions,
  body: (handle: ReturnType<typeof openStorage>, pages: PageNo[]) => void,
): void {
  const path = join(directory, 'b.ddb');
  const handle = openStorage(path, options);
  const txn = handle.engine.beginWrite();
  const pages = Array.from({ length: 200 }, () => addPage(txn, text));
  txn.commit();
  body(handle, pages);
  handle.close();
  fs.rmSync(path);
}

function commits(name: string, options: StorageOptions, count: number, pagesEach: number): void {
  withDatabase(options, ({ engine }, pages) => {
    const times = new Float64Array(count);
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      const from = performance.now();
      const txn = engine.beginWrite();
      for (let p = 0; p < pagesEach; p++) setText(txn, pages[(i * 7 + p * 31) % 200]!, text);
      txn.commit();
      times[i] = performance.now() - from;
    }
    const seconds = (performance.now() - start) / 1000;
    times.sort();
    const at = (share: number): string => times[Math.floor(count * share)]!.toFixed(3);
    console.log(
      name.padEnd(44),
      `${Math.round(count / seconds)}/s`.padStart(10),
      `p50 ${at(0.5)} p99 ${at(0.99)} max ${at(0.9999)} ms`,
    );
  });
}

for (const kib of [4, 64, 1024, 4096]) {
  commits(`full, 2 pages, log grows by ${kib} KiB or more`, { walStepBytes: kib * 1024 }, 1500, 2);
}
commits('full, 2 pages, log of 4 MiB, constant checkpoints', { walBytesMax: 4 << 20 }, 3000, 2);
commits('none, 2 pages', { durability: 'none' }, 20_000, 2);
commits('deferred, 2 pages', { durability: 'deferred' }, 100_000, 2);

withDatabase({}, ({ engine }, pages) => {
  const read = engine.beginRead();
  for (const page of pages) textOf(read, page);
  const node = read.fetch(pages[0]!, 2, () => {
    throw new Error('cached');
  });
  let found = 0;
  const start = performance.now();
  const rounds = 20_000_000;
  const decode = (): never => {
    throw new Error('cached');
  };
  for (let i = 0; i < rounds; i++) if (read.fetch(pages[i % 200]!, 2, decode) === node) found++;
  console.log(
    `fetch of a cached page: ${(((performance.now() - start) * 1e6) / rounds).toFixed(1)} ns (${found})`,
  );
  read.end();
  const from = performance.now();
  for (let i = 0; i < 2_000_000; i++) engine.beginRead().end();
  console.log(
    `begin and end of a snapshot: ${(((performance.now() - from) * 1e6) / 2_000_000).toFixed(0)} ns`,
  );
  const again = engine.beginRead();
  again.end();
  const renewed = performance.now();
  for (let i = 0; i < 5_000_000; i++) {
    again.renew();
    again.end();
  }
  console.log(
    `renew and end of a snapshot: ${(((performance.now() - renewed) * 1e6) / 5_000_000).toFixed(0)} ns`,
  );
  const write = engine.beginWrite();
  for (const page of pages) setText(write, page, 'y');
  const edits = performance.now();
  for (let i = 0; i < 20_000_000; i++) write.edit(pages[(i >> 3) % 200]!, 2, decode);
  console.log(`edit of a private page: ${(((performance.now() - edits) * 1e6) / 20_000_000).toFixed(1)} ns`);
  write.rollback();
});

for (const name of ['new', 'existing, clean']) {
  const start = performance.now();
  const { close } = openStorage(join(directory, 'o.ddb'));
  const opened = performance.now();
  close();
  console.log(
    `open a ${name} database: ${(opened - start).toFixed(2)} ms, close ${(performance.now() - opened).toFixed(2)} ms`,
  );
}
fs.rmSync(directory, { recursive: true });
