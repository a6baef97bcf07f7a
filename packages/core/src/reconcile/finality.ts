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
  readonly #report: ProviderReport;
  readonly #after: FinalAfter;

  constructor(report: ProviderReport, after: FinalAfter) {
    this.#report = report;
    this.#after = after;
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

  /** Why the figures of the UTC day that begins then are not final, and what would make them so; null when they are. */
  openReason(day: string): string | null {
    const end = endOf(day, 'day');
    if (this.usage(end) && this.costs(end)) return null;
    const { fetched_at: fetchedAt, usage_until: usage, costs_until: costs } = this.#report;
    if (end > fetchedAt) {
      return `the day was not over when the report was fetched (${minuteOf(fetchedAt)}); --final-after counts from its end`;
    }
    if (usage !== null && usage < end) return `the usage report ends at ${minuteOf(usage)}`;
    if (costs !== null && costs < end) return `the cost report ends at ${minuteOf(costs)}`;
    const longest = Math.max(this.#after.usage, this.#after.costs);
    const until = new Date(Date.parse(end) + longest).toISOString();
    return `the provider may change it until ${minuteOf(until)}, and the report was fetched at ${minuteOf(fetchedAt)}; --final-after sets another span`;
  }
}

export function endOf(at: string, bucket: 'hour' | 'day'): string {
  return new Date(Date.parse(at) + (bucket === 'hour' ? hour : 24 * hour)).toISOString();
}

function minuteOf(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

function least(left: string, right: string | null): string {
  return right !== null && right < left ? right : left;
}
