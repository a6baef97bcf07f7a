import { canonicalProvider, readUsage } from '@farthing/core';
import type { Preset } from '../mapping.js';
import { valueAt } from '../read-field.js';

/**
 * Helicone's export of requests (JSON lines, JSON or CSV). Where the provider's answer is part of it,
 * its own `usage` is read and the answer's text is not; otherwise the columns are, in which cached
 * tokens stand beside `prompt_tokens`.
 * https://docs.helicone.ai/features/advanced-usage/data-export
 */
export const helicone: Preset = {
  name: 'helicone',
  id: { any: ['request_id', 'id'] },
  started_at: { path: 'request_created_at', unit: 'iso' },
  ended_at: { path: 'response_created_at', unit: 'iso' },
  duration_ms: { any: ['delay_ms', 'latency'] },
  provider: 'provider',
  model: { any: ['response_model', 'model_override', 'model', 'request_model'] },
  api: 'request_path',
  tokens: {
    input: 'prompt_tokens',
    output: 'completion_tokens',
    cache_read: 'prompt_cache_read_tokens',
    cache_write: 'prompt_cache_write_tokens',
    reasoning: 'reasoning_tokens',
    input_includes_cache: false,
  },
  recorded_cost: { any: ['costUSD', 'cost_usd', 'cost'] },
  tags: {
    user: { any: ['request_user_id', 'user_id'] },
    session: {
      any: ['request_properties.Helicone-Session-Id', 'properties.Helicone-Session-Id'],
    },
    feature: {
      any: ['request_properties.Feature', 'properties.Feature', 'request_properties.feature'],
    },
    environment: { any: ['request_properties.Environment', 'properties.Environment'] },
  },
  readUsage(record, { provider }) {
    if (valueAt(record, 'cache_reference_id') !== undefined && isCacheHit(record)) {
      return { status: 'not_billed', reason: 'Helicone answered from its own cache' };
    }
    const status = Number(valueAt(record, 'response_status') ?? valueAt(record, 'status') ?? 200);
    if (status >= 400) {
      return { status: 'not_billed', reason: `the provider answered with status ${status}` };
    }
    const body = valueAt(record, 'response_body');
    if (
      typeof body !== 'object' ||
      body === null ||
      !('usage' in body || 'usageMetadata' in body)
    ) {
      return undefined;
    }
    const usage = { provider: canonicalProvider(provider), api: 'unknown', payload: body };
    const reading = readUsage(usage);
    return reading.status === 'ok' ? reading : undefined;
  },
};

const noReference = '00000000-0000-0000-0000-000000000000';

function isCacheHit(record: Record<string, unknown>): boolean {
  return valueAt(record, 'cache_reference_id') !== noReference;
}
