import { addUsage } from '../add-usage.js';
import { convertOpenAIRealtimeUsage } from '../convert-openai-realtime-usage.js';
import { isFields } from '../fields.js';
import type { Usage, UsageReading } from '../usage.js';
import type { StreamFoldFactory } from './stream-fold.js';

const answered = 'response.done';
const transcribed = 'conversation.item.input_audio_transcription.completed';

/**
 * An OpenAI Realtime session: each `response.done` states one answer's own usage, so that the answers
 * are added up, each once by its id. Transcriptions of what the user said are billed at another model's
 * rates: they are counted only where the session has nothing else.
 */
export const foldOpenAIRealtime: StreamFoldFactory = (call) => {
  const answers = new Map<string, UsageReading>();
  const transcriptions = new Map<string, UsageReading>();
  return {
    markers: [answered, transcribed],
    add(event) {
      if (!isFields(event)) return;
      const parts = event['type'] === answered ? answers : transcriptions;
      if (parts === transcriptions && event['type'] !== transcribed) return;
      const reading = convertOpenAIRealtimeUsage(event, call);
      const id = reading.response_id ?? event['event_id'] ?? event['item_id'] ?? parts.size;
      if (reading.status !== 'no_usage') parts.set(String(id), reading);
    },
    finish() {
      if (answers.size === 0) return sum([...transcriptions.values()]);
      const reading = sum([...answers.values()]);
      if (reading.status === 'ok' && transcriptions.size > 0) {
        reading.usage.notes.push('transcribing the input is billed apart and not included');
      }
      return reading;
    },
  };
};

function sum(readings: readonly UsageReading[]): UsageReading {
  const [first] = readings;
  if (first === undefined) {
    return { status: 'no_usage', reason: 'the session carried no usage' };
  }
  const parts: Usage[] = [];
  for (const reading of readings) {
    if (reading.status !== 'ok') return reading;
    parts.push(reading.usage);
  }
  if (first.status !== 'ok') return first;
  // A copy: finishing twice must not add to what was read.
  const usage = addUsage(
    parts,
    parts.map(({ raw }) => raw),
  );
  if (parts.length === 1) usage.raw = parts[0]?.raw;
  return { ...first, usage };
}
