import { buildExplain } from '../../explain/explain-report.js';
import type { Step } from '../../explain/steps.js';
import { parseUsd } from '../../money.js';
import type { Query, QueryRow, Window } from '../../report/query.js';
import { displayUsd } from '../../whatif/display-usd.js';
import { monthlyUsd } from '../monthly-usd.js';
import type { ReviewAction, ReviewChart, ReviewScope, SectionAnswer } from '../section.js';

const day = 86_400_000;
const mostCauses = 5;

/** Spend against the window before, day by day, and why it changed. */
export async function spendSection(scope: ReviewScope): Promise<SectionAnswer> {
  const { books, window, previous, filters } = scope;
  const daily = async (span: Window) => {
    const query: Query = { measures: ['cost'], bucket: 'day', window: span, filters, limit: 1_000 };
    return (await books.query(query)).rows;
  };
  const [explained, now, before] = await Promise.all([
    buildExplain((query) => books.query(query), {
      window,
      by: 'feature',
      filters,
      limit: mostCauses,
    }),
    daily(window),
    daily(previous),
  ]);
  const { causes, before_usd: was, after_usd: is } = explained;
  const actions = causes.flatMap((cause): ReviewAction[] => {
    // What has no date drifts with the traffic, and what is over needs no work this week.
    const lasts = cause.onset !== null && cause.onset.until === null;
    if (parseUsd(cause.amount_usd) <= 0n || !lasts) return [];
    return [
      {
        title: 'Look at what made spend grow',
        sentence: `${capital(cause.summary)}.`,
        monthly_usd: monthlyUsd(cause.amount_usd, scope),
        command: 'farthing explain',
        section: 'spend',
      },
    ];
  });
  return {
    section: {
      id: 'spend',
      title: 'Spend',
      summary: explained.summary,
      charts: [
        ...dayChart(window, previous, now, before),
        ...(explained.steps.length < 2 ? [] : [waterfall(explained.steps)]),
      ],
      table: {
        columns: [
          { key: 'cause', title: 'Why', kind: 'text' },
          { key: 'usd', title: 'Change', kind: 'usd' },
          { key: 'share', title: 'Of the change', kind: 'share' },
        ],
        rows: [
          ...causes.map(({ summary, amount_usd: usd, share }) => ({
            cause: capital(summary),
            usd,
            share,
          })),
          ...(explained.other_causes.count === 0
            ? []
            : [
                {
                  cause: `${explained.other_causes.count} smaller ones`,
                  usd: explained.other_causes.amount_usd,
                  share: null,
                },
              ]),
        ],
      },
      points: [
        {
          text: `${displayUsd(is)} after ${displayUsd(was)} in the window before.`,
          command: 'farthing explain',
        },
      ],
    },
    actions: actions.slice(0, 1),
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Days begin at UTC midnight; those that the windows cut are parts of days. */
function dayChart(
  window: Window,
  previous: Window,
  now: readonly QueryRow[],
  before: readonly QueryRow[],
): ReviewChart[] {
  const days = daysOf(window);
  if (days.length < 2 || days.length > 40) return [];
  const values = (rows: readonly QueryRow[], dates: readonly string[]) => {
    const byDay = new Map(rows.map((row) => [String(row['bucket']).slice(0, 10), row['cost']]));
    return dates.map((date) => {
      const usd = byDay.get(date);
      return usd == null ? null : String(usd);
    });
  };
  return [
    {
      kind: 'days',
      days,
      series: [
        { name: 'before', values: values(before, daysOf(previous).slice(-days.length)) },
        { name: 'now', values: values(now, days) },
      ],
    },
  ];
}

function waterfall(steps: readonly Step[]): ReviewChart {
  return {
    kind: 'waterfall',
    steps: steps.map(({ label, from_usd, to_usd }) => ({ label, from_usd, to_usd })),
  };
}

function daysOf({ from, to }: Window): string[] {
  const first = Math.floor(Date.parse(from) / day);
  const last = Math.ceil(Date.parse(to) / day);
  return Array.from({ length: Math.max(0, Math.min(last - first, 400)) }, (_, index) =>
    new Date((first + index) * day).toISOString().slice(0, 10),
  );
}
