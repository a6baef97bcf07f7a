import type {
  CostOutlier,
  Finding,
  RuleFinding,
  RunReason,
  ShiftChannel,
  Silence,
  VolumeChange,
} from '../detect/index.js';
import { describeMoney } from '../explain/describe-money.js';
import { parseUsdRounded } from '../money.js';
import type { AlertMode } from './alert-desk.js';
import type { IncidentCause } from './incident.js';
import { countText, percentText, timesText, timeText } from './incident-words.js';
import type { RunSum } from './run-sum.js';
import type { SpendRecord } from './spend-record.js';
import type { WatchedCall } from './watched-call.js';

/** Something that was found in a group, in words and figures. */
export interface Signal {
  cause: IncidentCause;
  mode: AlertMode;
  /** Name of the rule, where the cause is one. */
  rule: string | null;
  run: string | null;
  /** The version of a template, where it is the cause. */
  template: string | null;
  /** Milliseconds since 1970. */
  at: number;
  since: number;
  factor: number | null;
  calls: number;
  /** Goes on behind the group's name: "output per call is 2.1 times what it was". */
  title: string;
  /** A sentence with figures. */
  text: string;
  /** Of a run: why it was found, which stays true however it goes on. */
  why?: string;
  /** It is beyond what somebody has set: that is worth a word whatever it costs. */
  isConfigured?: boolean;
}

/** What is the same of signals of one kind: how they are told is not theirs to say. */
type Told = Omit<Signal, 'mode'>;

const channels = {
  cost: { cause: 'cost', what: 'cost per call' },
  input: { cause: 'input', what: 'input per call' },
  output: { cause: 'output', what: 'output per call' },
  unit_price: { cause: 'unit_price', what: 'the price per token' },
  uncached_share: { cause: 'cache', what: 'the share of input that no cache had' },
  cost_per_estimate: { cause: 'estimate', what: 'cost compared with its estimate' },
} as const;

/** What a group's detectors found, told with what its calls took before and since. */
export function signalOfFinding(finding: Finding, record: SpendRecord): Told {
  const { at, since, factor, calls, usual, now } = finding;
  const base = { at, since, factor, calls, rule: null, run: null, template: null };
  const when = `since ${timeText(since, at)}`;
  const times = factor === null ? 'above' : timesText(factor);
  switch (finding.kind) {
    case 'shift': {
      const { cause, what } = channels[finding.channel];
      const title = `${what} is ${times} what it was`;
      const sizes = usual === null ? '' : sizesText(finding.channel, usual, now);
      return { ...base, cause, title, text: `${upper(title)}${sizes} ${when}.` };
    }
    case 'creep': {
      const { what } = channels[finding.channel];
      const title = `${what} has grown slowly, to ${times} what it was`;
      const sizes = usual === null ? '' : sizesText(finding.channel, usual, now);
      const text = `${upper(title)} some days before${sizes}; no single day stands out.`;
      return { ...base, cause: 'creep', title, text };
    }
    case 'retries':
    case 'unpriced':
    case 'unattributed': {
      const what = {
        retries: 'repeat a failed attempt',
        unpriced: 'have no known price',
        unattributed: 'name no feature',
      }[finding.kind];
      const title = `${percentText(now)} of calls ${what}`;
      const before = usual === null ? '' : `, where ${percentText(usual)} are usual`;
      return { ...base, cause: finding.kind, title, text: `${title} ${when}${before}.` };
    }
    case 'template': {
      const { template } = finding;
      const title = `template version ${template} costs ${times} as much per call`;
      const text = `${upper(title)} as those before it; it began at ${timeText(since, at)}.`;
      return { ...base, cause: 'template', template, title, text };
    }
    case 'run': {
      const { run, reason, limit, configured } = finding;
      const taken = { calls, cost: record.run(run)?.cost ?? 0n };
      const why = configured ? runLimitText(reason, limit) : unlikeOthersText(reason, limit);
      const title = runTitle(run, taken);
      const text = runText(run, taken, since, at, why);
      const told = { title, text, why, isConfigured: configured };
      return { ...base, ...told, cause: 'run', run, factor: null };
    }
  }
}

/** What runs of a group never do by themselves. */
function unlikeOthersText(reason: RunReason, limit: number): string {
  switch (reason) {
    case 'cost':
      return `More than ${usdOf(limit)} is more than a run of it ever needs.`;
    case 'calls':
      return `More than ${countText(limit)} calls are more than a run of it ever makes.`;
    case 'repeats':
      return 'It says the same again and again.';
    case 'velocity':
      return `It spends faster than ${usdOf(limit)} a minute.`;
    case 'depth':
      return `It stands within more than ${countText(limit)} other runs.`;
  }
}

