import { tagAdvice, type TagCollector, type TagPolicy } from '@farthing/core';
import type { GatewayProblem } from './error-answers.js';

/**
 * Holds a call to the tags that it must have. One that may go without them is told so; for one that
 * may not, the answer says what to add.
 */
export function requireTags(
  policy: TagPolicy,
  call: { provider: string; api: string; key?: string | undefined },
  collector: TagCollector,
): GatewayProblem | null {
  if (policy.isEmpty) return null;
  const missing = policy.check(call, collector.tags);
  if (missing === null) return null;
  const [first] = missing.tags;
  const lacks =
    missing.tags.length === 1 ? `the tag ${first}` : `the tags ${missing.tags.join(', ')}`;
  const message = `This call lacks ${lacks}, which this gateway requires. ${tagAdvice(missing.tags)}`;
  if (missing.reject) return { status: 400, code: 'tags_missing', message };
  collector.problems.push(message);
  return null;
}
