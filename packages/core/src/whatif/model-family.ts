import { bareName } from '../estimate/count/tokenizer-family.js';
import type { ModelName } from '../pricing/model-prices.js';
import type { PriceBook } from '../pricing/price-book.js';

/** What a model is among those of its maker. */
export const modelClasses = ['fast', 'balanced', 'frontier'] as const;
export type ModelClass = (typeof modelClasses)[number];

export interface FamilyMember extends ModelName {
  class: ModelClass;
  /** USD per million tokens of which three in four are input: only for ranking. */
  blended: number;
}

/** A model's name in parts: `claude-opus-4-8` is variant `claude-opus`, version 4.8. */
interface NameParts {
  line: string;
  variant: string;
  version: number;
}

/** Not for chats in general, not for everybody, or outdated forms of others. */
const special =
  /audio|image|realtime|search|codex|embed|tts|transcri|whisper|vision|guard|moderat|deep-research|computer-use|instruct|thinking|reasoner|code|ocr|live|robot|customtools|chat-|-chat|turbo|16k|32k|multi-agent|ft-|:/;
/** `-2025-08-07`, `-20251001`, `-0613`, `-001`, `-v1:0`, and what only says which edition it is. */
const edition =
  /[-@](?:\d{4}-\d{2}-\d{2}|\d{8}|\d{6}|\d{4}|\d{3}|v\d+(?::\d+)?|preview|latest|exp)(?=$|-|@)/g;

function partsOf(model: string): NameParts {
  const name = bareName(model).replaceAll(edition, '');
  // Versions are written 4.5, 4-5 or 4o.
  const [text = '', whole = '0', part = '0'] =
    /(\d+)(?:[.-](\d{1,2}))?(?:o(?=$|-))?(?!\d)/.exec(name) ?? [];
  const variant = name.replace(text, '').replaceAll(/-+/g, '-').replaceAll(/^-|-$/g, '');
  const [line = ''] = variant.split('-');
  return { line, variant, version: Number(`${whole}.${part}`) };
}

/** Versions further apart are models of another generation. */
const sameGeneration = 1;

/**
 * The models that a maker sells beside one, that one included, from the cheapest to the dearest: of each
 * variant the version nearest to its own, not above it where there is one. Empty where the model has no
 * price, or no siblings.
 */
export function modelFamily(book: PriceBook, source: ModelName, at: string): FamilyMember[] {
  const described = book.describe(source.provider, source.model);
  const ownPrice = blendedPrice(book, source, at);
  if (described === null || ownPrice === null) return [];
  const own = partsOf(described.model);
  const nearest = new Map<string, { model: string; version: number; blended: number }>();
  for (const { model } of book.models(described.owner)) {
    const parts = partsOf(model);
    if (parts.line !== own.line || special.test(withoutEdition(model))) continue;
    if (Math.abs(parts.version - own.version) >= sameGeneration || parts.variant === own.variant)
      continue;
    const known = nearest.get(parts.variant);
    if (known !== undefined && !isNearer(parts.version, known.version, own.version)) continue;
    const blended = blendedPrice(book, { provider: described.owner, model }, at);
    if (blended === null || !book.knows(source.provider, model)) continue;
    nearest.set(parts.variant, { model, version: parts.version, blended });
  }
  if (nearest.size === 0) return [];
  return [...nearest.values(), { model: source.model, blended: ownPrice }]
    .toSorted((a, b) => a.blended - b.blended)
    .map(({ model, blended }) => ({
      provider: source.provider,
      model,
      blended,
      class: classOf(model, blended),
    }));
}

function withoutEdition(model: string): string {
  return bareName(model).replaceAll(edition, '');
}

/** Not above the wanted version, and of those the highest; else the lowest above it. */
function isNearer(version: number, known: number, wanted: number): boolean {
  if (version <= wanted !== known <= wanted) return version <= wanted;
  return version <= wanted ? version > known : version < known;
}

/** How makers call their small, middle and large models; the first that the name has. */
const classWords: readonly (readonly [ModelClass, RegExp])[] = [
  ['fast', /nano|mini|haiku|lite|luna|small|instant|tiny|micro|\d?8b|fast/],
  ['balanced', /flash|sonnet|terra|medium/],
  ['frontier', /opus|pro|sol|large|fable|mythos|astra|ultra|max|^o\d/],
];
/** Of names that say nothing: USD per million tokens, three in four of them input. */
const frontierPrice = 2.5;
const balancedPrice = 0.6;

/** What a model is by the words of its name, else by its price. */
export function classOf(model: string, blended: number): ModelClass {
  const name = bareName(model).replace('gemini', '');
  const named = classWords.find(([, words]) => words.test(name))?.[0];
  if (named !== undefined) return named;
  if (blended >= frontierPrice) return 'frontier';
  return blended >= balancedPrice ? 'balanced' : 'fast';
}

/** Null for what has no price for answers: it is no chat model. */
function blendedPrice(book: PriceBook, { provider, model }: ModelName, at: string): number | null {
  const rates = book.describe(provider, model)?.ratesAt({ at }).rates ?? [];
  const rate = (unit: string) => {
    const found = rates.find((each) => each.unit === unit);
    return found === undefined ? null : Number(found.rate_usd);
  };
  const [input, output] = [rate('input'), rate('output')];
  return input === null || output === null || output === 0 ? null : (3 * input + output) / 4;
}
