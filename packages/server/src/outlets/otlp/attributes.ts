import { tagNames, totalInput, type Entry } from '@farthing/core';

export interface Attribute {
  key: string;
  value: { stringValue: string } | { intValue: string } | { doubleValue: number };
}

export const text = (key: string, value: string): Attribute => ({
  key,
  value: { stringValue: value },
});
export const whole = (key: string, value: number): Attribute => ({
  key,
  value: { intValue: String(value) },
});

/** What instrumentation calls the APIs (`gen_ai.operation.name`). */
export function operationOf(api: string): string {
  if (/embed/i.test(api)) return 'embeddings';
  if (/^(chat|messages|responses|generateContent|converse|interactions)/i.test(api)) return 'chat';
  if (api.startsWith('completions')) return 'text_completion';
  return api;
}

/** Tags that the GenAI conventions have a name for; the others go as `farthing.tag.<name>`. */
const conventional: Record<string, string> = {
  agent: 'gen_ai.agent.name',
  session: 'gen_ai.conversation.id',
  user: 'enduser.pseudo.id',
  environment: 'deployment.environment.name',
};

/** The provider, models and operation: what metrics go by, too. */
export function callAttributes({
  provider,
  api,
  model,
  model_requested: asked,
}: Entry): Attribute[] {
  return [
    text('gen_ai.operation.name', operationOf(api)),
    text('gen_ai.provider.name', provider),
    ...(asked === null ? [] : [text('gen_ai.request.model', asked)]),
    ...(model === null ? [] : [text('gen_ai.response.model', model)]),
  ];
}

export function spanAttributes(entry: Entry, costAttributes: boolean): Attribute[] {
  const { usage, cost, tags } = entry;
  const attributes = [...callAttributes(entry), text('farthing.call.id', entry.id)];
  if (entry.response_id !== undefined)
    attributes.push(text('gen_ai.response.id', entry.response_id));
  if (entry.error_type !== undefined) attributes.push(text('error.type', entry.error_type));
  if (entry.http_status !== null) {
    attributes.push(whole('http.response.status_code', entry.http_status));
  }
  if (usage !== null) {
    const { tokens } = usage;
    attributes.push(
      whole('gen_ai.usage.input_tokens', totalInput(tokens)),
      whole('gen_ai.usage.output_tokens', tokens.output),
      whole('gen_ai.usage.cache_read.input_tokens', tokens.cache_read),
    );
  }
  // Exact, so a text: a float would round it.
  if (cost.usd !== null) attributes.push(text('farthing.cost.usd', cost.usd));
  attributes.push(text('farthing.cost.status', cost.status));
  if (costAttributes && cost.usd !== null) {
    attributes.push(
      { key: 'gen_ai.usage.cost.amount', value: { doubleValue: Number(cost.usd) } },
      text('gen_ai.usage.cost.currency', 'USD'),
    );
  }
  for (const name of tagNames) {
    const value = tags[name];
    if (value !== undefined)
      attributes.push(text(conventional[name] ?? `farthing.tag.${name}`, value));
  }
  for (const [name, value] of Object.entries(tags.custom ?? {})) {
    attributes.push(text(`farthing.tag.${name}`, value));
  }
  return attributes;
}
