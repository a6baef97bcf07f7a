/** How to read one row of a table of costs (a CSV or JSON export) as usage and a cost line. */
export interface TableMapping {
  /** Names of columns; the first that a row has is taken. */
  columns: {
    time: readonly string[];
    model: readonly string[];
    /** What was billed: a token type, or the meter's or SKU's name. Default: the model's column. */
    kind?: readonly string[];
    quantity?: readonly string[];
    /** What one of `quantity` is: `1K tokens`, `1M`, `count`. */
    unit?: readonly string[];
    cost: readonly string[];
    currency?: readonly string[];
    tier?: readonly string[];
    project?: readonly string[];
    /** The service that a row is of; rows that `services` does not match are left out. */
    service?: readonly string[];
  };
  services?: RegExp;
  /** Kinds by pattern, the first that matches; a token kind, a unit, `credit`, or `other`. */
  kinds: readonly (readonly [RegExp, string])[];
  tiers?: readonly (readonly [RegExp, string])[];
  /** Model ids by the name that the export gives them; exact names, lower case. */
  models?: Readonly<Record<string, string>>;
  /** The model's id out of the text in the model's column. */
  modelId?: (text: string) => string | null;
  /** Amounts in a list within the row that count as credits (Google's `credits[].amount`). */
  credits?: string;
  /** What one of the quantity is where no unit column says it. */
  per?: number;
}

export const tablePresetNames = ['google-billing', 'aws-cur', 'azure-cost', 'focus'] as const;
export type TablePreset = (typeof tablePresetNames)[number];

/** Token kinds in the words of meters, SKUs and usage types: cached before input, input before output. */
const meterKinds: TableMapping['kinds'] = [
  [
    /cache[-_ ]?read|cachedinput|cached (text |audio |image )?(input|content)|cchd|cached inp|cache hit/i,
    'cache_read',
  ],
  [/cache[-_ ]?storage/i, 'other'],
  [/cache[-_ ]?write.*1h|cachewrite1h/i, 'cache_write_1h'],
  [/cache[-_ ]?write.*5m|cachewrite5m/i, 'cache_write_5m'],
  [/cache[-_ ]?writ|cachewrite/i, 'cache_write'],
  [/search|grounding/i, 'web_searches'],
  [/output[-_ ]?token|output|outp\b|opt\b|response/i, 'output'],
  [/input[-_ ]?token|input|inp\b|prompt/i, 'input_uncached'],
];
const meterTiers: NonNullable<TableMapping['tiers']> = [
  [/batch/i, 'batch'],
  [/flex/i, 'flex'],
  [/priority|\bpp\b/i, 'priority'],
];

/** Presets for exports whose columns are known; see docs/reconcile.md for how to make them. */
export const tablePresets: Readonly<Record<TablePreset, TableMapping>> = {
  // Cloud Billing export to BigQuery (gcp_billing_export_v1_* and resource_v1_*), as JSON or flattened CSV.
  'google-billing': {
    columns: {
      time: ['usage_start_time'],
      model: ['sku.description', 'sku_description'],
      quantity: ['usage.amount', 'usage_amount'],
      unit: ['usage.unit', 'usage_unit'],
      cost: ['cost'],
      currency: ['currency'],
      project: ['project.id', 'project_id'],
      service: ['service.description', 'service_description'],
    },
    services: /gemini|vertex|generative language/i,
    kinds: meterKinds,
    tiers: meterTiers,
    modelId: (text) => {
      const name =
        /\b((?:gemini|claude|gemma|imagen|veo)[\w. -]*?)(?=\s+(?:text|image|audio|video|input|output|cached|caching|thinking|live|batch|token|count|short|long|predictions|ga\b|native|-)|$)/i.exec(
          text,
        )?.[1];
      return name === undefined ? null : name.trim().toLowerCase().replace(/\s+/g, '-');
    },
    credits: 'credits',
  },
  // AWS Cost and Usage Report 2.0 (Data Exports).
  'aws-cur': {
    columns: {
      time: ['line_item_usage_start_date'],
      model: ['line_item_usage_type'],
      quantity: ['line_item_usage_amount'],
      unit: ['pricing_unit'],
      cost: ['line_item_unblended_cost'],
      currency: ['line_item_currency_code'],
      project: ['line_item_usage_account_id'],
      service: ['line_item_product_code', 'product_servicecode'],
    },
    services: /bedrock/i,
    kinds: meterKinds,
    tiers: meterTiers,
    // USE1-Claude4.5Sonnet-input-tokens, USE1-MP:USE1_OutputTokenCount_Global
    modelId: (text) => {
      const bare = text.replace(/^[A-Z]{2,4}\d(-MP:[A-Z]{2,4}\d)?[-_]/, '');
      const name = bare.replace(
        /[-_](?:input|output|cache|batch|flex|priority|global|cross[-_]region|tokens?|count|read|write|InputTokenCount|OutputTokenCount).*$/i,
        '',
      );
      return name === '' || /TokenCount/i.test(name) ? null : name.toLowerCase();
    },
  },
  // Azure Cost Management exports, actual or amortized.
  'azure-cost': {
    columns: {
      time: ['date', 'Date', 'UsageDateTime'],
      model: ['meterName', 'MeterName'],
      quantity: ['quantity', 'Quantity', 'UsageQuantity'],
      unit: ['unitOfMeasure', 'UnitOfMeasure'],
      cost: [
        'costInUsd',
        'CostInUSD',
        'costInBillingCurrency',
        'CostInBillingCurrency',
        'PreTaxCost',
      ],
      currency: ['billingCurrency', 'BillingCurrency', 'BillingCurrencyCode'],
      project: ['SubscriptionId', 'subscriptionId'],
      service: ['meterCategory', 'MeterCategory', 'consumedService', 'ConsumedService'],
    },
    services: /cognitive|foundry|openai|azure ai/i,
    kinds: meterKinds,
    tiers: meterTiers,
    // gpt 4o 0806 Inp glbl Tokens
    modelId: (text) => {
      const name = text
        .replace(/\b(cached|cchd|cache|inp|input|outp|output|opt|batch|pp|flex|priority)\b.*$/i, '')
        .trim();
      return name === '' ? null : name.toLowerCase().replace(/\s+/g, '-');
    },
  },
  // FOCUS 1.2, and Farthing's own export of it.
  focus: {
    columns: {
      time: ['ChargePeriodStart'],
      model: ['x_Model', 'SkuMeter', 'ChargeDescription', 'SkuId'],
      kind: ['x_TokenType', 'SkuMeter', 'ChargeDescription'],
      quantity: ['ConsumedQuantity', 'PricingQuantity'],
      unit: ['ConsumedUnit', 'PricingUnit'],
      cost: ['BilledCost', 'EffectiveCost'],
      currency: ['BillingCurrency'],
      tier: ['x_ServiceTier'],
      project: ['SubAccountId'],
    },
    kinds: [
      ...(
        [
          'cache_write_5m',
          'cache_write_1h',
          'cache_write',
          'cache_read',
          'input_uncached',
          'output',
        ] as const
      ).map((kind) => [new RegExp(`^${kind}$`), kind] as const),
      [/^credit/i, 'credit'],
      ...meterKinds,
    ],
    tiers: [],
  },
};
