import type { ApiFamily } from '@farthing/core';
import type { Admitted } from '../call/admitted.js';

/**
 * The answer to a call that budgets refuse, in the shape of its API: the provider's own client raises
 * its usual error and does not try again. 429 as for a rate limit, with `x-should-retry: false`; 402
 * where a person could agree. Names the budget, never its amounts.
 */
export function refusedResponse(
  { opened: { id }, admission: { refusal } }: Admitted,
  family: ApiFamily,
): Response {
  const isQuestion = refusal?.action === 'acknowledge';
  const status = isQuestion ? 402 : 429;
  const message = refusal?.message ?? 'A budget refuses this call.';
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-should-retry': 'false',
    'x-farthing-call-id': id,
    'x-request-id': id,
    'request-id': id,
  };
  if (refusal?.retry_after_s != null) headers['retry-after'] = String(refusal.retry_after_s);
  return new Response(JSON.stringify(bodyOf(family, { id, status, message, isQuestion })), {
    status,
    headers,
  });
}

interface Refused {
  id: string;
  status: number;
  message: string;
  isQuestion: boolean;
}

function bodyOf(family: ApiFamily, { id, status, message, isQuestion }: Refused): unknown {
  if (family === 'anthropic') {
    const type = isQuestion ? 'billing_error' : 'rate_limit_error';
    return { type: 'error', error: { type, message }, request_id: id };
  }
  if (family === 'gemini') {
    const code = isQuestion ? 'FAILED_PRECONDITION' : 'RESOURCE_EXHAUSTED';
    return { error: { code: status, message, status: code } };
  }
  if (family === 'bedrock') return { message };
  const code = isQuestion ? 'acknowledgement_required' : 'insufficient_quota';
  return { error: { message, type: 'budget_exceeded', param: null, code } };
}
