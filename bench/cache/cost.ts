// What fingerprints of prompts cost a call, in time and in bytes: npx tsx bench/cache/cost.ts
import { createHash } from 'node:crypto';
import type { Entry } from '@farthing/core';
import { PromptPrefixer } from '../../packages/server/src/gateway/prompt-prefixer.js';

const sentence = 'The quarterly invoices of the northern region were late again. ';

/** Requests of about so many bytes: instructions and a conversation; of each of the conversations several turns. */
function chats(bytes: number): Buffer[] {
  const turn = Math.max(200, Math.min(1_500, bytes / 8));
  const text = (length: number, mark: number) =>
    `${mark} ${sentence.repeat(Math.ceil(length / sentence.length)).slice(0, length)}`;
  return Array.from({ length: 64 }, (_, conversation) => {
    const messages: object[] = [{ role: 'system', content: text(bytes / 4, 0) }];
    for (let size = bytes / 4; size < bytes - turn; size += turn + 40) {
      const role = messages.length % 2 === 1 ? 'user' : 'assistant';
      messages.push({ role, content: text(turn, conversation * 1_000 + messages.length) });
    }
    return Buffer.from(JSON.stringify({ model: 'gpt-5-mini', messages }));
  });
}

process.stdout.write('request        a call   SHA-256 alone   keys   added to the entry\n');
for (const bytes of [2_000, 20_000, 200_000]) {
  const bodies = chats(bytes);
  const inputTokens = Math.round(bytes / 4);
  const entry = {
    api: 'chat.completions',
    provider: 'openai',
    model: 'gpt-5-mini',
    started_at: '2026-03-01T00:00:00.000Z',
    tags: { feature: 'search' },
    usage: {
      estimated: false,
      tokens: {
        input_uncached: inputTokens,
        cache_read: 0,
        cache_write: 0,
        cache_write_5m: 0,
        cache_write_1h: 0,
        output: 5,
      },
    },
  } as unknown as Entry;
  const prefixer = new PromptPrefixer(Buffer.alloc(32, 1));
  // As many calls a second as keep the load under the limit from which on conversations are left out.
  const perSecond = 3_000_000 / bytes;
  const calls = Math.min(200_000, Math.round(6e8 / bytes));
  const at = (call: number) =>
    new Date(Date.UTC(2026, 2, 1) + (call / perSecond) * 1_000).toISOString();
  const timed = Array.from({ length: calls }, (_, call) => ({ ...entry, started_at: at(call) }));
  for (let call = 0; call < 200; call++) prefixer.prefixes(timed[call]!, bodies[call % 64]!);
  let added = 0;
  let keys = 0;
  const began = process.cpuUsage();
  for (let call = 0; call < calls; call++) {
    const prefixes = prefixer.prefixes(timed[call]!, bodies[call % 64]!);
    keys += prefixes?.keys.length ?? 0;
    if (call % 100 === 0)
      added += prefixes === undefined ? 0 : JSON.stringify({ prefixes }).length - 1;
  }
  const { user, system } = process.cpuUsage(began);
  const hashing = process.cpuUsage();
  for (let call = 0; call < calls; call++) {
    createHash('sha256')
      .update(bodies[call % 64]!)
      .digest();
  }
  const hashed = process.cpuUsage(hashing);
  const cells = [
    `${bodies[0]!.length} B`.padEnd(10),
    `${((user + system) / calls).toFixed(1)} µs`.padStart(10),
    `${((hashed.user + hashed.system) / calls).toFixed(1)} µs`.padStart(15),
    (keys / calls).toFixed(1).padStart(6),
    `${Math.round(added / (calls / 100))} B`.padStart(20),
  ];
  process.stdout.write(`${cells.join(' ')}\n`);
}
