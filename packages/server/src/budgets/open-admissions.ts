import { setTimeout as sleep } from 'node:timers/promises';
import {
  Breakers,
  Decider,
  Estimator,
  examineBreakers,
  examineBudgets,
  LeasedLedger,
  partAt,
  type AccountState,
  type Admissions,
  type BreakerStatus,
  type BudgetLedger,
  type TokenPriceQuestion,
  type TokenPrices,
} from '@farthing/core';
import type { Config } from '../config/index.js';
import { loadSecret } from '../privacy/secret.js';
import { Acknowledgements } from './acknowledgements.js';
import { balancesText, replaceFile } from './balances-file.js';
import { budgetFiles, type BudgetLog } from './budget-files.js';
import { budgetStatuses, type BudgetStatus } from './budget-status.js';
import { DecisionLog } from './decision-log.js';
import { readLearned, writeLearned } from './learned-file.js';
import { LiveDefinitions } from './live-definitions.js';
import { MemoryBalances, type OwnJournal } from './memory-balances.js';
import { openRedisAuthority, type RedisAuthority } from './redis/redis-authority.js';

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
    config.redis === undefined ? null : openShared(config.redis, definitions, log, now);
  const memory = shared === null ? new MemoryBalances({ dataDirectory, journal, log, now }) : null;
  const estimator = new Estimator(options.tokenPrices, readLearned(files.learned, log));
  const rules = examineBreakers(config.breakers, examineBudgets(config.budgets).budgets).rules;
  const breakers = new Breakers(rules);
  const decisions = new DecisionLog({ path: files.decisions, log });
  const acknowledgements = new Acknowledgements({
    directory: files.acknowledged,
    secret: () => loadSecret(dataDirectory),
    now,
  });
  const onProblem = (error: Error) =>
    log.error({ reason: error.message }, 'budgets: background work failed');
  const ledger: BudgetLedger = shared?.ledger ?? memory!.escrow;
  const decider = new Decider({
    definitions,
    ledger,
    memory,
    estimator,
    breakers,
    decisions,
    acknowledgements,
    onProblem,
  });
  breakers.follow(definitions.changes, now());
  await memory?.recover(definitions.at(now()).defined.map(({ budget }) => budget));
  decider.follow(now());
  definitions.onChange(() => {
    breakers.follow(definitions.changes, now());
    decider.follow(now());
  });

  let breakersText = '';
  const writeBreakers = async () => {
    const text = `${JSON.stringify({ breakers: breakers.statuses() })}\n`;
    if (text === breakersText || breakers.isEmpty) return;
    await replaceFile(files.breakers, text);
    breakersText = text;
  };
  const accounts = (): Iterable<AccountState> =>
    shared === null ? memory!.escrow.accounts() : sharedAccounts(decider, shared.ledger, now());
  const writeBalances = async (atOnce: boolean) => {
    if (memory !== null) return memory.maintain({ atOnce });
    if (decider.seen.size > 0) await writeShared(files.balances(journal.name), accounts(), now());
  };
  const writeLearnedNow = async () => {
    if (decider.takeLearned()) await writeLearned(files.learned, estimator);
  };
  const regular = [
    every(balancesMilliseconds, onProblem, async () => {
      await writeBalances(false);
      await writeBreakers();
    }),
    every(learnedMilliseconds, onProblem, async () => {
      acknowledgements.tidy();
      await writeLearnedNow();
    }),
    ...(shared === null
      ? []
      : [every(leasesMilliseconds, onProblem, () => shared.ledger.maintain())]),
  ];
  const flush = async () => {
    await writeBalances(true).catch(onProblem);
    await writeBreakers().catch(onProblem);
    await writeLearnedNow().catch(onProblem);
    await decisions.flush();
  };
  return {
    admit: (call) => decider.admit(call),
    ended: (entry, call, admission) => decider.ended(entry, call, admission),
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

function openShared(
  { url, namespace, timeout_ms: timeoutMilliseconds }: NonNullable<Config['redis']>,
  definitions: LiveDefinitions,
  log: BudgetLog,
  now: () => number,
): { ledger: LeasedLedger; authority: RedisAuthority } {
  const authority = openRedisAuthority({
    url,
    namespace,
    timeoutMilliseconds,
    onState: (state, reason) => {
      if (state === 'connected') log.info({}, 'Redis is back: budgets are shared again');
      else log.error({ reason }, 'Redis is lost: every budget goes by its `unavailable`');
    },
  });
  const ledger = new LeasedLedger({
    authority,
    now,
    sleep,
    unavailable: (name) =>
      definitions.at(now()).defined.find(({ budget }) => budget.name === name)?.budget
        .unavailable ?? { mode: 'closed' },
  });
  return { ledger, authority };
}

function* sharedAccounts(
  decider: Decider,
  ledger: LeasedLedger,
  at: number,
): Generator<AccountState> {
  for (const account of decider.seen.values()) {
    const { committed, reserved } = ledger.balance(account, at);
    const part = partAt(account.window, at);
    yield { key: account.key, window: account.window, parts: [{ part, committed, reserved }] };
  }
}

async function writeShared(path: string, accounts: Iterable<AccountState>, at: number) {
  await replaceFile(
    path,
    balancesText({
      writtenAt: new Date(at).toISOString(),
      pid: process.pid,
      shared: true,
      positions: {},
      ended: [],
      covers: [],
      accounts: [...accounts],
    }),
  );
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
