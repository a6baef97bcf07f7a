import { keepNewest } from './keep-newest.js';
import { SlidingQuantiles } from './sliding-quantiles.js';

/** What tells beforehand how long a prompt is, without reading it. */
export interface InputSize {
  /** Bytes of the request body, without inline files. */
  textBytes: number;
  /** Tokens of images and files by the provider's documented rules; 0 without any. */
  fileTokens: number;
}

export interface InputPrediction {
  /** The likely number of input tokens. */
  expected: number;
  /** What 999 in 1,000 such calls do not exceed, and never more than a token for each byte. */
  bound: number;
  /**
   * `learned` from calls of the group, or the general `bytes/4` until there are enough; `tokenizer` and
   * `provider` where the text was counted; `request` where the price follows from settings, not tokens.
   */
  method: 'learned' | 'bytes/4' | 'tokenizer' | 'provider' | 'request';
}

export interface InputModelState {
  version: 1;
  windows: [key: string, ratios: number[]][];
}

const enough = 20;
const windowSize = 200;
const mostGroups = 2_000;
/** English prose has about four bytes to a token; JSON and code have fewer. */
const generalRatio = 0.25;
/** Until a group is known: nearly all real prompts have at most half a token to a byte. */
const generalBound = 0.5;
/** Ratios of a group vary little; what goes beyond the largest seen goes beyond by this at most. */
const beyondLargest = 1.1;

/**
 * Learns how many tokens a byte of a feature's requests is worth: templates, languages and tool
 * schemas give every feature a ratio of its own, and it holds from call to call. Costs no tokenizer.
 */
export class InputModel {
  readonly #windows = new Map<string, SlidingQuantiles>();

  static restore(state: InputModelState): InputModel {
    const model = new InputModel();
    for (const [key, ratios] of state.windows) {
      const window = new SlidingQuantiles(windowSize);
      for (const ratio of ratios) window.add(ratio);
      model.#windows.set(key, window);
    }
    return model;
  }

  /** @param group the feature and the model: their prompts look alike, and one tokenizer counts them. */
  predict(group: string, { textBytes, fileTokens }: InputSize): InputPrediction {
    const window = this.#windows.get(group);
    if (window === undefined || window.count < enough) {
      return {
        expected: Math.ceil(textBytes * generalRatio) + fileTokens,
        bound: Math.ceil(textBytes * generalBound) + fileTokens,
        method: 'bytes/4',
      };
    }
    const bound = Math.min(window.largest * beyondLargest, 1);
    return {
      expected: Math.ceil(textBytes * window.quantile(0.5)) + fileTokens,
      bound: Math.ceil(textBytes * bound) + fileTokens,
      method: 'learned',
    };
  }

  /** @param inputTokens all input tokens that the provider counted, cached or not. */
  learn(group: string, { textBytes, fileTokens }: InputSize, inputTokens: number): void {
    const textTokens = inputTokens - fileTokens;
    if (textBytes <= 0 || textTokens <= 0) return;
    const known = this.#windows.get(group);
    const window = known ?? new SlidingQuantiles(windowSize);
    window.add(textTokens / textBytes);
    keepNewest(this.#windows, group, window, known === undefined, mostGroups);
  }

  state(): InputModelState {
    return {
      version: 1,
      windows: [...this.#windows].map(([key, window]) => [key, window.values()]),
    };
  }
}
