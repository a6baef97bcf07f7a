import { notice, type Notice } from '../exchange.js';
import type { Random } from '../random.js';

interface OpenaiError {
  message: string;
  type: string;
  param: string | null;
  code: string | null;
}

/** An error as api.openai.com words it. */
export function openaiError(
  status: number,
  error: OpenaiError,
  random: Random,
  headers: Record<string, string> = {},
): Notice {
  return notice(
    status,
    { error },
    { headers: { 'x-request-id': `req_${random.hex(32)}`, ...headers }, indent: 2 },
  );
}

/** The error that a fault of this status asks for. */
export function openaiFault(status: number, model: string, random: Random): Notice {
  switch (status) {
    case 429:
      return openaiError(
        429,
        {
          message: `Rate limit reached for ${model} in organization org-fake on requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in 120ms. Visit https://platform.openai.com/account/rate-limits to learn more.`,
          type: 'requests',
          param: null,
          code: 'rate_limit_exceeded',
        },
        random,
        {
          'retry-after': '1',
          'retry-after-ms': '120',
          'x-ratelimit-limit-requests': '500',
          'x-ratelimit-remaining-requests': '0',
          'x-ratelimit-reset-requests': '120ms',
        },
      );
    case 503:
    case 529:
      return openaiError(
        503,
        {
          message:
            'The engine is currently overloaded, please try again later. If the issue persists, contact us through our help center.',
          type: 'service_unavailable',
          param: null,
          code: null,
        },
        random,
      );
    default:
      return openaiError(
        status,
        status >= 500
          ? {
              message: 'The server had an error while processing your request. Sorry about that!',
              type: 'server_error',
              param: null,
              code: null,
            }
          : {
              message: `The request was refused with status ${status}.`,
              type: 'invalid_request_error',
              param: null,
              code: null,
            },
        random,
      );
  }
}

export function openaiUnauthorized(key: string | undefined, random: Random): Notice {
  return openaiError(
    401,
    key === undefined
      ? {
          message:
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from https://platform.openai.com/account/api-keys.",
          type: 'invalid_request_error',
          param: null,
          code: null,
        }
      : {
          message: `Incorrect API key provided: ${key.slice(0, 3)}***. You can find your API key at https://platform.openai.com/account/api-keys.`,
          type: 'invalid_request_error',
          param: null,
          code: 'invalid_api_key',
        },
    random,
  );
}

export function openaiInvalid(message: string, param: string | null, random: Random): Notice {
  return openaiError(400, { message, type: 'invalid_request_error', param, code: null }, random);
}
