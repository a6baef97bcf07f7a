import type { Tags } from '@farthing/core';
import { describe, expect, test } from 'vitest';
import type { StoreBench } from '../conformance.js';
import { batchOf, sampleEntry } from './batches.js';

const of = (tags: Tags) => ({ ...sampleEntry(), tags });

export function replacingLaws(bench: StoreBench): void {
  describe('replacing a tag', () => {
    test('moves the entries to the other value and leaves every total', async () => {
      const store = await bench.open();
      await store.book(
        batchOf([
          of({ user: 'u_1', feature: 'search' }),
          of({ user: 'u_2', feature: 'search' }),
          of({ user: 'u_3', feature: 'chat' }),
          of({ feature: 'chat' }),
        ]),
      );
      const totals = () => store.query({ measures: ['calls', 'cost'], dimensions: ['feature'] });
      const before = await totals();
      expect(await store.replaceTag('user', ['u_1', 'u_2'], 'u_9')).toBe(2);
      expect(await totals()).toEqual(before);
      const { rows } = await store.query({ measures: ['calls'], dimensions: ['user'] });
      expect(new Map(rows.map((row) => [row['user'], row['calls']]))).toEqual(
        new Map([
          ['u_9', 2],
          ['u_3', 1],
          [null, 1],
        ]),
      );
      expect(await store.replaceTag('user', ['u_1', 'u_2'], 'u_9')).toBe(0);
    });

    test('with null takes the tag away', async () => {
      const store = await bench.open();
      await store.book(batchOf([of({ user: 'ada' }), of({ user: 'bob' })]));
      expect(await store.replaceTag('user', ['ada'], null)).toBe(1);
      const calls = await store.calls({ order: 'oldest', limit: 10 });
      expect(calls.map(({ tags }) => tags.user).sort()).toEqual(['bob', undefined]);
    });

    test('holds for tags that roll-ups go by', async () => {
      const store = await bench.open();
      await store.book(batchOf([of({ tenant: 'acme' }), of({ tenant: 'globex' })]));
      await store.replaceTag('tenant', ['acme'], 'p_1');
      const { rows } = await store.query({ measures: ['calls'], dimensions: ['tenant'] });
      expect(rows.map((row) => row['tenant']).sort()).toEqual(['globex', 'p_1']);
    });

    test('holds for custom tags and leaves the others of the call', async () => {
      const store = await bench.open();
      await store.book(
        batchOf([of({ custom: { author: 'ada', team: 'core' } }), of({ custom: { team: 'web' } })]),
      );
      expect(await store.replaceTag('author', ['ada'], 'p_1')).toBe(1);
      const custom = async () =>
        (await store.calls({ order: 'oldest', limit: 10 })).map(({ tags }) => tags.custom);
      expect(await custom()).toEqual(
        expect.arrayContaining([{ author: 'p_1', team: 'core' }, { team: 'web' }]),
      );
      expect(await store.replaceTag('author', ['p_1'], null)).toBe(1);
      expect(await custom()).toEqual(expect.arrayContaining([{ team: 'core' }, { team: 'web' }]));
    });

    test('is still so after the store was opened again', async () => {
      const store = await bench.open();
      await store.book(batchOf([of({ user: 'u_1' })]));
      await store.replaceTag('user', ['u_1'], 'u_2');
      const reopened = await bench.reopen(store);
      expect((await reopened.calls({ order: 'newest', limit: 1 }))[0]?.tags.user).toBe('u_2');
    });
  });
}
