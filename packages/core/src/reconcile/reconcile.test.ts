import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseUsd } from '../money.js';
import { arbitraryCase, runCase } from '../../test-support/arbitrary-reconciliation.js';
import { tokenKinds } from './token-kinds.js';

const sum = (amounts: readonly string[]) =>
  amounts.reduce((total, amount) => total + parseUsd(amount), 0n);

describe('whatever both sides say', () => {
  test('causes and the unexplained rest add up to the difference, everywhere', () => {
    fc.assert(
      fc.property(arbitraryCase, (given) => {
        const result = runCase(given);
        for (const part of [result, ...result.days, ...result.models, ...result.cells]) {
          const explained = sum(part.causes.map(({ usd }) => usd));
          const difference = parseUsd(part.provider_usd) - parseUsd(part.ledger_usd);
          expect(parseUsd(part.difference_usd)).toBe(difference);
          expect(explained + parseUsd(part.unexplained_usd)).toBe(difference);
        }
        for (const field of ['provider_usd', 'ledger_usd', 'unexplained_usd'] as const) {
          const total = parseUsd(result[field]);
          expect(sum(result.days.map((day) => day[field]))).toBe(total);
          expect(sum(result.models.map((model) => model[field]))).toBe(total);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('both totals are those of the reports, nothing lost and nothing counted twice', () => {
    fc.assert(
      fc.property(arbitraryCase, (given) => {
        const result = runCase(given);
        const costs = given.report.costs;
        if (costs !== null) {
          expect(parseUsd(result.provider_usd)).toBe(sum(costs.map(({ usd }) => usd)));
        }
        const booked = given.entries.map(({ cost }) => cost.usd ?? '0');
        expect(parseUsd(result.ledger_usd)).toBe(sum(booked));
      }),
      { numRuns: 150 },
    );
  });

  test('tokens of all causes and the unexplained ones add up to the difference, kind by kind', () => {
    fc.assert(
      fc.property(arbitraryCase, (given) => {
        const { tokens, causes } = runCase(given);
        for (const kind of tokenKinds) {
          const explained = causes.reduce((total, cause) => total + cause.tokens[kind], 0);
          expect(explained + tokens.unexplained[kind]).toBe(
            tokens.provider[kind] - tokens.ledger[kind],
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  test('the same input gives the same result, and the accuracy lies between 0 and 1', () => {
    fc.assert(
      fc.property(arbitraryCase, (given) => {
        const result = runCase(given);
        expect(runCase(given)).toEqual(result);
        for (const { accuracy } of [result, ...result.days, ...result.models]) {
          if (accuracy === null) continue;
          expect(accuracy).toBeGreaterThanOrEqual(0);
          expect(accuracy).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});
