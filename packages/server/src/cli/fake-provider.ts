import { once } from 'node:events';
import { FarthingError } from '@farthing/core';
import { Command, Option } from 'commander';
import { startFakeProvider, type FakeProvider } from '../fake-provider/index.js';
import { jsonOption, wholeNumber } from './options.js';

interface FakeProviderFlags {
  host: string;
  port: number;
  seed: string;
  latency: 'realistic' | 'none';
  json?: true;
}

/**
 * `farthing fake-provider`: OpenAI, Anthropic and Gemini on this machine, at no charge, with books
 * of what they would have billed. Runs until SIGINT or SIGTERM and then exits with 0.
 */
export function fakeProviderCommand(): Command {
  return new Command('fake-provider')
    .description('Answer as OpenAI, Anthropic and Gemini do, without a key and at no charge')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--port <number>',
      'port to listen on; 0 takes any free one',
      wholeNumber('port', 0, 65_535),
      4199,
    )
    .option(
      '--seed <text>',
      'the same seed and the same requests give the same answers',
      'farthing',
    )
    .addOption(
      new Option('--latency <kind>', 'how long answers take')
        .choices(['realistic', 'none'])
        .default('realistic'),
    )
    .addOption(jsonOption())
    .action(run);
}

async function run(flags: FakeProviderFlags): Promise<void> {
  const provider = await start(flags);
  console.log(flags.json === true ? JSON.stringify(addresses(provider)) : greeting(provider));
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await provider.close();
}

async function start({ host, port, seed, latency }: FakeProviderFlags): Promise<FakeProvider> {
  try {
    return await startFakeProvider({ host, port, seed, latency });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EADDRINUSE') throw error;
    throw new FarthingError(
      'port_in_use',
      `Port ${port} on ${host} is in use. Choose another with --port, or --port 0 for any free one.`,
      { cause: error },
    );
  }
}

function addresses({ url, port }: FakeProvider): Record<string, string | number> {
  return {
    url,
    port,
    openai_base_url: `${url}/openai/v1`,
    anthropic_base_url: `${url}/anthropic`,
    gemini_base_url: `${url}/gemini`,
    books_url: `${url}/fake/books`,
  };
}

function greeting({ url }: FakeProvider): string {
  return [
    `The fake provider listens on ${url}`,
    '',
    'Point a client straight at it (any key will do, except sk-invalid):',
    `  export OPENAI_BASE_URL=${url}/openai/v1 OPENAI_API_KEY=sk-fake`,
    `  export ANTHROPIC_BASE_URL=${url}/anthropic ANTHROPIC_API_KEY=sk-fake`,
    `  export GOOGLE_GEMINI_BASE_URL=${url}/gemini GEMINI_API_KEY=sk-fake`,
    '',
    `What it would have billed: curl ${url}/fake/books`,
    'Press Ctrl+C to stop.',
  ].join('\n');
}
