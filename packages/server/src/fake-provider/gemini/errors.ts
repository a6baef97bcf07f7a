import { notice, type Notice } from '../exchange.js';

const statusNames: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** An error as generativelanguage.googleapis.com words it. */
export function geminiError(status: number, message: string, details: unknown[] = []): Notice {
  return notice(
    status,
    {
      error: {
        code: status,
        message,
        status: statusNames[status] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT'),
        ...(details.length > 0 ? { details } : {}),
      },
    },
    { indent: 2, headers: { 'content-type': 'application/json; charset=UTF-8' } },
  );
}

export function geminiFault(status: number, model: string): Notice {
  switch (status) {
    case 429:
      return geminiError(
        429,
        `You exceeded your current quota, please check your plan and billing details. * Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_requests, limit: 500, model: ${model}. Please retry in 1s.`,
        [
          {
            '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
            violations: [
              {
                quotaMetric: 'generativelanguage.googleapis.com/generate_content_requests',
                quotaId: 'GenerateRequestsPerMinutePerProjectPerModel',
                quotaDimensions: { model, location: 'global' },
                quotaValue: '500',
              },
            ],
          },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' },
        ],
      );
    case 503:
    case 529:
      return geminiError(503, 'The model is overloaded. Please try again later.');
    default:
      return geminiError(
        status,
        status >= 500
          ? 'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting'
          : `Request refused with status ${status}.`,
      );
  }
}

export function geminiUnauthorized(key: string | undefined): Notice {
  return key === undefined
    ? geminiError(
        403,
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
      )
    : geminiError(400, 'API key not valid. Please pass a valid API key.', [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'API_KEY_INVALID',
          domain: 'googleapis.com',
          metadata: { service: 'generativelanguage.googleapis.com' },
        },
      ]);
}
