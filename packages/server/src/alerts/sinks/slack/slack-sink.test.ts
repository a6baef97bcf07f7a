import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeSink, strangeTexts } from '../conformance.js';
import { jsonOf, startReceiver, type Received } from '../receiver.fixture.js';
import { noticeOf, sampleIncident } from '../sample-notice.fixture.js';
import { slackMessage, type SlackMessage } from './slack-message.js';
import { openSlackSink } from './slack-sink.js';

interface TextObject {
  type: string;
  text: string;
}

/** Limits of docs.slack.dev/reference/block-kit: what is beyond them is `invalid_blocks`. */
function check(request: Received): string | null {
  const message = jsonOf(request) as SlackMessage;
  if (typeof message === 'string') return 'invalid_payload';
  if (message.text === '' || message.text.length > 40_000) return 'no_text';
  if (message.blocks.length === 0 || message.blocks.length > 50) return 'invalid_blocks';
  const fits = ({ type, text }: TextObject, most: number) =>
    ['plain_text', 'mrkdwn'].includes(type) && text.length > 0 && text.length <= most;
  for (const block of message.blocks) {
    const isRight =
      block.type === 'header'
        ? block.text.type === 'plain_text' && fits(block.text, 150)
        : block.type === 'context'
          ? block.block_id.length <= 255 &&
            block.elements.length <= 10 &&
            block.elements.every((one) => fits(one, 3_000))
          : 'text' in block
            ? fits(block.text, 3_000)
            : block.fields.length > 0 &&
              block.fields.length <= 10 &&
              block.fields.every((one) => fits(one, 2_000));
    if (!isRight) return 'invalid_blocks';
  }
  return null;
}

const keyIn = ({ body }: Received): string => {
  const { blocks } = JSON.parse(body) as SlackMessage;
  return blocks.flatMap((block) => (block.type === 'context' ? [block.block_id] : []))[0]!;
};

describeSink(
  'Slack',
  async () => {
    const receiver = await startReceiver(check, { path: '/services/T0001/B0002/s3cretS3cret' });
    return {
      open: (timeoutMilliseconds) =>
        Promise.resolve(openSlackSink({ url: receiver.url, timeoutMilliseconds })),
      received: () => receiver.received.map(keyIn),
      keyOf: ({ key }) => key,
      texts: () => receiver.received.map(({ body }) => body),
      attempts: () => receiver.attempts,
      complaints: () => receiver.complaints,
      secrets: ['s3cretS3cret', 'T0001', '/services'],
      behave: receiver.behave,
      goAway: receiver.goAway,
      comeBack: receiver.comeBack,
    };
  },
  { answers: true, asksForPause: true },
);

/** Every text of a message but the link that is ours. */
function textsOf(message: SlackMessage): string[] {
  const texts = message.blocks.flatMap((block) =>
    block.type === 'context'
      ? block.elements.filter(({ type }) => type === 'plain_text').map(({ text }) => text)
      : 'text' in block
        ? [block.text.text]
        : block.fields.map(({ text }) => text),
  );
  return [message.text, ...texts];
}

test('whatever a tag or a model is called, nobody is mentioned and nothing is linked', () => {
  const text = fc.oneof(
    fc.constantFrom(...strangeTexts),
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    fc.string({ unit: fc.constantFrom('<', '>', '&', '@', '!', '|', 'a'), maxLength: 4_000 }),
  );
  fc.assert(
    fc.property(text, (strange) => {
      const incident = sampleIncident({
        title: strange,
        summary: strange,
        suggestion: strange,
        group: { feature: strange },
      });
      const message = slackMessage(noticeOf(incident));
      for (const one of textsOf(message)) {
        expect(one).not.toMatch(/[<>]/);
        expect(one).not.toMatch(/&(?!amp;|lt;|gt;)/);
        expect(one).not.toMatch(/@(?!\u2060)/);
      }
      for (const block of message.blocks) {
        if (block.type !== 'context') continue;
        const links = block.elements.filter(({ type }) => type === 'mrkdwn');
        expect(links).toHaveLength(1);
        expect(links[0]!.text).toMatch(/^<https:[^<>|\s]+\|Open in Farthing>$/);
      }
    }),
  );
});

test('a message reads as the incident does', () => {
  const notice = noticeOf(sampleIncident());
  const message = slackMessage(notice);
  expect(message.text).toBe('Opened (page): search: output per call is 2.1 times what it was');
  expect(textsOf(message)).toEqual([
    message.text,
    message.text,
    notice.incident.summary,
    notice.incident.suggestion,
    'Calls of\nfeature search',
    'Cause\noutput',
    'Since\n2026-11-23 14:02 UTC',
    'Cost\n$4.20 an hour, normally $2.00',
    "Above normal\n$0.2600 so far, $21.90 by midnight, $392 by the month's end",
    'Likely change\ntemplate version v7 → v8 at 2026-11-23 14:02 UTC',
    `Example\ncall ${notice.incident.examples[0]}`,
    `${notice.key} · ${notice.at}`,
  ]);
});

test('without a link there is none', () => {
  const message = slackMessage(noticeOf(sampleIncident(), 'opened', null));
  expect(JSON.stringify(message)).not.toContain('mrkdwn');
});

test("Slack's own word for a refusal is told, and nothing else of its answer", async () => {
  const receiver = await startReceiver(() => 'no_service', { path: '/services/s3cret' });
  const notice = noticeOf(sampleIncident());
  await expect(openSlackSink({ url: receiver.url }).send(notice, notice)).rejects.toThrow(
    /^127\.0\.0\.1:\d+ answers 400: no_service$/,
  );
  await receiver.goAway();
});
