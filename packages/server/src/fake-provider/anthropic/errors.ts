import { notice, type Notice } from '../exchange.js';
import type { Random } from '../random.js';

const types: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const faultMessages: Record<number, string> = {
  429: 'This request would exceed the rate limit for your organization of 500 requests per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits.',
  529: 'Overloaded',
};

/** An error as api.anthropic.com words it; the request id stands in the header and in the body. */
export function anthropicError(
  status: number,
  message: string,
  random: Random,
  headers: Record<string, string> = {},
): Notice {
  const requestId = `req_${random.characters(24)}`;
  const type = types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return notice(
    status,
    { type: 'error', error: { type, message }, request_id: requestId },
    { headers: { 'request-id': requestId, ...headers } },
  );
}

export function anthropicFault(status: number, random: Random): Notice {
  const fallback = status >= 500 ? 'Internal server error' : `Refused with status ${status}.`;
  return anthropicError(
    status,
    faultMessages[status] ?? fallback,
    random,
    status === 429
      ? {
          'retry-after': '1',
          'anthropic-ratelimit-requests-limit': '500',
          'anthropic-ratelimit-requests-remaining': '0',
        }
      : { 'x-should-retry': String(status >= 500) },
  );
}
