import type { EffectiveRate, ModelName, ModelPriceRow, PriceView } from '@farthing/core';
import { fetchPrices, runQuery } from '../api/contract.js';
import { RequestError } from '../api/http.js';
import { countOf, keyOf, usdOf } from '../api/row.js';
import { formatCount } from '../figures/counts.js';

/** A model that the books have calls of. */
export interface BookedModel extends ModelName {
  calls: number;
  cost: string | null;
  unpriced: number;
}

const lookBack = 30 * 86_400_000;
const mostModels = 200;

/** The models of the last 30 days, dearest first: those whose prices matter here. */
export async function fetchBookedModels(now: number, signal: AbortSignal): Promise<BookedModel[]> {
  const { rows } = await runQuery(
    {
      measures: ['cost', 'calls', 'unpriced_calls'],
      dimensions: ['provider', 'model'],
      window: { from: new Date(now - lookBack).toISOString(), to: new Date(now).toISOString() },
      order: [
        { by: 'cost', direction: 'desc' },
        { by: 'calls', direction: 'desc' },
      ],
      limit: mostModels,
    },
    signal,
  );
  return rows.flatMap((row) => {
    const [provider, model] = [keyOf(row, 'provider'), keyOf(row, 'model')];
    if (provider === null || model === null) return [];
    return [
      {
        provider,
        model,
        calls: countOf(row, 'calls'),
        cost: usdOf(row, 'cost'),
        unpriced: countOf(row, 'unpriced_calls'),
      },
    ];
  });
}

/** Those that lack a price first, as they need one; the others stay as they were, dearest first. */
export const unpricedFirst = (models: readonly BookedModel[]): BookedModel[] =>
  models.toSorted((left, right) => Number(right.unpriced > 0) - Number(left.unpriced > 0));

/** Providers that the gateway knows without being told, as it names them. */
const builtIn = ['openai', 'anthropic', 'gemini'];

/**
 * What a typed name may mean besides a called model: itself when it names its provider, otherwise that
 * model at each provider that is called here or known to the gateway.
 */
export function candidates(typed: string, booked: readonly BookedModel[]): ModelName[] {
  const named = readModelName(typed);
  if (named !== null) return [named];
  const model = typed.trim();
  if (model === '' || model.includes('/')) return [];
  const providers = new Set([...booked.map(({ provider }) => provider), ...builtIn]);
  return [...providers].map((provider) => ({ provider, model }));
}

/** The first of them that the price book knows; null when it knows none. */
export async function firstListed(
  names: readonly ModelName[],
  signal: AbortSignal,
): Promise<ModelName | null> {
  for (const name of names) {
    try {
      await fetchPrices(name, null, signal);
      return name;
    } catch (error) {
      if (!isNoPrice(error)) throw error;
    }
  }
  return null;
}

/** Whether the price book answered, and has no such model. */
export const isNoPrice = (error: unknown): boolean =>
  error instanceof RequestError && error.code === 'unknown_model';

/** Models whose provider or name contains what was typed; all when nothing was. */
export function matching(models: readonly BookedModel[], typed: string): BookedModel[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter(({ provider, model }) => {
    const name = `${provider}/${model}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

/** `openai/gpt-5` → its provider and model; null when it is not both. */
export function readModelName(text: string): ModelName | null {
  const slash = text.indexOf('/');
  const [provider, model] = [text.slice(0, slash).trim(), text.slice(slash + 1).trim()];
  return slash < 1 || model === '' ? null : { provider, model };
}

const unitOrder = [
  'input',
  'cache_read',
  'cache_write',
  'cache_write_5m',
  'cache_write_1h',
  'output',
];

/** As prices are published: input, cache, output, then everything else by name. */
export function inOrder(rates: readonly EffectiveRate[]): EffectiveRate[] {
  const rank = (unit: string) => {
    const place = unitOrder.indexOf(unit);
    return place < 0 ? unitOrder.length : place;
  };
  return rates.toSorted(
    (left, right) => rank(left.unit) - rank(right.unit) || (left.unit < right.unit ? -1 : 1),
  );
}

const operators = { gt: 'over', gte: 'from', lt: 'under', lte: 'up to' } as const;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** When a row holds, in words; empty for the ordinary case. */
export function conditionsOf({ when, threshold, daily, model }: ModelPriceRow): string[] {
  const words = Object.entries(when ?? {}).map(
    ([name, value]) => `${name.replaceAll('_', ' ')}: ${String(value)}`,
  );
  if (threshold !== undefined) {
    words.push(`prompts ${operators[threshold.op]} ${formatCount(threshold.tokens)} tokens`);
  }
  if (daily !== undefined) {
    const days = daily.days?.map((day) => weekdays[day]).join(', ');
    words.push(`${daily.start}–${daily.end} UTC${days === undefined ? '' : `, ${days}`}`);
  }
  if (model.endsWith('*')) words.push(`all models ${model}`);
  return words;
}

/** What a row does: the rates that it sets, and the factors on others. */
export function effectsOf(row: ModelPriceRow): [name: string, effect: string][] {
  return [
    ...Object.entries(row.rates ?? {}).map(([unit, rate]): [string, string] => [unit, `$${rate}`]),
    ...Object.entries(row.multiply ?? {}).map(([unit, factor]): [string, string] => [
      unit,
      `× ${factor}`,
    ]),
    ...Object.entries(row.derive ?? {}).map(([unit, [from, factor]]): [string, string] => [
      unit,
      `${from} × ${factor}`,
    ]),
    ...Object.entries(row.minimum ?? {}).map(([unit, least]): [string, string] => [
      unit,
      `at least ${least}`,
    ]),
    ...(row.contract === undefined ? [] : [['price', 'by contract'] as [string, string]]),
    ...(row.same_as === undefined ? [] : [['priced as', row.same_as] as [string, string]]),
  ];
}

const matches: Record<PriceView['match'], string> = {
  exact: 'Listed under this id.',
  alias: 'Another name of a listed model.',
  dated_suffix: 'Listed without the date in its name.',
  prefix: 'Listed without the path, provider or region in its name.',
  same_as: 'Declared to be priced as another model.',
};

/** How the price book found the model. */
export function matchOf({ match, matched_id: id, model, owner, provider }: PriceView): string {
  const as = id === model ? '' : ` It is found as ${id}.`;
  const list = owner === provider ? '' : ` The price list is that of ${owner}.`;
  return `${matches[match]}${as}${list}`;
}
