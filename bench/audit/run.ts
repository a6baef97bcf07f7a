// What taking prompts apart costs a call: npx tsx bench/audit/run.ts
import type { Entry } from '@farthing/core';
import { PromptAuditor } from '../../packages/server/src/gateway/prompt-auditor.js';

const sentence = 'The quarterly invoices of the northern region were late again. ';

/** A chat of about so many bytes: instructions, a tool, turns, retrieved text and a question. */
function chat(bytes: number): Buffer {
  const turn = Math.max(100, Math.min(1_500, bytes / 10));
  const text = (length: number) =>
    sentence.repeat(Math.ceil(length / sentence.length)).slice(0, length);
  const messages: object[] = [{ role: 'system', content: text(turn) }];
  for (let size = turn; size < bytes - 4 * turn; size += turn + 35) {
    messages.push({ role: messages.length % 2 === 1 ? 'user' : 'assistant', content: text(turn) });
  }
  messages.push({ role: 'user', content: `<context>${text(turn)}</context> ${text(turn / 2)}` });
  const tools = [{ type: 'function', function: { name: 'look_up', description: text(turn / 2) } }];
  return Buffer.from(JSON.stringify({ model: 'gpt-5-mini', messages, tools }));
}

const tokens = {
  input_uncached: 1_000,
  cache_read: 0,
  cache_write: 0,
  cache_write_5m: 0,
  cache_write_1h: 0,
  output: 5,
};
const entry = {
  api: 'chat.completions',
  tags: { feature: 'search' },
  usage: { estimated: false, tokens },
} as unknown as Entry;

process.stdout.write('request      a call   taken apart   one in\n');
for (const bytes of [400, 1_000, 2_000, 10_000, 100_000, 1_000_000]) {
  const sent = { body: chat(bytes), elements: null };
  const auditor = new PromptAuditor();
  const calls = Math.min(200_000, Math.round(2e9 / bytes));
  for (let call = 0; call < 5_000; call++) auditor.audit(entry, sent);
  let taken = 0;
  const began = process.cpuUsage();
  for (let call = 0; call < calls; call++) if (auditor.audit(entry, sent) !== undefined) taken += 1;
  const { user, system } = process.cpuUsage(began);
  const micros = user + system;
  const cells = [
    `${sent.body.length} B`.padEnd(10),
    `${(micros / calls).toFixed(1)} µs`.padStart(8),
    `${(micros / taken).toFixed(0)} µs`.padStart(13),
    (calls / taken).toFixed(0).padStart(8),
  ];
  process.stdout.write(`${cells.join(' ')}\n`);
}
