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
 * Usage: npm run bench:sdk -- [rounds] [--hooks]
 */
const rounds = Number(process.argv.slice(2).find((value) => /^\d+$/.test(value)) ?? 20);
const callsOfBlock = 400;

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
// The request becomes bytes, as on its way to a socket.
const encoder = new TextEncoder();
let sent = 0;
const stub = (_url: unknown, init?: RequestInit) => {
  sent += encoder.encode(init?.body as string).length;
  return Promise.resolve(new Response(answer, { headers: { 'content-type': 'application/json' } }));
};
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
// Their context follows promises by async hooks, which make every promise of the process dearer, those
// of the bare client most of all. With `--hooks` they are on, as in an application that traces.
const hooks = process.argv.includes('--hooks');
tracerProvider.register(hooks ? {} : { contextManager: null });

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

/** Time without collections in between, and bytes with one before: it would make code start cold. */
async function measure(client: OpenAI, what: 'time' | 'bytes'): Promise<number> {
  if (what === 'bytes') globalThis.gc?.();
  const calls = what === 'bytes' ? callsOfBlock / 4 : callsOfBlock;
  const heap = process.memoryUsage().heapUsed;
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call++) {
    await client.chat.completions.create({ model: 'gpt-4o-mini', messages });
  }
  const { user, system } = process.cpuUsage(before);
  return what === 'time'
    ? (user + system) / calls
    : (process.memoryUsage().heapUsed - heap) / calls;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

if (globalThis.gc === undefined) {
  throw new Error('Start it with `npm run bench:sdk`: bytes are counted between collections.');
}
const names = Object.keys(clients);

/** Of each client, the medians of what a call takes and of what it takes beyond the bare one. */
async function compare(what: 'time' | 'bytes', blocks: number) {
  const taken: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  const added: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < blocks; round++) {
    const values: Record<string, number> = {};
    // In another order each time: what one leaves behind must not always fall on the same one.
    const turn = round % names.length;
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      values[name] = await measure(clients[name]!, what);
    }
    for (const name of names) {
      taken[name]!.push(values[name]!);
      added[name]!.push(values[name]! - values['bare']!);
    }
  }
  return { bare: median(taken['bare']!), added: (name: string) => median(added[name]!) };
}

await compare('time', 4);
const time = await compare('time', rounds);
const bytes = await compare('bytes', rounds);
const kilobytes = (value: number) => (value / 1024).toFixed(1);
process.stdout.write(
  `one call of the bare client: ${time.bare.toFixed(0)} µs, ${kilobytes(bytes.bare)} KB\nadded by:\n`,
);
for (const name of names.slice(1)) {
  process.stdout.write(
    `  ${name.padEnd(36)} ${time.added(name).toFixed(1).padStart(6)} µs ${kilobytes(bytes.added(name)).padStart(6)} KB\n`,
  );
}
if (booked === 0 || sent === 0) throw new Error('nothing was booked: the figures mean nothing');
