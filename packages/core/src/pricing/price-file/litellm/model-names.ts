import { canonicalProvider } from '../../../usage/providers.js';
import type { PriceConditions } from '../../price-rows.js';

export interface NamedModel {
  provider: string;
  model: string;
  when?: PriceConditions;
}

/** LiteLLM's names of providers that are more than another spelling. */
const families: readonly (readonly [pattern: RegExp, provider: string])[] = [
  [/^vertex_ai(-|$)/, 'google-vertex'],
  [/^bedrock(_converse)?$/, 'aws-bedrock'],
  [/^azure(_ai|_text)?$/, 'azure'],
  [/^cohere(_chat)?$/, 'cohere'],
  [/^text-completion-openai$/, 'openai'],
  [/^(text-completion-)?codestral$/, 'mistral'],
  [/^fireworks_ai(-|$)/, 'fireworks'],
];

export function providerOf(name: string): string {
  const family = families.find(([pattern]) => pattern.test(name));
  return family === undefined ? canonicalProvider(name) : family[1];
}

const image = /^(?:(low|medium|high|standard|hd|auto)\/)?(\d+)-x-(\d+)\/(.+)$/;
const awsRegion = /^[a-z]{2}(-gov)?-[a-z]+-\d\//;

/**
 * Which model of which provider a key of the map is about. A text is the reason why it is left out.
 * Keys put the provider, a region or the size of an image in front: `azure/eu/gpt-4o`,
 * `hd/1024-x-1024/dall-e-3`.
 */
export function nameModel(key: string, litellmProvider: string | undefined): NamedModel | string {
  const slash = key.indexOf('/');
  const prefix = slash > 0 ? key.slice(0, slash) : undefined;
  const named = litellmProvider ?? prefix;
  if (named === undefined) return 'names no provider';
  const provider = providerOf(named);
  let model = prefix !== undefined && providerOf(prefix) === provider ? key.slice(slash + 1) : key;
  if (awsRegion.test(model) || model.includes('-commitment/')) {
    return 'is the price of one AWS region or commitment';
  }
  if (/(^|\/)(max-x-max|max-steps|\d+-steps)\//.test(model)) return 'is a price by steps';
  const when: { -readonly [key in keyof PriceConditions]: PriceConditions[key] } = {};
  const sized = image.exec(model);
  if (sized !== null) {
    const [, quality, width = '', height = '', rest = ''] = sized;
    when.size = `${width}x${height}`;
    if (quality !== undefined) when.quality = quality;
    model = rest;
  }
  if (provider === 'azure') {
    const zone = /^(us|eu|global|global-standard)\/(.+)$/.exec(model);
    if (zone?.[1] === 'us' || zone?.[1] === 'eu') when.scope = 'data_zone';
    model = zone?.[2] ?? model;
  }
  return { provider, model, ...(Object.keys(when).length === 0 ? {} : { when }) };
}
