import { LeasedLedger, type UnavailablePolicy } from '@farthing/core';
import { openRedisAuthority } from '@farthing/redis';
import { sayOnce } from '../platform.js';
import { atExit } from '../sinks/at-exit.js';
import type { Balances } from './balances.js';

export interface RedisBalancesOptions {
  /**
   * `redis://[user:password@]host:port/database`, or `rediss://` for TLS. Several, separated by commas,
   * are nodes of a Redis Cluster.
   */
  url: string;
  /** Whether one URL is a node of a Redis Cluster. Default: when there are several. */
  cluster?: boolean | undefined;
  /** Whose budgets these are, as gateways have it under `redis.namespace`. Default `default`. */
  namespace?: string | undefined;
  /**
   * A name that no other process has at the same time. One that starts anew under it has its
   * predecessor's leases back. Default: a new one for each process.
   */
  name?: string | undefined;
  /** How long a call waits for Redis before its budget's `unavailable` decides. Default 250 ms. */
  timeoutMilliseconds?: number | undefined;
}

const maintainMilliseconds = 1_000;
/** Without a connection a first call would be refused, or let pass uncounted. */
const connectMilliseconds = 2_000;

/**
 * Balances in Redis, shared with all gateways and apps of one namespace: a process leases parts of what
 * remains and decides from them, so that most calls wait for nobody. Waits two seconds at most for Redis;
 * without it each budget goes by its `unavailable` until it is there. Needs the package `@farthing/redis`.
 * @throws FarthingError `redis_url_invalid` for a URL that is none.
 */
export async function redisBalances(options: RedisBalancesOptions): Promise<Balances> {
  const { url, cluster, namespace = 'default', name, timeoutMilliseconds } = options;
  const authority = openRedisAuthority({
    url,
    cluster,
    namespace,
    keepsProcess: false,
    ...(name === undefined ? {} : { source: `app/${name}` }),
    ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
    onState: (state, reason) => {
      if (state === 'lost')
        sayOnce(`budgets: Redis is lost (${reason}): every budget goes by its unavailable`);
    },
  });
  let policy: (budget: string) => UnavailablePolicy = () => ({ mode: 'closed' });
  const ledger = new LeasedLedger({
    authority,
    unavailable: (budget) => policy(budget),
    now: Date.now,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  });
  let isMaintaining = false;
  const timer = setInterval(() => {
    if (isMaintaining) return;
    isMaintaining = true;
    // What cannot be told now is told when Redis is back.
    void ledger
      .maintain()
      .catch(() => {})
      .finally(() => (isMaintaining = false));
  }, maintainMilliseconds);
  timer.unref();
  const handBack = () => ledger.close().catch(() => {});
  const forget = atExit({ flush: handBack, lastResort: () => {} });
  const latest = performance.now() + connectMilliseconds;
  while (!authority.link.isReady && performance.now() < latest) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return {
    namespace,
    open(unavailable) {
      policy = unavailable;
      return ledger;
    },
    async close() {
      clearInterval(timer);
      forget();
      await handBack();
      await authority.close();
    },
  };
}
