/** Published rates in USD per million tokens, as decimal strings. A rate left out costs as `input`. */
export interface RateStrings {
  input: string;
  output: string;
  cacheRead?: string;
  /** Cache writes whose time to live is not stated (OpenAI, from gpt-5.6 on). */
  cacheWrite?: string;
  cacheWrite5m?: string;
  cacheWrite1h?: string;
}

/** The rates of one model from one day on. */
export interface RatePeriod {
  /** ISO date, UTC midnight; absent means since always. */
  since?: string;
  standard: RateStrings;
  /** Holds for the whole request once its prompt exceeds this many tokens, cached ones included. */
  long?: { above: number; rates: RateStrings };
  flex?: RateStrings;
  priority?: RateStrings;
}

export interface Listing {
  provider: 'openai' | 'anthropic' | 'gemini';
  model: string;
  /** The dated id that answers when the alias is asked for. */
  snapshot?: string;
  /** Newest first. */
  periods: RatePeriod[];
  /** Absent: the model cannot search. */
  webSearchPerThousand?: string | undefined;
  /** `inference_geo: us` costs a tenth more. */
  geoSurcharge?: true;
  embeddingDimensions?: number;
}

const openai = (listing: Omit<Listing, 'provider'>): Listing => ({
  provider: 'openai',
  webSearchPerThousand: '10',
  ...listing,
});

const anthropic = (
  model: string,
  snapshot: string | undefined,
  standard: RateStrings,
  more: Partial<Listing> = {},
): Listing => ({
  provider: 'anthropic',
  model,
  ...(snapshot === undefined ? {} : { snapshot }),
  webSearchPerThousand: '10',
  periods: [{ standard }],
  ...more,
});

const gemini = (model: string, periods: RatePeriod[], more: Partial<Listing> = {}): Listing => ({
  provider: 'gemini',
  model,
  periods,
  ...more,
});

const opus: RateStrings = {
  input: '5',
  cacheRead: '0.5',
  cacheWrite5m: '6.25',
  cacheWrite1h: '10',
  output: '25',
};
const sonnet: RateStrings = {
  input: '3',
  cacheRead: '0.3',
  cacheWrite5m: '3.75',
  cacheWrite1h: '6',
  output: '15',
};
const sonnetWithLongContext: Partial<Listing> = {
  periods: [
    {
      standard: sonnet,
      long: {
        above: 200_000,
        rates: {
          input: '6',
          cacheRead: '0.6',
          cacheWrite5m: '7.5',
          cacheWrite1h: '12',
          output: '22.5',
        },
      },
    },
  ],
};
const oldOpus: RateStrings = {
  input: '15',
  cacheRead: '1.5',
  cacheWrite5m: '18.75',
  cacheWrite1h: '30',
  output: '75',
};

/**
 * What this provider charges. The rates are those that OpenAI, Anthropic and Google publish for
 * these models (read from genai-prices 0.1.8, edition of 2026-09-23; OpenAI's flex and priority
 * rates from the vendors' own tables), typed here a second time on purpose: these books must not
 * inherit a mistake from the ledger that they are there to check.
 */
