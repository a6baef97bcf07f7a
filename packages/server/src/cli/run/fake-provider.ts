import { once } from 'node:events';
import { FarthingError } from '@farthing/core';
import { Command, Option } from 'commander';
import { startFakeProvider, type FakeProvider } from '../../fake-provider/index.js';
import { jsonOption, wholeNumber } from '../options.js';

const steering = `
Requests can steer their answers with headers, or with metadata {"fake-…": …} in the body:
  x-fake-fault            429, 500, 529 or any other error status; slow, cut, drop,
                          invalid-json, malformed-usage, no-usage
  x-fake-fault-attempts   only the first n attempts fail (x-stainless-retry-count tells which one it is)
  x-fake-cut-after        frames that are sent before a cut
  x-fake-seed             the whole answer follows from this seed, ids and times too
  x-fake-input-tokens, x-fake-cached-tokens, x-fake-output-tokens, x-fake-reasoning-tokens
                          counts to report and to bill
  x-fake-delay-ms         before the first byte
  x-fake-chunk-delay-ms   between the frames of a stream
  x-fake-tool-call        yes or no: whether an offered tool is called
  x-fake-encoding         gzip or br

What was billed: GET /fake/books, exact and whole; the vendors' own usage and cost reports under
/v1/organization/usage/completions, /v1/organization/usage/embeddings, /v1/organization/costs,
/v1/organizations/usage_report/messages and /v1/organizations/cost_report.`;

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
    .description('Answer as OpenAI, Anthropic and Gemini do, with any key and at no charge')
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
    .addHelpText('after', steering)
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
