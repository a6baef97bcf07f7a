import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatUsd, parseUsd } from '../money.js';
import { compareRuns } from './compare-runs.js';
import { dearestSteps } from './dearest-steps.js';
import { mergeSteps, placeByParents, stepOf, type RunStep } from './run-step.js';
import { buildRunTree, mostChildren, type RunNode } from './run-tree.js';

const step = (changes: Partial<RunStep> = {}): RunStep => ({
  path: [{ kind: 'agent', name: 'planner' }],
  kind: 'call',
  name: 'gpt-4o',
  feature: 'research',
  template_version: 'v1',
  calls: 1,
  errors: 0,
  retries: 0,
  unpriced: 0,
  cost: 1_000_000n,
  tokens: { input: 100, cache_read: 0, output: 10 },
  first_call_at: '2026-03-01T10:00:00.000Z',
  last_call_end_at: '2026-03-01T10:00:01.000Z',
  ...changes,
});

const arbitraryStep: fc.Arbitrary<RunStep> = fc
  .record({
    path: fc.array(
      fc.record({
        kind: fc.constantFrom('agent' as const, 'tool' as const),
        name: fc.constantFrom('a', 'b', null),
      }),
      { maxLength: 3 },
    ),
    kind: fc.constantFrom('call' as const, 'tool' as const),
    name: fc.constantFrom('gpt-4o', 'gpt-4o-mini', 'search'),
    template_version: fc.constantFrom('v1', 'v2', null),
    feature: fc.constantFrom('research', null),
    calls: fc.integer({ min: 1, max: 900 }),
    cost: fc.option(fc.bigInt(0n, 10n ** 15n)),
  })
  .map((changes) => step({ ...changes, unpriced: changes.cost === null ? changes.calls : 0 }));

const costOf = (nodes: readonly Pick<RunNode, 'cost_usd'>[]): bigint =>
  nodes.reduce((sum, node) => sum + parseUsd(node.cost_usd ?? '0'), 0n);
const total = (steps: readonly RunStep[]): bigint =>
  steps.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n);

describe('the tree of a run', () => {
  test('shows what is repeated once, under the agents and tools that made it', () => {
    const search = step({
      path: [
        { kind: 'agent', name: 'planner' },
        { kind: 'agent', name: 'researcher' },
      ],
      kind: 'tool',
      name: 'search',
      calls: 812,
      cost: 8n,
      first_call_at: '2026-03-01T10:00:05.000Z',
    });
    const [planner, ...others] = buildRunTree([search, step()]);
    expect(others).toEqual([]);
    expect(planner).toMatchObject({ kind: 'agent', name: 'planner', calls: 813 });
    expect(planner!.children).toMatchObject([
      { kind: 'call', name: 'gpt-4o', calls: 1 },
      {
        kind: 'agent',
        name: 'researcher',
        children: [{ kind: 'tool', name: 'search', calls: 812 }],
      },
    ]);
  });

  test('law: the costs and calls of a node’s children add up to its own, and the tree to the run', () => {
    fc.assert(
      fc.property(fc.array(arbitraryStep, { maxLength: 120 }), (steps) => {
        const check = (nodes: readonly RunNode[]): void => {
          for (const node of nodes) {
            if (node.children.length === 0) continue;
            expect(costOf(node.children)).toBe(parseUsd(node.cost_usd ?? '0'));
            expect(node.children.reduce((sum, { calls }) => sum + calls, 0)).toBe(node.calls);
            check(node.children);
          }
        };
        const tree = buildRunTree(steps);
        expect(costOf(tree)).toBe(total(steps));
        check(tree);
      }),
    );
  });

  test('a run of thousands of different steps stays readable: the cheapest are one line', () => {
    const steps = Array.from({ length: 5_000 }, (_, index) =>
      step({ name: `tool-${index}`, kind: 'tool', cost: BigInt(index) }),
    );
    const [planner] = buildRunTree(steps);
    expect(planner!.children).toHaveLength(mostChildren);
    const others = planner!.children.find(({ kind }) => kind === 'others');
    expect(others).toMatchObject({ name: '4961 other steps', calls: 4961 });
    expect(costOf(planner!.children)).toBe(total(steps));
  });

  test('a run without a price has no cost and no share, and no figure that is none', () => {
    const tree = buildRunTree([step({ cost: null, unpriced: 1 })]);
    expect(tree[0]).toMatchObject({ cost_usd: null, cost_share: null, unpriced_calls: 1 });
    expect(JSON.stringify(dearestSteps([step({ cost: null, unpriced: 1 })], 10))).not.toMatch(
      /NaN|Infinity/,
    );
  });
});

