import type { ApiFamily } from '@farthing/core';

/** An error that the gateway answers itself, before or instead of the provider. */
export interface GatewayProblem {
  status: number;
  code: string;
  message: string;
}

/**
 * The problem in the shape of the provider's API, so that every SDK raises its usual error with a
 * readable message.
 */
export function errorBody(family: ApiFamily, problem: GatewayProblem, callId: string): string {
  if (family === 'anthropic') {
    return JSON.stringify({
      type: 'error',
      error: { type: anthropicType(problem.status), message: problem.message },
      request_id: callId,
    });
  }
  if (family === 'gemini') {
    return JSON.stringify({
      error: {
        code: problem.status,
        message: problem.message,
        status: geminiStatus(problem.status),
      },
    });
  }
  if (family === 'bedrock') return JSON.stringify({ message: problem.message });
  return JSON.stringify({
    error: { message: problem.message, type: 'farthing_error', param: null, code: problem.code },
  });
}

function anthropicType(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 404) return 'not_found_error';
  if (status === 413) return 'request_too_large';
  if (status < 500) return 'invalid_request_error';
  return 'api_error';
}

function geminiStatus(status: number): string {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'PERMISSION_DENIED';
  if (status === 404) return 'NOT_FOUND';
  if (status < 500) return 'INVALID_ARGUMENT';
  return status === 504 ? 'DEADLINE_EXCEEDED' : 'UNAVAILABLE';
}
