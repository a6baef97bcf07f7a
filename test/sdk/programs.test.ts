import { Farthing, memorySink } from '@farthing/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../packages/server/src/fake-provider/index.js';
import { startScriptedProvider, type ScriptedProvider } from '../support/scripted-provider.js';
import { anthropicPrograms, createAnthropic } from './programs/anthropic.js';
import { createGoogle, googlePrograms } from './programs/google.js';
import { observe, type Program } from './programs/observe.js';
import { createOpenAI, openaiPrograms } from './programs/openai.js';
import {
  bedrockPrograms,
  coherePrograms,
  createBedrock,
  createCohere,
  createMistral,
  mistralPrograms,
  type ScriptedProgram,
} from './programs/scripted.js';

/** Programs in the style of each client's documentation see the same with the one line and without. */
const sink = memorySink();
const farthing = new Farthing({ sinks: [sink] });

/** The one line. */
const metered = <Client extends object>(client: Client) => farthing.meter(client);

/** A provider of its own for each run, so that both see the same answers at the same time. */
async function runAgainstFake<Client extends object>(
  program: Program<Client>,
  create: (url: string) => Client,
): Promise<unknown[]> {
  const provider = await startFakeProvider({ seed: program.name, now: () => 1_790_000_000_000 });
  try {
    const text = JSON.stringify(await observe(program, create(provider.url)));
    return JSON.parse(text.replaceAll(provider.url, 'http://provider')) as unknown[];
  } finally {
    await provider.close();
  }
}

const fakes = [
  ['openai', createOpenAI, openaiPrograms],
  ['@anthropic-ai/sdk', createAnthropic, anthropicPrograms],
  ['@google/genai', createGoogle, googlePrograms],
] as const;

describe.each(fakes)('%s', (_, create, programs) => {
  test.each([...programs] as Program<object>[])('$name', async (program) => {
    const createClient = create as (url: string) => object;
    const bare = await runAgainstFake(program, createClient);
    const before = sink.entries.length;
    const same = await runAgainstFake(program, (url) => metered(createClient(url)));
    expect(same).toEqual(bare);
    expect(bare.length).toBeGreaterThan(1);
    expect(sink.entries.length).toBeGreaterThan(before);
  });
});

describe('against answers as their documentation has them', () => {
  let scripted: ScriptedProvider;
  beforeAll(async () => {
    scripted = await startScriptedProvider();
  });
  afterAll(() => scripted.close());

  const clients = [
    ['@mistralai/mistralai', createMistral, mistralPrograms],
    ['cohere-ai', createCohere, coherePrograms],
    ['@aws-sdk/client-bedrock-runtime', createBedrock, bedrockPrograms],
  ] as const;
  describe.each(clients)('%s', (_, create, programs) => {
    test.each([...programs] as ScriptedProgram<object>[])('$name', async (program) => {
      const createClient = create as (url: string) => object;
      scripted.answer((url) => program.answers(url));
      const bare = await observe(program, createClient(scripted.url));
      const before = sink.entries.length;
      const same = await observe(program, metered(createClient(scripted.url)));
      expect(same).toEqual(bare);
      expect(bare.length).toBeGreaterThan(1);
      expect(sink.entries.length).toBeGreaterThan(before);
    });
  });
});
