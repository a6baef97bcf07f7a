import type { CallDimension, CallRow, Dimension, Filter, TagName } from '@farthing/core';

/** How each dimension is called on screen. The record's type makes a new dimension of core show up here. */
const labels: Record<TagName | CallDimension, { one: string; many: string }> = {
  feature: { one: 'Feature', many: 'Features' },
  model: { one: 'Model', many: 'Models' },
  provider: { one: 'Provider', many: 'Providers' },
  tenant: { one: 'Tenant', many: 'Tenants' },
  segment: { one: 'Segment', many: 'Segments' },
  user: { one: 'User', many: 'Users' },
  agent: { one: 'Agent', many: 'Agents' },
  environment: { one: 'Environment', many: 'Environments' },
  template_version: { one: 'Template version', many: 'Template versions' },
  route: { one: 'Route', many: 'Routes' },
  run: { one: 'Run', many: 'Runs' },
  session: { one: 'Session', many: 'Sessions' },
  trace: { one: 'Trace', many: 'Traces' },
  api: { one: 'API', many: 'APIs' },
  model_requested: { one: 'Requested model', many: 'Requested models' },
  source: { one: 'Source', many: 'Sources' },
  outcome: { one: 'Outcome', many: 'Outcomes' },
  cost_status: { one: 'Cost status', many: 'Cost statuses' },
  cost_source: { one: 'Cost source', many: 'Cost sources' },
  attempt: { one: 'Attempt', many: 'Attempts' },
  stream: { one: 'Streamed', many: 'Streamed or not' },
  input_size: { one: 'Input size', many: 'Input sizes' },
  http_status: { one: 'HTTP status', many: 'HTTP statuses' },
  step: { one: 'Step', many: 'Steps' },
  parent_span: { one: 'Parent span', many: 'Parent spans' },
  run_outcome: { one: 'Outcome of the run', many: 'Outcomes of runs' },
  hour_of_day: { one: 'Hour of the day', many: 'Hours of the day' },
  day_of_week: { one: 'Day of the week', many: 'Days of the week' },
};

export const dimensions = Object.keys(labels) as (TagName | CallDimension)[];

const tags = new Set<string>([
  'feature',
  'user',
  'tenant',
  'segment',
  'agent',
  'route',
  'template_version',
  'run',
  'session',
  'trace',
  'environment',
] satisfies TagName[]);

export const isTag = (dimension: string): boolean =>
  tags.has(dimension) || dimension.startsWith('tag:');

export function isDimension(text: string): text is Dimension {
  return Object.hasOwn(labels, text) || /^tag:[a-z0-9][a-z0-9_.:/-]{0,63}$/.test(text);
}

export function dimensionLabel(dimension: Dimension, count: 'one' | 'many' = 'one'): string {
  if (dimension.startsWith('tag:')) return dimension.slice(4);
  return labels[dimension as TagName][count];
}

/** A value in a reader's words. Null is a call that lacks the tag, or the fact. */
export function valueLabel(dimension: Dimension, value: string | null): string {
  if (value === null) return isTag(dimension) ? 'Unattributed' : 'Not known';
  if (dimension === 'cost_status' || dimension === 'outcome') return value.replaceAll('_', ' ');
  if (dimension === 'stream') return value === 'true' ? 'Streamed' : 'Not streamed';
  return value;
}

/** A call's value of a dimension, as the API's queries see it. */
export function dimensionOf(call: CallRow, dimension: Dimension): string | null {
  if (dimension.startsWith('tag:')) return call.tags.custom?.[dimension.slice(4)] ?? null;
  if (isTag(dimension)) return call.tags[dimension as TagName] ?? null;
  // Of live calls it is not told where only the books know.
  const value = call[dimension as keyof CallRow];
  return value == null ? null : String(value as string | number | boolean);
}

/** Whether a call that arrives live belongs to what the reader has filtered for. */
export function passes(call: CallRow, filters: readonly Filter[]): boolean {
  return filters.every(
    ({ dimension, op, values }) => values.includes(dimensionOf(call, dimension)) === (op === 'in'),
  );
}
