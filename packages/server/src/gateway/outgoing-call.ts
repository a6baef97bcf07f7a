import { createHash } from 'node:crypto';
import {
  type Admission,
  type CallShape,
  type CallToAdmit,
  type Entry,
  isAdaptable,
  isInestimable,
  type Tags,
  truncateHistory,
} from '@farthing/core';
import { adaptRequest, namesModel, type AdaptedRequest } from './adapt-request.js';
import { callShape, requestSizes, type ShapedRequest } from './call-shape.js';
import type { ReadHeaders } from './read-headers.js';
import { readRequestFacts } from './request-facts.js';
import { hasServerHistory } from './server-histories.js';

export interface OutgoingCallParts extends ShapedRequest {
  id: string;
  read: ReadHeaders;
  /** A name of the caller's key, where there is one and budgets want it. */
  key: string | undefined;
}

/** A metered call before it leaves: what estimates and budgets ask about it, and how it is changed. */
export class OutgoingCall implements CallToAdmit {
  readonly id: string;
  readonly at: number;
  readonly shape: CallShape;
  readonly tags: Tags;
  readonly key: string | undefined;
  readonly estimable: boolean;
  readonly acknowledgement: string | undefined;
  readonly #parts: OutgoingCallParts;
  #parsed: { body: unknown; characters: number } | null = null;
  /** The last shape that was made of the call, and requests of those that were shortened. */
  #latest: CallShape;
  #shortened: WeakMap<CallShape, Buffer> | null = null;

  constructor(parts: OutgoingCallParts) {
    const { id, at, tags, key, api, facts, read } = parts;
    const mayClamp = facts.scanned !== null && !read.neverAdapt && isAdaptable(api);
    this.id = id;
    this.at = at;
    this.tags = tags;
    this.key = key;
    this.shape = callShape(parts, mayClamp);
    this.estimable = !isInestimable(api) || this.shape.statedCost !== undefined;
    this.#latest = this.shape;
    this.acknowledgement = read.acknowledgement ?? undefined;
    this.#parts = parts;
  }

  onModel(model: string): CallShape | null {
    const { route, facts } = this.#parts;
    if (this.shape.mayClamp !== true || !namesModel(route, facts)) return null;
    return this.#derive(this.#latest, { ...this.#latest, model });
  }

  truncated(bytes: number, shape: CallShape): CallShape | null {
    const { api, body } = this.#parts;
    if (body === null || this.shape.mayClamp !== true) return null;
    this.#parsed ??= parse(body);
    if (this.#parsed === null) return null;
    // Always out of the request as it came: what was left out before is left out again.
    const left = this.shape.textBytes - shape.textBytes + bytes;
    const characters = Math.ceil((left * this.#parsed.characters) / body.length);
    const truncation = truncateHistory(api, this.#parsed.body, characters);
    if (truncation === null) return null;
    const shorter = Buffer.from(JSON.stringify(truncation.body));
    const derived = this.#derive(shape, { ...shape, ...requestSizes(shorter, this.#parts) });
    this.#shortened!.set(derived, shorter);
    return derived;
  }

  /** Conversations hold times and ids seldom enough: the same request again has the same digest. */
  fingerprint(): string {
    const { route, body } = this.#parts;
    const hash = createHash('sha256').update(`${route.provider.name}\n${route.upstreamPath}\n`);
    return hash.update(body ?? '').digest('hex');
  }

  /** The request as it was admitted. Null when it goes out as it came. */
  adapted({ shape, maxOutput }: Admission): AdaptedRequest | null {
    const { route, api, body, facts } = this.#parts;
    if (body === null || (shape === this.shape && maxOutput === undefined)) return null;
    const shorter = this.#shortened?.get(shape);
    const request: AdaptedRequest = {
      body: shorter ?? body,
      facts: shorter === undefined ? facts : readRequestFacts(shorter),
      upstreamPath: route.upstreamPath,
    };
    return adaptRequest(route, api, request, {
      model: shape.model === this.shape.model ? undefined : shape.model,
      maxOutput,
    });
  }

  /** What the provider keeps of the conversation is known for the next call. */
  ended(entry: Entry): void {
    const { api, facts, histories } = this.#parts;
    if (hasServerHistory(api) || facts.history !== null) histories.learn(entry, facts.history);
  }

  /** Whether history was left out of the request in this shape. */
  isShortened(shape: CallShape): boolean {
    return this.#shortened?.has(shape) === true;
  }

  #derive(from: CallShape, derived: CallShape): CallShape {
    this.#shortened ??= new WeakMap();
    const shorter = this.#shortened.get(from);
    if (shorter !== undefined) this.#shortened.set(derived, shorter);
    this.#latest = derived;
    return derived;
  }
}

function parse(body: Buffer): { body: unknown; characters: number } | null {
  const text = body.toString('utf8');
  try {
    return { body: JSON.parse(text), characters: text.length };
  } catch {
    return null;
  }
}
