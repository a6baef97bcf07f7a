import type { Exchange, Frame, Reply } from '../exchange.js';
import { textAt, type JsonObject } from '../json.js';
import { profileOf } from '../model-profile.js';
import { countTokens } from '../tokens.js';
import { reportedUsage } from '../usage-report.js';
import { writeText } from '../words.js';
import { openaiInvalid } from './errors.js';
import { answerHeaders } from './headers.js';
import { postingOf } from './posting.js';

/** Files are taken for 16-bit mono sound at 16 kHz, whatever they are. */
const bytesPerSecond = 32_000;
const audioTokensPerSecond = 10;
const wordsPerSecond = 2.5;

/**
 * POST /v1/audio/transcriptions and /translations. `whisper-1` is billed by the second, the newer
 * models by tokens; `text`, `srt` and `vtt` answers say nothing of either.
 */
export function transcription(exchange: Exchange): Reply {
  const { body, directives } = exchange;
  const model = textAt(body, 'model');
  const file = exchange.files.get('file')?.[0];
  const random = exchange.randomFor(model ?? '', `${file?.name} ${file?.bytes}`);
  if (model === undefined || file === undefined) {
    const missing = model === undefined ? 'model' : 'file';
    return openaiInvalid(`Missing required parameter: '${missing}'.`, missing, random);
  }
  const seconds = Math.max(1, Math.ceil(file.bytes / bytesPerSecond));
  const byDuration = model === 'whisper-1';
  const output = directives.outputTokens ?? Math.max(1, Math.round(seconds * wordsPerSecond * 1.1));
  const pieces = writeText(random, output);
  const text = pieces.join('');
  const prompt = countTokens(textAt(body, 'prompt') ?? '');
  const sound = directives.inputTokens ?? seconds * audioTokensPerSecond;
  const usage = reportedUsage(
    byDuration
      ? { type: 'duration', seconds }
      : {
          type: 'tokens',
          input_tokens: prompt + sound,
          input_token_details: { text_tokens: prompt, audio_tokens: sound },
          output_tokens: output,
          total_tokens: prompt + sound + output,
        },
    directives,
    random,
  );
  const stated = usage === undefined ? {} : { usage };
  const stream = body['stream'] === 'true' && !byDuration;
  const format = textAt(body, 'response_format') ?? 'json';
  const isText = ['text', 'srt', 'vtt'].includes(format);
  return {
    kind: 'answer',
    headers: answerHeaders(random),
    contentType: stream
      ? 'text/event-stream; charset=utf-8'
      : isText
        ? 'text/plain; charset=utf-8'
        : 'application/json',
    content: stream
      ? { frames: frames(pieces, text, stated) }
      : { plain: isText ? text : JSON.stringify(answer(format, text, seconds, stated)) },
    posting: postingOf(exchange, 'audio_transcriptions', model, {
      audio_seconds: seconds,
      ...(byDuration ? {} : { input_uncached: prompt, input_audio: sound, output }),
    }),
    reportsUsage: stream || !isText,
    profile: profileOf(model),
    random,
  };
}

function answer(format: string, text: string, seconds: number, stated: JsonObject): JsonObject {
  if (format !== 'verbose_json') return { text, ...stated };
  const segment = { id: 0, seek: 0, start: 0, end: seconds, text };
  const task = 'transcribe';
  return { task, language: 'english', duration: seconds, text, segments: [segment], ...stated };
}

function frames(pieces: string[], text: string, stated: JsonObject): Frame[] {
  const list: Frame[] = pieces.map((delta, index) => ({
    bytes: event({ type: 'transcript.text.delta', delta }),
    output: index + 1,
  }));
  const done = event({ type: 'transcript.text.done', text, ...stated });
  list.push({ bytes: done, output: pieces.length, settles: true });
  return list;
}

function event(data: JsonObject): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
