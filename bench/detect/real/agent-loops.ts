import {
  JsonText,
  RepeatFinder,
  RunGuard,
  type BackwardJson,
  type RunAlarm,
  type RunCall,
} from '@farthing/core';
import { Draw } from '../draw.js';
import type { Session, Turn } from './sessions.js';

/** A loop is provable when so many of its turns repeat: 5 % usually do, so four in a row are one in 100,000. */
export const provableRepeats = 4;
/** A loop goes on for so many turns unless it is stopped. */
const loopTurns = 40;
const seconds = 20_000;

/** In time: so many turns after it was provable. */
export const mostTurnsLate = 3;

/** How an agent gets caught: it says its last `length` turns over and over, with other digits. */
export interface Loop {
  session: Session;
  /** After how many turns of the session, and how many of them it repeats. */
  after: number;
  length: number;
}

export interface LoopOutcome {
  loop: Loop;
  /** Turn of the loop at which it became provable; null where too little of it repeats. */
  provable: number | null;
  /** Turn of the loop at which the guard told; null where it never did. */
  stopped: number | null;
  reason: RunAlarm['reason'] | null;
}

/** A session's turns with the loop behind them. */
function looping({ session, after, length }: Loop, draw: Draw): Turn[] {
  const healthy = session.turns.slice(0, after);
  const repeated = healthy.slice(-length);
  const loop = Array.from({ length: loopTurns }, (_, index) => {
    const { asked, said } = repeated[index % repeated.length]!;
    return { asked, said: otherDigits(said, draw) };
  });
  return [...healthy, ...loop];
}

const otherDigits = (text: string, draw: Draw): string =>
  text.replaceAll(/\d/g, () => String(Math.floor(draw.uniform(0, 10))));

/** JSON that can be read from its end, as the gateway reads requests. */
class RequestText extends JsonText implements BackwardJson {
  readonly #text: string;

  constructor(text: string) {
    super(text);
    this.#text = text;
  }

  quoteBefore(at: number): number {
    return at < 0 ? -1 : this.#text.lastIndexOf('"', at);
  }
}

/** FNV-1a: the gateway's hash has a key, and is as equal for equal texts. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

/**
 * Calls of a session as the gateway sees them: each carries the conversation so far, whose last answer the
 * finder of repetitions compares with those before it. Call n tells of turn n − 1.
 */
export function callsOf(run: string, turns: readonly Turn[], from: number): RunCall[] {
  const finder = new RepeatFinder(hash);
  const head = '{"model":"gpt-4.1","messages":[';
  let text = `${head}${JSON.stringify({ role: 'system', content: 'You are an agent.' })}`;
  return turns.map(({ asked, said }, index): RunCall => {
    text += `,${JSON.stringify({ role: 'user', content: asked })}`;
    const range = { start: head.length - 1, end: text.length + 1 };
    const repeats = finder.repeats(run, new RequestText(`${text}]}`), range) ?? 0;
    const cost = (text.length / 4) * 3e-6 + (said.length / 4) * 15e-6;
    text += `,${JSON.stringify({ role: 'assistant', content: said })}`;
    return { at: from + index * seconds, run, cost, repeated: repeats > 0 };
  });
}

/** What the guard says of calls; null where it lets the run go on to its end. */
function guarded(
  guard: RunGuard,
  calls: readonly RunCall[],
): { call: number; alarm: RunAlarm } | null {
  for (const [index, call] of calls.entries()) {
    const alarm = guard.observe(call);
    if (alarm !== null) return { call: index, alarm };
  }
  return null;
}

const day = 86_400_000;

/** A guard that has seen all sessions but one, an hour apart, as history that nobody judged. */
function learntFrom(calls: ReadonlyMap<Session, RunCall[]>, without: Session): RunGuard {
  const guard = new RunGuard();
  let at = 0;
  for (const [session, own] of calls) {
    if (session === without) continue;
    for (const call of shifted(own, at)) guard.observe(call, false);
    at += day / 24;
  }
  return guard;
}

/** Of the last ten answers of a session eight and more repeat one of the ten before them: it is a loop itself. */
export function endsInLoop(calls: readonly RunCall[]): boolean {
  return calls.slice(-10).filter(({ repeated }) => repeated).length >= 8;
}

/** A turn that says next to nothing called a tool, and the traces do not say which, nor with what. */
const leastSaid = 20;
const saysNothing = ({ said }: Turn): boolean => said.length <= leastSaid;

export type Knowledge = 'nothing' | 'the other sessions';

export interface GuardedSessions {
  /** Sessions that end in a loop of their own, and the call at which the guard told. */
  looping: { session: Session; stopped: number | null }[];
  falseStops: { session: Session; alarm: RunAlarm }[];
  outcomes: LoopOutcome[];
}

/** Stops of healthy sessions, and when the guard stops loops in them. */
export function guardSessions(sessions: readonly Session[], knowledge: Knowledge): GuardedSessions {
  const healthy = new Map(sessions.map((each) => [each, callsOf(each.id, each.turns, 0)]));
  const falseStops: GuardedSessions['falseStops'] = [];
  const alreadyLooping: GuardedSessions['looping'] = [];
  const outcomes: LoopOutcome[] = [];
  for (const session of sessions) {
    const knowing = knowledge === 'nothing' ? new RunGuard() : learntFrom(healthy, session);
    const state = JSON.stringify(knowing);
    const fresh = () => new RunGuard(JSON.parse(state));
    const from = 10 * day;
    const stop = guarded(fresh(), shifted(healthy.get(session)!, from));
    if (endsInLoop(healthy.get(session)!)) {
      alreadyLooping.push({ session, stopped: stop?.call ?? null });
      continue;
    }
    if (stop !== null) falseStops.push({ session, alarm: stop.alarm });
    for (const loop of loopsIn(session)) {
      const turns = looping(loop, new Draw(loop.after * 10 + loop.length));
      const calls = callsOf(session.id, turns, from);
      const found = guarded(fresh(), calls);
      outcomes.push({
        loop,
        provable: provableAt(calls, loop.after),
        stopped: found === null ? null : found.call - loop.after,
        reason: found?.alarm.reason ?? null,
      });
    }
  }
  return { looping: alreadyLooping, falseStops, outcomes };
}

/** Halfway and at the end, of one, two and three turns that all say something. */
function loopsIn(session: Session): Loop[] {
  const { turns } = session;
  const places = new Set([Math.ceil(turns.length / 2), turns.length]);
  return [...places].flatMap((after) =>
    [1, 2, 3]
      .filter((length) => length <= after && !turns.slice(after - length, after).some(saysNothing))
      .map((length) => ({ session, after, length })),
  );
}

/** The turn of the loop whose answer is the fourth that repeats; the call after it tells. */
function provableAt(calls: readonly RunCall[], after: number): number | null {
  let repeats = 0;
  for (let index = after + 1; index < calls.length; index++) {
    if (calls[index]!.repeated) repeats += 1;
    if (repeats === provableRepeats) return index - after;
  }
  return null;
}

const shifted = (calls: readonly RunCall[], by: number): RunCall[] =>
  calls.map((call) => ({ ...call, at: call.at + by }));
