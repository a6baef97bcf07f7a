/**
 * The causes of a difference in spend, in the order in which a waterfall shows them. Together they are the
 * whole difference: nothing is left over.
 */
export const effectKinds = [
  /** Groups (features) that had no calls before. */
  'new',
  /** Groups that have no calls any more. */
  'gone',
  /** More or fewer calls in all. */
  'volume',
  /** Calls moved between dearer and cheaper groups. */
  'mix',
  /** Calls moved between models or providers within a group. */
  'routing',
  /** Attempts beyond the first that are billed too. */
  'retries',
  /** Tokens sent in a call. */
  'input',
  /** Tokens that a call answers. */
  'output',
  /** The share of the input that is read from, or written to, the provider's cache. */
  'cache',
  /** What a token of the same kind from the same model costs. */
  'price',
  /** The share of calls whose cost is known: what had no price before and has one now. */
  'unpriced',
  /** Tools, images, fees: what is billed beside tokens. */
  'other',
  /** Amounts that belong to no call: credits, refunds, differences to an invoice. */
  'stated',
] as const;
export type EffectKind = (typeof effectKinds)[number];

export type Effects = Partial<Record<EffectKind, number>>;

export function addEffect(effects: Effects, kind: EffectKind, value: number): void {
  if (value !== 0) effects[kind] = (effects[kind] ?? 0) + value;
}
