import { isFields, type Fields } from '../../../usage/fields.js';
import { decimalOf } from '../../decimal.js';
import type { PriceRule } from '../../price-rows.js';
import { arrangeRules } from '../arrange-rules.js';
import { subjectKey } from '../period.js';
import type { PriceFile } from '../price-file.js';
import { invalidPrices, type Problem } from '../problems.js';
import { nameModel } from './model-names.js';
import { looksLikePrice } from './price-keys.js';
import { readModel } from './read-model.js';

/** The published map carries this entry, which documents the others. */
const sample = 'sample_spec';

/** Whether an object is a price map as LiteLLM has it: models by name, with its keys. */
export function isLitellmMap(value: Fields): boolean {
  if (Array.isArray(value['prices'])) return false;
  return Object.values(value).some(
    (entry) =>
      isFields(entry) &&
      (typeof entry['litellm_provider'] === 'string' ||
        Object.keys(entry).some((key) => /cost_per_|_token_cost/.test(key))),
  );
}

/**
 * Reads LiteLLM's price map. Keys that are not known and models that are not priced by anything that
 * calls are counted in are notes. A figure that cannot be true is an error in a map of one's own; in
 * the published map, which is not the reader's to mend, that model is left out and noted.
 */
export function readLitellmMap(map: Fields, name: string): PriceFile {
  const published = isFields(map[sample]);
  const problems: Problem[] = [];
  const notes = new Tally();
  const rules = new Map<string, PriceRule>();
  for (const [key, entry] of Object.entries(map)) {
    if (key === sample) continue;
    if (!isFields(entry)) {
      notes.add('is not read: it is no model', key);
      continue;
    }
    const stated = entry['litellm_provider'];
    const named = nameModel(key, typeof stated === 'string' && stated !== '' ? stated : undefined);
    if (typeof named === 'string') {
      const priced = Object.keys(entry).some(looksLikePrice);
      if (named === 'names no provider' && priced && !published) {
        const message = 'is missing: write whose model it is, like "openai"';
        problems.push({ place: shorten(key), field: 'litellm_provider', message });
      } else notes.add(`left out: it ${named}`, key);
      continue;
    }
    const reading = readModel(entry, named, name);
    for (const unread of reading.unread) notes.add(`"${shorten(unread)}" is not read`, key);
    if (reading.wrong.length > 0) {
      for (const [field, message] of reading.wrong) {
        if (published) notes.add(`left out: ${field} cannot be true`, key);
        else problems.push({ place: shorten(key), field, message });
      }
      continue;
    }
    if (reading.rules.length === 0 && Object.keys(entry).some(looksLikePrice)) {
      notes.add('left out: it has no price that calls are counted in', key);
    }
    for (const rule of reading.rules) addRule(rules, rule, key, notes);
  }
  if (problems.length > 0) throw invalidPrices(name, problems);
  return {
    format: 'litellm',
    rules: arrangeRules([...rules.values()]),
    tools: [],
    notes: notes.list(),
  };
}

/** The map has some models under two names; the first one counts. */
function addRule(rules: Map<string, PriceRule>, rule: PriceRule, key: string, notes: Tally): void {
  const subject = subjectKey(rule);
  const known = rules.get(subject);
  if (known === undefined) {
    rules.set(subject, rule);
    const { input, output } = rule.rates ?? {};
    if (isZero(input) && isZero(output)) notes.add('is free: input and output cost 0', key);
  } else if (JSON.stringify(known.rates) !== JSON.stringify(rule.rates)) {
    notes.add('is listed twice with different prices: the first counts', key);
  }
}

function isZero(rate: string | undefined): boolean {
  return rate !== undefined && decimalOf(rate).numerator === 0n;
}

/** Counts what is to be said of many models, so that a map of thousands makes a handful of notes. */
class Tally {
  readonly #models = new Map<string, { count: number; first: string }>();

  add(what: string, model: string): void {
    const known = this.#models.get(what);
    if (known === undefined) this.#models.set(what, { count: 1, first: shorten(model) });
    else known.count += 1;
  }

  list(): string[] {
    return [...this.#models].map(([what, { count, first }]) =>
      count === 1 ? `${first}: ${what}` : `${count} models (${first}, …): ${what}`,
    );
  }
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
