import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyTokens, totalInput } from '../usage/usage.js';
import { CacheModel } from './cache-model.js';

const tokens = (uncached: number, read: number, written = 0) => ({
  ...emptyTokens(),
  input_uncached: uncached,
  cache_read: read,
  cache_write_5m: written,
});

function learn(model: CacheModel, calls: number, of: ReturnType<typeof tokens>): CacheModel {
  for (let call = 0; call < calls; call++) model.learn('chat', of, totalInput(of));
  return model;
}

test('says nothing until 20 calls are known, nor of groups that it does not know', () => {
  const model = learn(new CacheModel(), 19, tokens(100, 900));
  expect(model.predict('chat')).toBeNull();
  learn(model, 1, tokens(100, 900));
  expect(model.predict('chat')?.read).toBeCloseTo(0.9);
  expect(model.predict('other')).toBeNull();
});

test('shares are of tokens: a large call counts for more than a small one', () => {
  const model = new CacheModel();
  for (let pair = 0; pair < 50; pair++) {
    learn(model, 1, tokens(10_000, 0));
    learn(model, 1, tokens(0, 100));
  }
  expect(model.predict('chat')!.read).toBeLessThan(0.02);
});

test('what was read and what was written are told apart', () => {
  const { read, written } = learn(new CacheModel(), 30, tokens(200, 500, 300)).predict('chat')!;
  expect(read).toBeCloseTo(0.5);
  expect(written).toBeCloseTo(0.3);
});

test('a cache that is cold from now on is forgotten', () => {
  const model = learn(new CacheModel(), 300, tokens(100, 900));
  learn(model, 300, tokens(1_000, 0));
  expect(model.predict('chat')!.read).toBeLessThan(0.05);
});

test('shares are never more than the whole, and outlive being written down', () => {
  const amount = fc.nat({ max: 1_000_000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(amount, amount, amount), { maxLength: 60 }), (calls) => {
      const model = new CacheModel();
      for (const [uncached, read, written] of calls) {
        const of = tokens(uncached, read, written);
        model.learn('chat', of, totalInput(of));
      }
      const shares = model.predict('chat');
      if (shares !== null) {
        expect(Math.min(shares.read, shares.written)).toBeGreaterThanOrEqual(0);
        expect(shares.read + shares.written).toBeLessThanOrEqual(1 + 1e-12);
      }
      const state = JSON.parse(JSON.stringify(model.state())) as ReturnType<CacheModel['state']>;
      expect(CacheModel.restore(state).predict('chat')).toEqual(shares);
    }),
  );
});
