import { z } from 'zod';
import { alertSettings } from './alert-settings.js';
import { breakerList, budgetList, checkBreakers, redis } from './budget-settings.js';
import { durationOf } from './duration.js';
import { outletList } from './outlet-settings.js';
import { runGuardSettings } from './run-guard-settings.js';
import { tagSettings } from './tag-settings.js';

const port = z.int().min(0).max(65_535);
const milliseconds = z.int().min(0);
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be a http(s) URL' });

const listener = {
  host: z
    .string()
    .default('127.0.0.1')
    .describe('Address to listen on. Anything but loopback needs `token`.'),
  token: z
    .string()
    .min(16)
    .optional()
    .describe('Secret that callers must send; needed when `host` is not loopback.'),
};

const gateway = z.strictObject({
  ...listener,
  port: port.default(4141),
  on_client_abort: z
    .enum(['abort', 'drain'])
    .default('abort')
    .describe(
      'When the client leaves: `abort` the provider call and book the tokens seen (estimated), or `drain` it to its end and book the exact usage.',
    ),
  on_full_disk: z
    .enum(['refuse', 'pass-unrecorded'])
    .default('refuse')
    .describe(
      'When the journal cannot be written: `refuse` calls with status 503, or let them pass without a record (counted in farthing_unrecorded_calls_total).',
    ),
  max_body_bytes: z
    .int()
    .min(1024)
    .default(100 * 1024 * 1024),
  upstream_timeout_ms: milliseconds
    .default(600_000)
    .describe('Longest silence of a provider before the call is given up.'),
  allowed_origins: z
    .array(z.string())
    .default([])
    .describe('Web origins whose pages may call the gateway from a browser.'),
  baggage: z
    .array(z.string())
    .default([])
    .describe('Keys of the W3C baggage header to keep as custom tags.'),
});

const journal = z.strictObject({
  flush_ms: milliseconds.min(1).max(1_000).default(4),
  segment_bytes: z
    .int()
    .min(64 * 1024)
    .default(64 * 1024 * 1024),
  retention_days: z
    .number()
    .min(0)
    .default(90)
    .describe('Booked segments older than this are deleted. 0 keeps them for ever.'),
});

const provider = z.strictObject({
  base_url: httpUrl.describe('Where the provider answers, e.g. https://api.groq.com/openai/v1'),
  api: z
    .enum(['openai', 'anthropic', 'gemini', 'bedrock'])
    .default('openai')
    .describe("Whose paths and errors it speaks. OpenAI's API is understood beside each of them."),
  api_key_env: z
    .string()
    .optional()
    .describe('Environment variable with the key to use when the caller sends none.'),
  price_as: z
    .string()
    .optional()
    .describe(
      'Provider whose rules and prices hold, when it is not the name given here: a second `azure` or `xai` under a name of your own.',
    ),
  ask_for_usage: z
    .boolean()
    .optional()
    .describe(
      'Whether OpenAI-style streams are asked for their usage (`stream_options.include_usage`) where the caller did not ask; the caller does not see it. True, except for Mistral, which refuses it and states usage anyway. Set false for servers that refuse it too: their streams may then have no usage.',
    ),
  location: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .optional()
    .describe(
      'Google Cloud location where the models run, e.g. europe-west1, for providers whose paths do not say it: regions cost more than `global`.',
    ),
  deployment_type: z
    .enum([
      'GlobalStandard',
      'DataZoneStandard',
      'Standard',
      'GlobalProvisionedManaged',
      'DataZoneProvisionedManaged',
      'ProvisionedManaged',
      'GlobalBatch',
      'DataZoneBatch',
      'DeveloperTier',
    ])
    .optional()
    .describe(
      'Azure: the type of the deployments behind this address, which no answer states and the price depends on. One provider per type.',
    ),
});

const duration = (least: number, what: string) =>
  z
    .string()
    .refine((text) => durationOf(text) >= least, `must be a duration ${what}, like "90s" or "1h"`);

/** A path, or a URL of the kind that files of prices are fetched from. */
const fileOrUrl = z
  .string()
  .min(1)
  .refine(
    (text) => !/^[a-z][a-z0-9+.-]+:\/\//i.test(text) || /^https?:\/\/[^/]/i.test(text),
    'must be a path or a http(s) URL',
  );

const priceBook = z.strictObject({
  files: z
    .array(fileOrUrl)
    .default([])
    .describe(
      'Files of your own prices (YAML or JSON; LiteLLM price maps too), as paths from the folder of this file or as URLs. Later ones go over earlier ones. Changes take effect while Farthing runs.',
    ),
  refresh: duration(60_000, 'of at least one minute')
    .default('1h')
    .describe('How often URLs are fetched: 15m, 1h, 1d.'),
  timeout: duration(1_000, 'of at least one second')
    .default('10s')
    .describe('How long fetching a URL may take in all.'),
  base_url: httpUrl
    .default(
      'https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json',
    )
    .describe(
      'Where `farthing prices refresh` gets the published prices: the data of genai-prices, or a mirror of it. Nothing is fetched from there otherwise.',
    ),
  fallback: z
    .string()
    .regex(/^[^/]+\/.+$/, 'must be a provider and a model, like "openai/gpt-4.1"')
    .optional()
    .describe(
      'Model whose prices stand in for unknown ones, as provider/model. Such costs are marked as partial. Without it an unknown price is unknown.',
    ),
});

