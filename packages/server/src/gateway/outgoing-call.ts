import { createHash } from 'node:crypto';
import {
  truncateHistory,
  type CallContext,
  type CallShape,
  type PriceModifiers,
  type Tags,
} from '@farthing/core';
import type { CallChanges, CallToAdmit } from './admission.js';
import { adaptRequest, isAdaptable, namesModel, type AdaptedRequest } from './adapt-request.js';
import { callShape, requestSizes, type ShapedRequest } from './call-shape.js';
import type { ReadHeaders } from './read-headers.js';
import { readRequestFacts } from './request-facts.js';

export interface OutgoingCallParts extends ShapedRequest {
  id: string;
  read: ReadHeaders;
}

/** A metered call before it leaves: what estimates and budgets ask about it, and how it is changed. */
export class OutgoingCall implements CallToAdmit {
  readonly id: string;
  readonly api: string;
  readonly provider: string;
  readonly priceAs: string | undefined;
  readonly tags: Tags;
  readonly at: number;
  readonly caching: CallShape['caching'];
  readonly hasOutput: boolean;
  readonly modifiers: PriceModifiers | undefined;
  readonly context: CallContext | undefined;
  readonly mayAdapt: boolean;
  readonly maySwitchModel: boolean;
  readonly acknowledgement: string | null;
  // These describe the call as it goes out, once it was changed.
  model: string;
  textBytes: number;
  fileTokens: number;
  maxOutput: number | null;
  readonly #parts: OutgoingCallParts;
  #parsed: unknown;
  #truncated: Buffer | null = null;

  constructor(parts: OutgoingCallParts) {
    const { api, route, facts, read } = parts;
    const shape = callShape(parts);
    this.id = parts.id;
    this.api = api;
    this.provider = shape.provider;
    this.priceAs = shape.priceAs;
    this.tags = parts.tags;
    this.at = shape.at;
    this.caching = shape.caching;
    this.hasOutput = shape.hasOutput;
    this.modifiers = shape.modifiers;
    this.context = shape.context;
    this.model = shape.model;
    this.textBytes = shape.textBytes;
    this.fileTokens = shape.fileTokens;
    this.maxOutput = shape.maxOutput;
    this.mayAdapt = facts.scanned !== null && !read.neverAdapt && isAdaptable(api);
    this.maySwitchModel = this.mayAdapt && namesModel(route, facts);
    this.acknowledgement = read.acknowledgement;
    this.#parts = parts;
  }

  /** An API key has too much entropy to be found from a part of its hash. */
  key(): string | undefined {
    const { read, route } = this.#parts;
    const key = read.callerKey ?? route.provider.apiKey;
    if (key === undefined) return undefined;
    const bare = key.replace(/^Bearer /i, '');
    return `key_${createHash('sha256').update(bare).digest('hex').slice(0, 12)}`;
  }

  truncate(characters: number): { textBytes: number } | null {
    const { api, body } = this.#parts;
    if (body === null || !this.mayAdapt) return null;
    try {
      this.#parsed ??= JSON.parse(body.toString('utf8'));
    } catch {
      return null;
    }
    const truncation = truncateHistory(api, this.#parsed, characters);
    if (truncation === null) return null;
    this.#truncated = Buffer.from(JSON.stringify(truncation.body));
    return { textBytes: requestSizes(this.#truncated).textBytes };
  }

  /** The request as budgets want it to go out. From then on this call describes that one. */
  adapt(changes: CallChanges): AdaptedRequest {
    const { route, api, body, facts } = this.#parts;
    let request: AdaptedRequest = { body: body!, facts, upstreamPath: route.upstreamPath };
    if (changes.truncated === true && this.#truncated !== null) {
      request = {
        ...request,
        body: this.#truncated,
        facts: readRequestFacts(this.#truncated),
      };
      Object.assign(this, requestSizes(this.#truncated));
    }
    if (changes.model !== undefined) this.model = changes.model;
    if (changes.maxOutput !== undefined) this.maxOutput = changes.maxOutput;
    return adaptRequest(route, api, request, changes);
  }
}
