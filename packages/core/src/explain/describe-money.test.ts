import { expect, test } from 'vitest';
import { parseUsd } from '../money.js';
import { describeChange, describeMoney } from './describe-money.js';

test.each([
  ['412.4', '$412', '+$412'],
  ['9.5', '$9.50', '+$9.50'],
  ['0', '$0.000000', '+$0.000000'],
  // Credits can outweigh all cost: a sentence that drops the sign says the opposite.
  ['-105.5', '−$106', '−$106'],
  ['-0.0031', '−$0.003100', '−$0.003100'],
])('%s is told with its sign', (usd, amount, change) => {
  expect(describeMoney(parseUsd(usd))).toBe(amount);
  expect(describeChange(parseUsd(usd))).toBe(change);
});
