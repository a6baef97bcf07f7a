import type { AuditReport, Bias, DriftReport, PromptSource } from '@farthing/core';
import type {
  Account,
  Breaker,
  Budget,
  BudgetList,
  FoundDecision,
} from '../src/api/budgets-contract.js';

/** Budgets in every state that they can be in, for `GET /api/v1/budgets` and what stands below it. */

const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();
const midnight = () => new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000).toISOString();

function account(
  scope: Account['scope'],
  limit: number,
  spent: number,
  held = 0,
  measure: Account['measure'] = 'usd',
): Account {
  const text = (amount: number) => (measure === 'usd' ? amount.toFixed(4) : String(amount));
  return {
    scope,
    measure,
    limit: text(limit),
    spent: text(spent),
    held: text(held),
    ratio: (spent + held) / limit,
  };
}

function budget(name: string, scope: Account['scope'], part: Partial<Budget>): Budget {
  const accounts = part.accounts ?? [];
  return {
    name,
    scope,
    window: 'day',
    actions: ['block'],
    paused: false,
    origin: { from: 'config' },
    raised: null,
    raised_accounts: [],
    limit: Object.fromEntries(accounts.map(({ measure, limit }) => [measure, limit])),
    call: {},
    soft: 0.8,
    downgrade: [],
    resets_at: midnight(),
    accounts,
    account_count: accounts.length,
    ratio: accounts[0]?.ratio ?? 0,
    ...part,
  };
}

const budgets = (): Budget[] => [
  budget('company', {}, { window: 'month', accounts: [account({}, 400, 212.4, 1.2)] }),
  budget(
    'each user of search',
    { feature: 'search', user: '*' },
    {
      actions: ['downgrade', 'throttle'],
      downgrade: ['gpt-5.4', 'gpt-5.4-mini'],
      limit: { usd: '5' },
      accounts: Array.from({ length: 24 }, (_, index) =>
        account(
          { feature: 'search', user: `u_${(index * 7919).toString(16)}` },
          5,
          5 / (index + 1),
        ),
      ),
    },
  ),
  budget(
    'support',
    { feature: 'support' },
    {
      raised: { limit: { usd: '20' }, until: midnight(), by: 'nora' },
      accounts: [account({}, 20, 16.8, 0.7), account({}, 3_000_000, 410_000, 0, 'tokens')],
    },
  ),
  budget(
    'experiments',
    { environment: 'development' },
    { paused: true, window: 'rolling week', accounts: [account({}, 50, 61.3)] },
  ),
  budget(
    'dear calls',
    { feature: 'report' },
    {
      call: { warn: '0.02', max: '0.05' },
      actions: ['acknowledge'],
      origin: { from: 'change', at: ago(9e6), by: 'nora' },
    },
  ),
];

const list = (empty: boolean): BudgetList => ({
  as_of: ago(900),
  live: true,
  shared: false,
  budgets: empty ? [] : budgets(),
  problems: [],
});

const breakers = (): Breaker[] => [
  {
    name: 'runaway agents',
    scope: { agent: '*' },
    limit: '20',
    window_s: 600,
    steps: ['downgrade', 'throttle', 'block'],
    tripped: [
      {
        scope: { agent: 'helper' },
        state: 'tripped',
        step: 'throttle',
        cause: 'more was spent than the pace allows',
        since: ago(200_000),
        until: ago(-100_000),
      },
    ],
  },
];

