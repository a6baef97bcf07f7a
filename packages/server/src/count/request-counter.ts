import {
  bareName,
  countRequest,
  FarthingError,
  type CountedFile,
  type Viewer,
} from '@farthing/core';
import { askProvider, type CountingProvider } from './ask-provider.js';
import type { TextCount } from './count-texts.js';
import type { Fields } from './fields.js';
import type { TokenizerThread } from './tokenizer-thread.js';

/** Input tokens of one request on one model, as they were counted. */
export interface InputCount {
  tokens: number;
  /** What the input does not exceed, likely; the provider's own count has no margin. */
  bound: number;
  method: 'tokenizer' | 'provider';
  /** Whether the text was counted by the model's own tokenizer. */
  ownTokenizer: boolean;
  /** Whether the number rests on rules and factors, not on the model's own tokenizer alone. */
  estimated: boolean;
  /** What of it is text, what stands around messages, tool schemas beside their text, and files. */
  parts: { text: number; framing: number; tools: number; files: number } | null;
  files: CountedFile[];
  /** What is not exact about it, in sentences. */
  notes: string[];
}

/** Beyond what was counted: little for the model's own tokenizer, more for a factor or a rule. */
const ownMargin = 1.02;
const factorMargin = 1.35;
const ruleMargin = 1.25;

export interface RequestCounterParts {
  tokenizer: Pick<TokenizerThread, 'count'>;
  /** The configured provider of a name in entries; null where there is none. */
  providerNamed(name: string): CountingProvider | null;
}

/** Counts the input of requests that are asked about, off the path of calls. */
export class RequestCounter {
  readonly #parts: RequestCounterParts;

  constructor(parts: RequestCounterParts) {
    this.#parts = parts;
  }

  /**
   * One request for several models: a text is counted once for each way of counting it. Null where the
   * tokenizer took too long.
   */
  forRequest(request: Fields): (viewer: Viewer) => Promise<InputCount | null> {
    const counted = new Map<string, Promise<TextCount | null>>();
    return async (viewer) => {
      const { family, texts, framing, toolFraming, files, notes } = countRequest(
        request,
        viewer,
        latin1,
      );
      const key = `${family.encoding} ${family.own}`;
      let counting = counted.get(key);
      if (counting === undefined) {
        counting = this.#parts.tokenizer.count(texts, family.encoding);
        counted.set(key, counting);
      }
      const count = await counting;
      if (count === null) return null;
      const text = Math.ceil(count.tokens * family.factor);
      const rules = toolFraming + files.reduce((sum, file) => sum + file.tokens, 0);
      const margin = family.own && !count.isSampled ? ownMargin : factorMargin;
      return {
        tokens: text + framing + rules,
        bound: Math.ceil(text * margin) + framing + Math.ceil(rules * ruleMargin),
        method: 'tokenizer',
        ownTokenizer: family.own,
        estimated: notes.length > 0 || count.isSampled,
        parts: { text, framing, tools: toolFraming, files: rules - toolFraming },
        files,
        notes: count.isSampled
          ? [...notes, 'The text is longer than any model reads: parts of it were counted.']
          : notes,
      };
    };
  }

  /** The provider's own count. Throws `cannot_count` and `count_failed`. */
  async byProvider(request: Fields, { provider, model }: Viewer): Promise<InputCount> {
    const found = provider === null ? null : this.#parts.providerNamed(provider);
    const tokens = await askProvider(found, bareName(model), request);
    return {
      tokens,
      bound: tokens,
      method: 'provider',
      ownTokenizer: true,
      estimated: false,
      parts: null,
      files: [],
      notes: [],
    };
  }
}

/** What a provider said about a count that it did not make. */
export function countProblem(error: unknown): string {
  if (FarthingError.isInstance(error)) return (error as FarthingError).message;
  throw error;
}

function latin1(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1');
}