/** The limit of the configuration, by the name that it has there. */
function runLimitText(reason: RunReason, limit: number): string {
  const [name, amount] = {
    cost: ['cost_usd', usdOf(limit)],
    calls: ['calls', countOf(limit, 'call')],
    repeats: ['repeats', countOf(limit, 'repetition')],
    velocity: ['usd_per_minute', `${usdOf(limit)} a minute`],
    depth: ['depth', `${countOf(limit, 'level')} deep`],
  }[reason];
  return `That is beyond the limit of ${amount} that is configured for it (run_guard, limits.${name}).`;
}

const countOf = (count: number, noun: string): string =>
  `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;

/** What a run has taken by now. */
export function runTitle(run: string, { calls, cost }: Pick<RunSum, 'calls' | 'cost'>): string {
  return `run ${run} runs away: ${countText(calls)} calls for ${describeMoney(cost)}`;
}

/** The same as a sentence, and why it was found; times are milliseconds since 1970. */
export function runText(
  run: string,
  { calls, cost }: Pick<RunSum, 'calls' | 'cost'>,
  since: number,
  now: number,
  why: string,
): string {
  const taken = `${countText(calls)} calls for ${describeMoney(cost)}`;
  return `Run ${run} has made ${taken} since ${timeText(since, now)}. ${why}`.trimEnd();
}

export function signalOfRule(finding: RuleFinding, call: WatchedCall | null): Told {
  const { rule, metric, value, limit, usual, factor, at, since, calls } = finding;
  const amount = (number: number) =>
    metric === 'cost' ? usdOf(number) : Number(number.toPrecision(4)).toLocaleString('en-US');
  const what = {
    cost: 'cost',
    input_tokens: 'input tokens',
    output_tokens: 'output tokens',
    output_per_input: 'output per input token',
  }[metric];
  const title = `rule ${rule}: ${what} ${amount(value)}, beyond ${amount(limit)}`;
  const compared = usual === null ? '' : ` Usual is ${amount(usual)}.`;
  const which = call === null ? '' : ` Call ${call.id} made it sure.`;
  const text = `Rule ${rule}: ${what} of ${amount(value)} is beyond ${amount(limit)}.${compared}${which}`;
  const base = { run: null, template: null };
  return { ...base, cause: 'rule', rule, at, since, factor, calls, title, text };
}

export function signalOfOutlier(outlier: CostOutlier, call: WatchedCall): Told {
  const { at, factor, median } = outlier;
  const cost = describeMoney(call.cost ?? 0n);
  const title = `a call cost ${cost}, ${timesText(factor)} the median`;
  const text = `Call ${call.id} cost ${cost} at ${timeText(at, at)}; the median is ${usdOf(median)}. One call is recorded and tells nobody.`;
  const base = { rule: null, run: null, template: null };
  return { ...base, cause: 'outlier', at, since: at, factor, calls: 1, title, text };
}

export function signalOfVolume(change: VolumeChange, at: number): Told {
  const { factor, calls, expected, since } = change;
  const title =
    factor > 1
      ? `${timesText(factor)} as many calls as usual`
      : `only ${percentText(factor)} of its usual calls`;
  const text = `${countText(calls)} calls since ${timeText(since, at)}, where ${countText(expected)} are usual at these hours. More calls alone are no fault.`;
  const base = { rule: null, run: null, template: null };
  return { ...base, cause: 'volume', at, since, factor, calls, title, text };
}

export function signalOfSilence(silence: Silence, at: number): Told {
  const { since, expected } = silence;
  const title = 'has stopped calling';
  const text = `No call since ${timeText(since, at)}; usually there would have been ${countText(expected)}.`;
  const base = { rule: null, run: null, template: null, factor: null };
  return { ...base, cause: 'silence', at, since, calls: 0, title, text };
}

/** ` (412 → 865 tokens)`: what is usual and what is now. */
function sizesText(channel: ShiftChannel, usual: number, now: number): string {
  switch (channel) {
    case 'input':
    case 'output':
      return ` (${countText(usual)} → ${countText(now)} tokens)`;
    case 'cost':
      return ` (${usdOf(usual)} → ${usdOf(now)})`;
    case 'unit_price':
      return ` (${usdOf(usual * 1e6)} → ${usdOf(now * 1e6)} per million)`;
    case 'uncached_share':
      return ` (${percentText(usual)} → ${percentText(now)})`;
    case 'cost_per_estimate':
      return ` (${percentText(usual)} → ${percentText(now)} of it)`;
  }
}

const usdOf = (usd: number): string => describeMoney(parseUsdRounded(decimal(usd)));
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A detector's figure, which is a float, as far as a sentence needs it. */
function decimal(usd: number): string {
  return Math.max(0, usd).toFixed(9);
}
