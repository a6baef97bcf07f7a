/**
 * Classes of calls by all their input tokens, cached or not: the dimension `input_size` has for its value
 * the bound that the call's input exceeds (a call with 128,000 tokens is in `100000`, one with 128,001 in
 * `128000`). Among the bounds are all at which a published price changes with the length of the prompt.
 */
export const inputSizeBounds = [
  0, 1_000, 4_000, 16_000, 32_000, 64_000, 100_000, 128_000, 200_000, 272_000, 512_000, 1_000_000,
] as const;

/** The class of a call with so many input tokens; none has none: 0. */
export function inputSizeOf(tokens: number): number {
  return inputSizeBounds.findLast((bound) => tokens > bound) ?? 0;
}
