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
 * so that nothing else is measured. Processor time and heap are of all that a call causes, also of what
 * is done after it (Farthing books its calls soon after they end): a block lasts until all is booked.
 * How much later the median call returns is given beside them.
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

type Quantity = 'processor' | 'wait' | 'bytes';

/**
 * What one call takes: processor time, how long its caller waits (both in µs), or bytes of heap. Times
 * without collections in between, and bytes with one before: it would make code start cold.
 */
async function measure(client: OpenAI, what: 'times' | 'bytes'): Promise<Map<Quantity, number>> {
  if (what === 'bytes') globalThis.gc?.();
  const calls = what === 'bytes' ? callsOfBlock / 4 : callsOfBlock;
  const waits: number[] = [];
  const heap = process.memoryUsage().heapUsed;
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call++) {
    const began = what === 'times' ? performance.now() : 0;
    await client.chat.completions.create({ model: 'gpt-4o-mini', messages });
    if (what === 'times') waits.push((performance.now() - began) * 1_000);
  }
  if (client === clients['farthing']) await farthing.flush();
  const { user, system } = process.cpuUsage(before);
  if (what === 'bytes') {
    return new Map([['bytes', (process.memoryUsage().heapUsed - heap) / calls]]);
  }
  return new Map([
    ['processor', (user + system) / calls],
    ['wait', median(waits)],
  ]);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

process.stdout.write(
  `${''.padEnd(46)}${'processor'.padStart(12)}${'wait'.padStart(12)}${'heap'.padStart(12)}\n`,
);
if (globalThis.gc === undefined) {
  throw new Error('Start it with `npm run bench:sdk`: bytes are counted between collections.');
}
const names = Object.keys(clients);

/** Of each client, the medians of what a call takes beyond the bare one; of the bare one, of what it takes. */
async function compare(what: 'times' | 'bytes', blocks: number) {
  const taken = new Map<string, number[]>();
  const keep = (key: string, value: number) => taken.set(key, [...(taken.get(key) ?? []), value]);
  for (let round = 0; round < blocks; round++) {
    const values = new Map<string, Map<Quantity, number>>();
    // In another order each time: what one leaves behind must not always fall on the same one.
    const turn = round % names.length;
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      values.set(name, await measure(clients[name]!, what));
    }
    for (const name of names) {
      for (const [quantity, value] of values.get(name)!) {
        const bare = name === 'bare' ? 0 : values.get('bare')!.get(quantity)!;
        keep(`${name} ${quantity}`, value - bare);
      }
    }
  }
  return (name: string, quantity: Quantity) => median(taken.get(`${name} ${quantity}`)!);
}

await compare('times', 8);
const time = await compare('times', rounds);
const bytes = await compare('bytes', rounds);
for (const name of names) {
  const figures = [
    `${time(name, 'processor').toFixed(1)} µs`,
    `${time(name, 'wait').toFixed(1)} µs`,
    `${(bytes(name, 'bytes') / 1024).toFixed(1)} KB`,
  ];
  const title = name === 'bare' ? 'a call of the bare client' : `added by ${name}`;
  process.stdout.write(
    `${title.padEnd(46)}${figures.map((figure) => figure.padStart(12)).join('')}\n`,
  );
}
if (booked === 0 || sent === 0) throw new Error('nothing was booked: the figures mean nothing');
