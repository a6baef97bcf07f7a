import { formatUsd, parseUsd, type Entry } from '@farthing/core';
import type { FakeProvider } from '../../packages/server/src/fake-provider/index.js';
import { pause, type Installation } from '../support/farthing-process.js';

export interface Sum {
  calls: number;
  usd: string | null;
  tokens: Record<string, number>;
}

/** By model, what the provider's own meter billed. */
export function billed(provider: FakeProvider, except: readonly string[]): Record<string, Sum> {
  const lines = provider.books.report().lines.filter(({ model }) => !except.includes(model));
  return Object.fromEntries(
    lines.map(({ model, requests, usd, tokens }) => [
      model,
      { calls: requests, usd, tokens: counted(tokens as Record<string, number>) },
    ]),
  );
}

export function booked(calls: readonly Entry[]): Record<string, Sum> {
  const sums: Record<string, Sum> = {};
  for (const { model, cost, usage } of calls) {
    if (usage === null || model === null) continue;
    const sum = (sums[model] ??= { calls: 0, usd: '0', tokens: {} });
    sum.calls++;
    sum.usd = formatUsd(parseUsd(sum.usd!) + parseUsd(cost.usd!));
    for (const [kind, count] of Object.entries(counted({ ...usage.tokens }))) {
      sum.tokens[kind] = (sum.tokens[kind] ?? 0) + count;
    }
  }
  return sums;
}

function counted(tokens: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(tokens).filter(([, count]) => count > 0));
}

/** Waits until no call of a span waits any more and all are in the books. */
export async function untilSettled(installation: Installation): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const metrics = await (await fetch(`${installation.controlUrl}/metrics`)).text();
    if (/^farthing_otlp_waiting_calls 0$/m.test(metrics)) return installation.untilBooked();
    await pause(50);
  }
  throw new Error('spans do not settle');
}
