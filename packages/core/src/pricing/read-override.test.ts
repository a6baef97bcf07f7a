import { describe, expect, test } from 'vitest';
import { readOverride } from './read-override.js';

const subject = { provider: 'openai', model: 'gpt-4o' };

describe('readOverride', () => {
  test('reads dated rates per million tokens', () => {
    expect(
      readOverride(
        [
          { effective_from: '2026-01-01T00:00:00Z', rates_per_mtok: { input: '5', output: '25' } },
          { effective_from: '2026-07-15T12:00:00Z', rates_per_mtok: { input: '4.25' } },
        ],
        subject,
      ),
    ).toMatchObject([
      { ...subject, from: '2026-01-01T00:00:00Z', rates: { input: '5', output: '25' } },
      { ...subject, from: '2026-07-15T12:00:00Z', rates: { input: '4.25' } },
    ]);
  });

  test('reads a discount for all models of a provider', () => {
    expect(readOverride({ discount: '0.15', provider: 'anthropic' }, subject)).toMatchObject([
      { provider: 'anthropic', model: '*', multiply: { all: '0.85' } },
    ]);
  });

  test('reads GPU time', () => {
    expect(readOverride({ unit: 'gpu_hour', rate: '2.40' }, subject)).toMatchObject([
      { ...subject, rates: { gpu_seconds: '2.40' } },
    ]);
  });

  test.each([
    [12, /override must be an object/],
    [{}, /rates_per_mtok/],
    [{ discount: '1.5' }, /override\.discount must lie between/],
    [{ discount: 0.15 }, /override\.discount must be a decimal string/],
    [[{ rates_per_mtok: { input: '-1' } }], /override\[0\]\.rates_per_mtok\.input/],
    [{ rates_per_mtok: { imput: '1' } }, /imput is not a kind of token/],
    [{ rates_per_mtok: { input: '1' }, effective_from: 'soon' }, /effective_from must be an ISO/],
    [{ unit: 'fortnight', rate: '1' }, /gpu_hour/],
  ])('%j is refused with the field and the fix', (value, message) => {
    expect(() => readOverride(value, subject)).toThrow(message);
  });
});
