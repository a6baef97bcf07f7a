import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../entry.js';
import {
  arbitraryCase,
  ledgerOf,
  rates,
  runCase,
  testEntry,
} from '../../test-support/arbitrary-reconciliation.js';
import { usdLeft } from './atoms.js';
import { explainRates } from './explain-rates.js';
import { explainTokens } from './explain-tokens.js';
import { Finality, usualFinalAfter } from './finality.js';
import { lineUp } from './line-up.js';
import { assignCosts } from './provider-costs.js';
import type { CostRow, ProviderReport, UsageRow } from './provider-report.js';
import { magnitude } from './rate.js';
import { valueAtoms } from './value-atoms.js';

const report = (changes: Partial<ProviderReport> = {}): ProviderReport => ({
  provider: 'openai',
  window: { from: '2026-03-01T00:00:00.000Z', to: '2026-03-03T00:00:00.000Z' },
  bucket: 'hour',
  usage: [],
  costs: null,
  usage_until: null,
  costs_until: null,
  fetched_at: '2026-04-01T00:00:00.000Z',
  notes: [],
  ...changes,
});
const usage = (changes: Partial<UsageRow> = {}): UsageRow => ({
  at: '2026-03-01T10:00:00.000Z',
  model: 'alpha',
  tier: 'default',
  long: null,
  geo: null,
  project: null,
  api_key: null,
  requests: null,
  tokens: { input_uncached: 1_000, output: 100 },
  units: {},
  ...changes,
});
const cost = (kind: string | null, usd: string, changes: Partial<CostRow> = {}): CostRow => ({
  day: '2026-03-01T00:00:00.000Z',
  model: 'alpha',
  tier: null,
  long: null,
  geo: null,
  kind,
  category: 'tokens',
  usd,
  decimals: 12,
  quantity: null,
  project: null,
  label: 'a line',
  ...changes,
});
const entry = (changes: Partial<Entry> = {}, tokens = { input_uncached: 1_000, output: 100 }) =>
  testEntry('2026-03-01T10:30:00.000Z', 'alpha', tokens, changes);
const run = (given: ProviderReport, entries: Entry[], projects: string[] = []) =>
  runCase({ report: given, entries, projects });
const named = (result: ReturnType<typeof run>) =>
  result.causes.map(({ cause, usd }) => `${cause} ${usd}`);

