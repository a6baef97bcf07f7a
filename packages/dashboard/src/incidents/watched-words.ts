import type { AlertOverview, AlertRuleView, SinkStatus } from '@farthing/core';
import type { Tone } from '../controls/badge.js';
import { plural } from '../figures/counts.js';

/** What is watched, in sentences. */

const isOn = ({ mode }: AlertRuleView) => mode !== 'off';
export const rulesInForce = (rules: readonly AlertRuleView[]): AlertRuleView[] =>
  rules.filter(isOn);

/** `42 groups of calls are watched by 14 detectors and 2 rules. Pages go to ops-slack.` */
export function watchedSentence(overview: AlertOverview): string {
  const { groups, detectors, rules, sinks, state } = overview;
  if (state === 'stopped') return 'Nothing is watched: the engine of alerts has stopped.';
  const [seeing, ruling] = [rulesInForce(detectors).length, rulesInForce(rules).length];
  const by = [plural(seeing, 'detector'), ...(ruling === 0 ? [] : [plural(ruling, 'rule')])];
  const watched =
    groups === 0
      ? `${by.join(' and ')} wait for the first calls.`
      : `${plural(groups, 'feature or agent', 'features and agents')} ${groups === 1 ? 'is' : 'are'} watched by ${by.join(' and ')}.`;
  const told =
    sinks.length === 0
      ? 'Nobody is told outside of this page: there is no sink yet.'
      : `Pages go to ${sinks.map(({ name }) => name).join(', ')}.`;
  return `${watched} ${told}`;
}

/** What keeps the watch from being as it should; empty while it is. */
export function watchProblems({ state, progress, behind, problem }: AlertOverview): string[] {
  return [
    ...(state === 'learning'
      ? [
          `The past is being read, ${Math.floor(progress * 100)}% so far: what is new is looked at after that.`,
        ]
      : []),
    ...(state === 'watching' && behind > 1_000
      ? [`${plural(behind, 'booked call')} are still to be looked at.`]
      : []),
    ...(problem === null ? [] : [`Incidents cannot be kept on disk: ${problem}`]),
  ];
}

const sinkStates: Record<SinkStatus['state'], { text: string; tone: Tone }> = {
  running: { text: 'Ready', tone: 'good' },
  waiting: { text: 'Tries again', tone: 'warn' },
  refused: { text: 'Refused', tone: 'bad' },
  stopped: { text: 'Stopped', tone: 'bad' },
};
export const sinkState = (state: SinkStatus['state']) => sinkStates[state];

const modes: Record<AlertRuleView['mode'], { text: string; tone: Tone; title: string }> = {
  page: { text: 'Page', tone: 'good', title: 'Sinks are told' },
  record: { text: 'Record', tone: 'calm', title: 'Written down and shown here' },
  off: { text: 'Off', tone: 'calm', title: 'Not watched' },
};
export const modeWords = (mode: AlertRuleView['mode']) => modes[mode];

/** Thresholds as `factor 3, window 7d`; whom it is for stands in the rule's text. */
export const termsText = (terms: Readonly<Record<string, unknown>>): string =>
  Object.entries(terms)
    .filter(([name, value]) => name !== 'by' && value !== null && value !== undefined)
    .map(
      ([name, value]) =>
        `${name.replaceAll('_', ' ')} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    )
    .join(', ');
