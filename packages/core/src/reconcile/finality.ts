import type { ProviderReport } from './provider-report.js';

/** How long after a bucket's end a provider may still change it, in milliseconds. */
export interface FinalAfter {
  usage: number;
  costs: number;
}

const minute = 60_000;
const hour = 60 * minute;

/**
 * Anthropic states about five minutes for usage; OpenAI and the cost reports state nothing, and the
 * clouds' exports come hours late: those are on the safe side.
 */
export function usualFinalAfter(provider: string): FinalAfter {
  switch (provider) {
    case 'anthropic':
      return { usage: 10 * minute, costs: 24 * hour };
    case 'openai':
      return { usage: hour, costs: 24 * hour };
    default:
      return { usage: 48 * hour, costs: 72 * hour };
  }
}

/** Which parts of a report are the provider's last word. */
export class Finality {
  readonly #usage: string;
  readonly #costs: string;

  constructor(report: ProviderReport, after: FinalAfter) {
    const before = (milliseconds: number) =>
      new Date(Date.parse(report.fetched_at) - milliseconds).toISOString();
    this.#usage = least(before(after.usage), report.usage_until);
    this.#costs = least(before(after.costs), report.costs_until);
  }

  /** @param end ISO time at which the bucket ends. */
  usage(end: string): boolean {
    return end <= this.#usage;
  }

  costs(end: string): boolean {
    return end <= this.#costs;
  }
}

export function endOf(at: string, bucket: 'hour' | 'day'): string {
  return new Date(Date.parse(at) + (bucket === 'hour' ? hour : 24 * hour)).toISOString();
}

function least(left: string, right: string | null): string {
  return right !== null && right < left ? right : left;
}
