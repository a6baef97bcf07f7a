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
  type CallShape,
  type Entry,
  type OpenedLine,
  type Price,
  type PromptPrefixes,
  type Tags,
} from '@farthing/core';
import { activeTrace } from '../context/active-trace.js';
import { mergeTags } from '../context/merge-tags.js';
import { currentScope, tagsOfScope } from '../context/tag-context.js';
import type { UserPolicy } from '../privacy.js';
import { sayOnce } from '../platform.js';
import type { SinkSet } from '../sinks/sink-set.js';
import { uuidAt } from '../uuid.js';
import type { Admitted } from './admitted.js';
import { Bookings } from './bookings.js';
import type { Endpoint } from './endpoint.js';
import { MeteredCall } from './metered-call.js';
import { OutgoingRequest, type Changeable } from './outgoing-request.js';
import type { RequestFacts } from './request-facts.js';
import { requestSize } from './request-size.js';

export interface MeterParts {
  price: Price;
  admissions: Pick<Admissions, 'admit' | 'ended'>;
  /** Whether a call may be refused or changed, or counts in a balance: then it is asked about first. */
  hasBudgets: boolean;
  sinks: SinkSet;
  /** Tags of every call. */
  tags: Tags;
  users: UserPolicy;
  /** Fingerprints of how prompts begin; null where there are none. */
  prefixes: ((entry: Entry, body: string) => PromptPrefixes | undefined) | null;
  /** Whose shared balances calls count in; undefined where budgets are this process's own. */
  sharedBudgets?: string | undefined;
}

/** Tags as name and value. */
type TagPairs = readonly (readonly [name: string, value: string])[];

/** A request as it is about to leave. */
export interface Departure {
  endpoint: Endpoint;
  /** Null where they stand in the body and are read when somebody asks. */
  facts: RequestFacts | null;
  /** The JSON text of the request; null where it is a form or a stream. */
  body: string | null;
  /** Tags of the client. */
  tags: Tags;
  /** Tags of this very request (`x-farthing-…` headers), which win over all others. */
  requestTags: TagPairs;
  attempt: number;
  /** Absent where the request goes out as it is, whatever budgets say. */
  changeable?: Changeable;
}

/**
 * The pipeline of calls in this process: tags, estimate and budgets, price and sinks. Where there are
 * budgets, or a sink that must know of a call before it leaves, the first half is done before the call
 * and the second as it ends; elsewhere all of it is done soon after, for many calls at once.
 */
export class Meter {
  readonly price: Price;
  readonly #parts: MeterParts;
  readonly #asksFirst: boolean;
  readonly #bookings = new Bookings((call) => this.#book(call));
  /** The tags that were merged last, of calls that differ in nothing: the client's, and the scope's. */
  #client: Tags | null = null;
  #ofClient: Tags = {};
  #scope: Tags | null = null;
  #ofScope: Tags = {};

  constructor(parts: MeterParts) {
    this.#parts = parts;
    this.price = parts.price;
    this.#asksFirst = parts.hasBudgets || !parts.sinks.inBatches;
  }

