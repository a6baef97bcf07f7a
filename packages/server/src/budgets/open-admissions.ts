import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Breakers,
  Decider,
  Estimator,
  examineBreakers,
  examineBudgets,
  LeasedLedger,
  type AccountState,
  type Admissions,
  type BreakerRule,
  type BreakerStatus,
  type BudgetLedger,
  type ComposedBudgets,
  type TokenPriceQuestion,
  type TokenPrices,
} from '@farthing/core';
import { openRedisAuthority, type RedisAuthority } from '@farthing/redis';
import type { Config } from '../config/index.js';
import { loadSecret } from '../privacy/secret.js';
import { Acknowledgements, type SharedMarks } from './acknowledgements.js';
import { appendLine } from '../files/append-line.js';
import { replaceFile } from '../files/replace-file.js';
import { BreakersFile } from './breakers-file.js';
import { budgetFiles, type BudgetLog } from './budget-files.js';
import { budgetStatuses, type BudgetStatus } from './budget-status.js';
import { DecisionLog } from './decision-log.js';
import { directoryName } from './directory-name.js';
import { EscrowStore } from './escrow-store.js';
import { readLearned, writeLearned } from './learned-file.js';
import { LiveDefinitions } from './live-definitions.js';
import { JournalledBalances, type OwnJournal } from './journalled-balances.js';
import { LeaseStore } from './lease-store.js';
import { SharedChanges } from './shared-changes.js';

