import type { CorpusCase } from './corpus.js';
import { fieldsOf } from './plain-answer.js';
import { nameOfApi } from './target.js';

/**
 * What a caller passes to a package that reads usage objects: `response.usage`, or `usageMetadata`.
 * @param reads matches the APIs whose shape the package says it reads; others are not held against it.
 */
export function usageObject(
  answer: unknown,
  { api, context }: CorpusCase,
  reads: RegExp,
): { usage: unknown } | { notApplicable: string } {
  if (context?.override !== undefined) return { notApplicable: 'a price of the user’s own' };
  if (!reads.test(nameOfApi(api))) return { notApplicable: `does not say that it reads ${api}` };
  if (answer === undefined) return { notApplicable: 'no answer to be fed with' };
  const fields = fieldsOf(answer);
  return { usage: fields?.['usage'] ?? fields?.['usageMetadata'] };
}
