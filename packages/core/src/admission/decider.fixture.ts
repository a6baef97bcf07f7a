import type { CallToAdmit } from '../budget/call-to-admit.js';
import { Escrow } from '../budget/escrow.js';
import { entryEvent, entrySchema, type Entry } from '../entry.js';
import { Estimator } from '../estimate/estimator.js';
import { formatUsd } from '../money.js';
import { emptyTokens } from '../usage/usage.js';
import { Breakers } from './breakers.js';
import type { BudgetChange } from './budget-change.js';
import { composeBudgets } from './compose-budgets.js';
import { Decider, type DeciderParts } from './decider.js';
import type { RecordedDecision } from './ports.js';

export const noon = Date.parse('2026-11-20T12:00:00Z');

/** An app that decides about its own calls: no file, no timer, no gateway. */
export function app(
  budgets: object[],
  parts: Partial<DeciderParts> = {},
  changes: readonly BudgetChange[] = [],
) {
  const composed = composeBudgets(budgets, changes, noon);
  const recorded: RecordedDecision[] = [];
  const problems: Error[] = [];
  const decider = new Decider({
    definitions: { at: () => composed },
    ledger: new Escrow(),
    memory: null,
    // $1 and $10 for a million tokens.
    estimator: new Estimator(() => ({
      input: 1_000_000n,
      cacheRead: 1_000_000n,
      cacheWrite: 1_000_000n,
      cacheWrite1h: 1_000_000n,
      output: 10_000_000n,
    })),
    breakers: new Breakers([]),
    decisions: { add: (decision) => void recorded.push(decision) },
    acknowledgements: null,
    onProblem: (problem) => void problems.push(problem),
    ...parts,
  });
  return { decider, recorded, problems };
}

let calls = 0;

export function callOf(changes: Partial<CallToAdmit> = {}): CallToAdmit {
  calls += 1;
  return {
    id: `call-${calls}`,
    at: noon,
    tags: { feature: 'chat' },
    shape: {
      provider: 'openai',
      model: 'large',
      tags: { feature: 'chat' },
      at: noon,
      textBytes: 4_000,
      fileTokens: 0,
      maxOutput: 100,
      caching: 'none',
      hasOutput: true,
    },
    ...changes,
  };
}

export function entryOf({ id, tags, shape }: CallToAdmit, usd: bigint): Entry {
  const time = new Date(noon).toISOString();
  return {
    schema: entrySchema,
    event: entryEvent,
    id,
    kind: 'call',
    source: 'sdk',
    started_at: time,
    ended_at: time,
    duration_ms: 0,
    provider: shape.provider,
    api: 'chat.completions',
    stream: false,
    model_requested: shape.model,
    model: shape.model,
    outcome: 'ok',
    http_status: 200,
    attempt: 1,
    usage: {
      tokens: { ...emptyTokens(), input_uncached: 1_000, output: 50 },
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
    },
    cost: { usd: formatUsd(usd), status: 'priced', source: 'base', charges: [] },
    tags,
  };
}
