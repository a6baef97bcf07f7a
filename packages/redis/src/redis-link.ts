import { FarthingError } from '@farthing/core';
import { createClient, createCluster } from '@redis/client';
import { afterSilence } from './silence.js';

export interface RedisLinkOptions {
  /** One server, or nodes of a cluster: any of them leads to the others. */
  urls: readonly string[];
  /** Whether they are of a Redis Cluster. */
  cluster: boolean;
  /** How long connecting to a server may take. */
  timeoutMilliseconds: number;
  /** Whether a connection keeps the process from ending. Default true; one to a cluster always does. */
  keepsProcess?: boolean | undefined;
  /** Hears of lost and regained connections. */
  onState: (state: 'connected' | 'lost', reason?: string) => void;
}

/** What Farthing needs of Redis, from one server or from a cluster. It keeps trying to connect. */
export interface RedisLink {
  readonly isReady: boolean;
  /** Runs a script where its keys are. */
  evaluate(script: RedisScript, keys: string[], values: string[]): Promise<unknown>;
  /** Sets a key that is not there yet; false where it is. It goes after so many milliseconds. */
  setOnce(key: string, value: string, milliseconds: number): Promise<boolean>;
  remove(key: string): Promise<void>;
  /** Sets a field of a hash that is not there yet. */
  setFieldOnce(key: string, field: string, value: string): Promise<void>;
  countFields(key: string): Promise<number>;
  fields(key: string): Promise<Record<string, string>>;
  publish(channel: string, message: string): Promise<void>;
  subscribe(channel: string, listener: (message: string) => void): void;
  close(): Promise<void>;
}

export interface RedisScript {
  text: string;
  sha1: string;
}

const longestReconnectMilliseconds = 500;

/** Throws `redis_url_invalid` for a URL that is none. */
export function openRedisLink(options: RedisLinkOptions): RedisLink {
  for (const url of options.urls) checkUrl(url);
  return options.cluster ? new ClusterLink(options) : new ServerLink(options);
}

/** Commands are the same for both. */
abstract class Link implements RedisLink {
  abstract readonly isReady: boolean;
  protected abstract readonly commands: Commands;
  abstract subscribe(channel: string, listener: (message: string) => void): void;
  abstract close(): Promise<void>;

  async evaluate({ text, sha1 }: RedisScript, keys: string[], values: string[]): Promise<unknown> {
    try {
      return await this.commands.evalSha(sha1, { keys, arguments: values });
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      return this.commands.eval(text, { keys, arguments: values });
    }
  }

  async setOnce(key: string, value: string, milliseconds: number): Promise<boolean> {
    const expiration = { type: 'PX', value: milliseconds } as const;
    return (await this.commands.set(key, value, { condition: 'NX', expiration })) === 'OK';
  }

  async remove(key: string): Promise<void> {
    await this.commands.del(key);
  }

  async setFieldOnce(key: string, field: string, value: string): Promise<void> {
    await this.commands.hSetNX(key, field, value);
  }

  async countFields(key: string): Promise<number> {
    return Number(await this.commands.hLen(key));
  }

  async fields(key: string): Promise<Record<string, string>> {
    return { ...((await this.commands.hGetAll(key)) as Record<string, string>) };
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.commands.publish(channel, message);
  }
}

interface Commands {
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  set(
    key: string,
    value: string,
    options: { condition: 'NX'; expiration: { type: 'PX'; value: number } },
  ): Promise<unknown>;
  del(key: string): Promise<unknown>;
  hSetNX(key: string, field: string, value: string): Promise<unknown>;
  hLen(key: string): Promise<unknown>;
  hGetAll(key: string): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
}

class ServerLink extends Link {
  protected readonly commands: ReturnType<typeof newClient>;
  readonly #subscriber: ReturnType<typeof newClient>;
  readonly #connecting: Promise<unknown>;
  #isLost = false;

