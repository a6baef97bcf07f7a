import type { Cost } from '../../entry.js';
import type { CallContext } from '../../usage/call-context.js';
import { readUsage } from '../../usage/read-usage.js';
import type { UsageReading } from '../../usage/usage.js';
import { pricedModel } from '../priced-model.js';
import { ruleLayer } from '../price-rows.js';
import { readOverride } from '../read-override.js';
import { defaultPriceBook } from '../snapshot/index.js';

export interface ConformanceCase {
  id: string;
  provider: string;
  model: string;
  api: string;
  date: string;
  context?: CallContext & { override?: unknown };
  usage: unknown;
  expected: { cost_usd: string | null; status: Cost['status'] } & Record<string, unknown>;
}

/** One case a line. */
export function parseCorpus(text: string): ConformanceCase[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ConformanceCase);
}

const list = defaultPriceBook();

/** Reads and prices one case as a caller would. */
export function settleCase(case_: ConformanceCase): { reading: UsageReading; cost: Cost } {
  const { provider, model, api, date, context, usage } = case_;
  const facts = context === undefined ? {} : { context };
  const reading = readUsage({ provider, api, payload: usage, ...facts });
  const priced = pricedModel({ provider, requested: model, answered: reading.model });
  const own = () =>
    ruleLayer('override', 'context', readOverride(context?.override, { provider, model }));
  const book = context?.override === undefined ? list : defaultPriceBook([own()]);
  return {
    reading,
    cost: book.price({ provider, api, model: priced, at: date, reading, ...facts }),
  };
}
