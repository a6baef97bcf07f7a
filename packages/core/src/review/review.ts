import { buildFrame, type AnswerFrame } from '../answer/frame.js';
import { previousWindow } from '../report/previous-window.js';
import type { Filter, Window } from '../report/query.js';
import { displayUsd } from '../whatif/display-usd.js';
import type {
  ReviewAction,
  ReviewSection,
  ReviewScope,
  ReviewSources,
  SectionAnswer,
  SectionBuilder,
} from './section.js';
import { batchableSection } from './sections/batchable.js';
import { budgetsSection } from './sections/budgets.js';
import { cacheSection } from './sections/cache.js';
import { driftSection } from './sections/drift.js';
import { featuresSection } from './sections/features.js';
import { forecastSection } from './sections/forecast.js';
import { gapsSection } from './sections/gaps.js';
import { outliersSection } from './sections/outliers.js';
import { promptsSection } from './sections/prompts.js';
import { spendSection } from './sections/spend.js';
import { substitutionsSection } from './sections/substitutions.js';
import { templatesSection } from './sections/templates.js';

export interface ReviewRequest {
  window: Window;
  filters?: Filter[];
  /** ISO 8601. */
  now: string;
}

/** The review of a week (or of another window) on one page. */
export interface Review {
  frame: AnswerFrame;
  /** What was spent and why that changed, in one sentence. */
  summary: string;
  window: Window;
  /** What it is compared with. */
  previous: Window;
  /** Those with something to say, in the order of the page. */
  sections: ReviewSection[];
  /** Things to do, what is worth most first; the page shows three. They do not add up: some undo others. */
  actions: ReviewAction[];
}

/** The page, in its order. A section with nothing to say is not there. */
const sections: readonly (readonly [name: string, build: SectionBuilder])[] = [
  ['spend', spendSection],
  ['features', featuresSection],
  ['drift', driftSection],
  ['templates', templatesSection],
  ['outliers', outliersSection],
  ['cache', cacheSection],
  ['substitutions', substitutionsSection],
  ['prompts', promptsSection],
  ['batchable', batchableSection],
  ['budgets', budgetsSection],
  ['forecast', forecastSection],
  ['gaps', gapsSection],
];

/** The page shows so many things to do. */
export const shownActions = 3;

/**
 * The weekly cost review (R31): what was spent against the window before and why, what stands out, and what
 * to do about it, ranked by money. Composed of the other answers; one that fails is named in the notes and
 * left out, since the rest is no less true.
 */
export async function buildReview(sources: ReviewSources, request: ReviewRequest): Promise<Review> {
  const { window, filters = [], now } = request;
  const previous = previousWindow(window);
  const scope: ReviewScope = { ...sources, window, previous, filters, now };
  const frame = await buildFrame(sources.books, {
    window,
    filters,
    now,
    estimated: ['Savings are of the window, at its prices; a month is 30 days at its pace.'],
  });
  if (frame.calls === 0) {
    return { frame, summary: frame.notes.join(' '), window, previous, sections: [], actions: [] };
  }
  const answers: SectionAnswer[] = [];
  // One after the other: together they would hold the store for as long, and others would wait.
  for (const [name, build] of sections) {
    try {
      const answer = await build(scope);
      if (answer !== null) answers.push(answer);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      frame.notes.push(`The section "${name}" could not be made: ${reason}`);
    }
  }
  const actions = answers
    .flatMap((answer) => answer.actions ?? [])
    .filter(({ monthly_usd: usd }) => usd === null || Number(usd) > 0)
    .toSorted((a, b) => Number(b.monthly_usd ?? 0) - Number(a.monthly_usd ?? 0));
  const spend = answers.find(({ section }) => section.id === 'spend')?.section.summary;
  return {
    frame,
    summary: spend ?? spentSentence(frame),
    window,
    previous,
    sections: answers.map(({ section }) => ({
      ...section,
      ...(section.points === undefined
        ? {}
        : { points: section.points.map((point) => ofWindow(point, scope)) }),
    })),
    actions: actions.map((action) => ofWindow(action, scope)),
  };
}

/** Commands about a window; others are about now. */
const windowed = /^farthing (?:explain|drift|templates|outliers|cache|whatif|audit|untagged) /;

/** A command looks at the window of the review. */
function ofWindow<Item extends { command?: string }>(
  item: Item,
  { window, now }: ReviewScope,
): Item {
  const command = item.command === undefined ? undefined : `${item.command} `;
  if (command === undefined || !windowed.test(command)) return item;
  const days = (Date.parse(window.to) - Date.parse(window.from)) / 86_400_000;
  const isNow = Math.abs(Date.parse(window.to) - Date.parse(now)) < 60_000;
  const flags =
    isNow && Number.isInteger(days)
      ? `--since ${days}d`
      : `--since ${minute(window.from)} --until ${minute(window.to)}`;
  return { ...item, command: `${command}${flags}` };
}

function minute(time: string): string {
  return `${time.slice(0, 16)}Z`;
}

function spentSentence({ calls, cost_usd: usd }: AnswerFrame): string {
  const cost = usd === null ? 'an unknown amount' : displayUsd(usd);
  return `${calls.toLocaleString('en-US')} calls cost ${cost}.`;
}
