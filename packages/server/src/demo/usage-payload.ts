import { answeringModel } from '../fake-provider/billing.js';
import type { Random } from '../fake-provider/random.js';
import type { DemoCall } from './draw-work.js';

/** A provider's answer without its text: ids, model and usage, in the provider's own shape. */
export function usagePayload(random: Random, call: DemoCall): Record<string, unknown> {
  const { variant, tokens } = call;
  const model = answeringModel(variant.mount, variant.model);
  const prompt = tokens.input + tokens.cacheRead;
  const created = Math.floor(call.at / 1000);
  const cacheDetails = {
    cached_tokens: tokens.cacheRead,
    ...(model.startsWith('gpt-5.6') ? { cache_write_tokens: 0 } : {}),
  };
  switch (variant.api) {
    case 'chat.completions':
      return {
        id: `chatcmpl-${random.characters(29)}`,
        object: 'chat.completion',
        created,
        model,
        service_tier: 'default',
        usage: {
          prompt_tokens: prompt,
          completion_tokens: tokens.output,
          total_tokens: prompt + tokens.output,
          prompt_tokens_details: { ...cacheDetails, audio_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: tokens.reasoning, audio_tokens: 0 },
        },
      };
    case 'responses':
      return {
        id: `resp_${random.hex(48)}`,
        object: 'response',
        created_at: created,
        status: 'completed',
        model,
        output: [],
        service_tier: 'default',
        usage: {
          input_tokens: prompt,
          input_tokens_details: cacheDetails,
          output_tokens: tokens.output,
          output_tokens_details: { reasoning_tokens: tokens.reasoning },
          total_tokens: prompt + tokens.output,
        },
      };
    case 'embeddings':
      return {
        object: 'list',
        model,
        usage: { prompt_tokens: prompt, total_tokens: prompt },
      };
    case 'messages':
      return {
        id: `msg_01${random.characters(22)}`,
        type: 'message',
        role: 'assistant',
        model,
        usage: {
          input_tokens: tokens.input,
          cache_creation_input_tokens: tokens.cacheWrite5m,
          cache_read_input_tokens: tokens.cacheRead,
          cache_creation: {
            ephemeral_5m_input_tokens: tokens.cacheWrite5m,
            ephemeral_1h_input_tokens: 0,
          },
          output_tokens: tokens.output,
          ...(tokens.searches > 0
            ? { server_tool_use: { web_search_requests: tokens.searches, web_fetch_requests: 0 } }
            : {}),
          service_tier: 'standard',
          inference_geo: 'global',
        },
      };
    case 'generateContent':
      return {
        responseId: random.characters(22),
        modelVersion: model,
        usageMetadata: {
          promptTokenCount: prompt,
          candidatesTokenCount: tokens.output - tokens.reasoning,
          totalTokenCount: prompt + tokens.output,
          ...(tokens.cacheRead > 0 ? { cachedContentTokenCount: tokens.cacheRead } : {}),
          ...(tokens.reasoning > 0 ? { thoughtsTokenCount: tokens.reasoning } : {}),
          promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
        },
      };
  }
}
