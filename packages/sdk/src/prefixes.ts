import {
  cacheMarker,
  JsonText,
  leastPromptTokens,
  PrefixReader,
  promptApis,
  totalInput,
  type PrefixHash,
  type PromptJson,
} from '@farthing/core';
import type { MeterParts } from './call/meter.js';
import { builtIn, sayOnce } from './platform.js';
import { secretKey } from './secret-key.js';

/**
 * Tells how the prompt of a call begins, by its request's JSON: fingerprints as the gateway makes them, so
 * that with the same secret equal prompts have equal ones. Null where they are not wanted, or cannot be made
 * (which is said once). Throws `secret_invalid`.
 */
export function prefixesOf(wanted: boolean, secret: string | undefined): MeterParts['prefixes'] {
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
