import { tagLimits, TagCollector, type TagName, type Tags } from '../tags.js';
import { metadataAttribute, tagAttributes, tagPrefixes } from './attribute-names.js';
import type { Attributes, AttributeValue } from './span.js';

/** Replaces what is personal in the tags by what may be stored, in place. */
export type ProtectTags = (tags: Tags) => void;

/** What applications call our tags in metadata of their own. */
const otherNames: ReadonlyMap<string, TagName> = new Map([
  ['userid', 'user'],
  ['user_id', 'user'],
  ['end_user', 'user'],
  ['sessionid', 'session'],
  ['session_id', 'session'],
  ['thread_id', 'session'],
  ['threadid', 'session'],
  ['conversation_id', 'session'],
  ['conversationid', 'session'],
  ['chat_id', 'session'],
  ['tenantid', 'tenant'],
  ['tenant_id', 'tenant'],
  ['organization_id', 'tenant'],
  ['organizationid', 'tenant'],
  ['org_id', 'tenant'],
  ['run_id', 'run'],
  ['runid', 'run'],
  ['env', 'environment'],
  ['plan', 'segment'],
  ['tier', 'segment'],
  ['feature_name', 'feature'],
  ['agent_name', 'agent'],
]);

/** Attributes in our own name that are no tags. */
const controls: ReadonlySet<string> = new Set(['call.id']);

/**
 * The tags that one set of attributes (a span's or its resource's) sets, in rising precedence: conventional
 * names, the application's own metadata, `farthing.*`. Values that are longer than a tag may be are left
 * out, since they are rather text than names. What is personal is replaced here, before anything is stored.
 */
export function readSpanTags(
  attributes: Attributes,
  protect: ProtectTags,
): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (const [attribute, tag] of tagAttributes) push(found, tag, attributes.get(attribute));
  pushMetadata(found, attributes.get(metadataAttribute));
  for (const prefix of tagPrefixes) {
    for (const [name, value] of attributes) {
      if (!name.startsWith(prefix)) continue;
      const rest = name.slice(prefix.length);
      if (!controls.has(rest)) push(found, rest, value);
    }
  }
  return settled(found, protect);
}

/** One value a tag, cleaned as everywhere else. */
function settled(found: readonly [string, string][], protect: ProtectTags): [string, string][] {
  const collector = new TagCollector();
  for (const [name, value] of found) {
    const key = name.toLowerCase().replaceAll('-', '_');
    collector.set(otherNames.get(key) ?? name, value);
  }
  protect(collector.tags);
  const { custom = {}, ...known } = collector.tags;
  return [...Object.entries(known), ...Object.entries(custom)];
}

function push(found: [string, string][], name: string, value: AttributeValue | undefined): void {
  if (value === undefined || typeof value === 'object') return;
  const text = String(value);
  if (text.length > tagLimits.valueLength || isStructured(text)) return;
  found.push([name, text]);
}

function pushMetadata(found: [string, string][], value: AttributeValue | undefined): void {
  if (typeof value !== 'string' || value.length > 64 * 1024) return;
  try {
    const metadata: unknown = JSON.parse(value);
    if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return;
    for (const [name, member] of Object.entries(metadata)) {
      if (typeof member === 'string' || typeof member === 'number' || typeof member === 'boolean') {
        push(found, name, member);
      }
    }
  } catch {
    // Metadata that is no JSON names nothing.
  }
}

/** Objects and lists that a client wrote as text are content, not names. */
function isStructured(text: string): boolean {
  return /^\s*[{[]/.test(text);
}
