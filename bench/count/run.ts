import { InputModel } from '../../packages/core/src/estimate/input-model.js';
import { countTexts, loadEncoding } from '../../packages/server/src/count/count-texts.js';
import { readCorpora } from './corpora.js';

/**
 * How well the ways to count the input of a request do on real text. The truth is what OpenAI bills for a
 * chat of one message: its own encoding, and 7 tokens of framing.
 */
const framing = 7;
const count = await loadEncoding('o200k_base');
const earlier = await loadEncoding('cl100k_base');
const corpora = readCorpora(
  new URL('../../', import.meta.url),
  new URL('../../../shared/data/', import.meta.url),
);

interface Method {
  name: string;
  /** Null: no estimate of this kind yet. */
  estimate(text: string, bytes: number): number | null;
  learn?(bytes: number, truth: number): void;
}

const methods = (): Method[] => {
  const model = new InputModel();
  const size = (textBytes: number) => ({ textBytes, fileTokens: 0 });
  return [
    { name: 'words × 1.3', estimate: (text) => text.split(/\s+/).filter(Boolean).length * 1.3 },
    { name: 'bytes ÷ 4', estimate: (_, bytes) => bytes / 4 },
    {
      name: 'learned ratio',
      estimate: (_, bytes) => {
        const { expected, method } = model.predict('all', size(bytes));
        return method === 'learned' ? expected : null;
      },
      learn: (bytes, truth) => model.learn('all', size(bytes), truth),
    },
    { name: 'other encoding (cl100k)', estimate: (text) => earlier(text) + framing },
    {
      name: 'tokenizer, as built',
      estimate: (text) => countTexts([text], count).tokens + framing,
    },
  ];
};

const cell = (value: number, places = 1) => value.toFixed(places);
process.stdout.write(
  '| text | calls | tokens | method | WAPE | bias | 95 % within | µs a call |\n|--|--:|--:|--|--:|--:|--:|--:|\n',
);
for (const { name, texts } of corpora) {
  const truths = texts.map((text) => count(text) + framing);
  const bodies = texts.map((content) =>
    Buffer.byteLength(JSON.stringify({ model: 'gpt-4.1', messages: [{ role: 'user', content }] })),
  );
  const average = truths.reduce((sum, tokens) => sum + tokens, 0) / truths.length;
  for (const method of methods()) {
    let [error, bias, total, used, spent] = [0, 0, 0, 0, 0];
    const shares: number[] = [];
    texts.forEach((text, index) => {
      const truth = truths[index]!;
      const started = performance.now();
      const estimate = method.estimate(text, bodies[index]!);
      spent += performance.now() - started;
      method.learn?.(bodies[index]!, truth);
      if (estimate === null) return;
      used += 1;
      error += Math.abs(estimate - truth);
      bias += estimate - truth;
      total += truth;
      shares.push(Math.abs(estimate - truth) / truth);
    });
    shares.sort((a, b) => a - b);
    const within = shares[Math.floor(shares.length * 0.95)] ?? 0;
    const cells = [
      name,
      used.toLocaleString('en-US'),
      Math.round(average).toLocaleString('en-US'),
      method.name,
      `${cell((100 * error) / total)} %`,
      `${bias >= 0 ? '+' : '−'}${cell(Math.abs((100 * bias) / total))} %`,
      `${cell(100 * within)} %`,
      cell((spent * 1_000) / texts.length),
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
}

const held = 'a'.repeat(100_000);
const started = performance.now();
const { tokens } = countTexts([held], count);
process.stdout.write(
  `\n100,000 times the same letter: ${tokens.toLocaleString('en-US')} tokens in ${Math.round(performance.now() - started)} ms.\n`,
);
