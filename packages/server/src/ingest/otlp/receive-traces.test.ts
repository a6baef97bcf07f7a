import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { SpanFacts } from '@farthing/core';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { JsonTraceDecoder } from './json-trace-decoder.js';
import { chat, jsonExport, noon, protobufExport, type SentSpan } from './otlp-bytes.fixture.js';
import { bodyLimits } from './read-body.js';
import { ProtobufTraceDecoder } from './protobuf-trace-decoder.js';
import { OtlpReceiver } from './receive-traces.js';
import type { ReceivedSpan } from './received-span.js';
import type { TraceDecoder } from './trace-decoder.js';

let stored: SpanFacts[];
let ignored: string[];
let rejected: number;
let diskTakes: boolean;
let obstacle: string | null;
let receiver: OtlpReceiver;

beforeEach(() => {
  stored = [];
  ignored = [];
  rejected = 0;
  diskTakes = true;
  obstacle = null;
  receiver = new OtlpReceiver({
    store: async (parts) => {
      const spans: SpanFacts[] = [];
      for await (const part of parts) spans.push(...part);
      if (diskTakes) stored.push(...spans);
      return diskTakes;
    },
    obstacle: () => obstacle,
    protect: (tags) => {
      if (tags.user !== undefined) tags.user = 'u_hidden';
    },
    now: () => Date.UTC(2026, 10, 1, 13),
    onRejected: (spans) => (rejected += spans),
    onIgnored: (signal) => ignored.push(signal),
  });
});

const protobuf = { 'content-type': 'application/x-protobuf' };
const json = { 'content-type': 'application/json' };
const post = (body: Uint8Array | string, headers: Record<string, string>) =>
  receiver.traces(
    new Request('http://127.0.0.1:4318/v1/traces', {
      method: 'POST',
      body: typeof body === 'string' ? body : Buffer.from(body),
      headers,
    }),
  );

/** What a decoder reads of a body that comes in pieces of so many bytes. */
function decode(
  decoder: TraceDecoder,
  body: Uint8Array | string,
  piece = Infinity,
): ReceivedSpan[] {
  const bytes = Buffer.from(body);
  const spans: ReceivedSpan[] = [];
  for (let at = 0; at < bytes.length; at += piece) {
    spans.push(...decoder.push(bytes.subarray(at, at + piece)));
  }
  return [...spans, ...decoder.end()];
}
const decodeProtobuf = (body: Uint8Array, piece?: number) =>
  decode(new ProtobufTraceDecoder(), body, piece);
const decodeJson = (body: string, piece?: number) => decode(new JsonTraceDecoder(), body, piece);

const varied: SentSpan[] = [
  {},
  { spanId: '00f067aa0ba902b7', parentSpanId: 'b7ad6b7169203331', attributes: { ...chat, n: 0.5 } },
  {
    spanId: '00f067aa0ba902b8',
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' },
    error: true,
    exceptionType: 'RateLimitError',
  },
  { spanId: '00f067aa0ba902b9', attributes: { 'http.request.method': 'GET' } },
];

