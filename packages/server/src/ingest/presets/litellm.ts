import type { Preset } from '../mapping.js';

/**
 * LiteLLM's spend logs: rows of its table `LiteLLM_SpendLogs` as JSON or CSV (`GET /spend/logs`, or an
 * export of the table). LiteLLM turns every provider's counts into OpenAI's: `prompt_tokens` includes
 * what the cache read and wrote. `user` is who owns the key, `end_user` whom the call was for.
 * https://docs.litellm.ai/docs/proxy/spend_logs_deletion
 */
export const litellm: Preset = {
  name: 'litellm',
  id: 'request_id',
  // The id of the answer, where the provider gave it one: https://docs.litellm.ai/docs/proxy/logging
  response_id: 'request_id',
  started_at: { path: 'startTime', unit: 'iso' },
  ended_at: { path: 'endTime', unit: 'iso' },
  failed: { status: 'failure' },
  not_billed: { cache_hit: 'true' },
  absent_values: ['None', 'default_user_id'],
  provider: { any: ['custom_llm_provider', 'metadata.custom_llm_provider'] },
  model: { any: ['model', 'model_group'] },
  api: 'call_type',
  tokens: {
    input: 'prompt_tokens',
    output: 'completion_tokens',
    cache_read: {
      any: [
        'metadata.usage_object.cache_read_input_tokens',
        'metadata.additional_usage_values.cache_read_input_tokens',
        'metadata.usage_object.prompt_tokens_details.cached_tokens',
        'metadata.additional_usage_values.prompt_tokens_details.cached_tokens',
      ],
    },
    cache_write: {
      any: [
        'metadata.usage_object.cache_creation_input_tokens',
        'metadata.additional_usage_values.cache_creation_input_tokens',
        'metadata.usage_object.prompt_tokens_details.cache_creation_tokens',
      ],
    },
    reasoning: {
      any: [
        'metadata.usage_object.completion_tokens_details.reasoning_tokens',
        'metadata.additional_usage_values.completion_tokens_details.reasoning_tokens',
      ],
    },
    input_includes_cache: true,
  },
  recorded_cost: 'spend',
  tags: {
    user: { any: ['end_user', 'user'] },
    tenant: { any: ['metadata.user_api_key_team_alias', 'team_id'] },
    session: 'session_id',
    key: 'metadata.user_api_key_alias',
    model_group: 'model_group',
  },
};
