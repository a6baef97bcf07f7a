import {
  FarthingError,
  readAnthropicCosts,
  readAnthropicUsage,
  type ProviderReport,
  type Window,
} from '@farthing/core';
import { fetchPages, type PageSource } from './fetch-pages.js';

const usageGroups = [
  'api_key_id',
  'workspace_id',
  'model',
  'service_tier',
  'context_window',
  'inference_geo',
];
const costGroups = ['workspace_id', 'description'];
/** The most buckets that one page may hold. */
const mostHours = 168;
const mostDays = 31;

/** Usage by the hour (over `span`, which reaches beyond the window) and costs by the day. */
export async function fetchAnthropicReport(
  source: PageSource,
  window: Window,
  span: Window,
  now: Date,
): Promise<ProviderReport> {
  const usagePages = await fetchPages(source, '/v1/organizations/usage_report/messages', [
    ['starting_at', rfc3339(span.from)],
    ['ending_at', rfc3339(earliest(span.to, now))],
    ['bucket_width', '1h'],
    ['limit', String(mostHours)],
    ...usageGroups.map((group) => ['group_by[]', group] as const),
  ]);
  const costPages = await fetchPages(source, '/v1/organizations/cost_report', [
    ['starting_at', rfc3339(window.from)],
    ['ending_at', rfc3339(earliest(window.to, now))],
    ['bucket_width', '1d'],
    ['limit', String(mostDays)],
    ...costGroups.map((group) => ['group_by[]', group] as const),
  ]);
  if (usagePages === null || costPages === null) {
    throw new FarthingError(
      'report_refused',
      'There is no usage or cost report at this address. Check --base-url: it is the address before /v1.',
    );
  }
  const usage = readAnthropicUsage(usagePages);
  const costs = readAnthropicCosts(costPages);
  const priority = usage.rows.some(({ tier }) => tier === 'priority');
  return {
    provider: 'anthropic',
    window,
    bucket: 'hour',
    usage: usage.rows,
    costs: costs.rows,
    usage_until: usage.until,
    costs_until: costs.until,
    fetched_at: now.toISOString(),
    notes: priority ? ['The cost report leaves out Priority Tier, which is billed apart.'] : [],
  };
}

function rfc3339(time: string): string {
  return time.replace(/\.\d{3}Z$/, 'Z');
}

function earliest(time: string, now: Date): string {
  return time < now.toISOString() ? time : now.toISOString();
}
