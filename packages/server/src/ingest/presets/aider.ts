import type { Mapping } from '../mapping.js';

/**
 * The analytics log of the coding assistant aider (`aider --analytics-log file.jsonl`): one
 * `message_send` event per call. Its prompt tokens have no cache split, and its cost is the
 * client's own computation from LiteLLM's price map.
 * https://aider.chat/docs/more/analytics.html
 */
export const aider: Mapping = {
  name: 'aider',
  format: 'jsonl',
  absent_values: ['None'],
  where: { event: 'message_send' },
  started_at: { path: 'time', unit: 'seconds' },
  model: 'properties.main_model',
  api: { constant: 'chat.completions' },
  tokens: {
    input: 'properties.prompt_tokens',
    output: 'properties.completion_tokens',
    input_includes_cache: true,
  },
  recorded_cost: 'properties.cost',
  tags: {
    user: 'user_id',
    feature: { constant: 'aider' },
    route: 'properties.edit_format',
    'client.version': 'properties.aider_version',
  },
};
