import type { ApiFamily } from '@farthing/core';
import type { Admitted } from '../call/admitted.js';

/**
 * The answer to a call that budgets refuse, in the shape of its API: the provider's own client raises
 * its usual error and does not try again. 429 as for a rate limit, with `x-should-retry: false`; 402
 * where a person could agree; 403 where somebody stopped the run or blocked such calls. Names the budget,
 * never its amounts.
 */
export function refusedResponse(
  { opened: { id }, admission: { refusal } }: Admitted,
  family: ApiFamily,
): Response {
  const { action, code, until } = refusal ?? {};
  const status = action === 'acknowledge' ? 402 : code && action === 'block' ? 403 : 429;
  const message = refusal?.message ?? 'A budget refuses this call.';
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-should-retry': 'false',
    'x-farthing-call-id': id,
    'x-request-id': id,
    'request-id': id,
  };
  if (refusal?.retry_after_s != null) headers['retry-after'] = String(refusal.retry_after_s);
  if (code !== undefined) headers['x-farthing-refusal'] = code;
  if (until !== undefined) headers['x-farthing-until'] = until;
  const body = bodyOf(family, { id, status, message, code });
  return new Response(JSON.stringify(body), { status, headers });
}

interface Refused {
  id: string;
  status: 402 | 403 | 429;
  message: string;
  /** Of what somebody ordered, no budget. */
  code: string | undefined;
}

/** By status: the words of Anthropic, Gemini and OpenAI. */
const words = {
  402: ['billing_error', 'FAILED_PRECONDITION', 'acknowledgement_required'],
  403: ['permission_error', 'PERMISSION_DENIED', 'restricted'],
  429: ['rate_limit_error', 'RESOURCE_EXHAUSTED', 'insufficient_quota'],
} as const;

function bodyOf(family: ApiFamily, { id, status, message, code }: Refused): unknown {
  const [type, gemini, usual] = words[status];
  if (family === 'anthropic') {
    return { type: 'error', error: { type, message, code }, request_id: id };
  }
  if (family === 'gemini') return { error: { code: status, message, status: gemini } };
  if (family === 'bedrock') return { message };
  const kind = code === undefined ? 'budget_exceeded' : 'farthing_error';
  return { error: { message, type: kind, param: null, code: code ?? usual } };
}
