import type { AnswerBooks } from '../answer/answer-books.js';
import type { CacheBooks } from '../cache/cache-report.js';
import type { BudgetToForecast } from '../forecast/budget-outlook.js';
import type { PriceBook } from '../pricing/price-book.js';
import type { Filter, Window } from '../report/query.js';

/** How the values of a column are written: decimal strings of USD, whole numbers, 0.38 as 38 % or +38 %. */
export type CellKind = 'text' | 'usd' | 'count' | 'share' | 'change';

export interface ReviewTable {
  columns: { key: string; title: string; kind: CellKind }[];
  rows: Record<string, string | number | null>[];
}

/** A picture of a section. Amounts are decimal strings of USD; null where there is none. */
export type ReviewChart =
  | {
      kind: 'days';
      /** One value for each day, the earlier series behind. */
      series: { name: string; values: (string | null)[] }[];
      /** ISO dates of the later series. */
      days: string[];
    }
  | { kind: 'bars'; bars: { label: string; usd: string }[] }
  | { kind: 'waterfall'; steps: { label: string; from_usd: string; to_usd: string }[] };

export interface ReviewPoint {
  text: string;
  /** The command that looks closer. */
  command?: string;
}

/** One part of the page. */
export interface ReviewSection {
  /** `spend`, `features`, …: fixed names. */
  id: string;
  title: string;
  /** What it says, in a sentence or two. */
  summary: string;
  charts?: ReviewChart[];
  table?: ReviewTable;
  points?: ReviewPoint[];
}

/** Something to do, and what it is worth. */
export interface ReviewAction {
  title: string;
  sentence: string;
  /** In 30 days at the pace of the window; null where no amount can be given. */
  monthly_usd: string | null;
  command: string;
  /** The section that it comes from. */
  section: string;
}

/** What the review is made from. */
export interface ReviewSources {
  books: AnswerBooks & CacheBooks;
  prices: PriceBook;
  /** Budgets with their accounts; empty where there are none. */
  budgets: readonly BudgetToForecast[];
}

export interface ReviewScope extends ReviewSources {
  window: Window;
  previous: Window;
  filters: Filter[];
  /** ISO 8601. */
  now: string;
}

export interface SectionAnswer {
  section: ReviewSection;
  actions?: ReviewAction[];
}

/** Makes one section, or null where there is nothing to say. */
export type SectionBuilder = (scope: ReviewScope) => Promise<SectionAnswer | null>;