const decisions = (): FoundDecision[] => {
  const common = { provider: 'openai', model_requested: 'gpt-5.4', warnings: [], times: 1 };
  const verdict = {
    budget: 'each user of search',
    scope: { feature: 'search', user: 'u_0' },
    measure: 'usd' as const,
    limit: '5',
    used: '5',
    asked: '0.031',
    resets_at: midnight(),
  };
  return [
    {
      ...common,
      call: 'fixture-refused',
      at: ago(4_000),
      outcome: 'refused',
      model: null,
      tags: { feature: 'search', user: 'u_0' },
      steps: [{ do: 'throttle', budget: verdict.budget }],
      accounts: [{ ...verdict, said: 'no' }],
      refusal: {
        action: 'throttle',
        budget: verdict.budget,
        message: `Budget "${verdict.budget}" does not have enough left for this call.`,
        retry_after_s: 12_900,
      },
      times: 7,
    },
    {
      ...common,
      call: 'fixture-changed',
      at: ago(64_000),
      outcome: 'admitted',
      model: 'gpt-5.4-mini',
      tags: { feature: 'search', user: 'u_1eef' },
      steps: [
        { do: 'downgrade', budget: verdict.budget, from: 'gpt-5.4', to: 'gpt-5.4-mini' },
        { do: 'hold', model: 'gpt-5.4-mini', usd: '0.004', tokens: 5_120, max_output: 900 },
      ],
      accounts: [{ ...verdict, used: '4.1', said: 'soft' }],
    },
  ];
};

const window = () => ({ from: ago(86_400_000), to: ago(0) });
const fair: Bias = {
  ratio: 1.02,
  interval: { low: 0.96, high: 1.07 },
  verdict: 'fair',
  since: null,
  since_start: false,
};
const low: Bias = {
  ratio: 1.6,
  interval: { low: 1.4, high: 1.9 },
  verdict: 'too_low',
  since: ago(4e7),
  since_start: false,
};

const driftRow = (feature: string, cost: Bias): DriftReport['rows'][number] => ({
  group: { feature },
  calls: 900,
  estimated_calls: 880,
  compared_calls: 870,
  drifted_calls: 90,
  drifted_share: 0.103,
  estimated_usd: '4.10',
  actual_usd: (4.1 * (cost.ratio ?? 1)).toFixed(2),
  tokens: { input: { estimated: 9e6, actual: 9e6 }, output: { estimated: 3e5, actual: 4e5 } },
  cost,
  input: fair,
  output: cost,
  verdict: cost.verdict === 'fair' ? 'fair' : 'biased',
  causes: cost.verdict === 'fair' ? [] : ['output_tokens'],
  p95: { usd: '0.02', before_usd: '0.02', change: 0, exceeds: false },
  summary: 'Estimates of cost are too low: calls took 1.6 times what was expected.',
});

const drift = (empty: boolean): DriftReport => ({
  window: window(),
  previous: window(),
  by: ['feature'],
  threshold: 0.3,
  bucket: 'hour',
  rows: empty ? [] : [driftRow('report', low), driftRow('search', fair)],
  truncated: false,
});

function audit(empty: boolean): AuditReport {
  const source = (name: PromptSource, share: number) => ({
    source: name,
    tokens: Math.round(9e6 * share),
    share,
    tokens_per_call: 10_000 * share,
    usd: null,
    cost_share: null,
    share_before: null,
    tokens_per_call_before: null,
    change: name === 'history' ? 0.42 : null,
  });
  const sentence = 'Earlier turns are 46 % of the input tokens: summarise or drop older turns.';
  const row: AuditReport['rows'][number] = {
    group: { feature: 'search' },
    calls: 900,
    audited_calls: 870,
    input_tokens: 9_000_000,
    input_usd: '2.25',
    sources: [source('history', 0.46), source('context', 0.31), source('system', 0.23)],
    lever: { source: 'history', share: 0.46, usd: null, advice: 'drop older turns', sentence },
  };
  return {
    window: window(),
    previous: window(),
    by: ['feature'],
    rows: empty ? [] : [row],
    truncated: false,
  };
}

/** What a path of budgets or estimates answers; undefined where it is none, or changes something. */
export function budgetAnswer(path: string, method: string, empty: boolean): unknown {
  if (method !== 'GET') return undefined;
  if (path === '/api/v1/budgets') return list(empty);
  if (path === '/api/v1/budgets/breakers') return { breakers: empty ? [] : breakers() };
  if (path === '/api/v1/budgets/decisions') return { decisions: empty ? [] : decisions() };
  if (path === '/api/v1/drift') return drift(empty);
  if (path === '/api/v1/audit') return audit(empty);
  const one = /^\/api\/v1\/budgets\/decisions\/([^/]+)$/.exec(path);
  return one ? decisions().find(({ call }) => call === one[1]) : undefined;
}
