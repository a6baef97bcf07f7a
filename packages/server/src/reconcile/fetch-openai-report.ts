import {
  FarthingError,
  readOpenAICosts,
  readOpenAIUsage,
  type BookRates,
  type ProviderReport,
  type UsageRow,
  type Window,
} from '@farthing/core';
import { fetchPages, type PageSource } from './fetch-pages.js';

/** Usage endpoints, and by what each can be grouped. All count per hour. */
const usageEndpoints: readonly { name: string; groups: readonly string[]; optional: boolean }[] = [
  {
    name: 'completions',
    groups: ['project_id', 'api_key_id', 'model', 'batch', 'service_tier'],
    optional: false,
  },
  { name: 'embeddings', groups: ['project_id', 'api_key_id', 'model'], optional: true },
  { name: 'moderations', groups: ['project_id', 'api_key_id', 'model'], optional: true },
  { name: 'images', groups: ['project_id', 'api_key_id', 'model'], optional: true },
  { name: 'audio_speeches', groups: ['project_id', 'api_key_id', 'model'], optional: true },
  { name: 'audio_transcriptions', groups: ['project_id', 'api_key_id', 'model'], optional: true },
  { name: 'code_interpreter_sessions', groups: ['project_id'], optional: true },
  { name: 'file_search_calls', groups: ['project_id'], optional: true },
  { name: 'web_search_calls', groups: ['project_id'], optional: true },
];
/** The most buckets that one page may hold. */
const mostHours = 168;
const mostCostDays = 180;

/** Usage by the hour (over `span`, which reaches beyond the window) and costs by the day. */
export async function fetchOpenAIReport(
  source: PageSource,
  window: Window,
  span: Window,
  rates: BookRates,
  now: Date,
): Promise<ProviderReport> {
  const usage: UsageRow[] = [];
  const notes: string[] = [];
  let usageUntil: string | null = null;
  for (const { name, groups, optional } of usageEndpoints) {
    const pages = await fetchUsage(source, name, optional, [
      ['start_time', seconds(span.from)],
      ['end_time', seconds(earliest(span.to, now))],
      ['bucket_width', '1h'],
      ['limit', String(mostHours)],
      ...groups.map((group) => ['group_by', group] as const),
    ]);
    if (pages === null) {
      if (!optional) throw notOffered(name);
      notes.push(`The provider offers no usage report for ${name}.`);
      continue;
    }
    const read = readOpenAIUsage(pages, `usage/${name}`);
    for (const row of read.rows) {
      // Only completions have tiers; what is grouped by none is the standard one.
      usage.push(name === 'completions' ? row : { ...row, tier: row.tier ?? 'default' });
    }
    if (name === 'completions') usageUntil = read.until;
  }
  const pages = await fetchPages(source, '/v1/organization/costs', [
    ['start_time', seconds(window.from)],
    ['end_time', seconds(earliest(window.to, now))],
    ['bucket_width', '1d'],
    ['limit', String(mostCostDays)],
    ['group_by', 'project_id'],
    ['group_by', 'line_item'],
  ]);
  if (pages === null) throw notOffered('costs');
  const models = new Set(usage.map(({ model }) => model));
  const costs = readOpenAICosts(pages, (name) => models.has(name) || rates.knows(name));
  return {
    provider: 'openai',
    window,
    bucket: 'hour',
    usage,
    costs: costs.rows,
    usage_until: usageUntil,
    costs_until: costs.until,
    fetched_at: now.toISOString(),
    notes,
  };
}

/** Null where the endpoint does not exist or, if it is not needed by all, does not take the request. */
async function fetchUsage(
  source: PageSource,
  name: string,
  optional: boolean,
  parameters: readonly (readonly [string, string])[],
): Promise<unknown[] | null> {
  try {
    return await fetchPages(source, `/v1/organization/usage/${name}`, parameters);
  } catch (error) {
    if (optional && FarthingError.isInstance(error) && error.code === 'report_refused') return null;
    throw error;
  }
}

function notOffered(name: string): FarthingError {
  return new FarthingError(
    'report_refused',
    `There is no ${name} report at this address. Check --base-url: it is the address before /v1.`,
  );
}

function seconds(time: string): string {
  return String(Math.floor(Date.parse(time) / 1000));
}

function earliest(time: string, now: Date): string {
  return time < now.toISOString() ? time : now.toISOString();
}
