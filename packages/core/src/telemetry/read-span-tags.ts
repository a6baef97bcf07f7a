import { tagLimits, TagCollector, type TagName } from '../tags.js';
import { metadataAttribute, tagAttributes, tagPrefixes } from './attribute-names.js';
import type { Attributes, AttributeValue } from './span.js';

/** The stored form of a user id; undefined when users are not kept. */
export type Pseudonymize = (user: string) => string | undefined;

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
 * out, since they are rather text than names. Users become pseudonyms here, before anything is stored.
 */
export function readSpanTags(
  attributes: Attributes,
  pseudonymize: Pseudonymize,
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
  return settled(found, pseudonymize);
}

/** One value a tag, cleaned as everywhere else, with the user's pseudonym in the user's place. */
function settled(
  found: readonly [string, string][],
  pseudonymize: Pseudonymize,
): [string, string][] {
  const collector = new TagCollector();
  for (const [name, value] of found) {
    const key = name.toLowerCase().replaceAll('-', '_');
    collector.set(otherNames.get(key) ?? name, value);
  }
  const { custom = {}, user, ...known } = collector.tags;
  const tags: [string, string][] = [...Object.entries(known), ...Object.entries(custom)];
  const pseudonym = user === undefined ? undefined : pseudonymize(user);
  if (pseudonym !== undefined) tags.push(['user', pseudonym]);
  return tags;
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
