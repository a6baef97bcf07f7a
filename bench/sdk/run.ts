import { createRequire } from 'node:module';
import { callbackSink, Farthing } from '@farthing/sdk';
import { observeOpenAI } from '@langfuse/openai';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai';
import OpenAI from 'openai';

/**
 * What metering adds to a call of OpenAI's client: µs of processor time and bytes of heap, beside the
 * bare client and two instrumentations of others. All of them in one process, in turn, block by block:
 * figures of different runs or processes say nothing about each other. The answer comes from memory,
 * so that nothing else is measured.
 *
 * Usage: npm run bench:sdk -- [rounds]
 */
const rounds = Number(process.argv[2] ?? 40);
const callsOfBlock = 250;

const answer = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_795_000_000,
  model: 'gpt-4o-mini-2024-07-18',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'word '.repeat(150), refusal: null },
      finish_reason: 'stop',
    },
  ],
  usage: {
    prompt_tokens: 400,
    completion_tokens: 150,
    total_tokens: 550,
    prompt_tokens_details: { cached_tokens: 128, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  },
});
const messages = [
  { role: 'system' as const, content: 'Be brief. '.repeat(20) },
  { role: 'user' as const, content: 'What is due this month? '.repeat(70) },
];
const stub = () =>
  Promise.resolve(new Response(answer, { headers: { 'content-type': 'application/json' } }));
const options = { apiKey: 'sk-bench', maxRetries: 0, fetch: stub };

// Spans are made and ended as in production, and go nowhere: exporting them is not the caller's time.
const tracerProvider = new NodeTracerProvider({
  spanProcessors: [
    new SimpleSpanProcessor({
      export: (_spans, done) => done({ code: 0 }),
      shutdown: () => Promise.resolve(),
    }),
  ],
});
tracerProvider.register();

// OpenLLMetry changes the classes themselves: it gets the CommonJS copy of the client, of which
// there is a bare one as well, measured before.
const require = createRequire(import.meta.url);
const { OpenAI: OtherOpenAI } = require('openai') as { OpenAI: typeof OpenAI };
const instrumentation = new OpenAIInstrumentation();
instrumentation.setTracerProvider(tracerProvider);
instrumentation.manuallyInstrument(OtherOpenAI as never);

let booked = 0;
const farthing = new Farthing({
  sinks: [callbackSink(() => booked++)],
  tags: { environment: 'bench' },
});

const clients: Record<string, OpenAI> = {
  bare: new OpenAI(options),
  farthing: farthing.meter(new OpenAI(options), { feature: 'bench' }),
  '@traceloop/instrumentation-openai': new OtherOpenAI(options),
  '@langfuse/openai': observeOpenAI(new OpenAI(options)),
};

interface Block {
  microseconds: number;
  bytes: number;
}

async function measure(client: OpenAI): Promise<Block> {
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed;
  const before = process.cpuUsage();
  for (let call = 0; call < callsOfBlock; call++) {
    await client.chat.completions.create({ model: 'gpt-4o-mini', messages });
  }
  const { user, system } = process.cpuUsage(before);
  return {
    microseconds: (user + system) / callsOfBlock,
    bytes: (process.memoryUsage().heapUsed - heap) / callsOfBlock,
  };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

if (globalThis.gc === undefined) {
  throw new Error('Start it with `npm run bench:sdk`: bytes are counted between collections.');
}
const names = Object.keys(clients);
for (let round = 0; round < 8; round++) for (const name of names) await measure(clients[name]!);
const added: Record<string, Block[]> = Object.fromEntries(names.map((name) => [name, []]));
const bare: Block[] = [];
for (let round = 0; round < rounds; round++) {
  const blocks: Record<string, Block> = {};
  // In another order each time: what one leaves behind must not always fall on the same one.
  for (const name of [
    ...names.slice(round % names.length),
    ...names.slice(0, round % names.length),
  ]) {
    blocks[name] = await measure(clients[name]!);
  }
  const base = blocks['bare']!;
  bare.push(base);
  for (const name of names) {
    added[name]!.push({
      microseconds: blocks[name]!.microseconds - base.microseconds,
      bytes: blocks[name]!.bytes - base.bytes,
    });
  }
}
process.stdout.write(
  `one call of the bare client: ${median(bare.map(({ microseconds }) => microseconds)).toFixed(0)} µs, ` +
    `${(median(bare.map(({ bytes }) => bytes)) / 1024).toFixed(1)} KB\nadded by:\n`,
);
for (const name of names.slice(1)) {
  const blocks = added[name]!;
  process.stdout.write(
    `  ${name.padEnd(36)} ${median(blocks.map(({ microseconds }) => microseconds))
      .toFixed(1)
      .padStart(6)} µs ` +
      `${(median(blocks.map(({ bytes }) => bytes)) / 1024).toFixed(1).padStart(6)} KB\n`,
  );
}
if (booked === 0) throw new Error('nothing was booked: the figures mean nothing');
