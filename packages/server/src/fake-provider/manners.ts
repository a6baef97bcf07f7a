import { anthropicError, anthropicFault } from './anthropic/errors.js';
import type { ProviderName } from './books.js';
import type { Notice } from './exchange.js';
import { cohereError } from './cohere/rerank.js';
import { geminiError, geminiFault, geminiUnauthorized } from './gemini/errors.js';
import { openaiError, openaiFault, openaiInvalid, openaiUnauthorized } from './openai/errors.js';
import type { Random } from './random.js';

/** How each provider words what is the same everywhere. */
interface Manners {
  unauthorized(key: string | undefined, random: Random): Notice;
  badJson(random: Random): Notice;
  tooLarge(random: Random): Notice;
  notFound(method: string, path: string, random: Random): Notice;
  fault(status: number, model: string, random: Random): Notice;
}

export const manners: Record<ProviderName, Manners> = {
  openai: {
    unauthorized: openaiUnauthorized,
    badJson: (random) =>
      openaiInvalid(
        'We could not parse the JSON body of your request. (HINT: This likely means you aren’t using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)',
        null,
        random,
      ),
    tooLarge: (random) =>
      openaiError(
        413,
        {
          message: 'The request body is too large.',
          type: 'invalid_request_error',
          param: null,
          code: 'request_too_large',
        },
        random,
      ),
    notFound: (method, path, random) =>
      openaiError(
        404,
        {
          message: `Invalid URL (${method} ${path})`,
          type: 'invalid_request_error',
          param: null,
          code: null,
        },
        random,
      ),
    fault: openaiFault,
  },
  anthropic: {
    unauthorized: (key, random) =>
      anthropicError(
        401,
        key === undefined ? 'x-api-key header is required' : 'invalid x-api-key',
        random,
      ),
    badJson: (random) =>
      anthropicError(400, 'The request body is not valid JSON: expected a JSON object', random),
    tooLarge: (random) =>
      anthropicError(413, 'Request exceeds the maximum allowed number of bytes.', random),
    notFound: (_method, path, random) => anthropicError(404, `Not found: ${path}`, random),
    fault: (status, _model, random) => anthropicFault(status, random),
  },
  gemini: {
    unauthorized: geminiUnauthorized,
    badJson: () => geminiError(400, 'Invalid JSON payload received. Expected a value.\n'),
    tooLarge: () => geminiError(413, 'Request payload size exceeds the limit.'),
    notFound: (_method, path) => geminiError(404, `The requested URL ${path} was not found.`),
    fault: geminiFault,
  },
  cohere: {
    unauthorized: (key, random) =>
      cohereError(401, key === undefined ? 'no api key supplied' : 'invalid api token', random),
    badJson: (random) =>
      cohereError(400, 'invalid json syntax: expected the beginning of a value', random),
    tooLarge: (random) => cohereError(413, 'request entity too large', random),
    notFound: (method, path, random) =>
      cohereError(404, `404 page not found: ${method} ${path}`, random),
    fault: (status, _model, random) => cohereError(status, `status ${status}`, random),
  },
};
