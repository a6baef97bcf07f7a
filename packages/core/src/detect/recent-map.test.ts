import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentMap } from './recent-map.js';

it('keeps what was used last, as a list in order of use would', () => {
  const use = fc.record({ key: fc.integer({ min: 0, max: 30 }), sets: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(use, { maxLength: 300 }),
      fc.integer({ min: 1, max: 12 }),
      (uses, most) => {
        const map = new RecentMap<number>(most);
        let plain: [string, number][] = [];
        for (const [index, { key, sets }] of uses.entries()) {
          const name = `k${key}`;
          const known = plain.find(([other]) => other === name);
          if (!sets) expect(map.use(name)).toBe(known?.[1]);
          else map.set(name, index);
          if (!sets && known === undefined) continue;
          plain = plain.filter(([other]) => other !== name);
          plain.push([name, sets ? index : known![1]]);
          plain = plain.slice(-most);
          expect(map.entries()).toEqual(plain);
          expect(map.size).toBe(plain.length);
        }
        expect(new RecentMap(most, map.entries()).entries()).toEqual(plain);
      },
    ),
  );
});

it('looks at a value without using it', () => {
  const map = new RecentMap<number>(2, [
    ['a', 1],
    ['b', 2],
  ]);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect(map.get('a')).toBeUndefined();
  expect([...map.values()]).toEqual([2, 3]);
});
