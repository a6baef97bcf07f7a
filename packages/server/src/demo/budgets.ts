/** Models of the demo's providers, the dearest first: a call stays with its own. */
const cheaper = {
  anthropic: ['claude-opus-4-8', 'claude-sonnet-5', 'claude-haiku-4-5'],
  openai: ['gpt-5.6-sol', 'gpt-5.5', 'gpt-5.4-mini'],
};

/**
 * The demo company's budgets, as farthing.yaml has them. They fit what it spends: most hold, and some
 * are reached while somebody watches.
 *
 * @param researcherDay what the agent `researcher` spent in the last 24 hours, in USD: its own limit lies
 *   just above, whatever day of the week it is.
 */
export function demoBudgets(researcherDay: number): Record<string, unknown>[] {
  return [
    // One budget that clamps shortens the answers of all its calls, whatever the others do: only the
    // agent's does, whose limit is near.
    { name: 'company', limit: 560, window: 'month', hold: 'expected', actions: ['warn'] },
    {
      name: 'each user',
      scope: { user: '*' },
      limit: 0.5,
      window: 'day',
      hold: 'expected',
      actions: ['throttle'],
    },
    {
      name: 'researcher',
      scope: { agent: 'researcher' },
      limit: Math.ceil((Math.max(0.5, researcherDay) / 0.9) * 10) / 10,
      window: 'rolling day',
      actions: ['downgrade', 'throttle'],
      downgrade: cheaper.anthropic,
    },
    {
      name: 'embeddings',
      scope: { feature: 'catalogue-embeddings' },
      limit: { tokens: 5_000_000, calls: 5_000 },
      window: 'week',
      actions: ['block'],
    },
    {
      name: 'production call',
      scope: { environment: 'production' },
      call: { warn: 0.05, max: 0.25 },
      hold: 'expected',
      actions: ['block'],
    },
    {
      name: 'long meetings',
      scope: { feature: 'meeting-notes' },
      call: { max: 0.06 },
      hold: 'expected',
      actions: ['acknowledge'],
    },
    {
      name: 'short drafts',
      scope: { feature: 'email-drafts', environment: 'staging' },
      call: { output_tokens: 200 },
      actions: ['block'],
    },
  ];
}

/** What stops an agent that loops, by how fast it spends. */
export function demoBreakers(): Record<string, unknown>[] {
  return [
    {
      name: 'runaway agents',
      scope: { agent: '*' },
      limit: 1,
      window: '5m',
      steps: ['downgrade', 'throttle'],
      downgrade: cheaper.anthropic,
      cool_down: '90s',
      probes: 3,
    },
  ];
}
