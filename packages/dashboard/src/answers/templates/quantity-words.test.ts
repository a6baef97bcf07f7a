import type { QuantityChange } from '@farthing/core';
import { expect, it } from 'vitest';
import { confidenceOf, isBetter, quantityText } from './quantity-words.js';

const change = (verdict: QuantityChange['verdict']): QuantityChange => ({
  before: 1,
  after: 2,
  ratio: 2,
  verdict,
});

const row = (...verdicts: QuantityChange['verdict'][]) => ({
  quantities: {
    cost_per_call: change(verdicts[0] ?? 'same'),
    input_tokens_per_call: change(verdicts[1] ?? 'same'),
    output_tokens_per_call: change(verdicts[2] ?? 'same'),
    output_input_ratio: change(verdicts[3] ?? 'same'),
    cache_hit_ratio: change(verdicts[4] ?? 'same'),
    error_rate: change(verdicts[5] ?? 'same'),
  },
});

it('writes a quantity in its unit, and a dash where nothing was measured', () => {
  expect(quantityText('cost_per_call', 0.0107581)).toBe('$0.0108');
  expect(quantityText('output_tokens_per_call', 1362.4)).toBe('1,362');
  expect(quantityText('output_input_ratio', 0.342043)).toBe('0.34');
  expect(quantityText('cache_hit_ratio', 0.654902)).toBe('65.5%');
  expect(quantityText('error_rate', null)).toBe('–');
});

it('takes more from the cache for better and more of anything else for worse', () => {
  expect(isBetter('cache_hit_ratio', change('more'))).toBe(true);
  expect(isBetter('cost_per_call', change('more'))).toBe(false);
  expect(isBetter('error_rate', change('less'))).toBe(true);
  expect(isBetter('error_rate', change('same'))).toBeNull();
  expect(isBetter('error_rate', change('not_judged'))).toBeNull();
});

it('says how sure a comparison is', () => {
  const none = 'not_judged';
  expect(confidenceOf(row(none, none, none, none, none, none)).text).toBe('too few calls to tell');
  expect(confidenceOf(row('same', none)).text).toBe('within noise');
  expect(confidenceOf(row('same', none, 'more')).text).toBe('beyond noise');
});
