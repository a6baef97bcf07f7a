import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from '@farthing/core';
import type { ApiFamily } from './providers.js';

export interface RefusedCall {
  id: string;
  refusal: Refusal;
  /** The token that a person may send back, where the budget asks for one. */
  acknowledgeToken?: string | undefined;
}

/**
 * Refuses a call in the shape of its API, such that the provider's own clients raise their usual error
 * and do not try again: status 429 as for a rate limit, with `x-should-retry: false`; 402 where a
 * person can agree, which no client retries. Names the budget, never its amounts.
 */
export function answerRefusal(
  response: ServerResponse,
  family: ApiFamily,
  { id, refusal, acknowledgeToken }: RefusedCall,
): void {
  const body = refusalBody(family, { id, refusal, acknowledgeToken });
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-should-retry': 'false',
    'x-farthing-call-id': id,
    'x-request-id': id,
    'request-id': id,
  };
  if (refusal.retry_after_s !== null) headers['retry-after'] = refusal.retry_after_s;
  if (acknowledgeToken !== undefined) headers['x-farthing-acknowledge'] = acknowledgeToken;
  response.writeHead(statusOf(refusal), headers);
  response.end(body);
}

/** A connection outlives a refusal only when all of the request was read. */
export function keepConnection(incoming: IncomingMessage, response: ServerResponse): void {
  if (!incoming.complete) response.shouldKeepAlive = false;
}

function statusOf({ action }: Refusal): number {
  return action === 'acknowledge' ? 402 : 429;
}

function refusalBody(family: ApiFamily, refused: RefusedCall): string {
  const { id, refusal, acknowledgeToken } = refused;
  const message = messageOf(refused);
  const isQuestion = refusal.action === 'acknowledge';
  if (family === 'anthropic') {
    const type = isQuestion ? 'billing_error' : 'rate_limit_error';
    return JSON.stringify({
      type: 'error',
      error: { type, message, ...tokenMember(acknowledgeToken) },
      request_id: id,
    });
  }
  if (family === 'gemini') {
    return JSON.stringify({
      error: {
        code: statusOf(refusal),
        message,
        status: isQuestion ? 'FAILED_PRECONDITION' : 'RESOURCE_EXHAUSTED',
        ...(acknowledgeToken === undefined ? {} : { details: [errorInfo(refused)] }),
      },
    });
  }
  if (family === 'bedrock') {
    return JSON.stringify({ message, ...tokenMember(acknowledgeToken) });
  }
  return JSON.stringify({
    error: {
      message,
      type: 'budget_exceeded',
      param: null,
      code: isQuestion ? 'acknowledgement_required' : 'insufficient_quota',
      ...tokenMember(acknowledgeToken),
    },
  });
}

function messageOf({ id, refusal, acknowledgeToken }: RefusedCall): string {
  const next =
    acknowledgeToken === undefined
      ? ''
      : ' A person can let it pass: send it again with the header x-farthing-acknowledge and the token of this answer.';
  return `${refusal.message}${next} Why: farthing budgets why ${id}`;
}

function tokenMember(token: string | undefined): { acknowledge?: string } {
  return token === undefined ? {} : { acknowledge: token };
}

/** https://cloud.google.com/apis/design/errors#error_info */
function errorInfo({ refusal, acknowledgeToken }: RefusedCall): object {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: 'BUDGET_ACKNOWLEDGEMENT_REQUIRED',
    domain: 'farthing',
    metadata: { budget: refusal.budget, acknowledge: acknowledgeToken },
  };
}
