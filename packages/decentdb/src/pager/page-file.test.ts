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
