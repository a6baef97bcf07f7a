import { traffic } from '../ledger/traffic.js';

/** One question as it is asked: an answer by its name, and its parameters as a URL has them. */
export interface Question {
  answer: string;
  /** What it is called in the table, where one answer is asked in several ways. */
  name?: string;
  parameters: Readonly<Record<string, string | readonly string[]>>;
}

/** The whole time that the store covers: the hardest window there is. */
const month = { since: '30d' };

/** How answers are asked; one that is not named here is asked about the whole month as it stands. */
export const questions: readonly Question[] = [
  { answer: 'report', name: 'report by feature', parameters: { ...month, by: 'feature' } },
  {
    answer: 'report',
    name: 'report by feature and model, beside the window before',
    parameters: { since: '15d', by: 'feature,model', compare: 'previous' },
  },
  {
    answer: 'report',
    name: 'report by user, top 20, all others as one',
    parameters: { ...month, by: 'user', top: '20' },
  },
  {
    answer: 'report',
    name: 'report by feature: P50, P90, P95, P99',
    parameters: { ...month, by: 'feature', measures: 'cost,cost_p50,cost_p90,cost_p95,cost_p99' },
  },
  {
    answer: 'report',
    name: 'report by day, all measures of tokens and cost',
    parameters: {
      ...month,
      by: '',
      bucket: 'day',
      measures: 'cost,calls,cost_input,cost_output,cost_cache_read,tokens_input,tokens_output',
    },
  },
  {
    answer: 'report',
    name: 'report by hour of the day',
    parameters: { ...month, by: 'hour_of_day' },
  },
  {
    answer: 'report',
    name: 'report: ratios by template version',
    parameters: {
      ...month,
      by: 'feature,template_version',
      measures: 'output_input_ratio,cache_hit_ratio,error_rate,cost_per_1k_calls',
    },
  },
  { answer: 'runs', parameters: { ...month, by: 'feature' } },
  {
    answer: 'run',
    name: 'run of 10,000 calls',
    parameters: { id: traffic.largestRun },
  },
  {
    answer: 'run',
    name: 'run of 10,000 calls beside another',
    parameters: { id: traffic.largestRun, against: `${traffic.largestRun}-1` },
  },
  { answer: 'session', parameters: { ...month, by: 'segment' } },
  { answer: 'explain', parameters: { since: '15d' } },
  { answer: 'templates', parameters: month },
  { answer: 'outliers', parameters: month },
  { answer: 'cache', parameters: month },
  { answer: 'whatif', parameters: { ...month, model: 'gpt-4o-mini' } },
  { answer: 'substitutions', parameters: month },
  { answer: 'batchable', parameters: month },
  { answer: 'review', parameters: {} },
  { answer: 'margin', parameters: month },
  { answer: 'statements', parameters: { month: '2026-03' } },
  { answer: 'forecast', parameters: {} },
  { answer: 'drift', parameters: month },
  { answer: 'audit', parameters: month },
];
