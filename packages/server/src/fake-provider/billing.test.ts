import { calcPrice } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answeringModel, bill, listingOf, noCounts, servedTier, type Billable } from './billing.js';
import { decimalCents, decimalDollars, picodollarsPerToken } from './money.js';
import { rateCard } from './rate-card.js';

const november = Date.UTC(2026, 10, 20);

function cost(
  billable: Partial<Omit<Billable, 'counts'>> & { counts: Partial<Billable['counts']> },
): string | null {
  const { amounts } = bill({
    provider: 'openai',
    model: 'gpt-4o-2024-08-06',
    tier: 'default',
    geo: 'global',
    at: november,
    ...billable,
    counts: { ...noCounts(), ...billable.counts },
  });
  return amounts === null
    ? null
    : decimalDollars(Object.values(amounts).reduce((sum, amount) => sum + amount, 0n));
}

describe('money', () => {
  test('published rates become whole picodollars a token', () => {
    expect(picodollarsPerToken('2.5')).toBe(2_500_000n);
    expect(picodollarsPerToken('0.0375')).toBe(37_500n);
    expect(() => picodollarsPerToken('0.0000001')).toThrow('at most six decimals');
  });

  test('amounts are written without exponents and trailing zeros', () => {
    expect(decimalDollars(0n)).toBe('0');
    expect(decimalDollars(1n)).toBe('0.000000000001');
    expect(decimalDollars(12_340_000_000_000n)).toBe('12.34');
    expect(decimalCents(1_234_500_000_000n)).toBe('123.45');
  });

  test('cents are a hundred times the dollars, to the last digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (amount) => {
        expect(decimalCents(amount)).toBe(decimalDollars(amount * 100n));
      }),
    );
  });
});

describe('what a request costs', () => {
  test('each kind at its own rate', () => {
    // 488 × $2.50 + 512 × $1.25 + 1,000 × $10 per million.
    expect(cost({ counts: { input_uncached: 488, cache_read: 512, output: 1000 } })).toBe(
      '0.01186',
    );
  });

  test('a long prompt re-prices the whole request, and cached tokens count towards it', () => {
    const gemini = { provider: 'gemini', model: 'gemini-2.5-pro' } as const;
    expect(cost({ ...gemini, counts: { input_uncached: 1, cache_read: 199_999 } })).toBe(
      '0.025001125',
    );
    expect(
      cost({ ...gemini, counts: { input_uncached: 2, cache_read: 199_999, output: 10 } }),
    ).toBe('0.05015475');
  });

  test('rates hold from their day on', () => {
    const luna = { model: 'gpt-5.6-luna', counts: { output: 1_000_000 } };
    expect(cost({ ...luna, at: Date.UTC(2026, 6, 30) - 1 })).toBe('6');
    expect(cost({ ...luna, at: Date.UTC(2026, 6, 30) })).toBe('1.2');
  });

  test('searches cost a cent each, a tier its own rates, US inference a tenth more', () => {
    const opus = { provider: 'anthropic', model: 'claude-opus-4-8' } as const;
    expect(cost({ ...opus, counts: { web_searches: 3 } })).toBe('0.03');
    expect(cost({ ...opus, geo: 'us', counts: { cache_write_5m: 1000 } })).toBe('0.006875');
    expect(cost({ model: 'gpt-5', tier: 'flex', counts: { output: 1000 } })).toBe('0.005');
    expect(cost({ model: 'gpt-5', tier: 'priority', counts: { output: 1000 } })).toBe('0.02');
  });

  test('a model without rates costs an unknown amount, not nothing', () => {
    expect(cost({ model: 'gpt-99-hyper', counts: { output: 1 } })).toBeNull();
    // The oldest gpt-4o had other rates; a shared prefix must not lend it these.
    expect(cost({ model: 'gpt-4o-2024-05-13', counts: { output: 1 } })).toBeNull();
    expect(
      cost({ provider: 'anthropic', model: 'claude-sonnet-5-5', counts: { output: 1 } }),
    ).toBeNull();
  });
});

describe('the rate card', () => {
  test('a tenth more of any rate is still a whole number of picodollars', () => {
    for (const listing of rateCard) {
      for (const period of listing.periods) {
        for (const rate of Object.values(period.standard) as string[]) {
          expect(picodollarsPerToken(rate) % 10n, `${listing.model} ${rate}`).toBe(0n);
        }
      }
    }
  });

  // genai-prices 0.1.8 lacks the long-context rates of Sonnet 4, which Anthropic's price list has.
  const comparable = rateCard.filter((listing) => listing.model !== 'claude-sonnet-4');

  test.each(comparable.map((listing) => [listing.model, listing] as const))(
    '%s is listed as genai-prices lists it',
    (model, { provider }) => {
      const usage = {
        input_tokens: 1_000_000,
        output_tokens: 1_000_000,
        cache_read_tokens: 400_000,
      };
      const known = calcPrice(usage, model, {
        providerId: provider === 'gemini' ? 'google' : provider,
        timestamp: new Date(november),
      });
      const counts = { input_uncached: 600_000, cache_read: 400_000, output: 1_000_000 };
      const embedding = model.includes('embedding');
      const own = cost({
        provider,
        model,
        counts: embedding ? { input_uncached: 1_000_000 } : counts,
      });
      expect(Number(own)).toBeCloseTo(known!.total_price, 9);
    },
  );

  test('aliases answer under their dated id, dated ids under themselves', () => {
    expect(answeringModel('openai', 'gpt-4o')).toBe('gpt-4o-2024-08-06');
    expect(answeringModel('openai', 'gpt-4o-2024-11-20')).toBe('gpt-4o-2024-11-20');
    expect(answeringModel('openai', 'gpt-99-hyper')).toBe('gpt-99-hyper');
    expect(listingOf('anthropic', 'claude-haiku-4-5-20251001')?.model).toBe('claude-haiku-4-5');
  });

  test('a tier without rates is served as the standard one', () => {
    expect(servedTier('gpt-5', 'flex')).toBe('flex');
    expect(servedTier('gpt-5', 'fast')).toBe('priority');
    expect(servedTier('gpt-4.1', 'flex')).toBe('default');
    expect(servedTier('gpt-5', 'auto')).toBe('default');
  });
});
