/** What has to be known of a request to change it; nothing else of it is looked at. */
export interface AdaptableRequest {
  /** The API as the registry names it, e.g. `chat.completions`. */
  api: string;
  /** The provider whose rules hold, e.g. `openai`. */
  priceAs: string;
  /** How many answers are asked for. */
  choices: number;
  has(member: string): boolean;
  /** The parsed value of a top-level member; undefined where it is absent or cannot be read. */
  value(member: string): unknown;
}

/** A top-level member of the request and the value that it is to have. */
export type RequestEdit = readonly [member: string, value: unknown];

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

/** What is to be set so that all answers together take at most so many tokens of output. */
export function limitOutput(request: AdaptableRequest, maxOutput: number): RequestEdit[] {
  const { api, choices } = request;
  const limit = Math.max(1, Math.floor(maxOutput / choices));
  const nested = nestedLimits[api];
  if (nested !== undefined) return [nestedLimit(request, nested, limit)];
  const names = limitMembers[api] ?? [];
  const present = names.filter((name) => request.has(name));
  // Servers that imitate OpenAI know the older name; OpenAI's newer models take the newer one only.
  const ownName = api === 'chat.completions' && !takesNewName(request) ? 'max_tokens' : names[0];
  const chosen = present.length > 0 ? present : ownName === undefined ? [] : [ownName];
  const edits: RequestEdit[] = chosen.map((name) => [name, limit]);
  const thinking = api === 'messages' ? limitThinking(request.value('thinking'), limit) : null;
  if (thinking !== null) edits.push(['thinking', thinking]);
  return edits;
}

/**
 * A path (with or without its query) that leads to another model, where it is the path that names the
 * model: Gemini's and Vertex' `models/<model>:<method>`, Bedrock's `/model/<model>/…`, Azure's
 * `/deployments/<model>/…`. `isGemini`: whether it is of the first kind.
 */
export function pathOnModel(path: string, model: string, isGemini: boolean): string {
  const named = encodeURIComponent(model);
  const changed = path
    .replace(/(\/deployments\/)[^/?]+/, (_, before: string) => before + named)
    .replace(/(\/model\/)[^/?]+(?=\/)/, (_, before: string) => before + named);
  return isGemini ? changed.replace(/\/[^/?:]+(?=:\w+(?:\?|$))/, () => `/${named}`) : changed;
}

function takesNewName({ priceAs }: AdaptableRequest): boolean {
  return priceAs === 'openai' || priceAs.startsWith('azure');
}

function nestedLimit(
  request: AdaptableRequest,
  [holders, names]: readonly [string[], string[]],
  limit: number,
): RequestEdit {
  const holder = holders.find((name) => request.has(name)) ?? holders[0]!;
  const settings = request.value(holder);
  const known = typeof settings === 'object' && settings !== null ? settings : {};
  const name = names.find((member) => member in known) ?? names[0]!;
  return [holder, { ...known, [name]: limit }];
}

/** The smallest budget for thinking that Anthropic takes; it must stay below `max_tokens`. */
const leastThinking = 1_024;

/** https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking */
function limitThinking(thinking: unknown, limit: number): object | null {
  if (typeof thinking !== 'object' || thinking === null || !('budget_tokens' in thinking)) {
    return null;
  }
  if (typeof thinking.budget_tokens !== 'number' || thinking.budget_tokens < limit) return null;
  return limit > leastThinking
    ? { ...thinking, budget_tokens: Math.max(leastThinking, limit - 1) }
    : { type: 'disabled' };
}
