/** The views of the system's schemas. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogueViews, systemViews } from './registry.ts';

test('every view that is listed is found by its name', () => {
  let count = 0;
  for (const view of catalogueViews()) {
    assert.equal(systemViews.find(view.schema, view.name), view);
    count++;
  }
  assert.ok(count > 100);
  assert.equal(systemViews.find('pg_catalog', 'accounts'), undefined);
});
