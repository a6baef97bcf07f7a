import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { defaultPriceBook } from '../snapshot/index.js';
import { readPriceFile } from './read-price-file.js';

const page = readFileSync(new URL('../../../../../docs/price-files.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```(?:yaml|json)\n([\s\S]*?)```/g)].map(
  ([, text]) => text ?? '',
);

test('docs/price-files.md has examples', () => {
  expect(examples.length).toBeGreaterThan(4);
});

test.each(examples)('an example of docs/price-files.md is read without a note:\n%s', (example) => {
  const file = readPriceFile(parse(example), 'price-files.md', defaultPriceBook());
  expect(file.notes).toEqual([]);
  expect(file.rules.length + file.tools.length).toBeGreaterThan(0);
});
