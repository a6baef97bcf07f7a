import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { RedisServer } from './redis-server.fixture.js';

const slots = 16_384;
const masters = 3;

/** A real Redis Cluster of a test: three masters, and a replica of each for which one is wanted. */
export class RedisCluster {
  readonly #nodes: readonly RedisServer[];
  readonly #replicas = new Map<number, RedisServer>();

  private constructor(nodes: readonly RedisServer[]) {
    this.#nodes = nodes;
  }

  /** @param replicaFor a key whose master gets a replica */
  static async start(replicaFor?: string): Promise<RedisCluster> {
    const count = replicaFor === undefined ? masters : masters + 1;
    const nodes = await Promise.all(
      Array.from({ length: count }, () =>
        RedisServer.start(
          '--cluster-enabled',
          'yes',
          '--cluster-node-timeout',
          '600',
          '--cluster-replica-validity-factor',
          '0',
          '--repl-diskless-sync-delay',
          '0',
        ),
      ),
    );
    const cluster = new RedisCluster(nodes);
    for (let index = 0; index < masters; index++) {
      const first = Math.floor((index * slots) / masters);
      const last = Math.floor(((index + 1) * slots) / masters) - 1;
      await command(nodes[index]!, 'CLUSTER', 'ADDSLOTSRANGE', String(first), String(last));
      // Else two nodes may claim one epoch, and a failover waits until they agree.
      await command(nodes[index]!, 'CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    }
    for (const node of nodes.slice(1)) {
      await command(node, 'CLUSTER', 'MEET', '127.0.0.1', String(nodes[0]!.port));
    }
    for (const node of nodes) await until(async () => (await knownNodes(node)) === count);
    for (const node of nodes) await until(async () => (await state(node)).includes('state:ok'));
    if (replicaFor !== undefined) {
      const master = await cluster.#masterOf(replicaFor);
      const replica = nodes[masters]!;
      const id = (await command(nodes[master]!, 'CLUSTER', 'MYID')) as string;
      await until(async () => {
        await command(replica, 'CLUSTER', 'REPLICATE', id);
        return true;
      });
      await until(async () =>
        String(await command(replica, 'INFO', 'replication')).includes('master_link_status:up'),
      );
      cluster.#replicas.set(master, replica);
    }
    return cluster;
  }

  /** Some of the nodes, as a configuration names them. */
  get url(): string {
    return this.#nodes
      .slice(0, masters)
      .map(({ url }) => url)
      .join(',');
  }

  /** Ends the master of a key at once. Resolves when its replica has taken over. */
  async killMasterOf(key: string): Promise<void> {
    const master = await this.#masterOf(key);
    const replica = this.#replicas.get(master)!;
    await this.#nodes[master]!.kill();
    await until(async () =>
      String(await command(replica, 'INFO', 'replication')).includes('role:master'),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.stop()));
  }

  async #masterOf(key: string): Promise<number> {
    const slot = Number(await command(this.#nodes[0]!, 'CLUSTER', 'KEYSLOT', key));
    return Math.floor(((slot + 1) * masters - 1) / slots);
  }
}

async function command(node: RedisServer, ...words: string[]): Promise<unknown> {
  const client = createClient({ url: node.url, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  await client.connect();
  try {
    return await client.sendCommand(words);
  } finally {
    client.destroy();
  }
}

async function knownNodes(node: RedisServer): Promise<number> {
  const text = String(await command(node, 'CLUSTER', 'NODES'));
  return text.includes('handshake') ? 0 : text.trim().split('\n').length;
}

async function state(node: RedisServer): Promise<string> {
  return String(await command(node, 'CLUSTER', 'INFO'));
}

/** Clusters agree in their own time: most within a second. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 600; turn++) {
    if (await isSo().catch(() => false)) return;
    await sleep(20);
  }
  throw new Error('the Redis Cluster did not come to be as it should');
}
