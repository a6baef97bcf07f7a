import { defineConverter } from './converter.js';
import { isBatch } from './batch.js';
import { requiredCountAt } from './fields.js';
import { emptyTokens } from './usage.js';

/** Mistral OCR: billed per page, more where the document is annotated as well. */
export const convertMistralOcrUsage = defineConverter({
  locate: (body) => body['usage_info'],
  read(usage, { body, call }) {
    const unit = body['document_annotation'] == null ? 'pages' : 'annotated_pages';
    return {
      tokens: emptyTokens(),
      units: { [unit]: requiredCountAt(usage, 'pages_processed') },
      modifiers: isBatch(call) ? { service_tier: 'batch' } : {},
    };
  },
});