  constructor(options: RedisLinkOptions) {
    super();
    this.commands = newClient(options);
    this.#subscriber = this.commands.duplicate();
    if (options.keepsProcess === false) {
      this.commands.unref();
      this.#subscriber.unref();
    }
    this.commands.on('ready', () => {
      if (this.#isLost) options.onState('connected');
      this.#isLost = false;
    });
    this.commands.on('error', (error: Error) => {
      if (!this.#isLost) options.onState('lost', error.message);
      this.#isLost = true;
    });
    this.#subscriber.on('error', () => {});
    this.#connecting = this.commands.connect().catch(() => {});
  }

  get isReady(): boolean {
    return this.commands.isReady;
  }

  subscribe(channel: string, listener: (message: string) => void): void {
    void this.#subscriber
      .connect()
      .then(() => this.#subscriber.subscribe(channel, listener))
      .catch(() => {});
  }

  async close(): Promise<void> {
    if (!this.commands.isReady) await Promise.race([this.#connecting, pause(closeMilliseconds)]);
    this.commands.destroy();
    this.#subscriber.destroy();
  }
}

/** How long a cluster may fail altogether before its nodes are looked for again from the beginning. */
const searchMilliseconds = 1_000;
const closeMilliseconds = 250;

class ClusterLink extends Link {
  readonly #options: RedisLinkOptions;
  #cluster: ReturnType<typeof newCluster>;
  readonly #subscriptions: [string, (message: string) => void][] = [];
  /** `performance.now()` since which nothing has worked; null: it works. */
  #failingSince: number | null = null;
  #isLost = false;
  #isClosed = false;

  constructor(options: RedisLinkOptions) {
    super();
    this.#options = options;
    this.#cluster = newCluster(options);
    this.#connect();
  }

  protected get commands(): Commands {
    return {
      evalSha: (sha1, options) => this.#watched(this.#cluster.evalSha(sha1, options)),
      eval: (script, options) => this.#watched(this.#cluster.eval(script, options)),
      set: (key, value, options) => this.#watched(this.#cluster.set(key, value, options)),
      del: (key) => this.#watched(this.#cluster.del(key)),
      hSetNX: (key, field, value) => this.#watched(this.#cluster.hSetNX(key, field, value)),
      hLen: (key) => this.#watched(this.#cluster.hLen(key)),
      hGetAll: (key) => this.#watched(this.#cluster.hGetAll(key)),
      publish: (channel, message) => this.#cluster.publish(channel, message),
    };
  }

  get isReady(): boolean {
    // A search for the nodes is under way, or one is due: the next question begins it.
    if (this.#isDue()) this.#search();
    return this.#cluster.isOpen;
  }

  subscribe(channel: string, listener: (message: string) => void): void {
    this.#subscriptions.push([channel, listener]);
    void this.#cluster.subscribe(channel, listener).catch(() => {});
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    destroy(this.#cluster);
  }

  #connect(): void {
    const cluster = this.#cluster;
    cluster.on('error', () => {});
    cluster
      .connect()
      .then(async () => {
        if (this.#isClosed) return destroy(cluster);
        for (const [channel, listener] of this.#subscriptions) {
          await cluster.subscribe(channel, listener);
        }
      })
      .catch((error: Error) => {
        if (this.#cluster !== cluster || this.#isClosed) return;
        this.#failed(error);
        setTimeout(() => {
          if (this.#cluster === cluster && !cluster.isOpen && !this.#isClosed) this.#search();
        }, longestReconnectMilliseconds).unref();
      });
  }

  /** Hears how it goes. An answer that is an error is an answer, unless the cluster itself is down. */
  async #watched<Result>(work: Promise<Result>): Promise<Result> {
    const silence = afterSilence(this.#options.timeoutMilliseconds, () =>
      this.#failed(new Error('no answer')),
    );
    try {
      const result = await work;
      this.#failingSince = null;
      if (this.#isLost) this.#options.onState('connected');
      this.#isLost = false;
      return result;
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) this.#failed(error as Error);
      throw error;
    } finally {
      silence.clear();
    }
  }

  #failed(error: Error): void {
    this.#failingSince ??= performance.now();
    if (!this.#isLost) this.#options.onState('lost', error.message);
    this.#isLost = true;
  }

  #isDue(): boolean {
    const since = this.#failingSince;
    return !this.#isClosed && since !== null && performance.now() - since > searchMilliseconds;
  }

  /** Begins anew with the nodes of the configuration: nothing that is left of the old view can stand in the way. */
  #search(): void {
    this.#failingSince = performance.now();
    destroy(this.#cluster);
    this.#cluster = newCluster(this.#options);
    this.#connect();
  }
}

function newClient({ urls, timeoutMilliseconds }: RedisLinkOptions) {
  return createClient({
    url: urls[0]!,
    // What could not be sent is stated in full by the next message: nothing waits in a queue.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: Math.max(timeoutMilliseconds, 1_000),
      reconnectStrategy: (attempts) => Math.min(20 * 2 ** attempts, longestReconnectMilliseconds),
    },
  });
}

function newCluster({ urls, timeoutMilliseconds }: RedisLinkOptions) {
  const { username, password, protocol } = new URL(urls[0]!);
  const socket = {
    connectTimeout: Math.max(timeoutMilliseconds, 1_000),
    reconnectStrategy: (attempts: number) =>
      Math.min(20 * 2 ** attempts, longestReconnectMilliseconds),
  };
  return createCluster({
    rootNodes: urls.map((url) => ({ url })),
    // Nodes that are found by others have the same users and the same encryption.
    defaults: {
      disableOfflineQueue: true,
      ...(username === '' ? {} : { username: decodeURIComponent(username) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
      socket: protocol === 'rediss:' ? { ...socket, tls: true as const } : socket,
    },
    // All keys are in one slot: one connection is enough.
    minimizeConnections: true,
    topologyRefreshOnReconnectionAttemptStrategy: 250,
    maxCommandRedirections: 4,
  });
}

function destroy(cluster: ReturnType<typeof newCluster>): void {
  try {
    cluster.destroy();
  } catch {
    // It was not open.
  }
}

function checkUrl(url: string): void {
  try {
    const { protocol } = new URL(url);
    if (protocol === 'redis:' || protocol === 'rediss:') return;
  } catch {
    // Said below.
  }
  throw new FarthingError(
    'redis_url_invalid',
    `"${url.replace(/\/\/[^@/]*@/, '//…@')}" is no Redis URL. Write redis://host:6379, with user:password@ before the host where needed.`,
  );
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
