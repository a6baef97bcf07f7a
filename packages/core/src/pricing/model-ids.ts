import { canonicalProvider } from '../usage/providers.js';

/** Bedrock's geographic inference profiles. `global.` routes anywhere, the others stay in a region. */
const bedrockGeography = /^(us-gov|us|eu|apac|au|jp|ca|sa|global)\./;
const bedrockVersion = /-v\d+(:\d+)?(:\w+)?$/;
const bedrockVendor = /^(?:(?:us-gov|us|eu|apac|au|jp|ca|sa|global)\.)?anthropic\./;
const resourcePath =
  /^(?:arn:aws[\w-]*:bedrock:[^/]*|projects\/.+\/publishers\/[^/]+\/models|publishers\/[^/]+\/models|models|tunedmodels)\/(.+)$/;

/**
 * The ids under which a price book may know a model, most exact first: the id itself, then without
 * the path or provider prefix it is addressed by, then without a declared date. A version that no
 * book lists stays unknown: `claude-sonnet-5-5` is never taken for `claude-sonnet-5`.
 */
export function modelIdCandidates(provider: string, model: string): string[] {
  const candidates = new Set<string>();
  for (const id of addressedIds(provider, model.trim().toLowerCase())) {
    candidates.add(id);
    const undated = withoutDate(id);
    if (undated !== undefined) candidates.add(undated);
  }
  return [...candidates];
}

function addressedIds(provider: string, id: string): string[] {
  const ids = [id];
  let bare = id;
  for (;;) {
    const inner = resourcePath.exec(bare)?.[1] ?? withoutProviderPrefix(provider, bare);
    if (inner === undefined || inner === '') break;
    bare = inner;
    ids.push(bare);
  }
  if (bare.startsWith('ft:')) ids.push(...fineTunedIds(bare));
  if (provider === 'aws-bedrock') ids.push(...bedrockIds(bare));
  else if (bedrockVendor.test(bare)) {
    ids.push(bare.replace(bedrockVendor, '').replace(bedrockVersion, ''));
  }
  if (provider.startsWith('google')) {
    // Google numbers its stable releases: gemini-2.0-flash-001.
    if (/-00\d$/.test(bare)) ids.push(bare.slice(0, -4));
    // Claude's versions on Vertex: claude-sonnet-4-6@default, claude-3-5-sonnet-v2@20241022.
    const version = /^(claude-[^@]+?)(?:-v\d)?@(?:default|latest|20\d{6})$/.exec(bare);
    if (version?.[1] !== undefined) ids.push(version[1]);
  }
  // Azure writes GPT-3.5 without its dot.
  if (bare.startsWith('gpt-35-')) ids.push(bare.replace('gpt-35-', 'gpt-3.5-'));
  return ids;
}

/** `openai/gpt-4.1-mini` → `gpt-4.1-mini`, where the first segment names a provider's own models. */
function withoutProviderPrefix(provider: string, id: string): string | undefined {
  const slash = id.indexOf('/');
  if (slash <= 0) return undefined;
  const owner = canonicalProvider(id.slice(0, slash));
  if (owner === provider) return id.slice(slash + 1);
  return vendorsOf(provider).includes(owner) ? id.slice(slash + 1) : undefined;
}

/** Whose models a cloud sells under the vendor's name. */
function vendorsOf(provider: string): readonly string[] {
  switch (provider) {
    case 'azure':
      return ['openai', 'anthropic', 'deepseek', 'xai', 'moonshotai', 'mistral', 'cohere'];
    case 'google-vertex':
      return ['google', 'anthropic'];
    case 'google':
      return ['google-vertex', 'anthropic'];
    case 'openai':
    case 'anthropic':
      // Their list prices are also asked for on behalf of a cloud that resells them.
      return ['azure', 'google-vertex'];
    default:
      return [];
  }
}

/** `ft:gpt-4o-mini-2024-07-18:acme::9xYz` is priced as `ft:gpt-4o-mini`, never as its base model. */
function fineTunedIds(id: string): string[] {
  const base = /^ft:[^:]+/.exec(id)?.[0];
  if (base === undefined) return [];
  return [base, base.replace(/-\d{4}$/, '')];
}

/** `us.anthropic.x-v1:0` → `regional.anthropic.x`: the book lists global and regional prices. */
function bedrockIds(id: string): string[] {
  const geography = bedrockGeography.exec(id)?.[1];
  const core = geography === undefined ? id : id.slice(geography.length + 1);
  const scope = geography === 'global' ? 'global' : 'regional';
  const ids: string[] = [];
  for (const name of [core, core.replace(bedrockVersion, '')]) {
    ids.push(`${scope}.${name}`);
    // A geographic profile of a model whose price is the same everywhere.
    if (scope === 'regional') ids.push(name);
  }
  return ids;
}

/** Without a date that providers append to name a snapshot; undefined where there is none. */
function withoutDate(id: string): string | undefined {
  const match = /^(.+?)[-@](20\d{2})(-?)(\d{2})\3(\d{2})$/.exec(id);
  if (match === null) return undefined;
  const [, base, year, , month, day] = match;
  return isRealDay(Number(year), Number(month), Number(day)) ? base : undefined;
}

/** No snapshot is of 31 February: such an id is a slip or another model. */
function isRealDay(year: number, month: number, day: number): boolean {
  // Day 0 of the next month is the last one of this.
  return (
    month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
  );
}
