import { CreepDetector, type Creep } from './creep-detector.js';
import {
  channelValue,
  shiftChannels,
  type ObservedCall,
  type ShiftChannel,
} from './observed-call.js';
import { RetryDetector } from './retry-detector.js';
import { RunGuard, type RunAlarm } from './run-guard.js';
import { ShiftDetector, type Shift } from './shift-detector.js';

export type Finding =
  | ({ kind: 'shift'; channel: ShiftChannel; at: number } & Shift)
  | ({ kind: 'creep'; channel: ShiftChannel; at: number } & Creep)
  | { kind: 'retries'; at: number; since: number; calls: number }
  | ({ kind: 'run'; at: number } & RunAlarm);

const day = 86_400_000;
const fewValued: ReadonlySet<ShiftChannel> = new Set(['unit_price', 'uncached_share']);
const creepChannels = ['cost', 'uncached_input', 'output'] as const;
/** What has been otherwise for so many days is what is normal now. */
const mostSetApart = 7;

/** All detectors of one group of calls, e.g. of one feature. */
export class GroupMonitor {
  readonly #shifts = new Map<ShiftChannel, ShiftDetector>();
  readonly #creeps = new Map<ShiftChannel, CreepDetector>();
  readonly #retries = new RetryDetector();
  readonly #runs = new RunGuard();
  readonly #alarmed = new Set<ShiftChannel | 'retries'>();
  readonly #apart = new Map<ShiftChannel | 'retries', number>();
  #day: number | null = null;

  observe(call: ObservedCall): Finding[] {
    const today = Math.floor(call.at / day);
    if (this.#day === null) this.#day = today;
    if (today > this.#day) {
      this.#endDay();
      this.#day = today;
    }
    const { at } = call;
    const found: Finding[] = [];
    for (const channel of shiftChannels) {
      const size = channelValue(channel, call);
      if (size === null) continue;
      let detector = this.#shifts.get(channel);
      if (detector === undefined)
        this.#shifts.set(channel, (detector = new ShiftDetector(!fewValued.has(channel))));
      const shift = detector.observe(size, at);
      if (shift !== null) {
        this.#alarmed.add(channel);
        found.push({ kind: 'shift', channel, at, ...shift });
      }
    }
    for (const channel of creepChannels) {
      const size = channelValue(channel, call);
      const usual = this.#shifts.get(channel)?.usual;
      if (size === null || usual == null) continue;
      let detector = this.#creeps.get(channel);
      if (detector === undefined) this.#creeps.set(channel, (detector = new CreepDetector()));
      const clipped = Math.max(usual.low, Math.min(size, usual.high));
      const creep = detector.observe(clipped, at, usual.deviation);
      if (creep !== null) found.push({ kind: 'creep', channel, at, ...creep });
    }
    const retries = this.#retries.observe(call.retry, at);
    if (retries !== null) {
      this.#alarmed.add('retries');
      found.push({ kind: 'retries', at, ...retries });
    }
    if (call.run !== null) {
      const alarm = this.#runs.observe({ ...call, run: call.run });
      if (alarm !== null) found.push({ kind: 'run', at, ...alarm });
    }
    return found;
  }

  #endDay(): void {
    const tests = [...this.#shifts.values()].length;
    for (const [channel, detector] of this.#shifts) {
      detector.endDay(this.#isApart(channel), tests);
    }
    this.#retries.endDay(this.#isApart('retries'));
    this.#alarmed.clear();
  }

  #isApart(what: ShiftChannel | 'retries'): boolean {
    const before = this.#apart.get(what) ?? 0;
    const apart = this.#alarmed.has(what) && before < mostSetApart;
    this.#apart.set(what, apart ? before + 1 : 0);
    return apart;
  }
}
