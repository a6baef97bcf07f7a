import {
  closeEntry,
  FarthingError,
  type Admissions,
  type Entry,
  type Price,
  type PriceBook,
} from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { createAdmissions, type AdmissionSettings } from './admissions.js';
import type { Balances } from './budgets/balances.js';
import type { EndpointHint } from './call/endpoint.js';
import { Meter } from './call/meter.js';
import { meterClient } from './clients/meter-client.js';
import { readTags, type TagsInput } from './context/read-tags.js';
import { nestingTags, OpenRun, type RunSummary } from './context/runs.js';
import { currentScope, inScope, tagsOfScope } from './context/tag-context.js';
import { mergeTags } from './context/merge-tags.js';
import { createMeteredFetch } from './fetch/meter-fetch.js';
import type { Fetch } from './fetch/read-request.js';
import { outcomeEntry, type OutcomeInput } from './outcome.js';
import { environment, sayOnce } from './platform.js';
import { userPolicy, type UserSettings } from './privacy.js';
import { readUsageRecord, type UsageRecord } from './record-usage.js';
import { prefixesOf } from './prefixes.js';
import { remoteSink } from './sinks/remote-sink.js';
import { SinkSet } from './sinks/sink-set.js';
import type { Sink, SinkReport } from './sinks/sink.js';
import { meterTool, type ToolTerms } from './tools.js';
import { uuidAt } from './uuid.js';

export interface FarthingOptions extends UserSettings, AdmissionSettings {
  /**
   * Where entries go. Default: the control plane that the environment variable FARTHING_URL names, or
   * nowhere (which is said once).
   */
  sinks?: readonly Sink[] | undefined;
  /** Tags of every call of this application, e.g. `{ environment: 'production' }`. */
  tags?: TagsInput | undefined;
  /** Whether calls get keyed fingerprints of how prompts begin, for `farthing cache`. Default: not. */
  prefixes?: boolean | undefined;
  /** What prices calls. Default: the price list that ships with Farthing. */
  prices?: PriceBook | undefined;
  /** What decides about calls, in place of `budgets`: e.g. a decider of the application's own. */
  admissions?: Pick<Admissions, 'admit' | 'ended'> | undefined;
}

export interface MeterFetchOptions extends EndpointHint {
  /** The fetch to meter. Default: the global one. */
  fetch?: Fetch | undefined;
  tags?: TagsInput | undefined;
}

/** A run under way. */
export interface Run {
  readonly id: string;
  /** Runs `work` within the run: its calls carry the run's id and tags. */
  within<Result>(work: () => Result): Result;
  /** Adds tags to the run; calls that leave from now on carry them. */
  annotate(tags: TagsInput): void;
  /** Ends the run, with what became of it where that is known. */
  end(outcome?: OutcomeInput): RunSummary;
}

/** Runs that are open at the same time; the oldest is forgotten beyond that, its calls are booked anyway. */
const mostRuns = 100_000;

/**
 * The meter of an application: tags, estimates and budgets before a call, price and sinks after it.
 * Most programs use the functions of the package, which share one; a second one is for tests and for
 * applications with several ledgers.
 */
export class Farthing {
  /**
   * What calls go through; the package's own integrations stand on it.
   * @internal
   */
  readonly pipeline: Meter;
  readonly #sinks: SinkSet;
  readonly #balances: Balances | undefined;
  readonly #price: Price;
  readonly #runs = new Map<string, OpenRun>();

  constructor(options: FarthingOptions = {}) {
    const { prices } = options;
    let book = prices;
    const bookNow = () => (book ??= defaultPriceBook());
    this.#price = (call) => bookNow().price(call);
    this.#balances = options.balances;
    this.#sinks = new SinkSet(options.sinks ?? sinksOfEnvironment());
    this.pipeline = new Meter({
      price: this.#price,
      admissions:
        options.admissions ??
        createAdmissions(options, (question) => bookNow().tokenPrices(question)),
      hasBudgets: hasBudgets(options),
      sinks: this.#sinks,
      tags: options.tags === undefined ? {} : readTags(options.tags),
      users: userPolicy(options),
      prefixes: prefixesOf(options.prefixes ?? false, options.secret),
      sharedBudgets: options.balances?.namespace,
    });
  }

  /** A client whose calls are booked: see the function `meter` of the package. */
  meter<Client extends object>(
    client: Client,
    tags: TagsInput = {},
    hint: EndpointHint = {},
  ): Client {
    return meterClient(client, { meter: () => this.pipeline, tags: readTags(tags), hint });
  }

  /** A `fetch` whose calls to models are booked: see the function `meterFetch` of the package. */
  meterFetch(options: MeterFetchOptions = {}): Fetch {
    return meteredFetch(() => this.pipeline, options);
  }

