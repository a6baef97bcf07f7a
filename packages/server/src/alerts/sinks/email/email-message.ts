import { describeNotice, type NoticeText } from '../notice-text.js';
import { plainLine } from '../plain-text.js';
import type { Notice } from '../sink.js';

export interface EmailMessage {
  subject: string;
  text: string;
  html: string;
  messageId: string;
  inReplyTo?: string;
  references?: string;
  headers: Record<string, string>;
}

/**
 * A notice as a mail. All of an incident make one thread: their `References` name the first of them and
 * their subject is its (RFC 5322, 3.6.4), with `Re:`. The `Message-ID` is made of the notice's key, so one
 * that comes again can be told. `Auto-Submitted` keeps absence notes away (RFC 3834). What others wrote
 * stands in one line without control characters, and so cannot begin another header.
 *
 * @param domain the right side of ids: that of the sender's address.
 */
export function emailMessage(notice: Notice, opening: Notice, domain: string): EmailMessage {
  const text = describeNotice(notice);
  const isFirst = notice.key === opening.key;
  const root = messageIdOf(opening.key, domain);
  return {
    subject: `${isFirst ? '' : 'Re: '}[Farthing] ${plainLine(opening.incident.title, 200)}`,
    text: textOf(notice, text),
    html: htmlOf(notice, text),
    messageId: messageIdOf(notice.key, domain),
    ...(isFirst ? {} : { inReplyTo: root, references: root }),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Farthing-Incident': plainLine(notice.incident.id, 200),
      'X-Farthing-Notice': plainLine(notice.key, 200),
      'X-Farthing-Event': notice.what,
    },
  };
}

/** Characters that an id cannot have are written as their codes. */
function messageIdOf(key: string, domain: string): string {
  const local = key
    .replace(/:(\d+)$/, '.$1')
    .replaceAll(/[^A-Za-z0-9._-]/gu, (character) => `=${character.codePointAt(0)!.toString(16)}`);
  return `<${local.slice(0, 200)}@${domain}>`;
}

function textOf({ key, url }: Notice, text: NoticeText): string {
  return [
    `${text.event}: ${text.title}`,
    text.summary,
    text.suggestion,
    text.facts.map(({ name, value }) => `${name}: ${value}`).join('\n'),
    url ?? '',
    `-- \n${plainLine(key, 300)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function htmlOf({ key, url }: Notice, text: NoticeText): string {
  const rows = text.facts.map(
    ({ name, value }) =>
      `<tr><th align="left" valign="top" style="padding:2px 16px 2px 0;font-weight:normal;color:#666">${escaped(name)}</th><td style="padding:2px 0">${escaped(value)}</td></tr>`,
  );
  const link = url === null ? '' : `<p><a href="${escaped(url)}">Open in Farthing</a></p>`;
  return `<!doctype html><html><body style="font-family:sans-serif;font-size:14px;color:#222"><p style="color:#666">${escaped(text.event)}</p><h1 style="font-size:18px">${escaped(text.title)}</h1><p>${escaped(text.summary)}</p><p>${escaped(text.suggestion)}</p><table style="border-collapse:collapse;font-size:14px">${rows.join('')}</table>${link}<p style="color:#666">${escaped(plainLine(key, 300))}</p></body></html>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
