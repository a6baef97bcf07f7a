import { azureDeployment } from '@farthing/core';
import { readRequestFacts, type RequestFacts } from './request-facts.js';
import type { Route } from './route.js';
import { parseRange } from './scan-json.js';

/** A request as it goes out. */
export interface AdaptedRequest {
  body: Buffer;
  facts: RequestFacts;
  upstreamPath: string;
}

/** Where each API keeps its limit of output tokens; the first is set when none is there. */
const limitMembers: Readonly<Record<string, readonly string[]>> = {
  'chat.completions': ['max_completion_tokens', 'max_tokens'],
  completions: ['max_tokens'],
  responses: ['max_output_tokens'],
  messages: ['max_tokens'],
  'chat.v1': ['max_tokens'],
  'chat.v2': ['max_tokens'],
};

/** APIs that keep it among other settings: the member that holds them, and its names in them. */
const nestedLimits: Readonly<Record<string, readonly [holders: string[], names: string[]]>> = {
  generateContent: [
    ['generationConfig', 'generation_config'],
    ['maxOutputTokens', 'max_output_tokens'],
  ],
  converse: [['inferenceConfig'], ['maxTokens']],
  converseStream: [['inferenceConfig'], ['maxTokens']],
};

/** APIs whose requests can be held to a limit; of vectors there is nothing to limit. */
export function isAdaptable(api: string): boolean {
  return (
    api === 'embeddings' || Object.hasOwn(limitMembers, api) || Object.hasOwn(nestedLimits, api)
  );
}

/** Whether the request names its model where another one can be put. */
export function namesModel({ model, path }: Route, facts: RequestFacts): boolean {
  return facts.model !== null || model !== null || azureDeployment(path) !== null;
}

/**
 * The request with what budgets ask for: another model, and a limit on its output. Each is spliced
 * into the bytes; all others stay as they were sent.
 */
export function adaptRequest(
  route: Route,
  api: string,
  request: AdaptedRequest,
  { model, maxOutput }: { model: string | undefined; maxOutput: number | undefined },
): AdaptedRequest {
  let adapted = request;
  if (model !== undefined) adapted = withModel(route, adapted, model);
  if (maxOutput !== undefined) adapted = withLimit(route, api, adapted, maxOutput);
  return adapted;
}

function withModel(route: Route, request: AdaptedRequest, model: string): AdaptedRequest {
  const inPath = encodeURIComponent(model);
  const upstreamPath = request.upstreamPath
    .replace(/(\/deployments\/)[^/?]+/, (_, before: string) => before + inPath)
    .replace(/(\/model\/)[^/?]+(?=\/)/, (_, before: string) => before + inPath);
  const isGemini = route.model !== null && route.path.includes(':');
  return {
    ...(request.facts.model === null ? request : withMember(request, 'model', model)),
    upstreamPath: isGemini
      ? upstreamPath.replace(/\/[^/?:]+(?=:\w+(?:\?|$))/, () => `/${inPath}`)
      : upstreamPath,
  };
}

function withLimit(
  route: Route,
  api: string,
  request: AdaptedRequest,
  maxOutput: number,
): AdaptedRequest {
  const { choices, scanned } = request.facts;
  const limit = Math.max(1, Math.floor(maxOutput / choices));
  const nested = nestedLimits[api];
  if (nested !== undefined) return withNestedLimit(request, nested, limit);
  const names = limitMembers[api] ?? [];
  const present = names.filter((name) => scanned?.values.has(name) === true);
  // Servers that imitate OpenAI know the older name; OpenAI's newer models take the newer one only.
  const ownName = api === 'chat.completions' && !takesNewName(route) ? 'max_tokens' : names[0];
  let limited = request;
  for (const name of present.length > 0 ? present : ownName === undefined ? [] : [ownName]) {
    limited = withMember(limited, name, limit);
  }
  return api === 'messages' ? withThinking(limited, limit) : limited;
}

function takesNewName({ provider }: Route): boolean {
  return provider.priceAs === 'openai' || provider.priceAs.startsWith('azure');
}

function withNestedLimit(
  request: AdaptedRequest,
  [holders, names]: readonly [string[], string[]],
  limit: number,
): AdaptedRequest {
  const { scanned } = request.facts;
  const holder = holders.find((name) => scanned?.values.has(name) === true) ?? holders[0]!;
  const settings = parseRange(request.body, scanned?.values.get(holder));
  const known = typeof settings === 'object' && settings !== null ? settings : {};
  const name = names.find((member) => member in known) ?? names[0]!;
  return withMember(request, holder, { ...known, [name]: limit });
}

/** The smallest budget for thinking that Anthropic takes; it must stay below `max_tokens`. */
const leastThinking = 1_024;

/** https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking */
function withThinking(request: AdaptedRequest, limit: number): AdaptedRequest {
  const thinking = parseRange(request.body, request.facts.scanned?.values.get('thinking'));
  if (typeof thinking !== 'object' || thinking === null || !('budget_tokens' in thinking)) {
    return request;
  }
  if (typeof thinking.budget_tokens !== 'number' || thinking.budget_tokens < limit) return request;
  return withMember(
    request,
    'thinking',
    limit > leastThinking
      ? { ...thinking, budget_tokens: Math.max(leastThinking, limit - 1) }
      : { type: 'disabled' },
  );
}

/** One top-level member set: its value replaced where it stands, or added in front of all others. */
function withMember(request: AdaptedRequest, name: string, value: unknown): AdaptedRequest {
  const { body, facts } = request;
  if (facts.scanned === null) return request;
  const { values, bodyStart, empty } = facts.scanned;
  const text = JSON.stringify(value);
  const range = values.get(name);
  const edited =
    range === undefined
      ? splice(body, bodyStart, bodyStart, `"${name}":${text}${empty ? '' : ','}`)
      : splice(body, range.start, range.end, text);
  return { ...request, body: edited, facts: readRequestFacts(edited) };
}

/** `text` in the place of the bytes from `start` to `end`. */
export function splice(body: Buffer, start: number, end: number, text: string): Buffer {
  return Buffer.concat([body.subarray(0, start), Buffer.from(text), body.subarray(end)]);
}