describe('both encodings', () => {
  test('say the same', () => {
    const fromProtobuf = decodeProtobuf(protobufExport(varied));
    expect(fromProtobuf).toEqual(decodeJson(jsonExport(varied)));
    expect(fromProtobuf).toHaveLength(4);
    expect(fromProtobuf[2]).toMatchObject({ failed: true, exception: 'RateLimitError' });
    expect(fromProtobuf[0]!.resource.attributes.get('service.name')).toBe('shop');
  });

  test('say the same in whatever pieces they come', () => {
    const whole = decodeProtobuf(protobufExport(varied));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), (piece) => {
        expect(decodeProtobuf(protobufExport(varied), piece)).toEqual(whole);
        expect(decodeJson(jsonExport(varied), piece)).toEqual(whole);
      }),
      { examples: [[1], [2], [3]] },
    );
  });

  test.each([1, 50, Infinity])(
    'know a resource and a scope that stand after their spans, in pieces of %i bytes',
    (piece) => {
      const usual = decodeProtobuf(protobufExport(varied));
      expect(decodeProtobuf(protobufExport(varied, 'lib', 'heads last'), piece)).toEqual(usual);
      const request = JSON.parse(jsonExport(varied)) as {
        resourceSpans: { resource: unknown; scopeSpans: { scope: unknown; spans: unknown }[] }[];
      };
      const turned = request.resourceSpans.map(({ resource, scopeSpans }) => ({
        scopeSpans: scopeSpans.map(({ scope, spans }) => ({ spans, scope })),
        resource,
      }));
      expect(decodeJson(JSON.stringify({ resourceSpans: turned }), piece)).toEqual(usual);
    },
  );

  test.each([
    '',
    '[]',
    'null',
    '{} {}',
    '{,}',
    '{"a" 1}',
    '{"a":1,}',
    '{"resourceSpans":[,]}',
    '{"resourceSpans":[{}',
  ])('JSON that is none is refused: %s', (body) => expect(() => decodeJson(body)).toThrow());

  test.each([
    ['protobuf', protobufExport(varied), protobuf],
    [
      'protobuf, gzip',
      gzipSync(protobufExport(varied)),
      { ...protobuf, 'content-encoding': 'gzip' },
    ],
    ['JSON', jsonExport(varied), json],
    ['JSON, gzip', gzipSync(jsonExport(varied)), { ...json, 'content-encoding': 'gzip' }],
    [
      'JSON with a charset',
      jsonExport(varied),
      { 'content-type': 'application/json; charset=utf-8' },
    ],
  ])('%s is taken', async (_name, body, headers) => {
    const response = await post(body, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(headers['content-type']!.split(';')[0]);
    expect(stored).toHaveLength(4);
  });

  test('an empty export is a success', async () => {
    expect((await post(new Uint8Array(), protobuf)).status).toBe(200);
    expect(await (await post('{}', json)).json()).toEqual({});
  });

  test('fields that nobody knows yet are skipped', () => {
    // Field 99 as a text, field 98 as a number, before and after what is known.
    const unknown = Buffer.from([0x9a, 0x06, 0x02, 0x68, 0x69, 0x90, 0x06, 0x05]);
    const body = Buffer.concat([unknown, protobufExport([{}]), unknown]);
    expect(decodeProtobuf(body)).toHaveLength(1);
  });
});

describe('what cannot be taken is refused for good', () => {
  test('a body that was cut off, wherever', async () => {
    const whole = protobufExport(varied);
    for (let length = 1; length < whole.length; length += 7) {
      const response = await post(whole.subarray(0, length), protobuf);
      expect(response.status).toBe(400);
    }
    expect(stored).toEqual([]);
    const cutJson = await post(jsonExport(varied).slice(0, 200), json);
    expect(cutJson.status).toBe(400);
    const told = (await cutJson.json()) as { code: number; message: string };
    expect(told.code).toBe(3);
    expect(told.message).toMatch(/cut off/);
  });

  test('any bytes at all are answered, never with a crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expect([200, 400]).toContain((await post(bytes, protobuf)).status);
      }),
    );
  });

  test('an error in the encoding of the request, with a code and a message', async () => {
    const response = await post(Buffer.from([0x0a, 0xff]), protobuf);
    const reader = new BinaryReader(new Uint8Array(await response.arrayBuffer()));
    expect([reader.tag()[0], reader.int32()]).toEqual([1, 3]);
    expect([reader.tag()[0], reader.string()]).toEqual([2, expect.stringContaining('protobuf')]);
  });

  test('another content type, named with what would be right', async () => {
    const response = await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(response.status).toBe(415);
    expect(await response.text()).toContain('OTEL_EXPORTER_OTLP_PROTOCOL');
  });

  test('another compression', async () => {
    expect((await post('x', { ...json, 'content-encoding': 'zstd' })).status).toBe(415);
    expect((await post('no gzip', { ...json, 'content-encoding': 'gzip' })).status).toBe(400);
  });

  test('a zip bomb, without inflating it whole', async () => {
    const bomb = gzipSync(Buffer.alloc(bodyLimits.inflated + 1), { level: 1 });
    expect(bomb.length).toBeLessThan(1_000_000);
    const response = await post(bomb, { ...protobuf, 'content-encoding': 'gzip' });
    expect(response.status).toBe(413);
  });

  test('a body beyond the limit, also one that does not say its length', async () => {
    const large = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    // Node asks for `duplex`; the types are a browser's.
    const settings: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      body: large,
      headers: protobuf,
      duplex: 'half',
    };
    const request = new Request('http://127.0.0.1:4318/v1/traces', settings);
    expect((await receiver.traces(request)).status).toBe(413);
  });

  test('a message of a parser never quotes what was sent', async () => {
    const response = await post('{"secret prompt": oops', json);
    expect(await response.text()).not.toContain('secret');
  });
});

