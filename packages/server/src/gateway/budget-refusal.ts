import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission, ApiFamily } from '@farthing/core';

export interface RefusedCall {
  id: string;
  refusal: NonNullable<Admission['refusal']>;
}

/**
 * Refuses a call in the shape of its API, such that the provider's own clients raise their usual error
 * and do not try again: status 429 as for a rate limit, with `x-should-retry: false`; 402 where a
 * person can agree, which no client retries. Names the budget, never its amounts.
 */
export function answerRefusal(
  response: ServerResponse,
  family: ApiFamily,
  refused: RefusedCall,
): void {
  const { id, refusal } = refused;
  const body = renderedBody(family, refused);
  // Names and values in turn: what Node writes with the least ado.
  const headers = [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(body)),
    'x-should-retry',
    'false',
    'x-farthing-call-id',
    id,
    'x-request-id',
    id,
    'request-id',
    id,
  ];
  if (refusal.retry_after_s !== null) headers.push('retry-after', String(refusal.retry_after_s));
  const token = refusal.acknowledgement?.token;
  if (token !== undefined) headers.push('x-farthing-acknowledge', token);
  response.writeHead(statusOf(refusal), headers);
  response.end(body);
}

/** Stands for a call's id in bodies that are kept. */
const idPlace = '\u0000id\u0000';
const writtenPlace = JSON.stringify(idPlace).slice(1, -1);
/** A budget that is used up refuses thousands of calls in the same words. */
const kept = new Map<string, readonly string[]>();
const mostKept = 1_000;

function renderedBody(family: ApiFamily, refused: RefusedCall): string {
  const { id, refusal } = refused;
  // A token is for one call alone.
  if (refusal.acknowledgement !== undefined) return refusalBody(family, refused);
  const key = `${family} ${refusal.action} ${refusal.message}`;
  let parts = kept.get(key);
  if (parts === undefined) {
    parts = refusalBody(family, { id: idPlace, refusal }).split(writtenPlace);
    if (kept.size >= mostKept) kept.clear();
    kept.set(key, parts);
  }
  return parts.join(id);
}

/** A connection outlives a refusal only when all of the request was read. */
export function keepConnection(incoming: IncomingMessage, response: ServerResponse): void {
  if (!incoming.complete) response.shouldKeepAlive = false;
}

function statusOf({ action }: RefusedCall['refusal']): number {
  return action === 'acknowledge' ? 402 : 429;
}

function refusalBody(family: ApiFamily, refused: RefusedCall): string {
  const { id, refusal } = refused;
  const message = messageOf(refused);
  const acknowledge = refusal.acknowledgement?.token;
  const token = acknowledge === undefined ? {} : { acknowledge };
  const isQuestion = refusal.action === 'acknowledge';
  if (family === 'anthropic') {
    const type = isQuestion ? 'billing_error' : 'rate_limit_error';
    return JSON.stringify({
      type: 'error',
      error: { type, message, ...token },
      request_id: id,
    });
  }
  if (family === 'gemini') {
    return JSON.stringify({
      error: {
        code: statusOf(refusal),
        message,
        status: isQuestion ? 'FAILED_PRECONDITION' : 'RESOURCE_EXHAUSTED',
        ...(acknowledge === undefined ? {} : { details: [errorInfo(refusal.budget, acknowledge)] }),
      },
    });
  }
  if (family === 'bedrock') {
    return JSON.stringify({ message, ...token });
  }
  return JSON.stringify({
    error: {
      message,
      type: 'budget_exceeded',
      param: null,
      code: isQuestion ? 'acknowledgement_required' : 'insufficient_quota',
      ...token,
    },
  });
}

function messageOf({ id, refusal }: RefusedCall): string {
  const next =
    refusal.acknowledgement === undefined
      ? ''
      : ' A person can let it pass: send it again with this answer’s token in the header x-farthing-acknowledge.';
  return `${refusal.message}${next} Why: farthing budgets why ${id}`;
}

/** https://cloud.google.com/apis/design/errors#error_info */
function errorInfo(budget: string, acknowledge: string): object {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: 'BUDGET_ACKNOWLEDGEMENT_REQUIRED',
    domain: 'farthing',
    metadata: { budget, acknowledge },
  };
}
