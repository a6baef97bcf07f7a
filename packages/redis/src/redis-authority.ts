import { createHash, randomUUID } from 'node:crypto';
import {
  countedParts,
  FarthingError,
  windowLength,
  type ExpiryPolicy,
  type LeaseAuthority,
  type LeaseReply,
  type LeaseRequest,
} from '@farthing/core';
import { exchangeScript } from './exchange-script.js';
import { openRedisLink, type RedisLink } from './redis-link.js';
import { afterSilence } from './silence.js';

export interface RedisAuthorityOptions {
  /**
   * `redis://[user:password@]host:port/database`, or `rediss://` for TLS. Several, separated by commas,
   * are nodes of a Redis Cluster.
   */
  url: string;
  /** Whether one URL is a node of a Redis Cluster. Default: when there are several. */
  cluster?: boolean | undefined;
  /** Names the organisation whose budgets these are; all its keys share one slot of a cluster. */
  namespace?: string;
  /**
   * The journal that this gateway writes, by a name that no other has. What it stated before it was
   * restarted is then replaced, not added to. Default: one of its own.
   */
  source?: string;
  /** After so long a silence a gateway's leases end. Default 3,000 ms. */
  patienceMilliseconds?: number;
  /** Whether the lease of a dead gateway counts as spent (default), or is given back. */
  expiry?: ExpiryPolicy;
  /** How long a call waits for Redis before its budget's policy for outages decides. Default 250 ms. */
  timeoutMilliseconds?: number;
  /** Whether the connection keeps the process from ending. Default true; one to a cluster always does. */
  keepsProcess?: boolean | undefined;
  /** Which memory of Redis this gateway's predecessor has spoken to: one that was lost is then noticed. */
  memory?: string | undefined;
  /** Hears which memory it speaks to. */
  onMemory?: (memory: string) => void;
  /** Hears of lost and regained connections. */
  onState?: (state: 'connected' | 'lost', reason?: string) => void;
}

export interface RedisAuthority extends LeaseAuthority {
  readonly gateway: string;
  /** For what else gateways share; null while it cannot be reached. */
  readonly link: RedisLink;
  /** What all keys of the namespace begin with. */
  readonly keyPrefix: string;
  close(): Promise<void>;
}

/** Picodollars in the unit that Redis counts: nano-USD. */
const picodollarsPerUnit = 1_000n;

const script = {
  text: exchangeScript,
  sha1: createHash('sha1').update(exchangeScript).digest('hex'),
};

/**
 * Balances shared through Redis 6 or newer, Redis Cluster or Valkey. Connects in the background and
 * keeps trying: without a connection `exchange` rejects within the timeout.
 * Throws `redis_url_invalid` for a URL that is none.
 */
export function openRedisAuthority(options: RedisAuthorityOptions): RedisAuthority {
  const { patienceMilliseconds = 3_000, expiry = 'hold', timeoutMilliseconds = 250 } = options;
  const gateway = randomUUID();
  const source = options.source ?? gateway;
  const tag = `farthing:{${options.namespace ?? 'default'}}`;
  const accountPrefix = `${tag}:account:`;
  const gatewayPrefix = `${tag}:gateway:`;
  const channel = `${tag}:recall`;
  const listeners: ((keys: readonly string[]) => void)[] = [];
  let sequence = 0;
  let memory = options.memory ?? '';
  let isSuperseded = false;
  /** The server and its memory at the last exchange. */
  let place: string | null = null;

  const urls = options.url.split(',').map((url) => url.trim());
  const link = openRedisLink({
    urls,
    cluster: options.cluster ?? urls.length > 1,
    timeoutMilliseconds,
    keepsProcess: options.keepsProcess,
    onState: (state, reason) => options.onState?.(state, reason),
  });
  link.subscribe(channel, (message) => {
    const { from, keys } = JSON.parse(message) as { from: string; keys: string[] };
    if (from !== gateway) for (const listener of listeners) listener(keys);
  });

  async function exchange(requests: readonly LeaseRequest[]): Promise<LeaseReply> {
    if (!link.isReady) throw new FarthingError('redis_unreachable', 'Redis cannot be reached.');
    sequence += 1;
    const keys = [
      `${tag}:gateways`,
      gatewayPrefix + gateway,
      `${tag}:state`,
      ...requests.map(({ account }) => accountPrefix + account.key),
    ];
    const values = [
      gateway,
      String(sequence),
      source,
      String(patienceMilliseconds),
      expiry,
      accountPrefix,
      gatewayPrefix,
      memory,
      randomUUID(),
      ...requests.flatMap(requestValues),
    ];
    const answer = (await link.evaluate(script, keys, values)) as string[];
    const [status, now, gateways, granting, present = '', restate, ...figures] = answer;
    if (status !== 'ok') {
      const problem =
        status === 'superseded'
          ? `Another gateway states the journal "${source}" in Redis. If this data directory is a copy of another one, delete its file budgets/name.`
          : 'Redis has seen a newer message of this gateway.';
      if (status === 'superseded' && !isSuperseded) options.onState?.('lost', problem);
      isSuperseded = status === 'superseded';
      throw new FarthingError('redis_stale', problem);
    }
    if (isSuperseded) options.onState?.('connected');
    isSuperseded = false;
    const hasMoved = place !== null && place !== present;
    place = present;
    const known = present.slice(0, present.indexOf('/'));
    if (known !== memory) options.onMemory?.(known);
    memory = known;
    return {
      now: Number(now),
      gateways: Number(gateways),
      granting: granting === '1',
      restate: restate === '1' || hasMoved,
      grants: requests.map(({ account }, index) => {
        const unit = account.measure === 'usd' ? picodollarsPerUnit : 1n;
        const figure = (offset: number) => BigInt(figures[index * 3 + offset]!) * unit;
        return { granted: figure(0), remaining: figure(1), keptByOthers: figure(2) };
      }),
    };
  }

  return {
    gateway,
    link,
    keyPrefix: tag,
    exchange: (requests) => withTimeout(exchange(requests), timeoutMilliseconds),
    async recall(keys) {
      if (!link.isReady) return;
      const message = JSON.stringify({ from: gateway, keys });
      // Also so that a process which only waits for this goes on: the connection may not keep it.
      await withTimeout(link.publish(channel, message), timeoutMilliseconds);
    },
    onRecall: (listener) => void listeners.push(listener),
    close: () => link.close(),
  };
}

function requestValues(request: LeaseRequest): string[] {
  const { account, part, spent, base, kept, want, atLeast, floors = [] } = request;
  const { window, limit, measure, key } = account;
  const unit = measure === 'usd' ? picodollarsPerUnit : 1n;
  const up = (amount: bigint) => String((amount + unit - 1n) / unit);
  const down = (amount: bigint) => String(amount / unit);
  const length = windowLength(window);
  return [
    key,
    String(part),
    String(countedParts(window)),
    down(limit),
    // Rounded up together they would exceed what was granted; the lease gives way.
    up(spent),
    base === null ? '' : up(base),
    down(kept),
    up(want),
    up(atLeast),
    // Two windows, so that late settlements still find their account.
    Number.isFinite(length) ? String(2 * length + 3_600_000) : '0',
    String(floors.length),
    ...floors.flatMap((floor) => [floor.source, up(floor.spent)]),
  ];
}

async function withTimeout<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let silence: { clear(): void } | undefined;
  const late = new Promise<never>((_, reject) => {
    silence = afterSilence(milliseconds, () =>
      reject(new FarthingError('redis_slow', `Redis did not answer within ${milliseconds} ms.`)),
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    silence?.clear();
  }
}
