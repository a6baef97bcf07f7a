import { expect, test } from 'vitest';
import { claudeVersion } from './model-version.js';
import { audioTokens, audioSeconds, pdfPages } from './media-tokens.js';
import { base64Bytes } from './base64-bytes.js';
import { tokenizerFamily } from './tokenizer-family.js';

test.each([
  ['gpt-4o-mini', 'o200k_base', true],
  ['gpt-4.1', 'o200k_base', true],
  ['gpt-4.5-preview', 'o200k_base', true],
  ['gpt-6-astra', 'o200k_base', true],
  ['o3-mini', 'o200k_base', true],
  ['openai/gpt-5', 'o200k_base', true],
  ['ft:gpt-4o-2024-08-06:acme::abc', 'o200k_base', true],
  ['gpt-4', 'cl100k_base', true],
  ['gpt-4-turbo-2024-04-09', 'cl100k_base', true],
  ['gpt-35-turbo', 'cl100k_base', true],
  ['text-embedding-3-large', 'cl100k_base', true],
  ['claude-sonnet-4-5', 'o200k_base', false],
  ['gemini-3.1-pro', 'o200k_base', false],
  ['mistral-large-latest', 'o200k_base', false],
] as const)('%s: %s', (model, encoding, own) => {
  const family = tokenizerFamily(null, model);
  expect(family).toMatchObject({ encoding, own });
  if (own) expect(family.factor).toBe(1);
  else expect(family.factor).toBeGreaterThan(1);
});

test.each([
  ['claude-opus-4-20250514', 4],
  ['claude-opus-4-8', 4.8],
  ['claude-3-5-haiku-20241022', 3.5],
  ['claude-3-haiku-20240307', 3],
  ['eu.anthropic.claude-sonnet-4-5-20250929-v1:0', 4.5],
  ['claude-sonnet-5', 5],
  ['gpt-5', null],
] as const)('%s is version %s', (model, version) => {
  expect(claudeVersion(model)).toBe(version);
});

test('from 4.7 on Claude splits the same text into more tokens', () => {
  const factor = (model: string) => tokenizerFamily('anthropic', model).factor;
  expect(factor('claude-opus-4-7')).toBeGreaterThan(factor('claude-opus-4-6'));
});

test('the length of WAV stands in its header', () => {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.write('WAVE', 8, 'latin1');
  header.writeUInt32LE(48_000, 28);
  const base64 = Buffer.concat([header, Buffer.alloc(96_000 - 44)]).toString('base64');
  const bytes = base64Bytes(base64.length, (index) => base64.charCodeAt(index));
  expect(audioSeconds(bytes)).toBe(2);
  expect(audioTokens({ provider: 'openai', model: 'gpt-audio' }, 2)).toBe(20);
});

test('pages of a PDF: its tree, else its page objects, else unknown', () => {
  expect(
    pdfPages('%PDF-1.4 << /Type /Pages /Count 3 /Kids [] >> << /Count 2 /Type /Pages >>'),
  ).toBe(3);
  expect(pdfPages('%PDF-1.4 << /Type /Page >> << /Type/Page /Parent 1 0 R >>')).toBe(2);
  expect(pdfPages('%PDF-1.7 compressed')).toBeNull();
  expect(pdfPages('no PDF /Type /Page')).toBeNull();
});
