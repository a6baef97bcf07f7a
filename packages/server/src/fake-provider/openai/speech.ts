import type { Exchange, Frame, Reply } from '../exchange.js';
import { textAt } from '../json.js';
import { profileOf } from '../model-profile.js';
import type { Random } from '../random.js';
import { countTokens } from '../tokens.js';
import { reportedUsage } from '../usage-report.js';
import { openaiInvalid } from './errors.js';
import { answerHeaders } from './headers.js';
import { postingOf } from './posting.js';

/** The vendor refuses longer texts. */
const longestText = 4_096;
const audioTypes: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/opus',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
};
/** About a twentieth of a second of speech a token, and a fifteenth of a second a character. */
const audioTokensPerCharacter = 4 / 3;
const bytesPerCharacter = 160;

/**
 * POST /v1/audio/speech: sound alone, which tells nothing of what it costs, or with
 * `stream_format: sse` events of which the last one states the tokens. `tts-1` is billed by the
 * characters of the text, the newer models by tokens.
 */
export function speech(exchange: Exchange): Reply {
  const { body, directives } = exchange;
  const model = textAt(body, 'model');
  const input = textAt(body, 'input') ?? '';
  const random = exchange.randomFor(model ?? '', input);
  if (model === undefined || input === '') {
    const missing = model === undefined ? 'model' : 'input';
    return openaiInvalid(`Missing required parameter: '${missing}'.`, missing, random);
  }
  const characters = [...input].length;
  if (characters > longestText) {
    return openaiInvalid('String should have at most 4096 characters', 'input', random);
  }
  const byCharacters = model.startsWith('tts-1');
  const events = body['stream_format'] === 'sse';
  if (events && byCharacters) {
    return openaiInvalid(`stream_format 'sse' is not supported for ${model}`, null, random);
  }
  const text = directives.inputTokens ?? countTokens(input);
  const sound = directives.outputTokens ?? Math.ceil(characters * audioTokensPerCharacter);
  const bytes = soundOf(random, characters);
  const usage = reportedUsage(
    { input_tokens: text, output_tokens: sound, total_tokens: text + sound },
    directives,
    random,
  );
  const format = textAt(body, 'response_format') ?? 'mp3';
  return {
    kind: 'answer',
    headers: answerHeaders(random),
    contentType: events ? 'text/event-stream' : (audioTypes[format] ?? 'audio/mpeg'),
    content: events ? { frames: frames(bytes, usage) } : { plain: bytes },
    posting: postingOf(exchange, 'audio_speeches', model, {
      input_characters: characters,
      ...(byCharacters ? {} : { input_uncached: text, output_audio: sound }),
    }),
    reportsUsage: byCharacters || events,
    profile: profileOf(model),
    random,
  };
}

function soundOf(random: Random, characters: number): Buffer {
  const block = Buffer.from(random.hex(512), 'hex');
  return Buffer.alloc(characters * bytesPerCharacter, block);
}

function frames(bytes: Buffer, usage: object | undefined): Frame[] {
  const list: Frame[] = [];
  for (let at = 0; at < bytes.length; at += 4_096) {
    const audio = bytes.subarray(at, at + 4_096).toString('base64');
    list.push({ bytes: event({ type: 'speech.audio.delta', audio }), output: 0 });
  }
  const done = { type: 'speech.audio.done', ...(usage === undefined ? {} : { usage }) };
  list.push({ bytes: event(done), output: 0, settles: true });
  return list;
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
