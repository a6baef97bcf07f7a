import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { multipartBoundary, MultipartFields } from './multipart-fields.js';

const wanted = new Set(['model', 'n', 'prompt']);

/** A form as clients write it. A value may be bytes with a file name, or text. */
async function encode(parts: [name: string, value: string | File][]) {
  const form = new FormData();
  for (const [name, value] of parts) form.append(name, value);
  const response = new Response(form);
  const boundary = multipartBoundary(response.headers.get('content-type')!)!;
  return { bytes: Buffer.from(await response.arrayBuffer()), boundary };
}

/** What passed, and what was read of it, when the bytes come in pieces of these lengths. */
async function pass(bytes: Buffer, boundary: string, lengths: readonly number[]) {
  const form = new MultipartFields(boundary, wanted);
  const passed: Buffer[] = [];
  form.on('data', (chunk: Buffer) => passed.push(chunk));
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? bytes.length;
    form.write(bytes.subarray(at, at + length));
    at += length;
  }
  await new Promise<void>((resolve) => form.end(resolve));
  return { passed: Buffer.concat(passed), fields: Object.fromEntries(form.fields) };
}

describe('a form', () => {
  test('passes unchanged and its wanted fields are read, wherever they stand', async () => {
    const file = new File([Buffer.alloc(70_000, 'x\r\n--')], 'name="model"; a.wav');
    const { bytes, boundary } = await encode([
      ['file', file],
      ['model', 'whisper-1'],
      ['language', 'de'],
      ['n', '2'],
    ]);
    const { passed, fields } = await pass(bytes, boundary, []);
    expect(passed.equals(bytes)).toBe(true);
    expect(fields).toEqual({ model: 'whisper-1', n: '2' });
  });

  test('is read alike in whatever pieces it comes', async () => {
    const { bytes, boundary } = await encode([
      ['model', 'gpt-image-1'],
      ['image', new File([Buffer.from(`\r\n--\r\n\r\nmodel`)], 'a.png')],
      ['empty', ''],
      ['prompt', 'Größe'],
      ['n', '1'],
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
        async (lengths) => {
          const { passed, fields } = await pass(bytes, boundary, lengths);
          expect(passed.equals(bytes)).toBe(true);
          expect(fields).toEqual({ model: 'gpt-image-1', prompt: 'Größe', n: '1' });
        },
      ),
      { numRuns: 60 },
    );
  });

  test('keeps nothing of long values, of files under a wanted name, and of what is no form', async () => {
    const { bytes, boundary } = await encode([
      ['prompt', 'word '.repeat(1_000)],
      ['model', new File(['whisper-1'], 'model.txt')],
      ['n', '3'],
    ]);
    expect((await pass(bytes, boundary, [100])).fields).toEqual({ n: '3' });
    const noise = Buffer.alloc(50_000, '--');
    const { passed, fields } = await pass(noise, boundary, [7]);
    expect(passed.equals(noise)).toBe(true);
    expect(fields).toEqual({});
  });

  test.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['Multipart/Form-Data; charset=utf-8; boundary="a b"', 'a b'],
    ['multipart/form-data', null],
    ['application/json', null],
  ])('%s has the boundary %s', (type, boundary) => {
    expect(multipartBoundary(type)).toBe(boundary);
  });
});