export const rateCard: readonly Listing[] = [
  openai({
    model: 'gpt-4o',
    snapshot: 'gpt-4o-2024-08-06',
    periods: [
      {
        standard: { input: '2.5', cacheRead: '1.25', output: '10' },
        priority: { input: '4.25', cacheRead: '2.125', output: '17' },
      },
    ],
  }),
  openai({
    model: 'gpt-4o-2024-11-20',
    periods: [{ standard: { input: '2.5', cacheRead: '1.25', output: '10' } }],
  }),
  openai({
    model: 'gpt-4o-mini',
    snapshot: 'gpt-4o-mini-2024-07-18',
    periods: [{ standard: { input: '0.15', cacheRead: '0.075', output: '0.6' } }],
  }),
  openai({
    model: 'gpt-4.1',
    snapshot: 'gpt-4.1-2025-04-14',
    periods: [{ standard: { input: '2', cacheRead: '0.5', output: '8' } }],
  }),
  openai({
    model: 'gpt-4.1-mini',
    snapshot: 'gpt-4.1-mini-2025-04-14',
    periods: [{ standard: { input: '0.4', cacheRead: '0.1', output: '1.6' } }],
  }),
  openai({
    model: 'gpt-4.1-nano',
    webSearchPerThousand: undefined,
    snapshot: 'gpt-4.1-nano-2025-04-14',
    periods: [{ standard: { input: '0.1', cacheRead: '0.025', output: '0.4' } }],
  }),
  openai({
    model: 'o3',
    snapshot: 'o3-2025-04-16',
    periods: [
      { since: '2025-06-10', standard: { input: '2', cacheRead: '0.5', output: '8' } },
      { standard: { input: '10', cacheRead: '0.5', output: '40' } },
    ],
  }),
  openai({
    model: 'o4-mini',
    snapshot: 'o4-mini-2025-04-16',
    periods: [{ standard: { input: '1.1', cacheRead: '0.275', output: '4.4' } }],
  }),
  openai({
    model: 'gpt-5',
    snapshot: 'gpt-5-2025-08-07',
    periods: [
      {
        standard: { input: '1.25', cacheRead: '0.125', output: '10' },
        flex: { input: '0.625', cacheRead: '0.0625', output: '5' },
        priority: { input: '2.5', cacheRead: '0.25', output: '20' },
      },
    ],
  }),
  openai({
    model: 'gpt-5-mini',
    snapshot: 'gpt-5-mini-2025-08-07',
    periods: [
      {
        standard: { input: '0.25', cacheRead: '0.025', output: '2' },
        flex: { input: '0.125', cacheRead: '0.0125', output: '1' },
        priority: { input: '0.45', cacheRead: '0.045', output: '3.6' },
      },
    ],
  }),
  openai({
    model: 'gpt-5-nano',
    snapshot: 'gpt-5-nano-2025-08-07',
    periods: [{ standard: { input: '0.05', cacheRead: '0.005', output: '0.4' } }],
  }),
  openai({
    model: 'gpt-5.1',
    snapshot: 'gpt-5.1-2025-11-13',
    periods: [{ standard: { input: '1.25', cacheRead: '0.125', output: '10' } }],
  }),
  openai({
    model: 'gpt-5.2',
    snapshot: 'gpt-5.2-2025-12-11',
    periods: [
      {
        standard: { input: '1.75', cacheRead: '0.175', output: '14' },
        flex: { input: '0.875', cacheRead: '0.0875', output: '7' },
        priority: { input: '3.5', cacheRead: '0.35', output: '28' },
      },
    ],
  }),
  openai({
    model: 'gpt-5.3-codex',
    webSearchPerThousand: undefined,
    periods: [{ standard: { input: '1.75', cacheRead: '0.175', output: '14' } }],
  }),
  openai({
    model: 'gpt-5.4',
    snapshot: 'gpt-5.4-2026-03-05',
    periods: [
      {
        standard: { input: '2.5', cacheRead: '0.25', output: '15' },
        long: { above: 272_000, rates: { input: '5', cacheRead: '0.5', output: '22.5' } },
      },
    ],
  }),
  openai({
    model: 'gpt-5.4-mini',
    snapshot: 'gpt-5.4-mini-2026-03-17',
    periods: [{ standard: { input: '0.75', cacheRead: '0.075', output: '4.5' } }],
  }),
  openai({
    model: 'gpt-5.4-nano',
    snapshot: 'gpt-5.4-nano-2026-03-17',
    periods: [{ standard: { input: '0.2', cacheRead: '0.02', output: '1.25' } }],
  }),
  openai({
    model: 'gpt-5.5',
    snapshot: 'gpt-5.5-2026-04-23',
    periods: [
      {
        standard: { input: '5', cacheRead: '0.5', output: '30' },
        long: { above: 272_000, rates: { input: '10', cacheRead: '1', output: '45' } },
        flex: { input: '2.5', cacheRead: '0.25', output: '15' },
        priority: { input: '12.5', cacheRead: '1.25', output: '75' },
      },
    ],
  }),
  openai({
    model: 'gpt-5.6-sol',
    periods: [
      {
        since: '2026-08-21',
        standard: { input: '4', cacheRead: '0.4', cacheWrite: '5', output: '20' },
        long: {
          above: 272_000,
          rates: { input: '8', cacheRead: '0.8', cacheWrite: '10', output: '30' },
        },
      },
      {
        standard: { input: '5', cacheRead: '0.5', cacheWrite: '6.25', output: '30' },
        long: {
          above: 272_000,
          rates: { input: '10', cacheRead: '1', cacheWrite: '12.5', output: '45' },
        },
      },
    ],
  }),
  openai({
    model: 'gpt-5.6-terra',
    periods: [
      {
        since: '2026-07-30',
        standard: { input: '2', cacheRead: '0.2', cacheWrite: '2.5', output: '12' },
        long: {
          above: 272_000,
          rates: { input: '4', cacheRead: '0.4', cacheWrite: '5', output: '18' },
        },
      },
      {
        standard: { input: '2.5', cacheRead: '0.25', cacheWrite: '3.125', output: '15' },
        long: {
          above: 272_000,
          rates: { input: '5', cacheRead: '0.5', cacheWrite: '6.25', output: '22.5' },
        },
      },
    ],
  }),
  openai({
    model: 'gpt-5.6-luna',
    periods: [
      {
        since: '2026-07-30',
        standard: { input: '0.2', cacheRead: '0.02', cacheWrite: '0.25', output: '1.2' },
        long: {
          above: 272_000,
          rates: { input: '0.4', cacheRead: '0.04', cacheWrite: '0.5', output: '1.8' },
        },
      },
      {
        standard: { input: '1', cacheRead: '0.1', cacheWrite: '1.25', output: '6' },
        long: {
          above: 272_000,
          rates: { input: '2', cacheRead: '0.2', cacheWrite: '2.5', output: '9' },
        },
      },
    ],
  }),
  openai({
    model: 'gpt-6-luna',
    periods: [
      {
        standard: { input: '0.1', cacheRead: '0.01', cacheWrite: '0.125', output: '0.5' },
        long: {
          above: 272_000,
          rates: { input: '0.2', cacheRead: '0.02', cacheWrite: '0.25', output: '0.75' },
        },
      },
    ],
  }),
  openai({
    model: 'gpt-6-sol',
    periods: [
      {
        standard: { input: '2', cacheRead: '0.2', cacheWrite: '2.5', output: '10' },
        long: {
          above: 272_000,
          rates: { input: '4', cacheRead: '0.4', cacheWrite: '5', output: '15' },
        },
      },
    ],
  }),
  openai({
    model: 'text-embedding-3-small',
    periods: [{ standard: { input: '0.02', output: '0' } }],
    embeddingDimensions: 1536,
  }),
  openai({
    model: 'text-embedding-3-large',
    periods: [{ standard: { input: '0.13', output: '0' } }],
    embeddingDimensions: 3072,
  }),
  anthropic('claude-haiku-4-5', 'claude-haiku-4-5-20251001', {
    input: '1',
    cacheRead: '0.1',
    cacheWrite5m: '1.25',
    cacheWrite1h: '2',
    output: '5',
  }),
  anthropic('claude-sonnet-4', 'claude-sonnet-4-20250514', sonnet, sonnetWithLongContext),
  anthropic('claude-sonnet-4-5', 'claude-sonnet-4-5-20250929', sonnet, sonnetWithLongContext),
  anthropic('claude-sonnet-4-6', undefined, sonnet, { geoSurcharge: true }),
  anthropic(
    'claude-sonnet-5',
    undefined,
    { input: '2', cacheRead: '0.2', cacheWrite5m: '2.5', cacheWrite1h: '4', output: '10' },
    { geoSurcharge: true },
  ),
  anthropic('claude-opus-4-1', 'claude-opus-4-1-20250805', oldOpus),
  anthropic('claude-opus-4-5', 'claude-opus-4-5-20251101', opus),
  anthropic('claude-opus-4-6', undefined, opus, { geoSurcharge: true }),
  anthropic('claude-opus-4-7', undefined, opus, { geoSurcharge: true }),
  anthropic('claude-opus-4-8', undefined, opus, { geoSurcharge: true }),
  anthropic('claude-opus-5', undefined, opus, { geoSurcharge: true }),
  anthropic(
    'claude-opus-5-5',
    undefined,
    { input: '4', cacheRead: '0.2', cacheWrite5m: '5', cacheWrite1h: '8', output: '20' },
    { geoSurcharge: true },
  ),
  anthropic(
    'claude-fable-5',
    undefined,
    { input: '10', cacheRead: '1', cacheWrite5m: '12.5', cacheWrite1h: '20', output: '50' },
    { geoSurcharge: true },
  ),
  gemini('gemini-2.5-pro', [
    {
      standard: { input: '1.25', cacheRead: '0.125', output: '10' },
      long: { above: 200_000, rates: { input: '2.5', cacheRead: '0.25', output: '15' } },
    },
  ]),
  gemini('gemini-2.5-flash', [{ standard: { input: '0.3', cacheRead: '0.03', output: '2.5' } }]),
  gemini('gemini-2.5-flash-lite', [
    { standard: { input: '0.1', cacheRead: '0.01', output: '0.4' } },
  ]),
  gemini('gemini-3-flash-preview', [
    { standard: { input: '0.5', cacheRead: '0.05', output: '3' } },
  ]),
  gemini('gemini-3-pro-preview', [
    {
      standard: { input: '2', cacheRead: '0.2', output: '12' },
      long: { above: 200_000, rates: { input: '4', cacheRead: '0.4', output: '18' } },
    },
  ]),
  gemini('gemini-3.1-flash-lite', [
    { standard: { input: '0.25', cacheRead: '0.025', output: '1.5' } },
  ]),
  gemini('gemini-3.5-flash', [{ standard: { input: '1.5', cacheRead: '0.15', output: '9' } }]),
  gemini('gemini-3.6-flash', [
    { since: '2027-01-01', standard: { input: '1.5', cacheRead: '0.15', output: '7.5' } },
    { standard: { input: '0.75', cacheRead: '0.075', output: '3.75' } },
  ]),
  gemini('gemini-embedding-001', [{ standard: { input: '0.15', output: '0' } }], {
    embeddingDimensions: 3072,
  }),
];
