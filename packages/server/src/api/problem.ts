import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** The one shape of every error that the API answers with. */
export interface Problem {
  error: {
    /** Stable, for programs. */
    code: string;
    /** For people: what is wrong and what would be right. */
    message: string;
    /** The parameter or body field at fault, e.g. `measures[0]`. */
    field?: string;
  };
}

/** An error with an HTTP status of its own; thrown anywhere below a route. */
export class ProblemError extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly field: string | undefined;

  constructor(status: ContentfulStatusCode, code: string, message: string, field?: string) {
    super(message);
    this.name = 'ProblemError';
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

export function problemBody(code: string, message: string, field?: string): Problem {
  return { error: { code, message, ...(field === undefined ? {} : { field }) } };
}

export function problem(
  context: Context,
  status: ContentfulStatusCode,
  code: string,
  message: string,
  field?: string,
): Response {
  return context.json(problemBody(code, message, field), status, { 'cache-control': 'no-store' });
}
