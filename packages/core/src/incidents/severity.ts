import type { AlertMode } from './alert-desk.js';
import type { IncidentCause } from './incident.js';

/** How each cause is told where nothing is configured: what lasts and costs money pages. */
export const usualModes: Readonly<Record<Exclude<IncidentCause, 'rule'>, AlertMode>> = {
  cost: 'page',
  input: 'page',
  output: 'page',
  unit_price: 'page',
  cache: 'page',
  retries: 'page',
  template: 'page',
  creep: 'page',
  run: 'page',
  budget_pace: 'page',
  estimate: 'record',
  unpriced: 'record',
  unattributed: 'record',
  outlier: 'record',
  volume: 'record',
  silence: 'record',
};

/** What each cause says, for people who choose how it is told. */
export const causeTexts: Readonly<Record<Exclude<IncidentCause, 'rule'>, string>> = {
  cost: 'Cost per call has moved up and stays there',
  input: 'Input per call has moved up and stays there',
  output: 'Output per call has moved up and stays there',
  unit_price: 'The price per token has moved up: another model, or another price',
  cache: 'Less of the input comes from a cache',
  estimate: 'Calls cost more, compared with their estimates, than they used to',
  retries: 'Calls that repeat a failed attempt have become frequent',
  unpriced: 'Calls without a known price have become frequent',
  unattributed: 'Calls without a feature have become frequent',
  template: 'A new template version costs more per call',
  creep: 'Cost, input or output per call grows slowly over days',
  outlier: 'A single call costs far more than others of its kind',
  run: 'A run runs away: by cost, calls or repetition',
  volume: 'Many more or fewer calls than usual at these hours',
  silence: 'A group that used to call has stopped',
  budget_pace: 'A budget will be spent long before its window ends',
};

/** Of causes that come together the one that says most is the incident's: the first of these. */
const byDetail: readonly IncidentCause[] = [
  'run',
  'unit_price',
  'template',
  'cache',
  'retries',
  'output',
  'input',
  'cost',
  'creep',
  'estimate',
];

export function isMoreDetailed(cause: IncidentCause, than: IncidentCause): boolean {
  const place = (each: IncidentCause) => {
    const index = byDetail.indexOf(each);
    return index < 0 ? byDetail.length : index;
  };
  return place(cause) < place(than);
}

/** Causes that are one thing where they are of one group: what its calls cost. */
export function isAboutCost(cause: IncidentCause): boolean {
  return cause !== 'run' && byDetail.includes(cause);
}
