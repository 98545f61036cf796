/** Two copies of the package in one process: their databases do not meet. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { MEMORY_PATH, openStorage } from './open-storage.ts';

const REGISTRY = Symbol.for('decentdb.storage.v1');
type Registry = Map<string, { engine: object; holders: number }>;
const registry = (): Registry => (globalThis as unknown as Record<symbol, Registry>)[REGISTRY] as Registry;

test('L4: a file that another copy has open is refused', () => {
  const vfs = new MemoryVfs();
  openStorage('a.ddb', { vfs }).close();
  const identity = vfs.identityOf('a.ddb') as string;
  registry().set(identity, { engine: { isOpen: true }, holders: 1 });
  assert.throws(() => openStorage('a.ddb', { vfs }), { code: '55006' });
  registry().delete(identity);
  openStorage('a.ddb', { vfs }).close();
});

test('databases in memory have numbers that no other copy gives', () => {
  const disks = Symbol.for('decentdb.memory.disks');
  const scope = globalThis as unknown as Record<symbol, number>;
  const before = new MemoryVfs().disk.device;
  scope[disks] = (scope[disks] as number) + 10; // What another copy has given meanwhile.
  assert.equal(new MemoryVfs().disk.device, before + 11);
  const one = openStorage(MEMORY_PATH);
  const two = openStorage(MEMORY_PATH);
  assert.notEqual(one.engine, two.engine);
  one.close();
  two.close();
});