describe('where a call stands', () => {
  test('without spans the tag of the agent says whose it is', () => {
    const row = { step: null, agent: 'reader', api: 'messages', model: 'claude', calls: 1 };
    expect(stepOf(row)).toMatchObject({
      path: [{ kind: 'agent', name: 'reader' }],
      kind: 'call',
      name: 'claude',
    });
    const tool = { step: null, agent: null, api: 'tool', model_requested: 'search', calls: 1 };
    expect(stepOf(tool)).toMatchObject({ path: [], kind: 'tool', name: 'search' });
  });

  test('a call that was booked before the spans above it stands beside its later siblings', () => {
    const rows = placeByParents([
      { parent_span: 'p', step: null, calls: 1 },
      { parent_span: 'p', step: 'agent:planner', calls: 2 },
      { parent_span: 'q', step: null, calls: 3 },
      { parent_span: null, step: null, calls: 4 },
    ]);
    expect(rows.map((row) => row['step'])).toEqual(['agent:planner', 'agent:planner', null, null]);
  });
});

test('the dearest steps come first, and shares add up along them', () => {
  const steps = [
    step({ cost: 1n }),
    step({ name: 'b', cost: 6n, calls: 3 }),
    step({ name: 'c', cost: 3n }),
  ];
  expect(dearestSteps(steps, 2)).toMatchObject([
    { name: 'b', cost_share: 0.6, cumulative_share: 0.6, cost_per_call_usd: formatUsd(2n) },
    { name: 'c', cost_share: 0.3, cumulative_share: 0.9 },
  ]);
});

describe('two runs', () => {
  test('law: the differences of the steps add up to that of the runs, each step in one of them', () => {
    const run = fc.array(arbitraryStep, { maxLength: 40 }).map(mergeSteps);
    fc.assert(
      fc.property(run, run, (steps, before) => {
        const differences = compareRuns(steps, before);
        const change = differences.reduce((sum, one) => sum + parseUsd(one.change_usd), 0n);
        expect(change).toBe(total(steps) - total(before));
        expect(differences.reduce((sum, { calls }) => sum + calls, 0)).toBe(
          steps.reduce((sum, { calls }) => sum + calls, 0),
        );
        expect(compareRuns(steps, steps).every(({ cause }) => cause === 'same')).toBe(true);
      }),
    );
  });

  const cause = (now: Partial<RunStep>, before: Partial<RunStep> = {}) =>
    compareRuns([step(now)], [step(before)])[0]!.cause;

  test('say what differs: calls, tokens, template, model, price', () => {
    expect(
      cause({ calls: 5, cost: 5_000_000n, tokens: { input: 500, cache_read: 0, output: 50 } }),
    ).toBe('calls');
    expect(cause({ cost: 3_000_000n, tokens: { input: 300, cache_read: 0, output: 30 } })).toBe(
      'tokens',
    );
    expect(cause({ cost: 3_000_000n })).toBe('price');
    expect(cause({ name: 'o3', cost: 3_000_000n })).toBe('model');
    expect(cause({ template_version: 'v2', cost: 3_000_000n })).toBe('template');
    expect(cause({})).toBe('same');
  });

  test('a step that only one of them has is new or gone', () => {
    const search = step({ kind: 'tool', name: 'search', cost: 9n });
    expect(compareRuns([step(), search], [step()])[0]).toMatchObject({
      cause: 'new',
      name: 'search',
    });
    expect(compareRuns([step()], [step(), search])[0]).toMatchObject({ cause: 'gone', calls: 0 });
    // A tool is no other tool on another model.
    const fetch = step({ kind: 'tool', name: 'fetch', cost: 9n });
    expect(compareRuns([search], [fetch]).map((one) => one.cause)).toEqual(['new', 'gone']);
  });
});
