import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission, ApiFamily } from '@farthing/core';
import { headerText } from './header-text.js';

export interface RefusedCall {
  id: string;
  refusal: NonNullable<Admission['refusal']>;
}

/**
 * Refuses a call in the shape of its API, such that the provider's own clients raise their usual error
 * and do not try again: status 429 as for a rate limit, with `x-should-retry: false`; 402 where a
 * person can agree, and 403 where somebody stopped the run or blocked such calls, which no client
 * retries. Names the budget, never its amounts.
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
  if (refusal.code !== undefined) headers.push(...orderHeaders(refusal));
  response.writeHead(statusOf(refusal), headers);
  response.end(body);
}

/** What a program can go by where an action refuses that somebody took. */
function orderHeaders({ code, budget, until, incident }: RefusedCall['refusal']): string[] {
  const headers = ['x-farthing-refusal', code!, 'x-farthing-restriction', headerText(budget)];
  if (until !== undefined) headers.push('x-farthing-until', headerText(until));
  if (incident !== undefined) headers.push('x-farthing-incident', headerText(incident));
  return headers;
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
  const { action, code = '', message } = refusal;
  const key = `${family} ${action} ${code} ${message}`;
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

function statusOf({ action, code }: RefusedCall['refusal']): number {
  if (action === 'acknowledge') return 402;
  return code !== undefined && action === 'block' ? 403 : 429;
}

function refusalBody(family: ApiFamily, refused: RefusedCall): string {
  const { id, refusal } = refused;
  const message = messageOf(refused);
  const acknowledge = refusal.acknowledgement?.token;
  const token = acknowledge === undefined ? {} : { acknowledge };
  const { code } = refusal;
  const status = statusOf(refusal);
  if (family === 'anthropic') {
    // Its errors have no code: ours stands beside what its clients read.
    const own = code === undefined ? {} : { code };
    return JSON.stringify({
      type: 'error',
      error: { type: anthropicTypes[status], message, ...own, ...token },
      request_id: id,
    });
  }
  if (family === 'gemini') {
    const info = errorInfo(refusal);
    const details = info === null ? {} : { details: [info] };
    return JSON.stringify({
      error: { code: status, message, status: geminiStatuses[status], ...details },
    });
  }
  if (family === 'bedrock') {
    return JSON.stringify({ message, ...token });
  }
  return JSON.stringify({
    error: {
      message,
      type: code === undefined ? 'budget_exceeded' : 'farthing_error',
      param: null,
      code: code ?? (status === 402 ? 'acknowledgement_required' : 'insufficient_quota'),
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

const anthropicTypes: Record<number, string> = {
  402: 'billing_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

const geminiStatuses: Record<number, string> = {
  402: 'FAILED_PRECONDITION',
  403: 'PERMISSION_DENIED',
  429: 'RESOURCE_EXHAUSTED',
};

/** https://cloud.google.com/apis/design/errors#error_info */
function errorInfo({ acknowledgement, budget, code }: RefusedCall['refusal']): object | null {
  const told =
    acknowledgement !== undefined
      ? {
          reason: 'BUDGET_ACKNOWLEDGEMENT_REQUIRED',
          metadata: { budget, acknowledge: acknowledgement.token },
        }
      : code === undefined
        ? null
        : { reason: code.toUpperCase(), metadata: { restriction: budget } };
  if (told === null) return null;
  const type = 'type.googleapis.com/google.rpc.ErrorInfo';
  return { '@type': type, domain: 'farthing', ...told };
}
