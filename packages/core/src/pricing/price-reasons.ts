import type { ModelName } from './model-prices.js';

/** For a model that no layer lists. */
export function unknownModel(provider: string, model: string): string {
  return `no price for model "${shown(model)}" of provider "${provider}": add its rates, or declare it as an alias of a known model, in your own prices (\`prices\` in farthing.yaml)`;
}

/** A model's id, shortened: it comes from callers. */
export function shown(model: string): string {
  return model.length > 120 ? `${model.slice(0, 120)}…` : model;
}

/** For a model that is declared the same as one that no layer lists. */
export function unknownTwin(provider: string, model: string, target: string): string {
  return `model "${shown(model)}" of provider "${provider}" is declared to be priced as "${target}", which no price list has: name a known model, as \`provider/model\` where it is another provider's`;
}

/** For a model that the user's fallback stands in for. */
export function standsIn(fallback: ModelName, provider: string, model: string | null): string {
  const unknown =
    model === null ? 'the call names no model' : `no price for "${shown(model)}" (${provider})`;
  return `${unknown}: priced as your fallback ${fallback.provider}/${fallback.model}`;
}
