import { createOpenAI } from '@ai-sdk/openai';
import { embed, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import {
  inRequest,
  inRounds,
  providerUrl,
  secret,
  startTracing,
  traceHeaders,
} from './tracing.mjs';

const provider = startTracing();
// Sends the trace along, as an instrumentation of HTTP clients does.
const tracedFetch = (url, init) =>
  fetch(url, {
    ...init,
    headers: { ...Object.fromEntries(new Headers(init.headers)), ...traceHeaders() },
  });
const openai = createOpenAI({
  baseURL: `${providerUrl}/openai/v1`,
  apiKey: 'sk-otlp',
  fetch: tracedFetch,
});
const telemetry = {
  isEnabled: true,
  functionId: 'invoice-agent',
  metadata: { userId: 'jane@example.com', sessionId: 's-7', plan: 'pro', cohort: 'b' },
};
const due = tool({
  description: 'When an invoice is due',
  inputSchema: z.object({ invoice: z.string() }),
  execute: async () => ({ due: 'tomorrow' }),
});

const work = async () => {
  await generateText({
    model: openai.chat('gpt-4o-mini'),
    prompt: secret,
    experimental_telemetry: telemetry,
  });
  // Two steps: a call that asks for the tool, and one that answers with its result.
  await generateText({
    model: openai.chat('gpt-4o'),
    prompt: secret,
    tools: { due },
    toolChoice: 'auto',
    stopWhen: stepCountIs(2),
    headers: { 'x-fake-tool-call': 'yes' },
    experimental_telemetry: telemetry,
  });
  const answer = streamText({
    model: openai('gpt-5-mini'),
    prompt: secret,
    headers: { 'x-fake-input-tokens': '5000', 'x-fake-cached-tokens': '2048' },
    experimental_telemetry: telemetry,
  });
  for await (const text of answer.textStream) void text;
  await embed({
    model: openai.embedding('text-embedding-3-small'),
    value: secret,
    experimental_telemetry: telemetry,
  });
};
await inRounds(() => inRequest('POST /agent', {}, work));
await provider.shutdown();
