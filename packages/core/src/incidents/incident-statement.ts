import type { Picodollars } from '../money.js';
import { describeChange, describeSize, suggestionFor } from './describe-incident.js';
import type { Followed } from './followed-incident.js';
import {
  addExcess,
  excessOfRun,
  excessSince,
  settled,
  sizeOf,
  type Excess,
} from './incident-size.js';
import { subjectText } from './incident-words.js';
import type { Incident, IncidentSize } from './incident.js';
import { belowLeastPage, describeBelowLeastPage } from './least-page.js';
import { likelyChange } from './likely-change.js';
import { isAboutCost } from './severity.js';
import { runText, runTitle } from './signal.js';
import { addSums, type SpendRecord } from './spend-record.js';

/** What a group has spent; null where it is no longer known. */
export type RecordOf = (key: string) => SpendRecord | null;

/**
 * Brings figures and sentences up to date, and makes it a page where it costs enough for one.
 *
 * @param leastPage what is to page is a record until it costs as much above normal
 * @param now milliseconds since 1970
 */
export function refresh(
  known: Followed,
  recordOf: RecordOf,
  leastPage: Picodollars,
  now: number,
): void {
  const { incident } = known;
  const records = known.members.flatMap(({ key, since }) => {
    const record = recordOf(key);
    return record === null ? [] : [{ record, since: Math.max(since, known.since) }];
  });
  const excess = excessOf(incident, records, now);
  weigh(known, excess, leastPage);
  if (isAboutCost(incident.cause) && records.length > 0) {
    incident.calls = records.map(({ record, since }) => record.since(since)).reduce(addSums).calls;
    incident.change ??= records.length > 1 ? null : likelyChange(records[0]!.record, known.since);
  }
  if (incident.run !== null) {
    const run = records[0]?.record.run(incident.run);
    if (run !== undefined && run !== null) {
      incident.calls = run.calls;
      known.said.title = runTitle(incident.run, run);
      known.said.text = runText(incident.run, run, known.since, now, known.said.why);
    }
  }
  incident.size = sizeNow(incident, excess);
  incident.examples = known.dearest.map(({ id }) => id);
  takeWords(known, now);
}

/** What is to page does so once it costs enough, and stays a page. */
function weigh(
  { incident, paging }: Followed,
  excess: Excess | null,
  leastPage: Picodollars,
): void {
  if (incident.state === 'resolved' || incident.severity === 'page' || paging === 'never') return;
  const before = incident.below_least_page;
  // What was known to be small is not large because its group has been forgotten since.
  if (before !== null && excess === null && paging === 'by_size') return;
  const below = paging === 'by_size' ? belowLeastPage(excess, leastPage) : null;
  incident.below_least_page = below;
  if (below === null) incident.severity = 'page';
}

/** Title, summary and suggestion, of the figures as they are. */
function takeWords({ incident, said, template, members }: Followed, now: number): void {
  const many = members.length > 1 ? ` in ${members.length} groups` : '';
  const because =
    template === null || said.cause === 'template' ? '' : ` with template version ${template}`;
  // A budget of all calls is no group of calls.
  const subject = incident.cause === 'budget_pace' ? 'Budget' : subjectText(incident.group);
  incident.title = `${subject}: ${said.title}${because}${many}`.slice(0, 200);
  incident.summary = [
    `${subject}: ${said.text}`,
    describeSize(incident, now),
    describeBelowLeastPage(incident.below_least_page),
    describeChange(incident.change, now),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
  incident.suggestion = suggestionFor(incident);
}

function excessOf(
  incident: Incident,
  records: readonly { record: SpendRecord; since: number }[],
  now: number,
): Excess | null {
  if (incident.run !== null) {
    const [first] = records;
    const run = first?.record.run(incident.run) ?? null;
    return first === undefined || run === null ? null : excessOfRun(first.record, run, now);
  }
  if (!isAboutCost(incident.cause)) return null;
  const known = records.flatMap(({ record, since }) => excessSince(record, since, now) ?? []);
  if (known.length === 0) return null;
  const sum = known.reduce(addExcess);
  return { ...sum, isWhole: sum.isWhole && known.length === records.length };
}

/** What is not known any more stays as it was; of what is over, and of a run that is forgotten, nothing more comes. */
function sizeNow({ size, state, run }: Incident, excess: Excess | null): IncidentSize | null {
  const known = excess === null ? size : sizeOf(excess);
  const isOver = state === 'resolved' || (excess === null && run !== null);
  return known !== null && isOver ? settled(known) : known;
}
