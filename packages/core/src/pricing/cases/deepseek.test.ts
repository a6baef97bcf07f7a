import { describe } from 'vitest';
import { callOf, chatUsage, testPrices } from './price-case.js';

describe('DeepSeek', () => {
  const flash = (name: string, at: string, usd: string, model = 'deepseek-v4-flash') =>
    callOf(
      name,
      'deepseek',
      model,
      at,
      {
        prompt_tokens: 1000,
        completion_tokens: 100,
        total_tokens: 1100,
        prompt_cache_hit_tokens: 400,
        prompt_cache_miss_tokens: 600,
      },
      usd,
      { counts: { cache_read: 400, input_uncached: 600 } },
    );
  // before: 600 × 0.14 + 400 × 0.0028 + 100 × 0.28
  // off-peak: 600 × 0.22 + 400 × 0.007 + 100 × 0.66; peak: twice that
  testPrices([
    flash('before peak and off-peak prices', '2026-08-16T15:59:59Z', '0.00011312'),
    flash('from the hour on that they came in', '2026-08-16T16:00:00Z', '0.0002008'),
    flash('a Thursday morning in Beijing is peak', '2026-09-03T01:00:00Z', '0.0004016'),
    flash('noon is not', '2026-09-03T05:00:00Z', '0.0002008'),
    flash('the afternoon is', '2026-09-03T09:59:59.999Z', '0.0004016'),
    flash('the evening is not', '2026-09-03T10:00:00Z', '0.0002008'),
    flash('a Saturday was peak until 2026-08-23', '2026-08-22T02:00:00Z', '0.0004016'),
    flash('Sundays are off-peak since', '2026-08-23T02:00:00Z', '0.0002008'),
    flash('and Saturdays', '2026-08-29T07:00:00Z', '0.0002008'),
    flash('Monday is peak again', '2026-08-31T02:00:00Z', '0.0004016'),
    // 600 × 0.135 + 400 × 0.035 + 100 × 0.55
    flash('nights were cheap in 2025', '2025-06-02T20:00:00Z', '0.00015', 'deepseek-chat'),
    // 600 × 0.56 + 400 × 0.07 + 100 × 1.68
    flash('one price at all hours', '2025-09-05T20:00:00Z', '0.000532', 'deepseek-chat'),
    // 600 × 0.28 + 400 × 0.028 + 100 × 0.42
    flash('and half of it with V3.2', '2025-10-01T20:00:00Z', '0.0002212', 'deepseek-reasoner'),
    callOf(
      'hits and misses that are not the prompt',
      'deepseek',
      'deepseek-v4-flash',
      '2026-09-03T12:00:00Z',
      { ...chatUsage(1000, 100), prompt_cache_hit_tokens: 1, prompt_cache_miss_tokens: 1 },
      null,
      { status: 'invalid_usage' },
    ),
  ]);
});
