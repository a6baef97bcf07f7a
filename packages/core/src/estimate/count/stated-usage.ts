import type { RequestFacts } from '../../usage/call-context.js';
import { canonicalProvider } from '../../usage/providers.js';
import {
  emptyTokens,
  type BilledUnits,
  type TokenBuckets,
  type TokenDetails,
  type Usage,
} from '../../usage/usage.js';
import { audioTokens } from './media-tokens.js';
import { bareName } from './tokenizer-family.js';

/** What a request says of its price by itself, beside its model. */
export interface StatedRequest {
  api: string;
  provider: string;
  /** Null where a form names it somewhere behind its files. */
  model: string | null;
  facts: RequestFacts | undefined;
  /** Bytes of text: of a prompt, of documents to be ranked. */
  textBytes: number;
  /** Bytes of a file that is sent in a form; null where they are not known. */
  fileBytes: number | null;
  /** Documents to be ranked. */
  documents: number;
  /** Pages of a document within the request; null where it lies elsewhere. */
  pages: number | null;
}

/**
 * The usage that follows from a request whose price does not go by its tokens: images asked for, text to
 * be spoken, sound by the size of its file, documents to be ranked, pages to be read. The most that is
 * usual, since budgets hold it. Null where nothing follows.
 */
export function statedUsage(request: StatedRequest): Usage | null {
  switch (request.api) {
    case 'images':
    case 'images.generations':
    case 'images.edits':
      return imageUsage(request);
    case 'audio.speech':
      return speechUsage(request);
    case 'audio.transcriptions':
    case 'audio.translations':
      return transcriptionUsage(request);
    case 'rerank.v2':
      return usage({ units: { search_units: searchUnits(request) } });
    case 'ocr':
      return request.pages === null ? null : usage({ units: { pages: request.pages } });
    case 'moderations':
      return moderationUsage(request);
    default:
      return null;
  }
}

/**
 * The model whose prices hold: where a form has not named its own yet, one of OpenAI's that cost as much
 * as the others; where none has to be named, the one that then answers.
 */
export function statedModel({ api, provider, model }: StatedRequest): string | null {
  if (model !== null || !isOpenai(provider)) return model;
  if (api === 'moderations') return 'omni-moderation-latest';
  return api === 'audio.transcriptions' || api === 'audio.translations' ? 'whisper-1' : null;
}

/**
 * Output tokens of an image of 1,024 × 1,024 by quality; others in proportion to their pixels.
 * https://platform.openai.com/docs/guides/image-generation#cost-and-latency. Where the model may choose,
 * it is held for high quality and the larger size.
 */
const imageTokensByQuality: Readonly<Record<string, number>> = {
  low: 272,
  medium: 1_056,
  high: 4_160,
};
const square = 1_024 * 1_024;
const largeSize = { width: 1_536, height: 1_024 };

function imageUsage({ model, facts, textBytes }: StatedRequest): Usage | null {
  const images = facts?.n ?? 1;
  const name = model === null ? '' : bareName(model);
  if (name === '') return null;
  if (!/^(?:gpt-image|chatgpt-image)/.test(name)) return usage({ units: { images } });
  const perSquare = imageTokensByQuality[facts?.quality ?? 'high'] ?? imageTokensByQuality['high']!;
  const [width, height] = /^(\d{2,5})x(\d{2,5})$/
    .exec(facts?.size ?? '')
    ?.slice(1)
    .map(Number) ?? [largeSize.width, largeSize.height];
  const output = images * Math.ceil((perSquare * width! * height!) / square);
  return usage({
    tokens: { input_uncached: tokensOf(textBytes), output },
    details: { output_image: output },
  });
}

/** Sound that models speak: 20 tokens a second, in which some 15 characters are said. */
const spokenTokensPerCharacter = 20 / 15;

function speechUsage({ model, facts }: StatedRequest): Usage | null {
  const characters = facts?.input_characters;
  if (characters === undefined || model === null) return null;
  if (!bareName(model).startsWith('gpt-'))
    return usage({ units: { input_characters: characters } });
  const output = Math.ceil(characters * spokenTokensPerCharacter);
  return usage({
    tokens: { input_uncached: tokensOf(characters), output },
    details: { output_audio: output },
  });
}

/** Speech at 32 kbit/s: hardly anybody sends more of it in as many bytes. */
const leastBytesPerSecond = 4_000;
/** What is said in a second comes to some four tokens of text. */
const writtenTokensPerSecond = 4;

function transcriptionUsage({ provider, model, fileBytes }: StatedRequest): Usage | null {
  if (fileBytes === null) return null;
  const seconds = Math.ceil(fileBytes / leastBytesPerSecond);
  const name = model === null ? '' : bareName(model);
  if (!name.startsWith('gpt-')) return usage({ units: { audio_seconds: seconds } });
  const heard = audioTokens({ provider, model: name }, seconds);
  return usage({
    tokens: { input_uncached: heard, output: seconds * writtenTokensPerSecond },
    details: { input_audio: heard },
  });
}

/**
 * Cohere bills a search for each 100 documents, and counts a document of more than 500 tokens as several
 * (https://docs.cohere.com/docs/rerank-overview, cohere.com/pricing).
 */
function searchUnits({ documents, textBytes }: StatedRequest): number {
  const parts = documents + Math.floor(tokensOf(textBytes) / 500);
  return Math.max(1, Math.ceil(parts / 100));
}

/** OpenAI's moderations are free, others bill their input. */
function moderationUsage({ provider, textBytes }: StatedRequest): Usage {
  return isOpenai(provider)
    ? usage({ units: { requests: 1 } })
    : usage({ tokens: { input_uncached: tokensOf(textBytes) } });
}

function isOpenai(provider: string): boolean {
  const name = canonicalProvider(provider);
  return name === 'openai' || name === 'azure';
}

function tokensOf(bytes: number): number {
  return Math.ceil(bytes / 4);
}

function usage({
  tokens = {},
  details = {},
  units = {},
}: {
  tokens?: Partial<TokenBuckets>;
  details?: TokenDetails;
  units?: BilledUnits;
}): Usage {
  return {
    tokens: { ...emptyTokens(), ...tokens },
    details,
    units,
    modifiers: {},
    estimated: true,
    raw: null,
    notes: ['follows from the request'],
  };
}