  /**
   * Takes a call that is about to leave. Where budgets or sinks have to know of it first, `admitted` is
   * set; it holds the decision of a budget that says no. At once where budgets can answer at once.
   */
  open(departure: Departure): MeteredCall | Promise<MeteredCall> {
    const scope = currentScope();
    const call = new MeteredCall(this, departure, {
      tags: tagsOfScope(scope),
      run: scope.run,
      trace: activeTrace(),
    });
    if (!this.#asksFirst) return call;
    const outgoing = this.#outgoing(call);
    const admission = this.#parts.admissions.admit(outgoing);
    if (!(admission instanceof Promise)) return this.#depart(call, outgoing, admission);
    return admission.then((decided) => this.#depart(call, outgoing, decided));
  }

  /** Books a call that has ended: now, or with others that end soon. */
  ended(call: MeteredCall): void {
    if (call.admitted === null) this.#bookings.add(call);
    else this.#book(call);
  }

  /** Books all calls that have ended. */
  settle(): void {
    this.#bookings.settle();
  }

  /** Books an entry that no budget was asked about (a tool, an import by hand). */
  record(entry: Entry): void {
    this.settle();
    currentScope().run?.count(entry);
    this.#parts.sinks.write(entry);
  }

  /** Leaves a call to another meter, which books it; `entry` says how it went. */
  withdraw(entry: Entry, { outgoing, admission }: Admitted): void {
    this.#parts.admissions.ended(entry, outgoing, admission);
    this.#parts.sinks.withdrawn(entry.id);
  }

  /** The tags of what the code does that runs now. */
  tagsOf(client: Tags): Tags {
    return this.#tags(client, [], tagsOfScope(currentScope()), []);
  }

  /**
   * Later wins: the application's, the client's, the body's own, those of the scope, the request's.
   * The user leaves here as a pseudonym.
   */
  #tags(client: Tags, body: TagPairs, scope: Tags, request: TagPairs): Tags {
    if (client !== this.#client) {
      this.#client = client;
      this.#ofClient = mergeTags(this.#parts.tags, client);
      this.#scope = null;
    }
    if (body.length === 0 && scope !== this.#scope) {
      this.#scope = scope;
      this.#ofScope = mergeTags(this.#ofClient, scope);
    }
    let tags =
      body.length === 0
        ? this.#ofScope
        : mergeTags(mergeTags(this.#ofClient, collected(body)), scope);
    if (request.length > 0) tags = mergeTags(tags, collected(request));
    if (tags.user === undefined) return tags;
    const { user, ...others } = tags;
    const pseudonym = this.#parts.users(user);
    return pseudonym === null ? others : { ...others, user: pseudonym };
  }

  /** The call is admitted, or refused: it is recorded that it leaves. */
  #depart(call: MeteredCall, outgoing: OutgoingRequest, admission: Admission): MeteredCall {
    const isRefused = admission.outcome === 'refused';
    const opened = openedLine(call, outgoing, admission);
    call.admitted = {
      outgoing,
      admission,
      opened,
      opening: isRefused ? null : this.#parts.sinks.opened(opened),
      changed: isRefused ? null : outgoing.changed(admission),
    };
    return call;
  }

  #book(call: MeteredCall): void {
    const admitted = call.admitted ?? this.#admittedLate(call);
    const entry = call.entry(admitted);
    this.#addPrefixes(entry, admitted.changed?.body ?? call.departure.body);
    call.place.run?.count(entry);
    this.#parts.admissions.ended(entry, admitted.outgoing, admitted.admission);
    this.#parts.sinks.write(entry);
  }

  /** What a request holds must never keep its call from being booked. */
  #addPrefixes(entry: Entry, body: string | null): void {
    if (this.#parts.prefixes === null || body === null) return;
    try {
      const prefixes = this.#parts.prefixes(entry, body);
      if (prefixes !== undefined) entry.prefixes = prefixes;
    } catch (error) {
      sayOnce(`a prompt got no fingerprints: ${(error as Error).message}`);
    }
  }

  /** Of a call that nothing could have stopped: without budgets, an answer is there at once. */
  #admittedLate(call: MeteredCall): Admitted {
    const outgoing = this.#outgoing(call);
    const admission = this.#parts.admissions.admit(outgoing) as Admission;
    const opened = openedLine(call, outgoing, admission);
    return { outgoing, admission, opened, opening: null, changed: null };
  }

  #outgoing(call: MeteredCall): OutgoingRequest {
    const { departure, facts, at } = call;
    const { endpoint, body, changeable } = departure;
    const { api, provider, priceAs } = endpoint;
    const estimable = !isInestimable(api);
    const size = body === null || !estimable ? noSize : requestSize(body);
    const shape: CallShape = {
      provider,
      priceAs,
      model: endpoint.model ?? facts.model ?? '',
      tags: this.#tagsOfCall(call),
      at,
      textBytes: size.textBytes,
      fileTokens: size.fileTokens,
      maxOutput: facts.maxOutputTokens === null ? null : facts.maxOutputTokens * facts.choices,
      caching: body === null ? 'none' : cachingOf(api, body),
      hasOutput: estimable && !isWithoutOutput(api),
      mayClamp: changeable !== undefined && facts.scanned !== null && endpoint.adaptable === true,
      modifiers: facts.modifiers,
      context: call.context,
    };
    return new OutgoingRequest(uuidAt(at), at, shape, estimable, departure, facts);
  }

  #tagsOfCall({ departure, place, facts }: MeteredCall): Tags {
    const tags = this.#tags(departure.tags, facts.tags, place.tags, departure.requestTags);
    const { sharedBudgets } = this.#parts;
    const isTraced = place.trace !== undefined && tags.trace === undefined;
    if (sharedBudgets === undefined && !isTraced) return tags;
    const own: Tags = { ...tags };
    if (isTraced) own.trace = place.trace!;
    if (sharedBudgets !== undefined) {
      own.custom = { ...tags.custom, [sharedBudgetsTag]: sharedBudgets };
    }
    return own;
  }
}

const noSize = { textBytes: 0, fileTokens: 0 };

function openedLine(
  { departure, facts }: MeteredCall,
  { id, at, tags, estimable }: OutgoingRequest,
  { estimate, shape, maxOutput }: Admission,
): OpenedLine {
  const { endpoint, attempt } = departure;
  return {
    type: 'opened',
    schema: entrySchema,
    id,
    source: 'sdk',
    started_at: isoTime(at),
    provider: endpoint.provider,
    api: endpoint.api,
    stream: facts.stream || endpoint.streams,
    model_requested: shape.model || null,
    attempt,
    estimate: estimable ? estimateForEntry(estimate, maxOutput) : noEstimate,
    tags,
  };
}

function collected(pairs: TagPairs): Tags {
  const collector = new TagCollector();
  for (const [name, value] of pairs) collector.set(name, value);
  for (const problem of collector.problems) sayOnce(problem);
  return collector.tags;
}
