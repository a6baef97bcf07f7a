/**
 * The version of a Claude model as a number (`claude-opus-4-8` is 4.8, `claude-3-5-haiku-20241022` is
 * 3.5); null for other models. Ids of Bedrock and Vertex have the same name within them.
 */
export function claudeVersion(model: string): number | null {
  if (!model.includes('claude')) return null;
  const later = /claude-[a-z]+-(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/.exec(model);
  const earlier = later ?? /claude-(\d)(?:[-.](\d))?(?!\d)/.exec(model);
  if (earlier === null) return null;
  return Number(`${earlier[1]}.${earlier[2] ?? 0}`);
}

/** The version of a Gemini model (`gemini-2.5-pro` is 2.5); null for other models. */
export function geminiVersion(model: string): number | null {
  const version = /gemini-(\d+(?:\.\d+)?)/.exec(model)?.[1];
  return version === undefined ? null : Number(version);
}

/** The version of a GPT model from 4 on (`gpt-5.6-luna` is 5.6, `gpt-4o` is 4); null for other models. */
export function gptVersion(model: string): number | null {
  const version = /gpt-(\d+(?:\.\d+)?)/.exec(model)?.[1];
  return version === undefined ? null : Number(version);
}
