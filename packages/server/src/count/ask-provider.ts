import { FarthingError } from '@farthing/core';
import { joinPaths } from '../gateway/route.js';
import { anthropicCountBody, geminiCountBody, openaiCountBody } from './count-body.js';
import type { Fields } from './fields.js';

/** A provider as it is configured, with the key that the environment has. */
export interface CountingProvider {
  /** Name in entries and prices. */
  name: string;
  family: string;
  origin: string;
  basePath: string;
  apiKey: string | undefined;
  keyHeader: string;
}

/** Seconds that a provider may take to count. */
const patience = 15;

interface CountEndpoint {
  path(model: string): string;
  body(request: Fields, model: string): Fields;
  headers: Record<string, string>;
  /** The member of the answer with the number. */
  answer: string;
  /** Members of which the request must have one, to be a request of this provider. */
  needs: readonly string[];
  /** Where the key is looked for. */
  variable: string;
}

/**
 * The endpoints that count without answering, at no charge.
 * https://platform.claude.com/docs/en/api/messages-count-tokens,
 * https://platform.openai.com/docs/api-reference/responses/input-tokens,
 * https://ai.google.dev/api/tokens
 */
const endpoints: Readonly<Record<string, CountEndpoint>> = {
  anthropic: {
    path: () => '/v1/messages/count_tokens',
    body: anthropicCountBody,
    headers: { 'anthropic-version': '2023-06-01' },
    answer: 'input_tokens',
    needs: ['messages'],
    variable: 'ANTHROPIC_API_KEY',
  },
  openai: {
    path: () => '/v1/responses/input_tokens',
    body: openaiCountBody,
    headers: {},
    answer: 'input_tokens',
    needs: ['messages', 'input', 'conversation', 'previous_response_id'],
    variable: 'OPENAI_API_KEY',
  },
  gemini: {
    path: (model) => `/v1beta/models/${encodeURIComponent(model)}:countTokens`,
    body: geminiCountBody,
    headers: {},
    answer: 'totalTokens',
    needs: ['contents'],
    variable: 'GEMINI_API_KEY',
  },
};

/**
 * Asks a provider how many input tokens a request has, at the configured address and with the key from
 * the environment. The request leaves this machine, which is why it is done on request only.
 *
 * Throws `cannot_count` where there is no endpoint, no key or no such request, `count_failed` where the
 * provider does not answer with a number.
 */
export async function askProvider(
  provider: CountingProvider | null,
  model: string,
  request: Fields,
): Promise<number> {
  const endpoint = provider === null ? undefined : endpoints[provider.family];
  if (provider === null || endpoint === undefined) {
    throw new FarthingError(
      'cannot_count',
      `The provider of ${model} has no endpoint that counts, or none that is configured: Anthropic, OpenAI and Gemini have one. Name the provider, or leave out the count by the provider.`,
    );
  }
  if (!endpoint.needs.some((name) => name in request)) {
    throw new FarthingError(
      'cannot_count',
      `${provider.name} cannot count this request: it has none of ${endpoint.needs.map((name) => `\`${name}\``).join(', ')}. A request is counted by the provider whose format it is in.`,
    );
  }
  if (provider.apiKey === undefined) {
    throw new FarthingError(
      'cannot_count',
      `${provider.name} counts only for its customers: set ${endpoint.variable} where Farthing runs, or the variable that its \`api_key_env\` under \`providers\` names.`,
    );
  }
  const path = joinPaths(provider.basePath, endpoint.path(model));
  const response = await send(
    provider,
    `${provider.origin}${path}`,
    {
      ...endpoint.headers,
      'content-type': 'application/json',
      [provider.keyHeader]:
        provider.keyHeader === 'authorization' ? `Bearer ${provider.apiKey}` : provider.apiKey,
    },
    JSON.stringify(endpoint.body(request, model)),
  );
  const answer = await readAnswer(response, provider);
  const tokens = answer[endpoint.answer];
  if (typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens >= 0) return tokens;
  throw new FarthingError(
    'count_failed',
    `${provider.name} answered without a count (\`${endpoint.answer}\`) of ${model}.`,
  );
}

async function send(
  { name, origin }: CountingProvider,
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<Response> {
  const signal = AbortSignal.timeout(patience * 1_000);
  try {
    // A redirect would take the key along.
    return await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal });
  } catch (error) {
    const cause = (error as Error).cause;
    const reason = cause instanceof Error ? cause.message : (error as Error).message;
    throw new FarthingError(
      'count_failed',
      signal.aborted
        ? `${name} (${origin}) did not count within ${patience} seconds.`
        : `${name} (${origin}) could not be asked for a count: ${reason}.`,
    );
  }
}

async function readAnswer(
  response: Response,
  { name, family }: CountingProvider,
): Promise<Record<string, unknown>> {
  const text = await response.text();
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = null;
  }
  const members = typeof answer === 'object' && answer !== null ? answer : {};
  if (response.ok) return members as Record<string, unknown>;
  const { error } = members as { error?: { message?: unknown } };
  const said = typeof error?.message === 'string' ? `: ${error.message.slice(0, 500)}` : '';
  const advice =
    response.status === 404
      ? ` Does ${name} have this model, and is \`providers.${family}.base_url\` its API?`
      : '';
  throw new FarthingError(
    'count_failed',
    `${name} refused to count (${response.status})${said}${said.endsWith('.') || said === '' ? '' : '.'}${advice}`,
  );
}
