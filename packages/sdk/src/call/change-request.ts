import {
  JsonText,
  limitOutput,
  parseRange,
  pathOnModel,
  scanJsonObject,
  type RequestEdit,
} from '@farthing/core';
import type { Endpoint } from './endpoint.js';

/** A request after budgets have changed it. */
export interface ChangedRequest {
  /** The JSON text that is sent instead. */
  body: string;
  /** The address that it goes to instead; null where that stays. */
  url: string | null;
}

export interface RequestChanges {
  model: string | undefined;
  maxOutput: number | undefined;
  /** How many answers are asked for. */
  choices: number;
}

/** All members that a change may concern. */
const concerned: ReadonlySet<string> = new Set([
  'model',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'generationConfig',
  'generation_config',
  'inferenceConfig',
  'thinking',
]);

/**
 * The request with what budgets ask for: another model, and a limit on its output. The text is edited
 * where those stand; everything else stays as the application wrote it.
 */
export function changeRequest(
  text: string,
  url: string,
  endpoint: Endpoint,
  { model, maxOutput, choices }: RequestChanges,
): ChangedRequest {
  const json = new JsonText(text);
  const scanned = scanJsonObject(json, concerned);
  const edits: RequestEdit[] = [];
  if (model !== undefined && scanned?.values.has('model') === true) edits.push(['model', model]);
  if (maxOutput !== undefined) {
    const { api, priceAs } = endpoint;
    const has = (name: string) => scanned?.values.has(name) === true;
    const value = (name: string) => parseRange(json, scanned?.values.get(name));
    edits.push(...limitOutput({ api, priceAs, choices, has, value }, maxOutput));
  }
  let body = text;
  for (const [name, value] of edits) body = withMember(body, name, value);
  const moves = model !== undefined && endpoint.model !== null;
  return { body, url: moves ? onModel(url, model) : null };
}

function onModel(address: string, model: string): string {
  const url = new URL(address);
  url.pathname = pathOnModel(url.pathname, model, /:\w+$/.test(url.pathname));
  return url.href;
}

/** One top-level member set: its value replaced where it stands, or added in front of all others. */
function withMember(text: string, name: string, value: unknown): string {
  const scanned = scanJsonObject(new JsonText(text), concerned);
  if (scanned === null) return text;
  const { values, bodyStart, empty } = scanned;
  const written = JSON.stringify(value);
  const range = values.get(name);
  if (range !== undefined) return text.slice(0, range.start) + written + text.slice(range.end);
  const added = `"${name}":${written}${empty ? '' : ','}`;
  return text.slice(0, bodyStart) + added + text.slice(bodyStart);
}
