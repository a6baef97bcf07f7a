import {
  cachingOf,
  entrySchema,
  estimateForEntry,
  isInestimable,
  isoTime,
  isWithoutOutput,
  noEstimate,
  sharedBudgetsTag,
  TagCollector,
  type Admission,
  type Admissions,
  type CallContext,
  type CallShape,
  type CallToAdmit,
  type Entry,
  type OpenedLine,
  type Price,
  type Tags,
} from '@farthing/core';
import { withActiveTrace } from '../context/active-trace.js';
import { mergeTags } from '../context/merge-tags.js';
import { currentScope, tagsOfScope } from '../context/tag-context.js';
import type { UserPolicy } from '../privacy.js';
import { sayOnce } from '../platform.js';
import type { SinkSet } from '../sinks/sink-set.js';
import { uuidAt } from '../uuid.js';
import type { Endpoint } from './endpoint.js';
import type { ChangedRequest } from './change-request.js';
import { MeteredCall } from './metered-call.js';
import { OutgoingRequest, type Changeable } from './outgoing-request.js';
import type { RequestFacts } from './request-facts.js';
import { requestSize } from './request-size.js';

export interface MeterParts {
  price: Price;
  admissions: Pick<Admissions, 'admit' | 'ended'>;
  sinks: SinkSet;
  /** Tags of every call. */
  tags: Tags;
  users: UserPolicy;
  /** Whose shared balances calls count in; undefined where budgets are this process's own. */
  sharedBudgets?: string | undefined;
}

/** A request as it is about to leave. */
export interface Departure {
  endpoint: Endpoint;
  facts: RequestFacts;
  /** The JSON text of the request; null where it is a form or a stream. */
  body: string | null;
  /** Tags of the client. */
  tags: Tags;
  /** Tags of this very request (`x-farthing-…` headers), which win over all others. */
  requestTags: readonly (readonly [name: string, value: string])[];
  attempt: number;
  /** Absent where the request goes out as it is, whatever budgets say. */
  changeable?: Changeable;
}

export interface Opened {
  call: MeteredCall;
  admission: Admission;
  /** The request as budgets changed it; null where it goes out as it came. */
  changed: ChangedRequest | null;
}

/** The pipeline of calls in this process: tags, estimate and budgets before; price and sinks after. */
export class Meter {
  readonly price: Price;
  readonly #parts: MeterParts;
  /** The client that called last: its tags, and those with the application's. */
  #client: Tags | null = null;
  #ofClient: Tags = {};

  constructor(parts: MeterParts) {
    this.#parts = parts;
    this.price = parts.price;
  }

  /**
   * Decides about a call and records that it leaves. `refused` gets the decision instead where a
   * budget says no. At once where budgets can answer at once.
   */
  open(departure: Departure): Opened | Promise<Opened> {
    const at = Date.now();
    const began = performance.now();
    let tags = this.tagsOf(departure.tags, departure.facts.tags, departure.requestTags);
    const { sharedBudgets } = this.#parts;
    if (sharedBudgets !== undefined) {
      tags = { ...tags, custom: { ...tags.custom, [sharedBudgetsTag]: sharedBudgets } };
    }
    const outgoing = this.#outgoing(departure, withActiveTrace(tags), at);
    const admission = this.#parts.admissions.admit(outgoing);
    const depart = (decided: Admission) => this.#depart(departure, outgoing, decided, began);
    return admission instanceof Promise ? admission.then(depart) : depart(admission);
  }

  /** Books an entry that no budget was asked about (a tool, an import by hand). */
  record(entry: Entry): void {
    currentScope().run?.count(entry);
    this.#parts.sinks.write(entry);
  }

  /** Books a call's entry, settles what budgets held for it. */
  book(entry: Entry, outgoing: CallToAdmit, admission: Admission): void {
    this.release(entry, outgoing, admission);
    this.#parts.sinks.write(entry);
  }