  meterTool<Arguments extends unknown[], Result>(
    name: string,
    terms: ToolTerms,
    work: (...values: Arguments) => Result,
  ): (...values: Arguments) => Result {
    return meterTool(() => this.pipeline, name, terms, work);
  }

  /** Books what the application knows of a call by itself. Throws `usage_invalid`, naming the field. */
  recordUsage(record: UsageRecord): Entry {
    const { opened, ending, facts } = readUsageRecord(record, (tags) => this.pipeline.tagsOf(tags));
    const entry = closeEntry(opened, ending, this.#price, facts);
    this.pipeline.record(entry);
    return entry;
  }

  /** Begins a run: a task of several calls whose cost is of interest as a whole. */
  startRun(tags: TagsInput = {}): Run {
    const now = Date.now();
    const own = readTags(tags);
    const id = own.run ?? uuidAt(now);
    const scope = currentScope();
    const outer = mergeTags(tagsOfScope(scope), nestingTags(scope.run));
    const run = new OpenRun(id, mergeTags(outer, { ...own, run: id }), now);
    if (this.#runs.size >= mostRuns) this.#runs.delete(this.#runs.keys().next().value!);
    this.#runs.set(id, run);
    return {
      id,
      within: (work) => inScope({ outer: run.tags, run, inner: {} }, work),
      annotate: (more) => run.annotate(readTags(more)),
      end: (outcome) => this.endRun(id, outcome),
    };
  }

  /** Adds tags to a run: the one that this code runs in, unless another is named. */
  annotate(tags: TagsInput, runId?: string): void {
    this.#runOf(runId, 'annotate').annotate(readTags(tags));
  }

  /** Ends a run. What became of it is booked where it is given. */
  endRun(runId?: string, outcome?: OutcomeInput): RunSummary {
    const run = this.#runOf(runId, 'endRun');
    this.pipeline.settle();
    if (outcome !== undefined) this.outcome(run.id, outcome);
    this.#runs.delete(run.id);
    return run.summary(Date.now());
  }

  /**
   * Books what became of a run, now or days later, so that cost per successful operation is known. The
   * run's tags go with it where the run is known to this process; otherwise give them.
   */
  outcome(runId: string, outcome: OutcomeInput): Entry {
    const run = this.#runs.get(runId) ?? runHere(runId);
    const tags = this.pipeline.tagsOf(run?.allTags ?? {});
    const entry = outcomeEntry(runId, outcome, tags, Date.now());
    this.pipeline.settle();
    this.#sinks.write(entry);
    return entry;
  }

  /** Resolves when every sink has what was booked, or knows that it cannot have it now. */
  flush(): Promise<void> {
    this.pipeline.settle();
    return this.#sinks.flush();
  }

  /** Flushes, and gives up sinks and shared balances. */
  async close(): Promise<void> {
    this.pipeline.settle();
    await this.#balances?.close();
    await this.#sinks.close();
  }

  /** What became of the entries, by sink: what was dropped is counted here. */
  report(): Record<string, SinkReport> {
    this.pipeline.settle();
    return this.#sinks.report();
  }

  #runOf(runId: string | undefined, caller: string): OpenRun {
    const run =
      runId === undefined ? currentScope().run : (this.#runs.get(runId) ?? runHere(runId));
    if (run != null) return run;
    throw new FarthingError(
      'unknown_run',
      runId === undefined
        ? `${caller} was called outside of any run. Call it within startRun(…).within(…), or name the run.`
        : `There is no open run "${runId}" in this process. Start it with startRun({ run: "${runId}" }).`,
    );
  }
}

/**
 * A metered fetch on a pipeline that is asked for with each call.
 * @internal
 */
export function meteredFetch(
  meter: () => Meter,
  { fetch, tags = {}, ...hint }: MeterFetchOptions,
): Fetch {
  return createMeteredFetch({
    meter,
    fetch: fetch ?? ((input, init) => globalThis.fetch(input, init)),
    tags: readTags(tags),
    hint,
  });
}

/** Whether anything but the price list has a say in a call. */
function hasBudgets({ admissions, balances, budgets = [] }: FarthingOptions): boolean {
  const none = Array.isArray(budgets) && budgets.length === 0;
  return admissions !== undefined || balances !== undefined || !none;
}

function runHere(runId: string): OpenRun | undefined {
  const { run } = currentScope();
  return run?.id === runId ? run : undefined;
}

function sinksOfEnvironment(): Sink[] {
  const url = environment('FARTHING_URL');
  if (url !== undefined) return [remoteSink({ url })];
  sayOnce(
    'nothing is booked: there is no sink. Set FARTHING_URL to the address of a Farthing control plane, or call configure({ sinks: […] }).',
  );
  return [];
}
