import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shareInputCost } from './share-input-cost.js';

const tokens = { system: 600, tools: 400, context: 500, history: 0, user: 500, files: 0 };
const usd = (amount: string) => BigInt(amount) * 1_000_000n;

describe('what each source costs', () => {
  test('follows its tokens where nothing is cached', () => {
    const shares = shareInputCost(tokens, { total: usd('2000'), cached: 0n, cachedTokens: 0 });
    expect(shares).toMatchObject({ system: usd('600'), tools: usd('400'), user: usd('500') });
  });

  test('is that of cached tokens at the beginning of the prompt: schemas, then instructions', () => {
    // 1,000 tokens at a tenth of the price, 1,000 at the full one.
    const cost = { total: usd('1100'), cached: usd('100'), cachedTokens: 1_000 };
    expect(shareInputCost(tokens, cost)).toMatchObject({
      tools: usd('40'),
      system: usd('60'),
      context: usd('500'),
      user: usd('500'),
    });
  });

  test('adds up to the cost, to the picodollar', () => {
    const count = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(
        fc.record({
          system: count,
          tools: count,
          context: count,
          history: count,
          user: fc.integer({ min: 1, max: 1_000_000 }),
          files: count,
        }),
        fc.bigInt(0n, 10n ** 18n),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 9_000_000 }),
        (parts, total, percent, cachedTokens) => {
          const cached = (total * BigInt(percent)) / 100n;
          const shares = shareInputCost(parts, { total, cached, cachedTokens });
          expect(Object.values(shares).reduce((all, share) => all + share, 0n)).toBe(total);
          expect(Object.values(shares).every((share) => share >= 0n)).toBe(true);
        },
      ),
    );
  });
});