export interface OpenAdmissionsOptions {
  dataDirectory: string;
  config: Pick<Config, 'budgets' | 'breakers' | 'redis'>;
  /** What tokens cost, by the current price book: `(question) => prices.book.tokenPrices(question)`. */
  tokenPrices: (question: TokenPriceQuestion) => TokenPrices | null;
  /** The journal that this gateway writes; its lines of a dead predecessor are recovered already. */
  journal: OwnJournal;
  log: BudgetLog;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

export interface OpenedAdmissions extends Admissions {
  /** How budgets stand, for metrics. */
  statuses(): BudgetStatus[];
  /** Tripped breakers. */
  breakers(): BreakerStatus[];
  /** Refuses the calls of a run from now on; recorded as done by `farthing`. Never throws, never waits. */
  stopRun(order: { run: string; cause: string; until: number }): void;
  /** Calls back with each run that was stopped and is let go on before its time. */
  onRelease(listener: (run: string) => void): void;
  /** Whether a budget or a breaker asks for callers' keys: then they must be named. */
  goesByKeys(): boolean;
  /** Resolves when changes, balances, decisions and what was learned are written down. */
  flush(): Promise<void>;
}

const balancesMilliseconds = 2_000;
const leasesMilliseconds = 1_000;
const learnedMilliseconds = 60_000;

/**
 * Opens what decides about calls: budgets and breakers of the configuration with all changes since,
 * balances where the last gateway left them (or in Redis), and what was learned of calls.
 */
export async function openAdmissions(options: OpenAdmissionsOptions): Promise<OpenedAdmissions> {
  const { dataDirectory, config, log, now = Date.now, journal } = options;
  const files = budgetFiles(dataDirectory);
  const definitions = new LiveDefinitions({
    dataDirectory,
    configured: config.budgets,
    log,
    now,
    watch: true,
  });
  const shared =
    config.redis === undefined ? null : openShared(options, config.redis, definitions, now);
  const store = shared?.store ?? new EscrowStore();
  const balances = new JournalledBalances({ store, dataDirectory, journal, log, now });
  const estimator = new Estimator(options.tokenPrices, readLearned(files.learned, log));
  const rules = examineBreakers(config.breakers, examineBudgets(config.budgets).budgets).rules;
  const breakers = new Breakers(rules);
  const decisions = new DecisionLog({ path: files.decisions, log });
  const acknowledgements = new Acknowledgements({
    directory: files.acknowledged,
    secret: () => loadSecret(dataDirectory),
    now,
    shared: shared === null ? undefined : sharedMarks(shared.authority, config.redis!.timeout_ms),
  });
  const changes =
    shared === null
      ? null
      : new SharedChanges({
          link: shared.authority.link,
          keyPrefix: shared.authority.keyPrefix,
          local: () => definitions.changes,
          append: (change) => appendLine(files.changes, change, 'budgets_unwritable'),
        });
  const onProblem = (error: Error) =>
    log.error({ reason: error.message }, 'budgets: background work failed');
  const ledger: BudgetLedger = store instanceof EscrowStore ? store.escrow : shared!.ledger;
  const decider = new Decider({
    definitions,
    ledger,
    memory: balances,
    estimator,
    breakers,
    decisions,
    acknowledgements,
    onProblem,
  });
  const breakersFile = new BreakersFile(files.breakers(journal.name), breakers);
  breakersFile.recall();
  breakers.follow(definitions.changes, now());
  await balances.recover(definitions.at(now()).defined.map(({ budget }) => budget));
  decider.follow(now());
  definitions.onChange(() => {
    breakers.follow(definitions.changes, now());
    decider.follow(now());
  });

  const releases = watchReleases(definitions, now);

  const accounts = (): Iterable<AccountState> =>
    store instanceof EscrowStore ? store.escrow.accounts() : shared!.ledger.accounts(now());
  const writeLearnedNow = async () => {
    if (decider.takeLearned()) await writeLearned(files.learned, estimator);
  };
  const regular = [
    every(balancesMilliseconds, onProblem, async () => {
      await balances.maintain();
      await breakersFile.write();
      await acknowledgements.shareMarks();
    }),
    every(learnedMilliseconds, onProblem, async () => {
      acknowledgements.tidy();
      await writeLearnedNow();
    }),
    ...(shared === null
      ? []
      : [
          every(leasesMilliseconds, onProblem, () => shared.ledger.maintain()),
          // What cannot be exchanged now is exchanged when Redis is back.
          every(
            leasesMilliseconds,
            () => {},
            () => changes!.exchange(),
          ),
        ]),
  ];
  const goesByKeys = watchKeys(() => definitions.at(now()), rules);
  const flush = async () => {
    await balances.maintain({ atOnce: true }).catch(onProblem);
    await breakersFile.write().catch(onProblem);
    await writeLearnedNow().catch(onProblem);
    await definitions.written();
    await decisions.flush();
  };
  return {
    admit(call) {
      const token = call.acknowledgement;
      const asked = token === undefined ? undefined : acknowledgements.prepare(token);
      if (token === undefined || asked === undefined) return decider.admit(call);
      return asked.then(() => decider.admit(call)).finally(() => acknowledgements.finish(token));
    },
    ended: (entry, call, admission) => decider.ended(entry, call, admission),
    booked(entry) {
      try {
        balances.booked(entry);
      } catch (error) {
        onProblem(error as Error);
      }
    },
    stopRun({ run, cause, until }) {
      definitions.record({
        id: randomUUID(),
        recorded_at: new Date(now()).toISOString(),
        recorded_by: 'farthing',
        do: 'stop_run',
        run,
        cause,
        until: new Date(until).toISOString(),
      });
    },
    onRelease: (listener) => releases.push(listener),
    goesByKeys,
    statuses: () => budgetStatuses(definitions.at(now()).defined, accounts(), now()),
    breakers: () => breakers.statuses(),
    flush,
    async close() {
      for (const { stop } of regular) stop();
      definitions.close();
      await flush();
      await shared?.ledger.close().catch(onProblem);
      await shared?.authority.close();
    },
  };
}

/** Hears of runs that are no longer stopped though their time is not over. */
function watchReleases(definitions: LiveDefinitions, now: () => number): ((run: string) => void)[] {
  const listeners: ((run: string) => void)[] = [];
  let known = definitions.at(now()).stoppedRuns;
  definitions.onChange(() => {
    const present = definitions.at(now()).stoppedRuns;
    for (const [run, { until }] of known) {
      if (present.has(run) || Date.parse(until) <= now()) continue;
      for (const listener of listeners) listener(run);
    }
    known = present;
  });
  return listeners;
}

/** Asked about every call: looked up anew only when the budgets are others. */
function watchKeys(definitions: () => ComposedBudgets, rules: readonly BreakerRule[]) {
  const always = rules.some(({ scope }) => 'key' in scope);
  let known: ComposedBudgets | null = null;
  let goes = always;
  return (): boolean => {
    if (always) return true;
    const present = definitions();
    if (present !== known) {
      known = present;
      goes =
        present.defined.some(({ budget }) => 'key' in budget.scope) ||
        present.restrictions.some(({ scope }) => 'key' in scope);
    }
    return goes;
  };
}

interface SharedBudgets {
  ledger: LeasedLedger;
  store: LeaseStore;
  authority: RedisAuthority;
}

function openShared(
  { dataDirectory, journal, log }: OpenAdmissionsOptions,
  { url, cluster, namespace, timeout_ms: timeoutMilliseconds }: NonNullable<Config['redis']>,
  definitions: LiveDefinitions,
  now: () => number,
): SharedBudgets {
  const files = budgetFiles(dataDirectory);
  const name = directoryName(files.name);
  const sourceOf = (one: string) => `${name}/${one}`;
  const authority = openRedisAuthority({
    url,
    cluster,
    namespace,
    source: sourceOf(journal.name),
    memory: readMemory(files.memory),
    onMemory: (memory) =>
      void replaceFile(files.memory, `${memory}\n`).catch((error: Error) =>
        log.warn({ reason: error.message }, 'budgets: which memory of Redis this is was not kept'),
      ),
    timeoutMilliseconds,
    onState: (state, reason) => {
      if (state === 'connected') log.info({}, 'Redis is back: budgets are shared again');
      else log.error({ reason }, 'Redis is lost: every budget goes by its `unavailable`');
    },
  });
  const store = new LeaseStore({
    sourceOf,
    journal: journal.name,
    namespace,
    ledger: () => ledger,
  });
  const ledger: LeasedLedger = new LeasedLedger({
    authority,
    recorded: (account) => store.recorded(account),
    now,
    sleep,
    unavailable: (budget) =>
      definitions.at(now()).defined.find((one) => one.budget.name === budget)?.budget
        .unavailable ?? { mode: 'closed' },
  });
  return { ledger, store, authority };
}

/** Marks of used tokens, where all gateways see them. */
function sharedMarks({ link, keyPrefix }: RedisAuthority, milliseconds: number): SharedMarks {
  const keyOf = (name: string) => `${keyPrefix}:acknowledged:${name}`;
  return {
    async make(name, life) {
      const late = sleep(milliseconds, undefined, { ref: false }).then(() => {
        throw new Error(`Redis did not answer within ${milliseconds} ms.`);
      });
      return Promise.race([link.setOnce(keyOf(name), '1', Math.max(1_000, life)), late]);
    },
    remove: (name) => link.remove(keyOf(name)),
  };
}

function readMemory(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Repeats work, never twice at once. */
function every(
  milliseconds: number,
  onProblem: (error: Error) => void,
  work: () => Promise<unknown>,
): { stop(): void } {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    void work()
      .catch(onProblem)
      .finally(() => (running = false));
  }, milliseconds);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
