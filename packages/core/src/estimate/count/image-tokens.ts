import { canonicalProvider } from '../../usage/providers.js';
import { claudeVersion, geminiVersion, gptVersion } from './model-version.js';
import type { ImageSize } from './image-size.js';
import { bareName } from './tokenizer-family.js';

/** Which model sees an image. */
export interface Viewer {
  provider: string | null;
  model: string;
}

/** A screen: what an image is taken for whose size is not known. */
const unknownSize: ImageSize = { width: 1_920, height: 1_080 };

/**
 * Input tokens of an image by the rules that providers publish, by the family of the model. Always an
 * estimate. `detail`: what the request asks for (`low`, `high`, `original`, `auto`; Gemini's
 * `media_resolution` without its prefix). An image of unknown size counts as 1,920 × 1,080.
 */
export function imageTokens(
  { provider, model }: Viewer,
  size: ImageSize | null,
  detail: string | null = null,
): number {
  const name = bareName(model);
  const seen = size ?? unknownSize;
  const claude = claudeVersion(name);
  if (claude !== null) return claudeTokens(claude, seen);
  const gemini = geminiVersion(name);
  if (gemini !== null) return geminiTokens(gemini, seen, detail);
  const openai = openaiRule(name);
  if (openai !== null) return openaiTokens(openai, seen, detail);
  const maker = provider === null ? '' : canonicalProvider(provider);
  if (maker === 'anthropic') return claudeTokens(5, seen);
  if (maker === 'google' || maker === 'google-vertex') return geminiTokens(3, seen, detail);
  // Of others nothing is known: as many as Claude takes of an image in its standard size.
  return claudeTokens(4, seen);
}

/** OpenAI counts squares of 512 pixels (tiles) or of 32 (patches). */
type OpenaiRule =
  | { by: 'tiles'; base: number; tile: number }
  | { by: 'patches'; multiplier: number; most: number; mostInHigh: number };

const patches = (multiplier: number, most: number, mostInHigh = most): OpenaiRule => ({
  by: 'patches',
  multiplier,
  most,
  mostInHigh,
});
const tiles = (base: number, tile: number): OpenaiRule => ({ by: 'tiles', base, tile });

/**
 * By the beginning of the name, the longer first. https://platform.openai.com/docs/guides/images-vision
 * ("Calculating costs", "Model sizing behavior"); the multiplier of 1.2 from GPT-5.2 on, and that GPT-6
 * has no limit of patches where no detail is asked for, as measured on published counts.
 */
const openaiRules: readonly (readonly [name: RegExp, rule: OpenaiRule])[] = [
  [/^gpt-4o-mini/, tiles(2_833, 5_667)],
  [/^(?:gpt-4\.1|gpt-5(?:\.\d)?)(?:-codex)?-mini/, patches(1.62, 1_536)],
  [/^(?:gpt-4\.1|gpt-5(?:\.\d)?)-nano/, patches(2.46, 1_536)],
  [/^o4-mini/, patches(1.72, 1_536)],
  [/^o[1-9]/, tiles(75, 150)],
  [/^computer-use/, tiles(65, 129)],
  [/^gpt-image/, tiles(65, 129)],
  [/^(?:gpt-5(?:\.1)?)(?:$|-)/, tiles(70, 140)],
  [/^(?:gpt-4|chatgpt-4)/, tiles(85, 170)],
];

const laterModels = patches(1.2, 10_000, 2_500);
const unlimited = patches(1.2, Number.POSITIVE_INFINITY, 2_500);

function openaiRule(name: string): OpenaiRule | null {
  const version = gptVersion(name);
  const rule = openaiRules.find(([pattern]) => pattern.test(name))?.[1];
  if (rule !== undefined) return rule;
  if (version === null) return null;
  if (version >= 6) return unlimited;
  return version >= 5.4 ? laterModels : patches(1.2, 1_536);
}

