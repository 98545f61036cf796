import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailingAllocations } from '../testing/allocation/failing-allocations.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { PageFile } from './page-file.ts';

test('corpus: the second copy of a header is written where memory is refused', () => {
  const file = new MemoryVfs().open('/a.ddb', 'create');
  file.writeAt(PageFile.emptyImage(4096, new Uint8Array(16)), 0);
  const pages = PageFile.open(file, { isSyncing: false });
  const faults = new FailingAllocations();
  pages.beginHeader({ logGeneration: 7 });
  faults.install();
  try {
    faults.arm({ first: 1, count: Number.POSITIVE_INFINITY });
    assert.equal(pages.continueHeader(), true);
  } finally {
    faults.uninstall();
  }
  const again = PageFile.open(file, { isSyncing: false });
  assert.equal(again.header.logGeneration, 7);
  assert.equal(again.hasOldCopy, false, 'both copies are the new header');
});

test('the sequence of the header on disk is told anew after every change of a copy, and of damage', () => {
  const vfs = new MemoryVfs();
  const file = vfs.open('/a.ddb', 'create');
  file.writeAt(PageFile.emptyImage(4096, new Uint8Array(16)), 0);
  const writer = PageFile.open(file, { isSyncing: false });
  const reader = PageFile.open(vfs.open('/a.ddb', 'readOnly'), { isSyncing: false });
  for (let round = 0; round < 4; round++) {
    for (let look = 0; look < 3; look++) assert.equal(reader.readSequence(), writer.header.sequence);
    // The first copy of the next header counts before the second is written.
    writer.beginHeader({ logGeneration: round });
    const sequence = writer.header.sequence + 1;
    assert.equal(reader.readSequence(), sequence);
    assert.equal(writer.continueHeader(), true);
    writer.endHeader();
    assert.equal(reader.readSequence(), sequence);
  }
  const magic = new Uint8Array(8);
  file.readAt(magic, 0);
  for (const at of [0, 4096]) file.writeAt(new Uint8Array(8), at);
  for (let look = 0; look < 2; look++) assert.equal(reader.readSequence(), undefined);
  file.writeAt(magic, 4096);
  assert.equal(reader.readSequence(), writer.header.sequence);
});
