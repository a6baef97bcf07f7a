import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FailedLine, PricedLine } from './price-line.js';
import { priceCommand } from './price.js';
import { readLines } from '../output/read-lines.js';

let exitCode: typeof process.exitCode;
beforeEach(() => {
  exitCode = process.exitCode;
  process.exitCode = undefined;
});
afterEach(() => {
  process.exitCode = exitCode;
});

class Collected extends Writable {
  text = '';
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

interface Run {
  text: string;
  exitCode: typeof process.exitCode;
}

async function run(parameters: string[], input: Iterable<string | Buffer> = []): Promise<Run> {
  const output = new Collected();
  const command = priceCommand({ input: Readable.from(input, { objectMode: true }), output });
  await command.exitOverride().parseAsync(parameters, { from: 'user' });
  return { text: output.text, exitCode: process.exitCode };
}

async function priceLines(...lines: string[]) {
  const { text, exitCode: code } = await run(['--jsonl'], [lines.join('\n')]);
  const results = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PricedLine & FailedLine);
  return { results, code };
}

const call = {
  id: 'a',
  provider: 'openai',
  model: 'gpt-4o-2024-08-06',
  api: 'chat.completions',
  date: '2025-03-01T12:00:00Z',
  usage: { usage: { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 } },
};
const line = (changes: object = {}) => JSON.stringify({ ...call, ...changes });

describe('farthing price --jsonl', () => {
  test('prices a line, charge by charge', async () => {
    const { results, code } = await priceLines(line());
    expect(results).toEqual([
      {
        id: 'a',
        status: 'priced',
        cost_usd: '0.0075',
        source: 'base',
        model: 'gpt-4o-2024-08-06',
        tokens: {
          input_uncached: 1000,
          cache_read: 0,
          cache_write: 0,
          cache_write_5m: 0,
          cache_write_1h: 0,
          output: 500,
          reasoning: 0,
        },
        charges: [
          {
            kind: 'input_uncached',
            quantity: 1000,
            rate_usd: '2.5',
            per: 1_000_000,
            amount_usd: '0.0025',
          },
          { kind: 'output', quantity: 500, rate_usd: '10', per: 1_000_000, amount_usd: '0.005' },
        ],
        price: {
          book: expect.stringMatching(/^genai-prices@/),
          provider: 'openai',
          model: 'gpt-4o',
        },
      },
    ]);
    expect(code).toBeUndefined();
  });

  test.each([
    ['{"id":', /line 2: not JSON/],
    ['[1]', /line 2: not an object/],
    [line({ provider: undefined }), /line 2: "provider" is missing/],
    [line({ api: '' }), /line 2: "api" must be a text/],
    [line({ model: 7 }), /line 2: "model" must be a text/],
    [line({ date: 'soon' }), /line 2: "date" is "soon", no time/],
    [line({ usage: undefined }), /line 2: "usage" is missing/],
    [line({ id: {} }), /line 2: "id" must be/],
    [line({ context: { audio_seconds: '4' } }), /line 2: "context.audio_seconds" must be/],
    [line({ context: { override: { discount: 2 } } }), /line 2: override\.discount must be/],
  ])(
    'a bad line (%s) is answered by its number and field; the rest goes on',
    async (bad, message) => {
      const { results, code } = await priceLines(line(), bad, line({ id: 'c' }));
      expect(results.map(({ status, error }) => error?.code ?? status)).toEqual([
        'priced',
        expect.stringMatching(/^invalid_/),
        'priced',
      ]);
      expect(results[1]).toMatchObject({
        line: 2,
        error: { message: expect.stringMatching(message) },
      });
      expect(code).toBe(1);
    },
  );

  test('an unknown price is no error: null and the reason', async () => {
    const { results, code } = await priceLines(line({ model: 'gpt-99-hyper' }));
    expect(results[0]).toMatchObject({
      status: 'unknown_model',
      cost_usd: null,
      charges: [],
      tokens: { input_uncached: 1000 },
      reason: expect.stringMatching(/gpt-99-hyper/),
    });
    expect(code).toBeUndefined();
  });

  test('a call without usage has no tokens, one that contradicts itself books none', async () => {
    const broken = { usage: { prompt_tokens: -1, completion_tokens: 0 } };
    const { results } = await priceLines(line({ usage: { usage: null } }), line({ usage: broken }));
    expect(results[0]).toMatchObject({ status: 'no_usage', cost_usd: null, tokens: null });
    expect(results[1]).toMatchObject({ status: 'invalid_usage', tokens: { input_uncached: 0 } });
  });

  test('overrides of a line hold for that line', async () => {
    const override = { discount: '0.5', provider: 'openai' };
    const { results } = await priceLines(line({ context: { override } }), line());
    expect(results.map(({ cost_usd }) => cost_usd)).toEqual(['0.00375', '0.0075']);
  });

  test('a least quantity is shown beside what was used', async () => {
    const { results } = await priceLines(
      line({
        provider: 'groq',
        model: 'whisper-large-v3',
        api: 'audio.transcriptions',
        usage: { text: 'x' },
        context: { audio_seconds: 4 },
      }),
    );
    expect(results[0]?.tokens).toMatchObject({ audio_seconds: 4, billed_audio_seconds: 10 });
  });

  test('no text of an answer comes out again', async () => {
    const usage = { ...call.usage, choices: [{ message: { content: 'the secret answer' } }] };
    const { text } = await run(['--jsonl'], [line({ usage })]);
    expect(text).not.toContain('secret');
  });

  test('reads a file as well, with a byte order mark, blank lines and \\r\\n', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'farthing-price-'));
    try {
      const file = join(directory, 'calls.jsonl');
      writeFileSync(file, `\uFEFF${line()}\r\n\r\n${line({ id: 'b' })}\r\n`);
      const { text } = await run(['--jsonl', file]);
      expect(text.match(/"cost_usd":"0.0075"/g)).toHaveLength(2);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('stops quietly when its reader leaves', async () => {
    let produced = 0;
    async function* endless() {
      for (;;) {
        produced += 1;
        yield `${line()}\n`;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const output = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('gone'), { code: 'EPIPE' })),
    });
    await priceCommand({ input: Readable.from(endless()), output }).parseAsync(['--jsonl'], {
      from: 'user',
    });
    expect(produced).toBeGreaterThan(1);
    expect(process.exitCode).toBeUndefined();
  });

  test('a full disk is no reader that left', async () => {
    const output = new Writable({
      write: (_chunk, _encoding, done) =>
        done(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    });
    const input = Readable.from([`${line()}\n`.repeat(500)]);
    await expect(
      priceCommand({ input, output }).parseAsync(['--jsonl'], { from: 'user' }),
    ).rejects.toThrow('full');
  });

  const corpus = fileURLToPath(
    new URL('../../../../../../shared/corpus/usage-conformance.jsonl', import.meta.url),
  );
  test.skipIf(!existsSync(corpus))(
    'agrees with the conformance corpus (needs ../shared beside this repository)',
    async () => {
      const { text } = await run(['--jsonl', corpus]);
      const results = text
        .trim()
        .split('\n')
        .map((result) => JSON.parse(result) as PricedLine);
      const cases = readFileSync(corpus, 'utf8').trim().split('\n');
      expect(results).toHaveLength(cases.length);
      for (const [index, text] of cases.entries()) {
        const { id, expected } = JSON.parse(text) as {
          id: string;
          expected: Record<string, unknown>;
        };
        const { status, cost_usd, cost_fraction: _, cost_rounding: __, ...tokens } = expected;
        expect(results[index], id).toMatchObject({ id, status, cost_usd });
        if (Object.keys(tokens).length > 0) {
          expect(results[index]?.tokens, id).toMatchObject(tokens);
        }
      }
    },
  );
});

