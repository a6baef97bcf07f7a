import {
  azureDeployment,
  canonicalProvider,
  isAdaptable,
  meteredApi,
  type ApiFamily,
  type CallContext,
} from '@farthing/core';

/**
 * Where a call goes, as its URL tells: whose it is, which API, and what in the URL sets its price.
 * @internal
 */
export interface Endpoint {
  /** Name in entries. */
  provider: string;
  /** The provider whose rules and prices hold. */
  priceAs: string;
  family: ApiFamily;
  /** The API as core's registry names it. */
  api: string;
  /** Model named by the path (Gemini, Bedrock, Azure); null where the body names it. */
  model: string | null;
  /** True when the path alone says that the answer is a stream. */
  streams: boolean;
  context: CallContext | undefined;
  /** Whether budgets may change its requests. Bedrock's are signed: a changed one would be refused. */
  adaptable?: boolean;
}

/** What a developer knows of an endpoint that its URL does not tell. */
export interface EndpointHint {
  /** The provider whose prices hold, e.g. `groq`; the host tells it where it is a known one. */
  provider?: string | undefined;
  family?: ApiFamily | undefined;
  context?: CallContext | undefined;
}

/**
 * What the kind of a client says: it holds where neither the hint nor the host knows better.
 * @internal
 */
export interface ClientKind {
  provider: string;
  family: ApiFamily;
}

type Host = readonly [pattern: RegExp, provider: string, family: ApiFamily];

/** Hosts of providers, as their documentation gives them. */
const hosts: readonly Host[] = [
  [/(^|\.)api\.openai\.com$/, 'openai', 'openai'],
  [/(^|\.)api\.anthropic\.com$/, 'anthropic', 'anthropic'],
  [/(^|\.)generativelanguage\.googleapis\.com$/, 'google', 'gemini'],
  [/aiplatform(\.[a-z]+\.rep)?\.googleapis\.com$/, 'google-vertex', 'gemini'],
  [/\.(openai\.azure|cognitiveservices\.azure|services\.ai\.azure)\.com$/, 'azure', 'openai'],
  [/^bedrock-runtime[.-].*\.amazonaws\.com(\.cn)?$/, 'aws-bedrock', 'bedrock'],
  [/(^|\.)api\.mistral\.ai$/, 'mistral', 'openai'],
  [/(^|\.)api\.cohere\.(com|ai)$/, 'cohere', 'openai'],
  [/(^|\.)api\.groq\.com$/, 'groq', 'openai'],
  [/(^|\.)openrouter\.ai$/, 'openrouter', 'openai'],
  [/(^|\.)api\.x\.ai$/, 'xai', 'openai'],
  [/(^|\.)api\.deepseek\.com$/, 'deepseek', 'openai'],
  [/(^|\.)api\.perplexity\.ai$/, 'perplexity', 'openai'],
  [/(^|\.)api\.together\.(xyz|ai)$/, 'together', 'openai'],
  [/(^|\.)api\.fireworks\.ai$/, 'fireworks', 'openai'],
  [/(^|\.)api\.moonshot\.(ai|cn)$/, 'moonshotai', 'openai'],
  [/(^|\.)dashscope[a-z-]*\.aliyuncs\.com$/, 'alibaba', 'openai'],
  [/(^|\.)api\.voyageai\.com$/, 'voyageai', 'openai'],
  [/(^|\.)api\.cerebras\.ai$/, 'cerebras', 'openai'],
];

const families: Readonly<Record<string, ApiFamily>> = {
  anthropic: 'anthropic',
  google: 'gemini',
  'google-vertex': 'gemini',
  'aws-bedrock': 'bedrock',
};

/** Hosts that set a price: OpenAI's regional ones and Vertex. Of all others nothing is recorded. */
const pricedHost = /^[a-z]{2}\.api\.openai\.com$|aiplatform/;
const locationHost = /^([a-z]+-[a-z]+\d+)-aiplatform\./;

/** Applications call few different addresses; ids in paths could make them many. */
const mostRemembered = 500;

/**
 * Recognises endpoints of one client. A host that nobody knows (a proxy, a server of one's own) is
 * known by its paths; its provider is the hint's, else what the kind of client says, else its host's
 * name: what that charges is then unknown and said to be so.
 * @internal
 */
export class Endpoints {
  readonly #hint: EndpointHint;
  readonly #kind: ClientKind | undefined;
  readonly #known = new Map<string, Endpoint | null>();

  constructor(hint: EndpointHint = {}, kind?: ClientKind) {
    this.#hint = hint;
    this.#kind = kind;
  }

  /** Null for addresses that are not metered. Only POSTs are. */
  at(url: string): Endpoint | null {
    const query = url.indexOf('?');
    const address = query < 0 ? url : url.slice(0, query);
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const endpoint = this.#recognise(address);
    if (this.#known.size >= mostRemembered) this.#known.clear();
    this.#known.set(address, endpoint);
    return endpoint;
  }

  #recognise(address: string): Endpoint | null {
    let url: URL;
    try {
      url = new URL(address);
    } catch {
      return null;
    }
    const { hostname, pathname } = url;
    const host = hosts.find(([pattern]) => pattern.test(hostname));
    const provider = this.#hint.provider ?? host?.[1] ?? this.#kind?.provider ?? hostname;
    const priceAs = canonicalProvider(provider);
    const family =
      this.#hint.family ??
      host?.[2] ??
      this.#kind?.family ??
      families[priceAs] ??
      familyOfPath(pathname);
    const { api, model, streamPath } = meteredApi(family, pathname);
    if (api === null) return null;
    return {
      provider: priceAs,
      priceAs,
      family,
      api,
      model: model ?? azureDeployment(pathname),
      streams: streamPath,
      context: contextOf(hostname, pathname, this.#hint.context),
      adaptable: family !== 'bedrock' && isAdaptable(api),
    };
  }
}

function familyOfPath(path: string): ApiFamily {
  if (/\/models\/[^/]+:\w+$/.test(path)) return 'gemini';
  if (/\/model\/[^/]+\/(converse|invoke)/.test(path)) return 'bedrock';
  return path.endsWith('/v1/messages') ? 'anthropic' : 'openai';
}

function contextOf(
  host: string,
  path: string,
  stated: CallContext | undefined,
): CallContext | undefined {
  const context: CallContext = {};
  if (pricedHost.test(host)) context.endpoint = host;
  const location =
    (/\/locations\/([^/]+)\//.exec(path) ?? locationHost.exec(host))?.[1] ?? undefined;
  if (location !== undefined) {
    context.location = location;
    context.endpoint ??= 'vertex';
  }
  Object.assign(context, stated);
  return Object.keys(context).length === 0 ? undefined : context;
}
