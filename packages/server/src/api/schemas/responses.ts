import { problemSchema } from './status.js';

const descriptions = {
  400: 'Something in the request is wrong; the message says what and what would be right.',
  404: 'There is no such thing.',
  413: 'The body is too large.',
  415: 'The body is of another type than the route takes.',
  502: 'A provider that was asked did not answer as it should; the message says which.',
  503: 'Not possible at the moment; the message says why.',
} as const;

type Code = keyof typeof descriptions;

interface ProblemResponse {
  description: string;
  content: { 'application/json': { schema: typeof problemSchema } };
}

/** The error responses of a route, for its OpenAPI description. */
export function problems<Codes extends Code>(...codes: Codes[]): Record<Codes, ProblemResponse> {
  const responses = codes.map((code): [Codes, ProblemResponse] => [
    code,
    {
      description: descriptions[code],
      content: { 'application/json': { schema: problemSchema } },
    },
  ]);
  return Object.fromEntries(responses) as Record<Codes, ProblemResponse>;
}
