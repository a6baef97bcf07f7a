import type { GenaiMatch, GenaiModel, GenaiProvider } from './genai-prices-data.js';

/**
 * Ids that providers have published and that the source knows only by a pattern. Each becomes an
 * alias of the model that the source resolves it to.
 */
const publishedIds: Readonly<Record<string, readonly string[]>> = {
  google: [
    'gemini-1.5-flash-latest',
    'gemini-1.5-flash-8b-latest',
    'gemini-1.5-pro-latest',
    'gemini-2.0-flash-exp',
    'gemini-2.0-flash-lite-preview-02-05',
    'gemini-2.5-pro-exp-03-25',
    'gemini-2.5-pro-preview-03-25',
    'gemini-2.5-pro-preview-05-06',
    'gemini-2.5-pro-preview-06-05',
    'gemini-2.5-flash-preview-04-17',
    'gemini-2.5-flash-preview-05-20',
    'gemini-2.5-flash-preview-09-2025',
    'gemini-2.5-flash-lite-preview-06-17',
    'gemini-2.5-flash-lite-preview-09-2025',
    'gemini-2.5-flash-image-preview',
    'gemini-flash-latest',
    'gemini-flash-lite-latest',
    'gemini-3-pro-preview',
    'gemini-3-flash-preview',
    'gemini-3.1-pro-preview',
    'gemini-3.1-pro-preview-customtools',
  ],
  openai: [
    'computer-use-preview',
    'omni-moderation-latest',
    'omni-moderation-2024-09-26',
    'text-moderation-latest',
    'text-moderation-stable',
    'text-moderation-007',
  ],
  anthropic: ['claude-3-5-sonnet-latest', 'claude-2.0', 'claude-2.1', 'claude-instant-1.2'],
};

/**
 * The exact ids under which a model may be asked for. The source matches by prefix and substring and
 * so takes unseen versions for known ones; here only the literals it names count, and only where it
 * resolves them to this very model.
 */
export function aliasesOf(provider: GenaiProvider, model: GenaiModel): string[] {
  const candidates = [...literalsOf(model.match), ...(publishedIds[provider.id] ?? [])];
  if (provider.id === 'aws') candidates.push(model.id.replace(/-v\d+(:\d+)?$/, ''));
  const aliases = new Set<string>();
  for (const candidate of candidates) {
    const id = candidate.toLowerCase();
    if (id === model.id.toLowerCase() || !/[\da-z]$/.test(id)) continue;
    const versionless = provider.id === 'aws' && model.id.startsWith(candidate);
    if (versionless || resolves(provider, id) === model) aliases.add(id);
  }
  return [...aliases].sort();
}

function literalsOf(match: GenaiMatch): string[] {
  if ('or' in match) return match.or.flatMap(literalsOf);
  if ('equals' in match) return [match.equals];
  if ('starts_with' in match) return [match.starts_with];
  if ('contains' in match) return [match.contains];
  if ('ends_with' in match) return [match.ends_with];
  return [];
}

/** The source's own rule: the first model whose pattern matches. */
function resolves(provider: GenaiProvider, id: string): GenaiModel | undefined {
  return provider.models.find((model) => matches(model.match, id));
}

function matches(match: GenaiMatch, id: string): boolean {
  if ('or' in match) return match.or.some((part) => matches(part, id));
  if ('and' in match) return match.and.every((part) => matches(part, id));
  if ('equals' in match) return id === match.equals.toLowerCase();
  if ('starts_with' in match) return id.startsWith(match.starts_with.toLowerCase());
  if ('ends_with' in match) return id.endsWith(match.ends_with.toLowerCase());
  if ('contains' in match) return id.includes(match.contains.toLowerCase());
  return new RegExp(match.regex).test(id);
}