  /** Leaves a call to another meter, which books it; `entry` says how it went. */
  withdraw(entry: Entry, outgoing: CallToAdmit, admission: Admission): void {
    this.release(entry, outgoing, admission);
    this.#parts.sinks.withdrawn(entry.id);
  }

  release(entry: Entry, outgoing: CallToAdmit, admission: Admission): void {
    this.#parts.admissions.ended(entry, outgoing, admission);
  }

  /**
   * Later wins: the application's, the client's, the body's own, those of the scope, the request's.
   * The user leaves here as a pseudonym.
   */
  tagsOf(
    client: Tags,
    body: readonly (readonly [string, string])[] = [],
    request: readonly (readonly [string, string])[] = [],
  ): Tags {
    if (client !== this.#client) {
      this.#client = client;
      this.#ofClient = mergeTags(this.#parts.tags, client);
    }
    let tags = this.#ofClient;
    if (body.length > 0) tags = mergeTags(tags, collected(body));
    tags = mergeTags(tags, tagsOfScope(currentScope()));
    if (request.length > 0) tags = mergeTags(tags, collected(request));
    if (tags.user === undefined) return tags;
    const { user, ...others } = tags;
    const pseudonym = this.#parts.users(user);
    return pseudonym === null ? others : { ...others, user: pseudonym };
  }

  #depart(
    departure: Departure,
    outgoing: OutgoingRequest,
    admission: Admission,
    began: number,
  ): Opened {
    const { endpoint, facts, attempt } = departure;
    const opened: OpenedLine = {
      type: 'opened',
      schema: entrySchema,
      id: outgoing.id,
      source: 'sdk',
      started_at: isoTime(outgoing.at),
      provider: endpoint.provider,
      api: endpoint.api,
      stream: facts.stream || endpoint.streams,
      model_requested: admission.shape.model || null,
      attempt,
      estimate:
        outgoing.estimable === false
          ? noEstimate
          : estimateForEntry(admission.estimate, admission.maxOutput),
      tags: outgoing.tags,
    };
    const refused = admission.outcome === 'refused';
    const call = new MeteredCall({
      meter: this,
      opened,
      opening: refused ? null : this.#parts.sinks.opened(opened),
      priceAs: endpoint.priceAs,
      context: outgoing.shape.context,
      began,
      admission,
      outgoing,
      run: currentScope().run,
    });
    return { call, admission, changed: refused ? null : outgoing.changed(admission) };
  }

  #outgoing(departure: Departure, tags: Tags, at: number): OutgoingRequest {
    const { endpoint, facts, body, changeable } = departure;
    const { api, provider, priceAs } = endpoint;
    const estimable = !isInestimable(api);
    const size = body === null || !estimable ? noSize : requestSize(body);
    const context = contextOf(endpoint, facts);
    const shape: CallShape = {
      provider,
      priceAs,
      model: endpoint.model ?? facts.model ?? '',
      tags,
      at,
      textBytes: size.textBytes,
      fileTokens: size.fileTokens,
      maxOutput: facts.maxOutputTokens === null ? null : facts.maxOutputTokens * facts.choices,
      caching: body === null ? 'none' : cachingOf(api, body),
      hasOutput: estimable && !isWithoutOutput(api),
      mayClamp: changeable !== undefined && facts.scanned !== null && endpoint.adaptable === true,
      modifiers: facts.modifiers,
      context,
    };
    return new OutgoingRequest(uuidAt(at), at, shape, estimable, departure);
  }
}

const noSize = { textBytes: 0, fileTokens: 0 };

function contextOf({ context }: Endpoint, { priced }: RequestFacts): CallContext | undefined {
  return priced === undefined ? context : { ...context, request: priced };
}

function collected(pairs: readonly (readonly [string, string])[]): Tags {
  const collector = new TagCollector();
  for (const [name, value] of pairs) collector.set(name, value);
  for (const problem of collector.problems) sayOnce(problem);
  return collector.tags;
}