describe('farthing price --model', () => {
  test('explains one call', async () => {
    const { text } = await run(
      '--model gpt-4o --input 1000 --output 500 --cache-read 200 --date 2026-05-01'.split(' '),
    );
    expect(text).toMatch(/^\$0\.00775 {2}gpt-4o \(openai, genai-prices@/);
    expect(text).toMatch(/cache_read +200 × \$1\.25 \/ 1,000,000 +\$0\.00025/);
  });

  test('finds the provider by the model, and prices a tier', async () => {
    const parameters =
      '--model claude-opus-4-8 --output 1000 --tier batch --json --date 2026-08-01';
    const { text } = await run(parameters.split(' '));
    expect(JSON.parse(text)).toMatchObject({ usd: '0.0125', price: { provider: 'anthropic' } });
  });

  test('an unknown model says what to add, with exit code 1', async () => {
    const { text, exitCode: code } = await run(['--model', 'gpt-99', '--input', '1']);
    expect(text).toMatch(/^unknown: .*gpt-99.*own prices/);
    expect(code).toBe(1);
  });

  test('without any count there is nothing to price, which is not $0', async () => {
    await expect(run(['--model', 'gpt-4o'])).rejects.toThrow(/how many tokens.*--input 1000/);
    expect((await run(['--model', 'gpt-4o', '--input', '0'])).text).toMatch(/^\$0 /);
  });

  test.each([[['--model', 'gpt-4o', '--input', '1.5']], [['--input', '-1']], [[]]])(
    'refuses %j',
    async (parameters) => {
      await expect(run(parameters)).rejects.toThrow();
    },
  );
});

describe('readLines', () => {
  async function collect(chunks: Iterable<Uint8Array>): Promise<string[]> {
    const lines: string[] = [];
    for await (const { text, number } of readLines(Readable.from(chunks))) {
      lines.push(`${number}:${text}`);
    }
    return lines;
  }

  test('gives the same lines however the bytes are cut', async () => {
    const text = fc.array(fc.constantFrom('ab', 'ü', '€', '\n', '\r\n', ' '), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (parts, size) => {
        const bytes = Buffer.from(parts.join(''));
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
        const expected = parts
          .join('')
          .split('\n')
          .map((content, index) => `${index + 1}:${content.replace(/\r$/, '')}`)
          .filter((numbered) => numbered.slice(numbered.indexOf(':') + 1).trim() !== '');
        expect(await collect(chunks)).toEqual(expected);
      }),
    );
  });
});
