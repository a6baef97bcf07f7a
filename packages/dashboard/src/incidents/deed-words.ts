import type { Incident } from '@farthing/core';
import type { Deed } from '../api/incidents-contract.js';
import { groupName } from './incident-words.js';

/** What holding back means, before it is done and while it holds. */

export const deedSpans = [
  { value: '15m', label: '15 minutes', minutes: 15 },
  { value: '1h', label: '1 hour', minutes: 60 },
  { value: '4h', label: '4 hours', minutes: 240 },
  { value: '1d', label: '1 day', minutes: 1_440 },
] as const;

/**
 * What can be done about an incident; a run is stopped rather than its whole feature. What belongs to nobody
 * cannot be told from other calls, so nothing else holds it back.
 */
export const deedsFor = ({ run, group }: Pick<Incident, 'run' | 'group'>): Deed[] => [
  ...(run === null ? [] : (['stop_run'] as const)),
  ...(Object.keys(group).length === 0 ? [] : (['throttle', 'degrade', 'break'] as const)),
];

const effects: Record<Deed, string> = {
  throttle: 'one call in four passes, the others are refused',
  degrade: 'calls take the next cheaper model',
  break: 'every call is refused',
  stop_run: 'every further call of the run is refused',
};
export const deedEffect = (deed: Deed): string => effects[deed];

/** What will happen to whom, in sentences. */
export function consequence(deed: Deed, { group, run }: Pick<Incident, 'group' | 'run'>): string {
  const whose = `the calls of ${groupName(group)}`;
  switch (deed) {
    case 'throttle':
      return `Of ${whose}, one in four passes. The others are refused with HTTP 429 and the reason; they cost nothing.`;
    case 'degrade':
      return `Gateways send ${whose} to the next cheaper model that farthing.yaml names. Answers may be worse; none is refused.`;
    case 'break':
      return `Every one of ${whose} is refused with the reason and without cost. Whoever depends on them gets no answers meanwhile.`;
    case 'stop_run':
      return `Every further call of run ${run} is refused, with a reason that an agent can read. Other runs go on.`;
  }
}