describe('no cause explains more than differs', () => {
  test('claims have the sign of their atom’s difference and add up to no more than it', () => {
    fc.assert(
      fc.property(arbitraryCase, ({ report: given, entries, projects }) => {
        const own = { projects, api_keys: [] };
        const linedUp = lineUp(given, ledgerOf(entries, given.bucket), own, rates);
        assignCosts(linedUp, given, own, rates);
        for (const cell of linedUp.rateCells) valueAtoms(cell, rates);
        const finality = new Finality(given, usualFinalAfter('openai'));
        explainTokens(linedUp, given.bucket, finality);
        explainRates(linedUp.rateCells, finality);
        for (const cell of linedUp.rateCells) {
          for (const atom of cell.atoms) {
            const difference = atom.provider - atom.ledger;
            const claimed = atom.claims.reduce((sum, { tokens }) => sum + Math.abs(tokens), 0);
            expect(claimed + Math.abs(atom.left)).toBe(Math.abs(difference));
            const usd = atom.claims.reduce((sum, claim) => sum + claim.usd, 0n);
            expect(usd + usdLeft(atom)).toBe(atom.usd);
          }
          const claimed = cell.rest.claims.reduce((sum, claim) => sum + magnitude(claim.usd), 0n);
          expect(claimed + magnitude(cell.rest.left)).toBe(magnitude(cell.rest.usd));
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('calls that may be missing', () => {
  test('are unrecorded when the provider counts more requests than the ledger', () => {
    const given = report({
      usage: [usage({ requests: 2, tokens: { input_uncached: 2_000, output: 200 } })],
    });
    expect(named(run(given, [entry()]))).toEqual(['unrecorded_calls 0.0028']);
  });

  test('are not, when it counts as many: then nobody knows why, and that is said', () => {
    const given = report({
      usage: [usage({ requests: 1, tokens: { input_uncached: 2_000, output: 200 } })],
    });
    const result = run(given, [entry()]);
    expect(named(result)).toEqual([]);
    expect(result.unexplained_usd).toBe('0.0028');
    expect(result.accuracy).toBe(0.5);
  });

  test('and more in the ledger than the provider has is never explained away', () => {
    const result = run(report({ usage: [usage()] }), [entry(), entry({ id: 'second' })]);
    expect(result.unexplained_usd).toBe('-0.0028');
    expect(result.causes).toEqual([]);
  });
});

describe('calls booked at an estimate', () => {
  const estimated = (changes: Partial<Entry> = {}) => {
    const one = entry({ outcome: 'aborted', ...changes });
    return { ...one, usage: { ...one.usage!, estimated: true } };
  };

  test('explain what they may be off, and no more', () => {
    const tokens = { input_uncached: 1_000, output: 2_000 };
    const result = run(report({ usage: [usage({ tokens })] }), [estimated()]);
    // Output beyond the estimate: 500 tokens are plausible for one unknown answer, 1,400 are not.
    expect(result.causes.map(({ cause, tokens: { output } }) => [cause, output])).toEqual([
      ['unrecorded_calls', 1_400],
      ['interrupted_calls', 500],
    ]);
  });

  test('explain all of it when the provider counts no other call', () => {
    const tokens = { input_uncached: 1_000, output: 2_000 };
    const result = run(report({ usage: [usage({ tokens, requests: 1 })] }), [estimated()]);
    expect(result.causes.map(({ cause }) => cause)).toEqual(['interrupted_calls']);
  });

  test('that cost less than estimated cannot have cost less than nothing', () => {
    const result = run(report({ usage: [] }), [estimated(), entry({ id: 'second' })]);
    expect(named(result)).toEqual(['interrupted_calls -0.0028']);
    expect(result.unexplained_usd).toBe('-0.0028');
  });
});

describe('costs', () => {
  test('that name no kind are divided by what the tokens are listed at', () => {
    const result = run(report({ usage: [usage()], costs: [cost(null, '0.0028')] }), [entry()]);
    expect(result).toMatchObject({ difference_usd: '0', causes: [] });
  });

  test('that name a tier go to that tier, and those that name none to the others', () => {
    const flex = usage({ tier: 'flex' });
    const costs = [
      cost('input_uncached', '0.001', { tier: 'flex' }),
      cost('output', '0.0004', { tier: 'flex' }),
      cost('input_uncached', '0.002'),
      cost('output', '0.0008'),
    ];
    const inFlex = testEntry(
      '2026-03-01T10:40:00.000Z',
      'alpha',
      { input_uncached: 1_000, output: 100 },
      { id: 'flex' },
      'flex',
    );
    const result = run(report({ usage: [usage(), flex], costs }), [entry(), inFlex]);
    expect(result).toMatchObject({ difference_usd: '0', causes: [] });
  });

  test('without usage tell amounts, and no cause that would need tokens', () => {
    const result = run(report({ usage: null, costs: [cost(null, '0.003')] }), [entry()]);
    expect(result).toMatchObject({
      difference_usd: '0.0002',
      unexplained_usd: '0.0002',
      causes: [],
    });
    expect(result.notes).toContain(
      'Without a usage report, other tokens and other prices cannot be told apart.',
    );
  });

  test('of a day that are not reported yet are computed, and that is said', () => {
    const given = report({ usage: [usage()], costs: [], costs_until: '2026-03-01T00:00:00.000Z' });
    const result = run(given, [entry()]);
    expect(result).toMatchObject({ provider_usd: '0.0028', difference_usd: '0' });
    expect(result.notes.join()).toContain('not reported yet');
  });

  test('for fewer tokens than the usage report has are late, not cheap', () => {
    const costs = [cost('input_uncached', '0.001', { quantity: 500 }), cost('output', '0.0008')];
    const result = run(report({ usage: [usage()], costs }), [entry()]);
    expect(named(result)).toEqual(['late_data -0.001']);
  });

  test('of other projects are other traffic', () => {
    const costs = [
      cost('input_uncached', '0.002', { project: 'mine' }),
      cost('output', '0.0008', { project: 'mine' }),
      cost('input_uncached', '0.004', { project: 'theirs' }),
    ];
    const rows = [
      usage({ project: 'mine' }),
      usage({ project: 'theirs', tokens: { input_uncached: 2_000 } }),
    ];
    const result = run(report({ usage: rows, costs }), [entry()], ['mine']);
    expect(named(result)).toEqual(['other_traffic 0.004']);
    expect(result.accuracy).toBe(1);
  });
});

describe('what is no tokens', () => {
  const speech = usage({ model: 'loud', tokens: {}, units: { input_characters: 1_000 } });
  const spoken = (usd: string) => {
    const one = testEntry('2026-03-01T10:30:00.000Z', 'loud', {});
    const charge = { kind: 'input_characters', quantity: 1_000, rate_usd: '15', per: 1_000_000 };
    const charges = [{ ...charge, amount_usd: usd }];
    return { ...one, cost: { usd, status: 'priced' as const, charges } };
  };

  test('is lined up by day and unit, though the cost line names only the model', () => {
    const given = report({ usage: [speech], costs: [cost(null, '0.015', { model: 'loud' })] });
    expect(run(given, [spoken('0.015')])).toMatchObject({ difference_usd: '0', causes: [] });
    const result = run(given, []);
    expect(named(result)).toEqual(['tool_fees 0.015']);
    expect(result.causes[0]!.details[0]!.note).toBe(
      'input_characters: the provider counts 1000, the ledger 0',
    );
  });

  test('is taken at the ledger’s own price where no costs are given and no list has it', () => {
    const twice = { ...speech, units: { input_characters: 2_000 } };
    expect(named(run(report({ usage: [twice] }), [spoken('0.015')]))).toEqual(['tool_fees 0.015']);
  });
});

describe('the ledger', () => {
  test('counts a call that was priced later by its adjusting entry', () => {
    const call = entry({ cost: { usd: null, status: 'unknown_model', charges: [] } });
    const costs = [cost('input_uncached', '0.002'), cost('output', '0.0008')];
    const given = report({ usage: [usage()], costs });
    expect(named(run(given, [call]))).toEqual(['unpriced 0.0028']);
    const priced = entry({ id: 'adjustment' });
    const adjustment: Entry = {
      ...priced,
      kind: 'adjustment',
      usage: null,
      adjusts: {
        entry: call.id,
        number: 1,
        cause: 'price',
        reason: 'late price',
        by: 'test',
        status_before: 'unknown_model',
        status_after: 'priced',
        usd_before: null,
        usd_after: '0.0028',
      },
    };
    expect(run(given, [call, adjustment])).toMatchObject({ difference_usd: '0', causes: [] });
  });

  test('meets the provider under aliases and dated names alike', () => {
    const given = report({ usage: [usage({ model: 'alpha-2026-01-01' })] });
    expect(run(given, [entry()])).toMatchObject({ difference_usd: '0', causes: [] });
  });

  test('of calls just outside the window explains what slipped over its edge', () => {
    const given = report({ usage: [usage({ at: '2026-03-01T00:00:00.000Z' })] });
    const before = entry({ started_at: '2026-02-28T23:59:59.000Z' });
    const result = run(given, [before]);
    expect(named(result)).toEqual(['time_edge 0.0028']);
    expect(result.unexplained_usd).toBe('0');
  });
});

test('figures of hours that the provider may still change are late, not wrong', () => {
  const given = report({ usage: [], fetched_at: '2026-03-01T11:30:00.000Z' });
  expect(named(run(given, [entry()]))).toEqual(['late_data -0.0028']);
});

describe('a day is final when its figures cannot change any more, and if not, it says why', () => {
  const at = (fetched_at: string, changes: Partial<ProviderReport> = {}) => {
    const given = report({ usage: [usage()], fetched_at, ...changes });
    return run(given, [entry()]).days[0]!;
  };

  test('after the span in which the provider may change it', () => {
    expect(at('2026-03-03T00:00:00.000Z')).toMatchObject({ final: true });
    expect(at('2026-03-03T00:00:00.000Z')).not.toHaveProperty('open_reason');
    expect(at('2026-03-02T10:00:00.000Z')).toMatchObject({
      final: false,
      open_reason: expect.stringMatching(
        /may change it until 2026-03-03 00:00 UTC.*--final-after sets another span/,
      ),
    });
  });

  test('not before it is over, whatever the span', () => {
    expect(at('2026-03-01T12:00:00.000Z').open_reason).toMatch(
      /was not over when the report was fetched \(2026-03-01 12:00 UTC\); --final-after counts from its end/,
    );
  });

  test.each([
    ['usage_until', 'the usage report ends at 2026-03-01 15:00 UTC'],
    ['costs_until', 'the cost report ends at 2026-03-01 15:00 UTC'],
  ])('not where the report ends within it (%s)', (field, reason) => {
    const ended = { [field]: '2026-03-01T15:00:00.000Z' };
    expect(at('2026-03-20T00:00:00.000Z', ended).open_reason).toBe(reason);
  });
});

test('the verdict is one sentence with the amounts, the main cause and the rest', () => {
  const given = report({
    usage: [usage({ tokens: { input_uncached: 2_000, output: 200 } })],
    costs: [cost(null, '0.0056')],
  });
  expect(run(given, [entry()]).verdict).toBe(
    'For 2026-03-01 to 2026-03-02, openai bills $0.0056 and the ledger has $0.0028, $0.0028 less (50.00 %); mostly calls that never passed Farthing ($0.0028); nothing is unexplained.',
  );
});
