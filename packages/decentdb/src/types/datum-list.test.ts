import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { datumList } from './datum-list.ts';

setFlagsFromString('--allow-natives-syntax');
const isGeneral = runInThisContext('(list) => %HasObjectElements(list) && !%HasHoleyElements(list)') as (
  list: unknown[],
) => boolean;

test('lists of datums are of the most general kind without gaps, whatever is put into them', () => {
  for (let round = 0; round < 3; round++) {
    for (const width of [0, 1, 2, 3, 4, 5, 6, 40]) {
      const list = datumList(width);
      equal(list.length, width);
      equal(
        list.every((datum) => datum === null),
        true,
      );
      equal(isGeneral(list), true, `empty, of ${width}`);
      for (let i = 0; i < width; i++) list[i] = round === 0 ? i : round === 1 ? i + 0.5 : `text ${i}`;
      equal(isGeneral(list), true, `filled, of ${width}`);
      equal(isGeneral(list.slice()), true, `copied, of ${width}`);
    }
  }
});
