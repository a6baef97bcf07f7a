/**
 * What an official SDK would hand to its caller. Packages that take a usage object or an
 * answer are not made for streams and batch files, so feeding them with either would be unfair. Undefined where
 * there is no answer to hand over.
 */
export function plainAnswer(payload: unknown): unknown {
  const events = fieldsOf(payload)?.['events'];
  return Array.isArray(events) ? assembled(events) : openBatchLine(payload);
}

/** The answer inside a line of a batch file (OpenAI's, Anthropic's, Gemini's): undefined if it failed. */
function openBatchLine(payload: unknown): unknown {
  const fields = fieldsOf(payload);
  const response = fieldsOf(fields?.['response']);
  const result = fieldsOf(fields?.['result']);
  // A realtime `response.done` event has a `response` too, but is itself what the SDK hands over.
  if (fields?.['type'] === 'response.done') return payload;
  if (result !== undefined) return result['message'];
  return response?.['body'] ?? response ?? payload;
}

/** The last event's answer; Anthropic's `message_start` completed by its `message_delta`. */
function assembled(events: readonly unknown[]): unknown {
  let answer: Fields | undefined;
  for (const event of events) {
    const fields = fieldsOf(event);
    if (fields === undefined) continue;
    const whole = fieldsOf(fields['message']) ?? fieldsOf(fields['response']);
    const metadata = fieldsOf(fields['metadata']);
    const delta = fieldsOf(fields['delta']);
    if (whole !== undefined) {
      answer = { ...whole };
    } else if (fields['type'] === 'message_delta' && answer !== undefined) {
      answer = { ...answer, usage: { ...fieldsOf(answer['usage']), ...fieldsOf(fields['usage']) } };
    } else if (fieldsOf(metadata?.['usage']) !== undefined) {
      answer = metadata;
    } else if (fieldsOf(delta?.['usage']) !== undefined) {
      answer = delta;
    } else if (fieldsOf(fields['usage']) ?? fieldsOf(fields['usageMetadata'])) {
      answer = fields;
    }
  }
  return answer ?? events.at(-1);
}

type Fields = Record<string, unknown>;

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : undefined;
}
