import { describeNotice } from '../notice-text.js';
import { cut } from '../plain-text.js';
import type { Notice } from '../sink.js';

interface PlainText {
  type: 'plain_text';
  text: string;
  emoji: false;
}

interface MarkedText {
  type: 'mrkdwn';
  text: string;
  verbatim: true;
}

export type SlackBlock =
  | { type: 'header'; text: PlainText }
  | { type: 'section'; text: PlainText }
  | { type: 'section'; fields: PlainText[] }
  | { type: 'context'; block_id: string; elements: (PlainText | MarkedText)[] };

export interface SlackMessage {
  /** What notifications show, and clients without blocks. */
  text: string;
  blocks: SlackBlock[];
}

/** Limits of Block Kit (docs.slack.dev/reference/block-kit/blocks), in characters. */
const most = { header: 150, section: 3_000, field: 2_000, fields: 10, blockId: 255 };

/**
 * A notice as a message of Block Kit. Whatever others wrote (tags, models) stands in plain text without
 * emoji codes, so it can neither format nor link, mention nor notify anybody.
 */
export function slackMessage(notice: Notice): SlackMessage {
  const { event, title, summary, suggestion, facts } = describeNotice(notice);
  const paragraphs = [summary, suggestion].filter((text) => text !== '');
  return {
    text: inert(`${event}: ${title}`, most.section),
    blocks: [
      { type: 'header', text: plain(`${event}: ${title}`, most.header) },
      ...paragraphs.map((text): SlackBlock => ({
        type: 'section',
        text: plain(text, most.section),
      })),
      {
        type: 'section',
        fields: facts
          .slice(0, most.fields)
          .map(({ name, value }) => plain(`${name}\n${value}`, most.field)),
      },
      {
        type: 'context',
        // The stable key, where a reader of messages finds it.
        block_id: notice.key.slice(0, most.blockId),
        elements: [plain(`${notice.key} · ${notice.at}`, most.section), ...linkTo(notice)],
      },
    ],
  };
}

function linkTo({ url }: Notice): MarkedText[] {
  if (url === null) return [];
  // What ends the link, or its address, must not stand in it.
  const address = escaped(url).replaceAll('|', '%7C').replaceAll(/\s/g, '%20');
  return [{ type: 'mrkdwn', text: `<${address}|Open in Farthing>`, verbatim: true }];
}

function plain(text: string, length: number): PlainText {
  return { type: 'plain_text', text: inert(text, length), emoji: false };
}

/**
 * `&`, `<` and `>` escaped, as Slack asks for (docs.slack.dev/messaging/formatting-message-text), which
 * takes `<!channel>` and `<@U…>` their meaning. After an `@` stands a word joiner, which nobody sees: so
 * that `@here` is none either.
 */
function inert(text: string, length: number): string {
  return cut(text, length, (character) => (character === '@' ? '@\u2060' : escaped(character)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
