import { parseUsd, formatUsd, type Entry } from '@farthing/core';
import { sampleEntry } from '../src/store/conformance/batches.js';

const hour = 3_600_000;
const start = Date.UTC(2026, 2, 1);

/**
 * Four days of calls of two features until 2026-03-05, three an hour each, of 1,000 tokens of input (900 from
 * the cache) and 50 of output at 0.001875 USD. On 2026-03-03 at 06:00 `search` goes from template v6 to v7,
 * whose answers have 150 tokens and cost 0.002875 USD. One call a day has a model without a price.
 */
export function switchedTemplate(): Entry[] {
  return Array.from({ length: 96 * 6 }, (_, index): Entry => {
    const at = Math.floor(index / 6);
    const isSearch = index % 2 === 0;
    const isNew = isSearch && at >= 54;
    const tags = {
      feature: isSearch ? 'search' : 'chat',
      template_version: isSearch ? (isNew ? 'v7' : 'v6') : 'v1',
      tenant: index % 3 === 0 ? 'acme' : 'umbrella',
    };
    const entry = sampleEntry({
      started_at: new Date(start + at * hour + (index % 6) * 60_000).toISOString(),
      tags,
    });
    if (!isSearch && at % 24 === 0 && index % 6 === 1) {
      const cost = { usd: null, status: 'unknown_model', reason: 'unknown', charges: [] } as const;
      return { ...entry, model: 'acme-ranker-1', cost: { ...cost, charges: [] } };
    }
    return isNew ? withOutput(entry, 150) : entry;
  });
}

/** The call with an answer of so many tokens, at its own rate. */
function withOutput(entry: Entry, output: number): Entry {
  const { usage, cost } = entry;
  const charge = cost.charges.find(({ kind }) => kind === 'output')!;
  const amount = (parseUsd(charge.rate_usd) * BigInt(output)) / BigInt(charge.per);
  const usd = parseUsd(cost.usd!) - parseUsd(charge.amount_usd) + amount;
  return {
    ...entry,
    usage: { ...usage!, tokens: { ...usage!.tokens, output } },
    cost: {
      ...cost,
      usd: formatUsd(usd),
      charges: cost.charges.map((each) =>
        each === charge ? { ...each, quantity: output, amount_usd: formatUsd(amount) } : each,
      ),
    },
  };
}
