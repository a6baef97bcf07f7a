import type { Entry } from '@farthing/core';

const hour = 3_600_000;
/** Picodollars of one token: $1 and $8 per million. */
const rate = { input: 1_000_000n, output: 8_000_000n };

export interface Call {
  hoursAgo: number;
  feature: string;
  template: string;
  input: number;
  output: number;
  run?: string;
  agent?: string;
}

/**
 * Two days of books. In the second one `search` answers twice as long, since its template v7; one of its
 * calls sends forty times the prompt; of three runs two succeed.
 */
export function twoDays(now: number): Entry[] {
  const entries: Entry[] = [];
  const add = (call: Call) => entries.push(callOf(call, now));
  // The books begin before both days, so that these can be compared.
  add({ hoursAgo: 72, feature: 'search', template: 'v6', input: 1_000, output: 100 });
  for (let index = 0; index < 120; index++) {
    const part = { feature: 'search', input: 1_000 + (index % 7) };
    // Spread over twenty hours of each day, so that hours can be told apart.
    add({ ...part, hoursAgo: 25 + (index % 20), template: 'v6', output: 100 + (index % 5) });
    add({ ...part, hoursAgo: 1 + (index % 20), template: 'v7', output: 210 + (index % 5) });
  }
  add({ hoursAgo: 3, feature: 'search', template: 'v7', input: 40_000, output: 212 });
  const runs = { 'run-long': 12, 'run-short': 4, 'run-lost': 6 };
  for (const [run, calls] of Object.entries(runs)) {
    const own = { feature: 'research', template: 'r1', run };
    for (let index = 0; index < calls; index++)
      add({ ...own, hoursAgo: 2, agent: 'reader', input: 3_000, output: 50 });
    add({ ...own, hoursAgo: 2, agent: 'writer', input: 500, output: 900 });
    entries.push(outcomeOf(run, run !== 'run-lost', now));
  }
  return entries;
}

/** A call as an application with the SDK books it: $1 and $8 for a million tokens of gpt-5. */
export function callOf(
  { hoursAgo, feature, template, input, output, run, agent }: Call,
  now: number,
): Entry {
  const at = new Date(now - hoursAgo * hour).toISOString();
  const amounts = { input: BigInt(input) * rate.input, output: BigInt(output) * rate.output };
  return {
    ...record(at),
    provider: 'openai',
    api: 'chat.completions',
    model_requested: 'gpt-5',
    model: 'gpt-5',
    outcome: 'ok',
    http_status: 200,
    usage: {
      tokens: {
        input_uncached: input,
        cache_read: 0,
        cache_write: 0,
        cache_write_5m: 0,
        cache_write_1h: 0,
        output,
      },
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
    },
    cost: {
      usd: decimal(amounts.input + amounts.output),
      status: 'priced',
      source: 'base',
      charges: [
        charge('input_uncached', input, '1', amounts.input),
        charge('output', output, '8', amounts.output),
      ],
      price: { book: 'test', provider: 'openai', model: 'gpt-5' },
    },
    tags: {
      feature,
      template_version: template,
      ...(run === undefined ? {} : { run }),
      ...(agent === undefined ? {} : { agent }),
    },
  };
}

/** As the SDK's `outcome` writes it. */
function outcomeOf(run: string, isSuccess: boolean, now: number): Entry {
  return {
    ...record(new Date(now - hour).toISOString()),
    provider: 'farthing',
    api: 'outcome',
    model_requested: null,
    model: null,
    outcome: 'unmetered',
    http_status: null,
    usage: null,
    cost: { usd: '0', status: 'not_billed', reason: 'the outcome of a run', charges: [] },
    tags: { feature: 'research', run, custom: { outcome: isSuccess ? 'success' : 'failure' } },
  };
}

const record = (at: string) => ({
  schema: 1 as const,
  event: 'llm.cost.tracked' as const,
  id: crypto.randomUUID(),
  kind: 'call' as const,
  source: 'test',
  started_at: at,
  ended_at: at,
  duration_ms: 0,
  stream: false,
  attempt: 1,
});

const charge = (
  kind: 'input_uncached' | 'output',
  quantity: number,
  usd: string,
  amount: bigint,
) => ({
  kind,
  quantity,
  rate_usd: usd,
  per: 1_000_000,
  amount_usd: decimal(amount),
});

function decimal(pico: bigint): string {
  const digits = pico.toString().padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '');
}
