import { defineConverter } from './converter.js';
import {
  amountAt,
  assertPart,
  assertTotal,
  countAt,
  fieldsAt,
  nameAt,
  requiredCountAt,
  UsageContradiction,
} from './fields.js';
import { emptyTokens, type TokenDetails } from './usage.js';

/**
 * Transcription and translation: tokens or seconds, as `usage.type` says. Whisper elsewhere (Groq)
 * states nothing: the seconds are then the answer's `duration` or what the caller measured.
 */
export const convertOpenAITranscriptionUsage = defineConverter({
  counts: new Set([
    'input_tokens',
    'output_tokens',
    'total_tokens',
    'prompt_tokens',
    'completion_tokens',
  ]),
  locate: (body) => body['usage'],
  read(usage) {
    const tokens = emptyTokens();
    if (nameAt(usage, 'type') === 'duration') {
      const seconds = amountAt(usage, 'seconds');
      if (seconds === undefined) throw new UsageContradiction('seconds is missing');
      return { tokens, units: { audio_seconds: seconds } };
    }
    // Mistral counts the tokens of the transcript as well, but bills the audio alone.
    const heard = amountAt(usage, 'prompt_audio_seconds');
    if (heard !== undefined) return { tokens, units: { audio_seconds: heard } };
    tokens.input_uncached = requiredCountAt(usage, 'input_tokens');
    tokens.output = requiredCountAt(usage, 'output_tokens');
    const sum = tokens.input_uncached + tokens.output;
    assertTotal(countAt(usage, 'total_tokens'), 'total_tokens', sum);
    const inputDetails =
      fieldsAt(usage, 'input_token_details') ?? fieldsAt(usage, 'input_tokens_details');
    const details: TokenDetails = {};
    const audio = countAt(inputDetails, 'audio_tokens');
    if (audio !== undefined) {
      assertPart(audio, 'audio_tokens', tokens.input_uncached, 'input_tokens');
      details.input_audio = audio;
    }
    return { tokens, details };
  },
  readWithout(body, { call }) {
    const seconds = call.context?.audio_seconds ?? amountAt(body, 'duration');
    if (seconds === undefined) return undefined;
    return { tokens: emptyTokens(), units: { audio_seconds: seconds } };
  },
});

/**
 * Speech: tokens where the stream's last event states them; otherwise the answer is audio alone and
 * what is billed is the length of the text that was sent.
 */
export const convertOpenAISpeechUsage = defineConverter({
  counts: new Set(['input_tokens', 'output_tokens', 'total_tokens']),
  locate: (body) => body['usage'],
  read(usage) {
    const tokens = emptyTokens();
    tokens.input_uncached = requiredCountAt(usage, 'input_tokens');
    tokens.output = requiredCountAt(usage, 'output_tokens');
    const sum = tokens.input_uncached + tokens.output;
    assertTotal(countAt(usage, 'total_tokens'), 'total_tokens', sum);
    return { tokens, details: { output_audio: tokens.output } };
  },
  readWithout(_, { call }) {
    const characters = call.context?.request?.input_characters;
    if (characters === undefined) return undefined;
    return { tokens: emptyTokens(), units: { input_characters: characters } };
  },
});