const toolPrice = z.looseObject({
  price: z
    .union([z.string(), z.number()])
    .describe('Price in USD of `per` uses, as a decimal string.'),
  per: z.int().min(1).optional().describe('How many uses the price is for (default 1).'),
  effective_from: z.string().optional(),
  effective_to: z.string().optional(),
});

const reconciled = z.strictObject({
  projects: z
    .array(z.string())
    .default([])
    .describe('Projects or workspaces whose traffic passes Farthing; none means all.'),
  api_keys: z
    .array(z.string())
    .default([])
    .describe('Ids (not the keys themselves) of API keys whose traffic passes Farthing.'),
  base_url: httpUrl.optional().describe("Where the provider's usage and cost reports are."),
});

const otlp = z.strictObject({
  ...listener,
  port: port
    .optional()
    .describe(
      'A further port for OTLP alone, 4318 where exporters look for it by themselves. Without it `/v1/traces` answers on the port of `control`.',
    ),
  hold: duration(0, 'of zero or more')
    .default('2s')
    .describe(
      'How long a call that a span tells of waits before it is booked, so that one that is booked elsewhere is not booked twice.',
    ),
  hold_summaries: duration(0, 'of zero or more')
    .default('1m')
    .describe(
      'How long the usage of an agent or a workflow waits for the calls that it may be the sum of. Only without them it is booked.',
    ),
});

/** farthing.yaml. Every key has a default; unknown keys are errors. */
const keys = z.strictObject({
  data: z.string().default('./farthing-data').describe('Directory for journals and the store.'),
  gateway: gateway.prefault({}),
  control: z.strictObject({ ...listener, port: port.default(4142) }).prefault({}),
  otlp: otlp.prefault({}).describe('Calls from OpenTelemetry traces: docs/telemetry.md.'),
  journal: journal.prefault({}),
  providers: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), provider).default({}),
  prices: z
    .array(
      z.looseObject({
        provider: z.string(),
        model: z.string().optional(),
      }),
    )
    .default([])
    .describe(
      'Your own prices, over the list prices: provider and model with `rates_per_mtok` (decimal strings in USD per million tokens: input, output, cache_read, cache_write_5m, …), `rates` of other units, `unit: gpu_hour` with `rate`, `same_as` a known model, or `discount`; each with optional effective_from and effective_to. docs/prices.md has all fields.',
    ),
  price_book: priceBook
    .prefault({})
    .describe('Where further prices come from, under `prices` and over the published ones.'),
  tools: z
    .record(z.string(), z.union([toolPrice, z.array(toolPrice)]))
    .default({})
    .describe(
      'Prices of paid tools of your own, by name, each one price or a list of dated ones: calls count their uses as `tool:<name>` in their units.',
    ),
  reconcile: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), reconciled)
    .default({})
    .describe(
      'By provider: which of its projects and keys `farthing reconcile` holds the ledger against.',
    ),
  budgets: budgetList.describe('What calls may cost: docs/budgets.md has all fields.'),
  breakers: breakerList.describe(
    'Circuit breakers, which degrade what spends too fast: docs/budgets.md has all fields.',
  ),
  redis,
  alerts: alertSettings.prefault({}).describe('Incidents and who is told: docs/alerts.md.'),
  run_guard: runGuardSettings.describe('Runs that run away: docs/run-guard.md.'),
  drift: z
    .strictObject({
      threshold: z
        .number()
        .min(0.01)
        .max(100)
        .default(0.3)
        .describe(
          'A call whose cost lies further from its estimate has drifted (COST_DRIFT): 0.3 is 30 %.',
        ),
      log_every: duration(1_000, 'of at least one second')
        .default('1m')
        .describe('A feature whose calls drift is logged at most so often, with their number.'),
    })
    .prefault({}),
  audit: z
    .strictObject({
      prompts: z
        .boolean()
        .default(true)
        .describe('Whether the gateway counts where the input of calls comes from; never text.'),
      prefixes: z
        .boolean()
        .default(true)
        .describe(
          'Whether calls get keyed fingerprints of how their prompts begin (48 bits each, never text), which `farthing cache` needs to say what another setting would save.',
        ),
      context_elements: z
        .array(
          z.string().regex(/^[A-Za-z][\w.-]{0,63}$/, 'must be the name of an element, like "kb"'),
        )
        .max(32)
        .default([])
        .describe(
          'Elements that hold retrieved text in your prompts (`<kb>…</kb>`: kb), beside context, documents, document, retrieved, search_results and sources.',
        ),
    })
    .prefault({}),
  outlets: outletList.describe('Where booked entries go besides the store: docs/outlets.md.'),
  tags: tagSettings,
  privacy: z
    .strictObject({
      users: z
        .enum(['pseudonym', 'plain', 'drop'])
        .default('pseudonym')
        .describe('How the user tag is stored: keyed hash, as sent, or not at all.'),
      personal: z
        .array(
          z
            .string()
            .regex(
              /^[a-z0-9][a-z0-9_.:/-]{0,63}$/,
              'a tag is named in small letters, without `tag:`',
            ),
        )
        .default([])
        .describe('Further tags whose values are stored as keyed hashes, e.g. [author, session]'),
    })
    .prefault({}),
  log: z
    .strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') })
    .prefault({}),
});

export const configSchema = keys.superRefine(checkBreakers);

export type Config = z.infer<typeof configSchema>;
export type ProviderConfig = z.infer<typeof provider>;
