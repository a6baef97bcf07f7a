import { describeChange } from '../../explain/describe-money.js';
import { parseUsdRounded } from '../../money.js';
import { displayUsd } from '../../whatif/display-usd.js';
import type { CellKind } from '../section.js';

/** A value of a table as people read it; nothing known is a dash. */
export function formatCell(kind: CellKind, value: string | number | null | undefined): string {
  if (value == null) return '–';
  switch (kind) {
    case 'text':
      return String(value);
    case 'usd':
      return displayUsd(String(value));
    case 'count':
      return Number(value).toLocaleString('en-US');
    case 'share':
      return `${(Number(value) * 100).toFixed(1)} %`;
    case 'change': {
      const percent = Math.round(Number(value) * 100);
      return `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${Math.abs(percent).toLocaleString('en-US')} %`;
    }
  }
}

/** `about $12.30 a month`; empty where no amount is known. */
export function monthlyText(usd: string | null): string {
  return usd === null ? '' : `about ${displayUsd(usd)} a month`;
}

export function signedUsd(usd: string): string {
  return describeChange(parseUsdRounded(usd));
}

/** `16 Nov` of an ISO date; with the year where it is asked for. */
export function dayText(date: string, withYear = false): string {
  const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  const day = `${Number(date.slice(8, 10))} ${months[Number(date.slice(5, 7)) - 1] ?? ''}`;
  return withYear ? `${day} ${date.slice(0, 4)}` : day;
}

/** The window of a review for its title: from its first to its last day. */
export function spanText({ from, to }: { from: string; to: string }): string {
  const last = new Date(Date.parse(to) - 1).toISOString();
  const sameYear = from.slice(0, 4) === last.slice(0, 4);
  return `${dayText(from, !sameYear)} to ${dayText(last, true)}`;
}
