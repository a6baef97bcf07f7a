import { describe, expect, test } from 'vitest';
import { includeUsage } from './include-usage.js';
import { readRequestFacts } from './request-facts.js';

function edit(text: string): string | null {
  const body = Buffer.from(text);
  return includeUsage(body, readRequestFacts(body))?.toString() ?? null;
}

describe('asking a stream for its usage', () => {
  test('adds the option in front and leaves every other byte as it was', () => {
    const text = '{ "model":"gpt-5",  "stream": true, "messages":[{"content":"é \\u00e9"}] }';
    const edited = edit(text)!;
    expect(edited.endsWith(text.slice(1))).toBe(true);
    expect(JSON.parse(edited)).toEqual({
      ...(JSON.parse(text) as object),
      stream_options: { include_usage: true },
    });
  });

  test('keeps the other stream options', () => {
    const edited = edit('{"stream":true,"stream_options":{"include_obfuscation":false}}')!;
    expect(JSON.parse(edited)).toEqual({
      stream: true,
      stream_options: { include_obfuscation: false, include_usage: true },
    });
  });

  test('overrides a caller that declined it, because the caller will not see it', () => {
    expect(
      JSON.parse(edit('{"stream":true,"stream_options":{"include_usage":false}}')!),
    ).toMatchObject({
      stream_options: { include_usage: true },
    });
  });

  test.each([
    ['a call without a stream', '{"model":"gpt-5"}'],
    ['a stream that asks already', '{"stream":true,"stream_options":{"include_usage":true}}'],
    ['a body that is not JSON', '{"stream":true'],
  ])('leaves %s alone', (_name, text) => expect(edit(text)).toBeNull());
});
