import { createStreamFold } from '@farthing/core';
import { expect, test } from 'vitest';
import { EventStreamTap } from './event-stream-tap.js';
import { eventMessage } from '../../../../test/support/event-stream-message.js';

const events = [
  ['messageStart', { role: 'assistant' }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Twelve letters.' } }],
  ['messageStop', { stopReason: 'end_turn' }],
  [
    'metadata',
    { usage: { inputTokens: 30, outputTokens: 4, totalTokens: 34 }, metrics: { latencyMs: 3 } },
  ],
] as const;
const converse = Buffer.concat(events.map(([type, event]) => eventMessage(type, event)));
const tapOf = (api: string) =>
  new EventStreamTap(createStreamFold({ provider: 'aws-bedrock', api }));

test.each([1, 7, 64, 100_000])('usage of ConverseStream, in pieces of %i bytes', (size) => {
  const tap = tapOf('converseStream');
  for (let at = 0; at < converse.length; at += size) {
    const piece = converse.subarray(at, at + size);
    expect(tap.push(piece)).toBe(piece);
  }
  expect(tap.finish()).toMatchObject({
    errorType: null,
    seenTokens: 4,
    reading: { status: 'ok', usage: { tokens: { input_uncached: 30, output: 4 } } },
  });
});

test('InvokeModel wraps the vendor’s own events', () => {
  const own = [
    {
      type: 'message_start',
      message: { id: 'msg_1', model: 'claude-x', usage: { input_tokens: 9, output_tokens: 1 } },
    },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 21 } },
    { type: 'message_stop' },
  ];
  const tap = tapOf('invokeModelWithResponseStream');
  for (const event of own) {
    const bytes = Buffer.from(JSON.stringify(event)).toString('base64');
    tap.push(eventMessage('chunk', { bytes }));
  }
  expect(tap.finish().reading).toMatchObject({
    status: 'ok',
    model: 'claude-x',
    usage: { tokens: { input_uncached: 9, output: 21 } },
  });
});

test('a stream that breaks off tells how much text went by, one that ends in an exception its name', () => {
  const tap = tapOf('converseStream');
  tap.push(converse.subarray(0, converse.length - 40));
  expect(tap.finish()).toMatchObject({ seenTokens: 4, reading: { status: 'no_usage' } });
  tap.push(Buffer.alloc(0));
  const failing = tapOf('converseStream');
  failing.push(eventMessage('throttlingException', { message: 'Slow down' }, 'exception'));
  expect(failing.finish()).toMatchObject({ errorType: 'throttlingException' });
});

test('bytes that are no such stream are let pass', () => {
  const tap = tapOf('converseStream');
  for (const text of ['{"message":"not framed at all"}', 'and more of it']) {
    expect(tap.push(Buffer.from(text)).toString()).toBe(text);
  }
  expect(tap.finish().reading.status).toBe('no_usage');
});
