import { CreepDetector, type CreepState } from './creep-detector.js';
import {
  channelValue,
  quantityOf,
  shiftChannels,
  type ObservedCall,
  type ShiftChannel,
} from './observed-call.js';
import { RateDetector, type RateState } from './rate-detector.js';
import { RunGuard, type RunAlarm, type RunCeilings, type RunGuardState } from './run-guard.js';
import { ShiftDetector, type ShiftScale, type ShiftState, type Usual } from './shift-detector.js';
import { TemplateSwitch, type SwitchState } from './template-switch.js';

/** Kinds of calls whose growing share is told. */
export const watchedRates = ['retries', 'unpriced', 'unattributed'] as const;
export type WatchedRate = (typeof watchedRates)[number];

/** What every finding tells, whatever was watched. */
interface Told<Usual> {
  /** When the call began that made it sure, milliseconds since 1970. */
  at: number;
  /** When it began, as far as can be told; and calls since then. */
  since: number;
  calls: number;
  /**
   * What is usual and what is now: of a channel typical values (geometric means) in USD, tokens, USD per token,
   * as a share of the input, or as cost by estimate; of a rate the share of calls; of a template USD;
   * of a run see {@link RunAlarm}. Null where nothing is known to compare with.
   */
  usual: Usual;
  now: number;
  /** How many times the usual. */
  factor: Usual;
}

/** What a detector says. */
export type Finding =
  | ({ kind: 'shift' | 'creep'; channel: ShiftChannel } & Told<number>)
  | ({ kind: WatchedRate } & Told<number>)
  | ({ kind: 'template'; template: string } & Told<number>)
  | ({ kind: 'run' } & RunAlarm & Told<number | null>);

/** All that is known of a group, as plain values. */
export interface GroupState {
  day: number | null;
  late_calls: number;
  shifts: Partial<Record<ShiftChannel, ShiftState>>;
  creeps: Partial<Record<ShiftChannel, CreepState>>;
  rates: Record<WatchedRate, RateState>;
  /** Null where no call said its run, or its template. */
  runs: RunGuardState | null;
  template: SwitchState | null;
  alarmed: (ShiftChannel | WatchedRate)[];
  apart: [ShiftChannel | WatchedRate, number][];
}

const day = 86_400_000;
/** They have few values, which do not vary by the hour. */
const fewValued: ReadonlySet<ShiftChannel> = new Set(['unit_price', 'uncached_share']);
const scaleOf = (channel: ShiftChannel): ShiftScale =>
  fewValued.has(channel) ? 'few_values' : 'sizes';
const creepChannels: ReadonlySet<ShiftChannel> = new Set(['cost', 'input', 'output']);
/** What has been otherwise for so many days is what is normal now. */
const mostSetApart = 7;

/**
 * All detectors of one group of calls, e.g. of one feature.
 *
 * Calls of the current day are taken in the order in which they come, whatever their times say. A call of an
 * earlier day is late: its day has been judged, so it is counted and nothing else. A call from the future (a
 * clock that is wrong) is taken as if it were now, so that it cannot end the day for all others; and where our
 * own clock was ahead and is set back, the day goes back with it.
 */
export class GroupMonitor {
  readonly #shifts = new Map<ShiftChannel, ShiftDetector>();
  readonly #creeps = new Map<ShiftChannel, CreepDetector>();
  readonly #rates: Record<WatchedRate, RateDetector>;
  readonly #ceilings: RunCeilings;
  #runs: RunGuard | null;
  #template: TemplateSwitch | null;
  readonly #alarmed: Set<ShiftChannel | WatchedRate>;
  readonly #apart: Map<ShiftChannel | WatchedRate, number>;
  #day: number | null;
  #late: number;

