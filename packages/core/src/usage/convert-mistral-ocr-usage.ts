import { defineConverter } from './converter.js';
import { isBatch } from './batch.js';
import { listAt, requiredCountAt, type Fields } from './fields.js';
import { emptyTokens } from './usage.js';

/** Mistral OCR: billed per page, more where the document is annotated as well. */
export const convertMistralOcrUsage = defineConverter({
  locate: (body) => body['usage_info'],
  read(usage, { body, call }) {
    const unit = isAnnotated(body) ? 'annotated_pages' : 'pages';
    return {
      tokens: emptyTokens(),
      units: { [unit]: requiredCountAt(usage, 'pages_processed') },
      modifiers: isBatch(call) ? { service_tier: 'batch' } : {},
    };
  },
});

/** The document as a whole was annotated, or images that were found in it. */
function isAnnotated(body: Fields): boolean {
  if (body['document_annotation'] != null) return true;
  return listAt(body, 'pages').some((page) =>
    listAt(page, 'images').some((image) => image['image_annotation'] != null),
  );
}
