import { GroupMonitor, SilenceDetector, VolumeDetector, type ObservedCall } from '@farthing/core';
import { Draw } from '../draw.js';
import { callsOfClient, servegenStart, type Client } from './servegen.js';

const hour = 3_600_000;
const day = 24 * hour;
/** Before, detectors learn. */
const historyDays = 7;
/** What comes again within a day is the same incident, reopened; within six hours the same episode. */
const incidentGap = day;
const episodeGap = 6 * hour;
const injected = 12 * hour;

/** What a client's calls raise after the first week. */
export interface Watched {
  client: string;
  calls: number;
  /** What paging detectors said, call by call. */
  pages: { at: number; name: string }[];
  episodes: number;
  incidents: number;
  /** Information. */
  volumeChanges: number;
  silences: number;
  /** Of the twelve hours in which output was doubled; null where nothing told it. */
  doubled: { calls: number; minutes: number; name: string } | null;
}

export function watchClient(client: Client, seed: number): Watched {
  const natural = callsOfClient(client, seed);
  const pages = pagesOf(natural);
  const from = servegenStart + new Draw(seed).uniform(8, 11) * day;
  const isIn = (at: number) => at >= from && at < from + injected;
  const changed = callsOfClient(client, seed, (at) => (isIn(at) ? 2 : 1));
  // One that was on its way already, or is raised without the change as well, tells nothing of it.
  const usual = new Set(pages.map(({ at, name }) => `${at} ${name}`));
  const first = pagesOf(changed).find(({ at, name }) => isIn(at) && !usual.has(`${at} ${name}`));
  return {
    client: client.name,
    calls: natural.length,
    pages,
    episodes: groupsOf(pages, episodeGap),
    incidents: groupsOf(pages, incidentGap),
    ...informationOf(natural),
    doubled:
      first === undefined
        ? null
        : {
            calls: changed.filter(({ at }) => at >= from && at <= first.at).length,
            minutes: (first.at - from) / 60_000,
            name: first.name,
          },
  };
}

function pagesOf(calls: readonly ObservedCall[]): Watched['pages'] {
  const group = new GroupMonitor();
  const judgedFrom = servegenStart + historyDays * day;
  return calls.flatMap((call) =>
    group.observe(call, call.at >= judgedFrom).map((found) => ({
      at: found.at,
      name: 'channel' in found ? `${found.kind} of ${found.channel}` : found.kind,
    })),
  );
}

/** Pages nearer to each other than `gap` are one. */
function groupsOf(pages: Watched['pages'], gap: number): number {
  let groups = 0;
  let last = -Infinity;
  for (const { at } of pages) {
    if (at - last > gap) groups += 1;
    last = at;
  }
  return groups;
}

/** Of the whole fortnight, time passing minute by minute. */
function informationOf(calls: readonly ObservedCall[]): {
  volumeChanges: number;
  silences: number;
} {
  const volume = new VolumeDetector();
  const silence = new SilenceDetector();
  let volumeChanges = 0;
  let silences = 0;
  let next = 0;
  for (let now = servegenStart; now < servegenStart + 14 * day; now += hour / 60) {
    for (; next < calls.length && calls[next]!.at <= now; next++) {
      const { at } = calls[next]!;
      if (volume.observe(at) !== null) volumeChanges += 1;
      silence.observe(at);
    }
    if (volume.tick(now) !== null) volumeChanges += 1;
    if (silence.tick(now) !== null) silences += 1;
  }
  return { volumeChanges, silences };
}