describe('partial success', () => {
  test('counts the spans that were not taken, by reason', async () => {
    const spans: SentSpan[] = [
      {},
      { traceId: '00'.repeat(16) },
      { spanId: '' },
      { start: 0n },
      { start: noon + 100_000_000_000_000n, end: noon + 100_000_000_000_001n },
      { start: noon, end: noon + 2_700_000_000_000_000n },
    ];
    const response = await post(jsonExport(spans), json);
    expect(response.status).toBe(200);
    const { partialSuccess } = (await response.json()) as {
      partialSuccess: { rejectedSpans: string; errorMessage: string };
    };
    expect(partialSuccess.rejectedSpans).toBe('5');
    for (const reason of [
      'trace_id',
      'span_id',
      'missing or before 2015',
      'lies more than 24 hours in the future',
      '31 days',
    ]) {
      expect(partialSuccess.errorMessage).toContain(reason);
    }
    expect([stored.length, rejected]).toEqual([1, 5]);
  });

  test('a time beyond what 64 bits hold lies in the future, and is not missing', async () => {
    const year9999 = BigInt(Date.UTC(9999, 0, 1)) * 1_000_000n;
    const body = jsonExport([{ start: year9999, end: year9999 }, {}]);
    const response = await post(body, json);
    const { partialSuccess } = (await response.json()) as {
      partialSuccess: { errorMessage: string };
    };
    expect(partialSuccess.errorMessage).toMatch(/1: start_time_unix_nano lies more than 24 hours/);
    // As a number, too; and an end like that is no missing one.
    expect(decodeJson(body.replaceAll(`"${year9999}"`, String(year9999)))).toEqual(
      decodeJson(body),
    );
    await post(jsonExport([{ end: year9999 }]), json);
    expect([stored.length, rejected]).toEqual([1, 2]);
  });

  test('in protobuf, too', async () => {
    const response = await post(protobufExport([{ start: 0n }, {}]), protobuf);
    const reader = new BinaryReader(new Uint8Array(await response.arrayBuffer()));
    expect(reader.tag()[0]).toBe(1);
    reader.uint32();
    expect([reader.tag()[0], Number(reader.int64())]).toEqual([1, 1]);
    expect(reader.tag()[0]).toBe(2);
    expect(reader.string()).toContain('missing or before 2015');
  });

  test('an end before the beginning is a call of no length', async () => {
    await post(protobufExport([{ end: noon - 5n }]), protobuf);
    expect(stored[0]!.call).toMatchObject({ began: stored[0]!.call!.ended });
  });
});

describe('a disk that does not take it', () => {
  test('is said with a status that exporters try again', async () => {
    diskTakes = false;
    const response = await post(protobufExport([{}]), protobuf);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
  });

  test('refuses before the body is read', async () => {
    obstacle = 'Spans cannot be written.';
    expect((await post('no JSON', json)).status).toBe(503);
  });
});

test('metrics and logs are accepted, and that they are not used is said once', async () => {
  for (const signal of ['metrics', 'logs', 'metrics'] as const) {
    const request = new Request(`http://127.0.0.1:4318/v1/${signal}`, {
      method: 'POST',
      body: randomBytes(100),
      headers: protobuf,
    });
    const response = await receiver.ignore(request, signal);
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, 0]);
  }
  expect(ignored).toEqual(['metrics', 'logs']);
});

test('no text of a prompt and no plain user gets as far as the disk', async () => {
  const attributes = {
    ...chat,
    'user.id': 'jane@example.com',
    'gen_ai.input.messages': '[{"role":"user","content":"SECRET"}]',
    'gen_ai.prompt.0.content': 'SECRET',
    'gen_ai.completion.0.content': 'SECRET',
    'llm.input_messages.0.message.content': 'SECRET',
    'input.value': 'SECRET',
    'ai.prompt.messages': 'SECRET',
    'ai.response.text': 'SECRET',
    'langfuse.observation.input': 'SECRET',
    'traceloop.entity.input': 'SECRET',
    'farthing.note': `SECRET ${'x'.repeat(300)}`,
    'ai.telemetry.metadata.chat': '[{"content":"SECRET"}]',
    'gen_ai.usage.note': 'SECRET',
  };
  await post(
    protobufExport([{ attributes, error: true, exceptionType: 'SECRET words' }]),
    protobuf,
  );
  expect(stored).toHaveLength(1);
  expect(JSON.stringify(stored)).not.toMatch(/SECRET|jane/);
});
