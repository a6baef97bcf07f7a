import { expect, it } from 'vitest';
import { windowOf, type WindowChoice } from '../../view/window.js';
import { earlierWindow } from './compared-with.js';

const now = Date.UTC(2026, 10, 23, 1, 26);
const lengthOf = ({ from, to }: { from: string; to: string }) => Date.parse(to) - Date.parse(from);

it('compares with the window of the same length that ends where this one begins', () => {
  for (const preset of ['1h', '24h', '7d', '30d'] as const) {
    const choice: WindowChoice = { kind: 'preset', preset };
    const earlier = earlierWindow(choice, 'previous', now);
    const window = windowOf(choice, now);
    expect(earlier.to).toBe(window.from);
    expect(lengthOf(earlier)).toBe(lengthOf(window));
  }
});

it('compares a month with the same part of the month before it', () => {
  const month: WindowChoice = { kind: 'preset', preset: 'month' };
  expect(earlierWindow(month, 'previous', now)).toEqual({
    from: '2026-10-01T00:00:00.000Z',
    to: '2026-10-23T01:26:00.001Z',
  });
});

it('compares with the same days a week earlier', () => {
  const day: WindowChoice = { kind: 'preset', preset: '24h' };
  expect(earlierWindow(day, 'week', now)).toEqual({
    from: '2026-11-15T02:00:00.000Z',
    to: '2026-11-16T01:26:00.001Z',
  });
});
