import {
  truncateHistory,
  type Admission,
  type CallShape,
  type CallToAdmit,
  type Tags,
} from '@farthing/core';
import { changeRequest, type ChangedRequest } from './change-request.js';
import type { Endpoint } from './endpoint.js';
import type { RequestFacts } from './request-facts.js';
import { requestSize, utf8Length } from './request-size.js';

/** A request as it may be changed. */
export interface Changeable {
  /** Where it goes. */
  url: string;
  /** What `fetch` was called with: a `Request` object cannot be sent to another address. */
  input: unknown;
}

/** What a call is made of. */
export interface OutgoingParts {
  endpoint: Endpoint;
  /** The JSON text of the request; null where it is a form or a stream. */
  body: string | null;
  /** Absent where the request goes out as it is, whatever budgets say. */
  changeable?: Changeable;
}

/**
 * A call before it leaves, as budgets see it: what they may ask of it is done here as in the gateway.
 * Nothing is worked out before one of them asks.
 */
export class OutgoingRequest implements CallToAdmit {
  readonly id: string;
  readonly at: number;
  readonly shape: CallShape;
  readonly tags: Tags;
  readonly estimable: boolean;
  readonly #parts: OutgoingParts;
  readonly #facts: RequestFacts;
  #parsed: { body: unknown; charactersPerByte: number } | null = null;
  /** The last shape that was made of the call, and the texts of those that were shortened. */
  #latest: CallShape;
  #shortened: Map<CallShape, string> | null = null;

  /** @param at milliseconds since the epoch */
  constructor(
    id: string,
    at: number,
    shape: CallShape,
    estimable: boolean,
    parts: OutgoingParts,
    facts: RequestFacts,
  ) {
    this.id = id;
    this.at = at;
    this.shape = shape;
    this.tags = shape.tags;
    this.estimable = estimable;
    this.#parts = parts;
    this.#facts = facts;
    this.#latest = shape;
  }

  onModel(model: string): CallShape | null {
    const { endpoint, changeable } = this.#parts;
    if (this.shape.mayClamp !== true || changeable === undefined) return null;
    const isMovable = !(changeable.input instanceof Request);
    const canBeNamed = endpoint.model === null ? this.#facts.model !== null : isMovable;
    return canBeNamed ? this.#derive(this.#latest, { ...this.#latest, model }) : null;
  }

  truncated(bytes: number, shape: CallShape): CallShape | null {
    const { body, endpoint } = this.#parts;
    if (body === null || this.shape.mayClamp !== true) return null;
    this.#parsed ??= parse(body);
    if (this.#parsed === null) return null;
    // Always out of the request as it came: what was left out before is left out again.
    const left = this.shape.textBytes - shape.textBytes + bytes;
    const characters = Math.ceil(left * this.#parsed.charactersPerByte);
    const truncation = truncateHistory(endpoint.api, this.#parsed.body, characters);
    if (truncation === null) return null;
    const shorter = JSON.stringify(truncation.body);
    const derived = this.#derive(shape, { ...shape, ...requestSize(shorter) });
    this.#shortened!.set(derived, shorter);
    return derived;
  }

  /** The request as it was admitted. Null when it goes out as it came. */
  changed({ shape, maxOutput }: Admission): ChangedRequest | null {
    if (shape === this.shape && maxOutput === undefined) return null;
    const { body, changeable, endpoint } = this.#parts;
    if (body === null || changeable === undefined) return null;
    return changeRequest(this.#shortened?.get(shape) ?? body, changeable.url, endpoint, {
      model: shape.model === this.shape.model ? undefined : shape.model,
      maxOutput,
      choices: this.#facts.choices,
    });
  }

  #derive(from: CallShape, derived: CallShape): CallShape {
    this.#shortened ??= new Map();
    const shorter = this.#shortened.get(from);
    if (shorter !== undefined) this.#shortened.set(derived, shorter);
    this.#latest = derived;
    return derived;
  }
}

function parse(text: string): { body: unknown; charactersPerByte: number } | null {
  try {
    return { body: JSON.parse(text), charactersPerByte: text.length / utf8Length(text) };
  } catch {
    return null;
  }
}
