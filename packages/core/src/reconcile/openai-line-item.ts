import { tierName } from './ledger-cells.js';
import type { CostRow } from './provider-report.js';

type LineFacts = Pick<CostRow, 'model' | 'tier' | 'long' | 'geo' | 'kind' | 'category'>;

/** Words of a line's name, most special first: a cached input is no input. */
const kinds: readonly [RegExp, string][] = [
  [/cache[ _-]?writ/, 'cache_write'],
  [/cached|cache[ _-]?(read|hit)/, 'cache_read'],
  [/output/, 'output'],
  [/input|prompt/, 'input_uncached'],
];
const units: readonly [RegExp, string][] = [
  [/web[ _-]?search/, 'web_searches'],
  [/file[ _-]?search/, 'file_searches'],
  [/code[ _-]?interpreter/, 'code_interpreter_sessions'],
  [/transcription|whisper/, 'audio_seconds'],
  [/character/, 'input_characters'],
];
/** What is done with a model besides calling it. */
const services = /training|fine[ _-]?tun|storage|hosting|container|seat/;
const tiers = /^(default|standard|flex|priority|fast|batch|scale)$/;

/**
 * Reads the name of a cost line, e.g. `gpt-5-2025-08-07, flex, cached input`: the model, the tier
 * and what was billed, each as far as the line says it. Lines that name no model and no tokens are
 * other services.
 */
export function readLineItem(line: string | null, isModel: (name: string) => boolean): LineFacts {
  const facts: LineFacts = {
    model: null,
    tier: null,
    long: null,
    geo: null,
    kind: null,
    category: 'tokens',
  };
  if (line === null) return facts;
  let meaning = false;
  for (const part of line.split(/\s*[,|]\s*/)) {
    const { words, tier } = withoutTier(part);
    if (tier !== null) facts.tier = tier;
    if (words === '') continue;
    if (facts.model === null && isModel(words)) {
      facts.model = words;
      meaning = true;
      continue;
    }
    const lower = words.toLowerCase();
    if (services.test(lower)) return { ...facts, category: 'other' };
    const unit = units.find(([pattern]) => pattern.test(lower));
    if (unit !== undefined) return { ...facts, kind: unit[1], category: 'unit' };
    const kind = kinds.find(([pattern]) => pattern.test(lower));
    if (kind !== undefined) {
      facts.kind = kind[1];
      meaning = true;
    } else if (facts.model === null && /^[a-z0-9][\w.:/-]*$/i.test(words)) {
      // One word without meaning to us, such as a model that no list has.
      facts.model = words;
    }
  }
  // A model's name alone is one that we know, or it may be any service.
  return meaning ? facts : { ...facts, model: null, category: 'other' };
}

/** `gpt-4o-mini batch` → the words and the tier; a part that is a tier alone leaves no words. */
function withoutTier(part: string): { words: string; tier: string | null } {
  const words: string[] = [];
  let tier: string | null = null;
  for (const word of part.split(/\s+/)) {
    if (tiers.test(word.toLowerCase())) tier = tierName(word);
    else if (word !== '') words.push(word);
  }
  return { words: words.join(' '), tier };
}