function openaiTokens(rule: OpenaiRule, size: ImageSize, detail: string | null): number {
  if (rule.by === 'tiles') {
    return detail === 'low' ? rule.base : rule.base + rule.tile * tilesOf(size);
  }
  const most = detail === 'high' ? rule.mostInHigh : rule.most;
  // In low detail the model sees an image of 512 × 512.
  const seen = detail === 'low' ? within(size, 512) : size;
  return Math.ceil(patchesOf(seen, most) * rule.multiplier);
}

/** Fitted into 2,048 × 2,048, then the shorter side to 768, then cut into squares of 512. */
function tilesOf(size: ImageSize): number {
  const fitted = within(size, 2_048);
  const scale = Math.min(1, 768 / Math.min(fitted.width, fitted.height));
  const side = (pixels: number) => Math.ceil(Math.round(pixels * scale) / 512);
  return side(fitted.width) * side(fitted.height);
}

/** Squares of 32 that cover the image; one with more than `most` is scaled until whole squares fit. */
function patchesOf({ width, height }: ImageSize, most: number): number {
  const count = Math.ceil(width / 32) * Math.ceil(height / 32);
  if (count <= most) return count;
  const shrink = Math.sqrt((32 * 32 * most) / (width * height));
  const [across, down] = [(width * shrink) / 32, (height * shrink) / 32];
  const whole = Math.min(
    Math.max(1, Math.floor(across)) / across,
    Math.max(1, Math.floor(down)) / down,
  );
  return Math.min(most, covering(across * whole) * covering(down * whole));
}

/** Up to the next whole number, but not because of an error in the last digit. */
function covering(length: number): number {
  return Math.max(1, Math.ceil(length - 1e-9));
}

function within({ width, height }: ImageSize, longest: number): ImageSize {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: width * scale, height: height * scale };
}

/**
 * One token for each square of 28 pixels, after scaling to at most 1,568 tokens and pixels a side; from
 * Claude 4.7 on 4,784 tokens and 2,576 pixels. The earlier rule, width × height ÷ 750, is its
 * approximation. https://platform.claude.com/docs/en/build-with-claude/vision
 */
function claudeTokens(version: number, { width, height }: ImageSize): number {
  const [most, longest] = version >= 4.7 ? [4_784, 2_576] : [1_568, 1_568];
  const long = Math.max(width, height);
  const ratio = Math.min(width, height) / long;
  const tokensOf = (side: number) =>
    Math.ceil(side / 28) * Math.max(1, Math.ceil(Math.round(side * ratio) / 28));
  let side = Math.min(Math.ceil(long), longest);
  if (tokensOf(side) <= most) return tokensOf(side);
  let fits = 1;
  while (side - fits > 1) {
    const middle = (side + fits) >> 1;
    if (tokensOf(middle) <= most) fits = middle;
    else side = middle;
  }
  return tokensOf(fits);
}

/** Tokens by `media_resolution` from Gemini 3 on: https://ai.google.dev/gemini-api/docs/media-resolution. */
const geminiResolutions: Readonly<Record<string, number>> = {
  low: 280,
  medium: 560,
  high: 1_120,
  ultra_high: 2_240,
};

/**
 * Up to Gemini 2.5: 258 tokens for a small image (both sides up to 384), else 258 for each tile, whose
 * side is the shorter side ÷ 1.5; 64 in low resolution. From Gemini 3 on a number by resolution, whatever
 * the size. https://ai.google.dev/gemini-api/docs/image-understanding
 */
function geminiTokens(
  version: number,
  { width, height }: ImageSize,
  detail: string | null,
): number {
  if (version >= 3) return geminiResolutions[detail ?? 'high'] ?? geminiResolutions['high']!;
  if (detail === 'low') return 64;
  if (width <= 384 && height <= 384) return 258;
  const unit = Math.max(1, Math.floor(Math.min(width, height) / 1.5));
  return Math.ceil(width / unit) * Math.ceil(height / unit) * 258;
}
