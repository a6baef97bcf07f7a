import type { OutputGroup } from './output-model.js';

export const keySeparator = '\u001f';

/** The keys of a group's windows. Those of input sizes are made when they are first asked for. */
export interface Keys {
  /** Of the ratio of tokens to bytes. */
  input: string;
  template: string;
  feature: string;
  model: string;
  sizes: string[];
}

/** Most groups whose keys are remembered; they only spare work. */
const mostKeys = 4_096;

/** Putting long keys together costs more than all else: it is done once for each group, not for each call. */
export class GroupKeys {
  #known = new Map<string, Map<string, Map<string, Keys>>>();
  #count = 0;

  of({ feature = '', template_version: template = '', model }: OutputGroup): Keys {
    return (
      this.#known.get(model)?.get(feature)?.get(template) ?? this.#make(model, feature, template)
    );
  }

  #make(model: string, feature: string, template: string): Keys {
    if (this.#count >= mostKeys) {
      this.#known = new Map();
      this.#count = 0;
    }
    this.#count += 1;
    const keys: Keys = {
      input: `${feature}${keySeparator}${model}`,
      template: `template${keySeparator}${model}${keySeparator}${feature}${keySeparator}${template}`,
      feature: `feature${keySeparator}${model}${keySeparator}${feature}`,
      model: `model${keySeparator}${model}`,
      sizes: [],
    };
    let features = this.#known.get(model);
    if (features === undefined) this.#known.set(model, (features = new Map()));
    let templates = features.get(feature);
    if (templates === undefined) features.set(feature, (templates = new Map()));
    templates.set(template, keys);
    return keys;
  }
}
