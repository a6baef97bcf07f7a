import { GroupMonitor, type Finding } from '@farthing/core';
import {
  day,
  harmlessKinds,
  historyDays,
  scoredDays,
  type Kind,
  type Stream,
} from './cost-bench.js';

const hour = 3_600_000;
/** Alerts closer to each other than this are one. */
const episodeGap = 6 * hour;
/** What an incident leaves behind is not counted as false. */
const aftermath = 2 * day;

/** When a detector paged, and what it called it. */
export interface Page {
  at: number;
  name: string;
}

export interface Outcome {
  /** Null for harmless streams; undefined where the incident was missed. */
  delay: { minutes: number; calls: number; name: string } | null | undefined;
  falseAlerts: Page[];
  /** Every single one of them, where `falseAlerts` takes those within hours of each other as one. */
  falsePages: number;
  scoredWeeks: number;
  /** Whether it paged while volume grew; null for other kinds. */
  pagedOnGrowth: boolean | null;
  /** Calls while the incident lasted: a miss may have had too few. */
  incidentCalls: number;
}

/** Runs one stream through our detectors, call by call as they would come. */
export function monitor(stream: Stream): Page[] {
  const group = new GroupMonitor();
  const pages: Page[] = [];
  for (const call of stream.calls) {
    for (const finding of group.observe(call)) {
      if (call.at >= historyDays * day) pages.push({ at: call.at, name: nameOf(finding) });
    }
  }
  return pages;
}

function nameOf(finding: Finding): string {
  switch (finding.kind) {
    case 'shift':
      return `shift of ${finding.channel}`;
    case 'creep':
      return `creep of ${finding.channel}`;
    case 'run':
      return `run by ${finding.reason}`;
    case 'template':
      return 'template';
    case 'retries':
    case 'unpriced':
    case 'unattributed':
      return finding.kind;
  }
}

/** Detection, delay and false alerts of one stream's pages. */
export function judge(stream: Stream, pages: readonly Page[]): Outcome {
  const { kind, from, to, calls } = stream;
  const isWithin = ({ at }: { at: number }): boolean => at >= from && at <= to;
  const incidentCalls = calls.filter(isWithin).length;
  if ((harmlessKinds as readonly Kind[]).includes(kind)) {
    return {
      delay: null,
      falseAlerts: episodes(pages),
      falsePages: pages.length,
      scoredWeeks: scoredDays / 7,
      pagedOnGrowth: kind === 'volume' ? pages.some(isWithin) : null,
      incidentCalls,
    };
  }
  const first = pages.find(isWithin);
  const before = pages.filter(({ at }) => at < from);
  const after = pages.filter(({ at }) => at > to + aftermath);
  const scored =
    from - historyDays * day + Math.max(0, (historyDays + scoredDays) * day - to - aftermath);
  return {
    delay:
      first === undefined
        ? undefined
        : {
            minutes: (first.at - from) / 60_000,
            calls: calls.filter(({ at }) => at >= from && at <= first.at).length,
            name: first.name,
          },
    falseAlerts: [...episodes(before), ...episodes(after)],
    falsePages: before.length + after.length,
    scoredWeeks: scored / day / 7,
    pagedOnGrowth: null,
    incidentCalls,
  };
}

function episodes(pages: readonly Page[]): Page[] {
  const starts: Page[] = [];
  let last = -Infinity;
  for (const page of pages) {
    if (page.at - last > episodeGap) starts.push(page);
    last = page.at;
  }
  return starts;
}
