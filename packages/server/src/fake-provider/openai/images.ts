import type { Exchange, Frame, Handler, Reply } from '../exchange.js';
import { textAt, type JsonObject } from '../json.js';
import { profileOf } from '../model-profile.js';
import type { Random } from '../random.js';
import { countTokens } from '../tokens.js';
import { reportedUsage } from '../usage-report.js';
import { openaiInvalid } from './errors.js';
import { answerHeaders } from './headers.js';
import { postingOf } from './posting.js';

const mostImages = 10;
/** An image that is handed in, whatever its size. */
const inputImageTokens = 323;
const shapes: Readonly<Record<string, 'square' | 'portrait' | 'landscape'>> = {
  '1024x1024': 'square',
  '1024x1536': 'portrait',
  '1536x1024': 'landscape',
};
/** Tokens of one generated image, as the vendor lists them for gpt-image-1. */
const imageTokens = {
  low: { square: 272, portrait: 408, landscape: 400 },
  medium: { square: 1_056, portrait: 1_584, landscape: 1_568 },
  high: { square: 4_160, portrait: 6_240, landscape: 6_208 },
};

interface Job {
  exchange: Exchange;
  source: string;
  model: string;
  prompt: string;
  count: number;
  random: Random;
}

/** POST /v1/images/generations, /edits and /variations. */
export function images(source: string): Handler {
  return (exchange) => {
    const { body } = exchange;
    const prompt = textAt(body, 'prompt') ?? '';
    const model = textAt(body, 'model') ?? 'dall-e-2';
    const random = exchange.randomFor(model, prompt);
    const count = Number(body['n'] ?? 1);
    if (prompt === '' && source !== 'image.variation') {
      return openaiInvalid("Missing required parameter: 'prompt'.", 'prompt', random);
    }
    if (!Number.isInteger(count) || count < 1 || count > (model === 'dall-e-3' ? 1 : mostImages)) {
      return openaiInvalid(`Invalid value for 'n': ${body['n']}.`, 'n', random);
    }
    const job = { exchange, source, model, prompt, count, random };
    return model.startsWith('dall-e') ? drawByPiece(job) : drawByTokens(job);
  };
}

/** DALL·E: billed by the piece, and the answer says nothing of it. */
function drawByPiece({ exchange, source, model, count, random }: Job): Reply {
  const { body } = exchange;
  const asked = textAt(body, 'size') ?? 'auto';
  const size = asked === 'auto' ? '1024x1024' : asked;
  const quality = textAt(body, 'quality') === 'hd' ? 'hd' : 'standard';
  const base64 = body['response_format'] === 'b64_json';
  const data = Array.from({ length: count }, () =>
    base64
      ? { b64_json: picture(random) }
      : { url: `https://images.invalid/${random.characters(24)}.png` },
  );
  const posting = postingOf(exchange, 'images', model, { images: count });
  return {
    kind: 'answer',
    headers: answerHeaders(random),
    contentType: 'application/json',
    content: { plain: JSON.stringify({ created: created(exchange), data }) },
    posting: { ...posting, source, imageKind: `${size} ${quality}` },
    reportsUsage: true,
    profile: profileOf(model),
    random,
  };
}

/** GPT image models: tokens of text and images in, tokens of images out. */
function drawByTokens({ exchange, source, model, prompt, count, random }: Job): Reply {
  const { body, directives, files } = exchange;
  const size = textAt(body, 'size') ?? '1024x1024';
  const quality = textAt(body, 'quality') ?? 'high';
  const level = quality === 'low' || quality === 'medium' ? quality : 'high';
  const uploaded = [...files].flatMap(([name, list]) => (name.startsWith('image') ? list : []));
  const text = directives.inputTokens ?? countTokens(prompt);
  const image = uploaded.length * inputImageTokens;
  const output = directives.outputTokens ?? count * imageTokens[level][shapes[size] ?? 'square'];
  const usage = reportedUsage(
    {
      input_tokens: text + image,
      input_tokens_details: { text_tokens: text, image_tokens: image },
      output_tokens: output,
      total_tokens: text + image + output,
    },
    directives,
    random,
  );
  const shell = { created: created(exchange), background: 'opaque', output_format: 'png', size };
  const rest = { ...shell, quality: level, ...(usage === undefined ? {} : { usage }) };
  const stream = body['stream'] === true || body['stream'] === 'true';
  const kind = source === 'image.edit' ? 'image_edit' : 'image_generation';
  const data = Array.from({ length: count }, () => ({ b64_json: picture(random) }));
  const posting = postingOf(exchange, 'images', model, {
    images: count,
    input_uncached: text,
    input_image: image,
    output_image: output,
  });
  return {
    kind: 'answer',
    headers: answerHeaders(random),
    contentType: stream ? 'text/event-stream; charset=utf-8' : 'application/json',
    content: stream
      ? { frames: frames(kind, rest, random) }
      : { plain: JSON.stringify({ ...rest, data }) },
    posting: { ...posting, source, imageKind: `${size} ${level}` },
    reportsUsage: true,
    profile: profileOf(model),
    random,
  };
}

function frames(kind: string, rest: JsonObject, random: Random): Frame[] {
  const { usage, ...shell } = rest;
  const event = (type: string, more: JsonObject): string => {
    const data = { type: `${kind}.${type}`, b64_json: picture(random), ...shell, ...more };
    return `event: ${kind}.${type}\ndata: ${JSON.stringify(data)}\n\n`;
  };
  return [
    { bytes: event('partial_image', { partial_image_index: 0 }), output: 0 },
    { bytes: event('completed', { usage }), output: 0, settles: true },
  ];
}

/** Base64 of nothing that can be looked at, but as long as a small picture. */
function picture(random: Random): string {
  return Buffer.alloc(24_000, random.hex(64)).toString('base64');
}

function created(exchange: Exchange): number {
  return Math.floor(exchange.createdAt / 1000);
}