  /** @param ceilings what no run of the group may go beyond; they are no part of the state. */
  constructor(state?: GroupState, ceilings: RunCeilings = {}) {
    for (const channel of shiftChannels) {
      const shift = state?.shifts[channel];
      if (shift) this.#shifts.set(channel, new ShiftDetector(scaleOf(channel), shift));
      const creep = state?.creeps[channel];
      if (creep) this.#creeps.set(channel, new CreepDetector(creep));
    }
    this.#rates = {
      retries: new RateDetector(state?.rates.retries),
      unpriced: new RateDetector(state?.rates.unpriced),
      unattributed: new RateDetector(state?.rates.unattributed),
    };
    this.#ceilings = ceilings;
    this.#runs = state?.runs ? new RunGuard(state.runs, ceilings) : null;
    this.#template = state?.template ? new TemplateSwitch(state.template) : null;
    this.#alarmed = new Set(state?.alarmed);
    this.#apart = new Map(state?.apart);
    this.#day = state?.day ?? null;
    this.#late = state?.late_calls ?? 0;
  }

  /** What a monitor that is made from it goes on with as if it had never been away. */
  toJSON(): GroupState {
    return {
      day: this.#day,
      late_calls: this.#late,
      shifts: statesOf(this.#shifts),
      creeps: statesOf(this.#creeps),
      rates: {
        retries: this.#rates.retries.toJSON(),
        unpriced: this.#rates.unpriced.toJSON(),
        unattributed: this.#rates.unattributed.toJSON(),
      },
      runs: this.#runs?.toJSON() ?? null,
      template: this.#template?.toJSON() ?? null,
      alarmed: [...this.#alarmed],
      apart: [...this.#apart],
    };
  }

  /** Calls that came after their day had been judged. */
  get lateCalls(): number {
    return this.#late;
  }

  /**
   * Adds a call.
   *
   * @param judged false for history that is read in afterwards: it is learnt from and never alarms.
   * @param now milliseconds since 1970; calls that say they began later are taken as of now.
   */
  observe(call: ObservedCall, judged = true, now = Infinity): Finding[] {
    const at = Math.min(call.at, now);
    const today = Math.floor(at / day);
    this.#day = Math.min(this.#day ?? today, Math.floor(now / day));
    if (today < this.#day) {
      this.#late += 1;
      return [];
    }
    if (today > this.#day) {
      this.#endDay();
      this.#day = today;
    }
    const found: Finding[] = [];
    if (call.run !== null) {
      const alarm = this.#observeRun(call.run, call, at, judged);
      if (alarm !== null) found.push({ kind: 'run', at, ...alarm });
      // What a run does that has been told is that run's matter, and not what the group is like.
      if (alarm?.again !== false && this.#runs?.hasAlarmed(call.run)) return found;
    }
    this.#observeRates(call, at, judged, found);
    this.#observeTemplate(call, at, judged, found);
    this.#observeSizes(call, at, judged, found);
    return found;
  }

  #observeRun(run: string, call: ObservedCall, at: number, judged: boolean): RunAlarm | null {
    const { cost, repeated, depth, billed = true } = call;
    if (!billed) return null;
    this.#runs ??= new RunGuard(undefined, this.#ceilings);
    const nested = depth === undefined ? {} : { depth };
    return this.#runs.observe({ at, run, cost, repeated, ...nested }, judged);
  }

  #observeSizes(call: ObservedCall, at: number, judged: boolean, found: Finding[]): void {
    for (const channel of shiftChannels) {
      const size = channelValue(channel, call);
      if (size === null || !Number.isFinite(size)) continue;
      let detector = this.#shifts.get(channel);
      if (detector === undefined) {
        this.#shifts.set(channel, (detector = new ShiftDetector(scaleOf(channel))));
      }
      const shift = detector.observe(size, at, judged);
      const { usual } = detector;
      if (usual === null) continue;
      if (creepChannels.has(channel)) {
        this.#observeCreep(channel, detector.withoutRhythm(size, at), usual, at, judged, found);
      }
      if (shift === null) continue;
      this.#alarmed.add(channel);
      const now = quantityOf(channel, usual.mean + Math.log(shift.factor));
      found.push({
        kind: 'shift',
        channel,
        at,
        ...shift,
        usual: quantityOf(channel, usual.mean),
        now,
      });
    }
  }

  #observeCreep(
    channel: ShiftChannel,
    size: number,
    usual: Usual,
    at: number,
    judged: boolean,
    found: Finding[],
  ): void {
    let detector = this.#creeps.get(channel);
    if (detector === undefined) this.#creeps.set(channel, (detector = new CreepDetector()));
    const clipped = Math.max(usual.low, Math.min(size, usual.high));
    const creep = detector.observe(clipped, at, usual.deviation, judged);
    if (creep === null) return;
    const { before, now, ...rest } = creep;
    found.push({
      kind: 'creep',
      channel,
      at,
      ...rest,
      usual: quantityOf(channel, before),
      now: quantityOf(channel, now),
    });
  }

  #observeRates(call: ObservedCall, at: number, judged: boolean, found: Finding[]): void {
    const hits: Record<WatchedRate, boolean> = {
      retries: call.retry,
      unpriced: call.cost === null,
      unattributed: !call.attributed,
    };
    for (const rate of watchedRates) {
      const rise = this.#rates[rate].observe(hits[rate], at, judged);
      if (rise === null) continue;
      this.#alarmed.add(rate);
      found.push({ kind: rate, at, ...rise });
    }
  }

  #observeTemplate(call: ObservedCall, at: number, judged: boolean, found: Finding[]): void {
    const size = channelValue('cost', call);
    const costs = this.#shifts.get('cost');
    if (call.template === null || size === null || costs === undefined) return;
    this.#template ??= new TemplateSwitch();
    const score = costs.score(size, at);
    const usual = costs.usual;
    if (score === null || usual === null) return this.#template.learn(call.template);
    const effect = this.#template.observe(call.template, score, size - usual.mean, at, judged);
    if (effect === null) return;
    const before = quantityOf('cost', usual.mean);
    found.push({ kind: 'template', at, ...effect, usual: before, now: before * effect.factor });
  }

  #endDay(): void {
    for (const [channel, detector] of this.#shifts) {
      detector.endDay(this.#isApart(channel), this.#shifts.size);
    }
    for (const rate of watchedRates) this.#rates[rate].endDay(this.#isApart(rate));
    this.#alarmed.clear();
  }

  #isApart(what: ShiftChannel | WatchedRate): boolean {
    const before = this.#apart.get(what) ?? 0;
    const apart = this.#alarmed.has(what) && before < mostSetApart;
    if (apart) this.#apart.set(what, before + 1);
    else this.#apart.delete(what);
    return apart;
  }
}

function statesOf<State>(
  detectors: ReadonlyMap<ShiftChannel, { toJSON(): State }>,
): Partial<Record<ShiftChannel, State>> {
  const states: Partial<Record<ShiftChannel, State>> = {};
  for (const [channel, detector] of detectors) states[channel] = detector.toJSON();
  return states;
}
