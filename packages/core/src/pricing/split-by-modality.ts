import type { TokenBuckets, TokenDetails } from '../usage/usage.js';
import type { CompiledRate } from './rate-card.js';
import type { RateUnit } from './rate-units.js';

/** A kind of token on the bill, the rate it is billed at, and how many there are. */
export type TokenLine = [kind: string, unit: RateUnit, quantity: number];

/**
 * Splits the buckets by modality, for models that price audio or images apart. The lines add up to
 * the buckets. Details say how much of ALL input is audio; where the answer does not say how much of
 * that was cached, the cached part is taken as text as far as there is text.
 */
export function splitByModality(
  tokens: TokenBuckets,
  details: TokenDetails,
  rates: ReadonlyMap<RateUnit, CompiledRate>,
): TokenLine[] {
  const lines: TokenLine[] = [];
  const has = (unit: RateUnit) => rates.has(unit);
  const audio = has('input_audio') || has('cache_read_audio') ? (details.input_audio ?? 0) : 0;
  const image = has('input_image') || has('cache_read_image') ? (details.input_image ?? 0) : 0;
  const video = has('input_video') ? (details.input_video ?? 0) : 0;

  let uncached = tokens.input_uncached;
  let cached = tokens.cache_read;
  const text = Math.max(0, uncached + cached - audio - image - video);
  const cachedAudio = Math.min(
    details.cache_read_audio ?? Math.max(0, cached - text - image - video),
    cached,
    audio,
  );
  const cachedImage = Math.min(
    details.cache_read_image ?? Math.max(0, cached - text - cachedAudio - video),
    cached - cachedAudio,
    image,
  );
  const take = (kind: RateUnit, wanted: number, from: number): number => {
    const quantity = Math.min(wanted, from);
    if (quantity > 0) lines.push([kind, kind, quantity]);
    return from - quantity;
  };
  uncached = take('input_audio', audio - cachedAudio, uncached);
  uncached = take('input_image', image - cachedImage, uncached);
  uncached = take('input_video', video, uncached);
  cached = take('cache_read_audio', cachedAudio, cached);
  cached = take('cache_read_image', cachedImage, cached);

  let output = tokens.output;
  if (has('output_audio')) output = take('output_audio', details.output_audio ?? 0, output);
  if (has('output_image')) output = take('output_image', details.output_image ?? 0, output);
  if (has('output_reasoning')) output = take('output_reasoning', details.reasoning ?? 0, output);

  return [
    ['input_uncached', 'input', uncached],
    ['cache_read', 'cache_read', cached],
    ['cache_write', 'cache_write', tokens.cache_write],
    ['cache_write_5m', 'cache_write_5m', tokens.cache_write_5m],
    ['cache_write_1h', 'cache_write_1h', tokens.cache_write_1h],
    ['output', 'output', output],
    ...lines,
  ];
}
