import {
  cacheMarker,
  JsonText,
  leastPromptTokens,
  PrefixReader,
  promptApis,
  totalInput,
  type Entry,
  type PrefixHash,
  type PromptJson,
  type PromptPrefixes,
} from '@farthing/core';
import { builtIn, sayOnce } from './platform.js';
import { secretKey } from './privacy.js';

/** Tells how the prompt of a call begins, by its request's JSON; undefined where that is of no interest. */
export type PrefixesOf = (entry: Entry, body: string) => PromptPrefixes | undefined;

/**
 * Fingerprints as the gateway makes them: with the same secret, an equal prompt has equal ones. Null
 * where they are not wanted, or cannot be made (which is said once). Throws `secret_invalid`.
 */
export function prefixesOf(wanted: boolean, secret: string | undefined): PrefixesOf | null {
  if (!wanted) return null;
  const key = secretKey(secret);
  const crypto = builtIn('node:crypto');
  if (key === undefined || crypto === undefined) {
    sayOnce(
      'prompts get no fingerprints: that needs FARTHING_SECRET or `secret`, and a runtime with node:crypto.',
    );
    return null;
  }
  const reader = new PrefixReader();
  const own = crypto.createHmac('sha256', key).update('prompt-prefixes').digest();
  return (entry, body) => {
    const { usage, api, tags, model, provider } = entry;
    if (!promptApis.has(api) || usage === null || usage.estimated) return undefined;
    const inputTokens = totalInput(usage.tokens);
    if (inputTokens < leastPromptTokens) return undefined;
    const hash = crypto.createHash('sha256').update(own);
    const parts: PrefixHash = {
      update: (start, end) => void hash.update(body.slice(start, end)),
      mark: () => hash.copy().digest('base64url').slice(0, 8),
    };
    return reader.read({
      json: new PromptText(body),
      hash: parts,
      inputTokens,
      group: [provider, model, tags.feature, tags.template_version].join('\u001f'),
      at: Date.parse(entry.started_at),
    });
  };
}

class PromptText extends JsonText implements PromptJson {
  readonly #text: string;

  constructor(text: string) {
    super(text);
    this.#text = text;
  }

  markerFrom(at: number): number {
    return this.#text.indexOf(cacheMarker, at);
  }
}
