// What an application does with the SDK, in whatever runtime it is started.
import {
  configure,
  flush,
  memorySink,
  meter,
  meterTool,
  recordUsage,
  remoteSink,
  startRun,
  withTags,
} from '@farthing/sdk';
import OpenAI from 'openai';

/** Makes calls, books them in memory and at the control plane, and returns what was booked. */
export async function work({ name, provider, control }) {
  const memory = memorySink();
  configure({
    sinks: [memory, remoteSink({ url: control })],
    secret: '11'.repeat(32),
    tags: { environment: name },
  });
  const client = (apiKey) =>
    meter(new OpenAI({ baseURL: `${provider}/v1`, apiKey, maxRetries: 0 }), { tenant: 'acme' });
  const ask = (more = {}, openai = client(`sk-${name}`)) =>
    openai.chat.completions.create({
      model: 'gpt-5-mini',
      messages: [{ role: 'user', content: `Say something, ${name}.` }],
      ...more,
    });

  await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      withTags({ feature: `nested-${index}` }, async () => {
        await ask();
        await withTags({ agent: `agent-${index}`, user: 'ada' }, () => ask());
      }),
    ),
  );

  let chunks = 0;
  const stream = await withTags({ feature: 'streamed' }, () => ask({ stream: true }));
  for await (const _ of stream) chunks += 1;
  const left = client(`sk-left-${name}`);
  for await (const _ of await withTags({ feature: 'left' }, () => ask({ stream: true }, left))) {
    break;
  }

  const run = startRun({ feature: 'run' });
  await run.within(async () => {
    await meterTool('search', { price: '0.01' }, async (words) => words.length)('two words');
    await ask();
  });
  run.end({ success: true });

  await withTags({ feature: 'refused' }, () => ask({}, client('sk-invalid')).catch(() => {}));
  recordUsage({
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    tokens: { input_uncached: 100, output: 10 },
    tags: { feature: 'recorded' },
  });
  await flush();
  return { chunks, entries: memory.entries };
}
