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
import { createClient } from '@redis/client';
import { exchangeScript } from './exchange-script.js';

export interface RedisAuthorityOptions {
  /** `redis://[user:password@]host:port/database`, or `rediss://` for TLS. */
  url: string;
  /** Names the organisation whose budgets these are; all its keys share one slot of a cluster. */
  namespace?: string;
  /** After so long a silence a gateway's leases end. Default 3,000 ms. */
  patienceMilliseconds?: number;
  /** Whether the lease of a dead gateway counts as spent (default), or is given back. */
  expiry?: ExpiryPolicy;
  /** How long a call waits for Redis before its budget's policy for outages decides. Default 250 ms. */
  timeoutMilliseconds?: number;
  /** Hears of lost and regained connections. */
  onState?: (state: 'connected' | 'lost', reason?: string) => void;
}

export interface RedisAuthority extends LeaseAuthority {
  readonly gateway: string;
  close(): Promise<void>;
}

/** Picodollars in the unit that Redis counts: nano-USD. */
const picodollarsPerUnit = 1_000n;

const scriptHash = createHash('sha1').update(exchangeScript).digest('hex');
const longestReconnectMilliseconds = 500;

/**
 * Balances shared through Redis 6 or newer (also Cluster and Valkey). Connects in the background and
 * keeps trying: without a connection `exchange` rejects within the timeout.
 * Throws `redis_url_invalid` for a URL that is none.
 */
export function openRedisAuthority(options: RedisAuthorityOptions): RedisAuthority {
  const { patienceMilliseconds = 3_000, expiry = 'hold', timeoutMilliseconds = 250 } = options;
  const gateway = randomUUID();
  const tag = `farthing:{${options.namespace ?? 'default'}}`;
  const accountPrefix = `${tag}:account:`;
  const gatewayPrefix = `${tag}:gateway:`;
  const channel = `${tag}:recall`;
  const listeners: ((keys: readonly string[]) => void)[] = [];
  let sequence = 0;
  let run: string | null = null;
  let knewBudgets = false;
  let isLost = false;

  const client = connect(options.url, timeoutMilliseconds);
  const subscriber = client.duplicate();
  client.on('ready', () => {
    run = null;
    if (isLost) options.onState?.('connected');
    isLost = false;
  });
  client.on('error', (error: Error) => {
    if (!isLost) options.onState?.('lost', error.message);
    isLost = true;
  });
  subscriber.on('error', () => {});
  const connecting = client.connect().catch(() => {});
  const subscribing = subscriber
    .connect()
    .then(() =>
      subscriber.subscribe(channel, (message) => {
        const { from, keys } = JSON.parse(message) as { from: string; keys: string[] };
        if (from !== gateway) for (const listener of listeners) listener(keys);
      }),
    )
    .catch(() => {});

  /** Tells a server that restarted or took over from the one that was asked before. */
  async function runId(): Promise<string> {
    if (run !== null) return run;
    const information = await client.info('server');
    run = /^run_id:(\w+)/m.exec(information)?.[1] ?? 'unknown';
    return run;
  }

  async function evaluate(keys: string[], values: string[]): Promise<string[]> {
    try {
      return (await client.evalSha(scriptHash, { keys, arguments: values })) as string[];
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      return (await client.eval(exchangeScript, { keys, arguments: values })) as string[];
    }
  }

  async function exchange(requests: readonly LeaseRequest[]): Promise<LeaseReply> {
    if (!client.isReady) throw new FarthingError('redis_unreachable', 'Redis cannot be reached.');
    sequence += 1;
    const id = await runId();
    const keys = [
      `${tag}:gateways`,
      gatewayPrefix + gateway,
      `${tag}:state`,
      ...requests.map(({ account }) => accountPrefix + account.key),
    ];
    const values = [
      gateway,
      String(sequence),
      id,
      String(patienceMilliseconds),
      expiry,
      accountPrefix,
      gatewayPrefix,
      knewBudgets ? '1' : '0',
      ...requests.flatMap(requestValues),
    ];
    const [status, now, gateways, granting, ...figures] = await evaluate(keys, values);
    if (status !== 'ok') throw new FarthingError('redis_stale', 'Redis has seen a newer message.');
    knewBudgets = true;
    return {
      now: Number(now),
      gateways: Number(gateways),
      granting: granting === '1',
      grants: requests.map(({ account }, index) => {
        const unit = account.measure === 'usd' ? picodollarsPerUnit : 1n;
        const figure = (place: number) => BigInt(figures[index * 3 + place]!) * unit;
        return { granted: figure(0), remaining: figure(1), keptByOthers: figure(2) };
      }),
    };
  }

  return {
    gateway,
    exchange: (requests) => withTimeout(exchange(requests), timeoutMilliseconds),
    async recall(keys) {
      if (!client.isReady) return;
      await client.publish(channel, JSON.stringify({ from: gateway, keys }));
    },
    onRecall: (listener) => void listeners.push(listener),
    async close() {
      await Promise.race([Promise.all([connecting, subscribing]), pause(timeoutMilliseconds)]);
      client.destroy();
      subscriber.destroy();
    },
  };
}

function connect(url: string, timeoutMilliseconds: number) {
  try {
    return createClient({
      url,
      // What could not be sent is stated in full by the next message: nothing waits in a queue.
      disableOfflineQueue: true,
      socket: {
        connectTimeout: Math.max(timeoutMilliseconds, 1_000),
        reconnectStrategy: (attempts) => Math.min(20 * 2 ** attempts, longestReconnectMilliseconds),
      },
    });
  } catch (error) {
    throw new FarthingError(
      'redis_url_invalid',
      `"${url.replace(/\/\/[^@/]*@/, '//…@')}" is no Redis URL. Write redis://host:6379, with user:password@ before the host where needed.`,
      { cause: error },
    );
  }
}

function requestValues({ account, part, spent, kept, want, atLeast }: LeaseRequest): string[] {
  const { window, limit, measure, key } = account;
  const unit = measure === 'usd' ? picodollarsPerUnit : 1n;
  const up = (amount: bigint) => String((amount + unit - 1n) / unit);
  const down = (amount: bigint) => String(amount / unit);
  const length = windowLength(window);
  return [
    key,
    String(part),
    String(part - countedParts(window) + 1),
    down(limit),
    // Rounded up together they would exceed what was granted; the lease gives way.
    up(spent),
    down(kept),
    up(want),
    up(atLeast),
    // Two windows, so that late settlements still find their account.
    Number.isFinite(length) ? String(2 * length + 3_600_000) : '0',
  ];
}

async function withTimeout<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(new FarthingError('redis_slow', `Redis did not answer within ${milliseconds} ms.`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
