import { readUsage, type Entry, type Usage } from '@farthing/core';

/** Where the usage object stands in the answers of the known APIs. */
const places: readonly ((raw: object) => object)[] = [
  (usage) => ({ usage }),
  (usageMetadata) => ({ usageMetadata }),
  (usage_metadata) => ({ usage_metadata }),
  (usage_info) => ({ usage_info }),
  (usage) => ({ metadata: { usage } }),
  (usage) => ({ response: { usage } }),
];

/**
 * APIs of client libraries and of telemetry: they spread token counts over several objects (the AI SDK's
 * `providerMetadata`, LangChain's `response_metadata`, attributes of a span), of which an entry keeps one.
 */
const spreadOut = /^(ai-sdk\.|langchain$|otel\.genai$|openinference$|openllmetry$|.*\.jsonl$)/;

/**
 * The usage of a call read again from the provider's own numbers that its entry keeps; null where they
 * do not make a reading (imports keep other numbers, estimates none). What an answer states outside of
 * its usage object (images, searches) is not kept there, so it stays as it was read. Where an API states
 * token counts outside of it, too, nothing is read again: the first reading has seen more.
 *
 * @param provider by whose rules it is read: the one that the call's prices are looked up under.
 */
export function rereadUsage(call: Entry, usage: Usage | null, provider: string): Usage | null {
  if (usage === null || usage.estimated || usage.requests !== undefined) return null;
  if (call.source.startsWith('import:') || spreadOut.test(call.api)) return null;
  const { raw } = usage;
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return null;
  for (const place of places) {
    const reading = readUsage({
      provider,
      api: call.api,
      payload: { ...place(raw), model: call.model, id: call.response_id },
      ...(call.context === undefined ? {} : { context: call.context }),
    });
    if (reading.status !== 'ok') continue;
    const { units, modifiers, reported = usage.reported } = reading.usage;
    return {
      ...reading.usage,
      units: { ...usage.units, ...units },
      modifiers: { ...usage.modifiers, ...modifiers },
      ...(reported === undefined ? {} : { reported }),
      // How the answer ended is no part of its numbers.
      ...(usage.partial === undefined ? {} : { partial: usage.partial }),
    };
  }
  return null;
}
