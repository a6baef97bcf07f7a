import { settingMembers, statedSettings, type StatedSettings } from '@farthing/core';
import { parseRange, scanJsonObject, type ScannedObject } from './scan-json.js';

/** What the gateway needs to know of a request body. Nothing of the prompt is kept. */
export interface RequestFacts extends StatedSettings {
  /** The body is compressed in a way that nothing here can read. */
  unread?: boolean;
  /** The response or conversation that it continues, or the content that it adds to, where the provider keeps it. */
  history: string | null;
  scanned: ScannedObject | null;
}

const wanted: ReadonlySet<string> = new Set([
  ...settingMembers,
  'thinking',
  'previous_response_id',
  'previous_interaction_id',
  'conversation',
  'cachedContent',
  'cached_content',
  // Where the conversation stands, for the guard of runs.
  'messages',
  'contents',
  'input',
]);

/** Reads the facts from a JSON body. A body that is not a JSON object has none: the provider will say so. */
export function readRequestFacts(body: Buffer): RequestFacts {
  const scanned = scanJsonObject(body, wanted);
  const value = (key: string) => parseRange(body, scanned?.values.get(key));
  return { ...statedSettings(value), history: historyOf(value), scanned };
}

function historyOf(value: (key: string) => unknown): string | null {
  const conversation = value('conversation');
  const named = isObject(conversation) ? conversation['id'] : conversation;
  const id =
    value('previous_response_id') ??
    value('previous_interaction_id') ??
    named ??
    value('cachedContent') ??
    value('cached_content');
  return typeof id === 'string' && id !== '' && id.length <= longestId ? id : null;
}

const longestId = 256;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
