import { setTimeout } from 'node:timers/promises';
import { Random } from '../fake-provider/random.js';
import { features, pickWeighted } from './company.js';
import { drawWork, type DemoCall } from './draw-work.js';
import { loopingRun } from './live-loop.js';
import { toRequest } from './request.js';
import { activity } from './rhythm.js';

export interface DemoTrafficOptions {
  /** The gateway's address, without a path. */
  gatewayUrl: string;
  seed: string | number;
  /** Calls begun per second in busy hours. Default 2. */
  callsPerSecond?: number;
  /** Stops the traffic when it is aborted. */
  signal?: AbortSignal;
  /** Milliseconds since the epoch. Default: the system's clock. */
  now?: () => number;
}

export interface DemoTraffic {
  /** Begins nothing more, breaks off what is under way, and resolves when nothing is left. */
  stop(): Promise<void>;
  /** What was sent so far. `unreachable` counts calls that got no answer at all. */
  counts(): { sent: number; answered: number; failed: number; left: number; unreachable: number };
}

/** Share of streams whose reader leaves early, as people who close a chat do. */
const leavingShare = 0.01;
/** Share of the calls that wait for a person's word which get it. */
const confirmedShare = 0.6;
/** An agent loops for the first time so many milliseconds after the traffic began, and then again. */
const firstLoopAfter = 15_000;
const loopEvery = 15 * 60_000;
/** Refusals after which it gives up. */
const patience = 3;
/** Work is not begun while this many calls are under way: a stuck gateway must not fill the memory. */
const mostUnderWay = 200;

/**
 * Sends the traffic of a believable company through a gateway, until it is stopped. It never throws:
 * a gateway that cannot be reached is tried again.
 */
export function startDemoTraffic(options: DemoTrafficOptions): DemoTraffic {
  const { gatewayUrl, callsPerSecond = 2, now = Date.now } = options;
  const random = new Random(`${options.seed} traffic`);
  const stopping = new AbortController();
  const signal =
    options.signal === undefined
      ? stopping.signal
      : AbortSignal.any([stopping.signal, options.signal]);
  const counts = { sent: 0, answered: 0, failed: 0, left: 0, unreachable: 0 };
  const underWay = new Set<Promise<void>>();

  const pause = (milliseconds: number): Promise<void> =>
    setTimeout(Math.max(0, milliseconds), undefined, { signal }).catch(() => {});

  /** Whether the call was refused by a budget or a breaker: then a run does not go on. */
  const send = async (
    call: DemoCall,
    textSeed: string,
    confirmation?: string,
  ): Promise<boolean> => {
    const request = toRequest(call, textSeed);
    const leaves = call.stream && call.failure === null && random.chance(leavingShare);
    counts.sent++;
    try {
      const response = await fetch(gatewayUrl + request.path, {
        method: 'POST',
        headers:
          confirmation === undefined
            ? request.headers
            : { ...request.headers, 'x-farthing-acknowledge': confirmation },
        body: request.body,
        signal,
      });
      if (leaves) {
        const reader = response.body?.getReader();
        for (let chunk = 0; chunk < 3; chunk++) await reader?.read();
        await reader?.cancel();
        counts.left++;
        return false;
      }
      await response.arrayBuffer();
      if (response.ok) counts.answered++;
      else counts.failed++;
      const token = response.headers.get('x-farthing-acknowledge');
      if (response.status === 402 && token !== null && random.chance(confirmedShare)) {
        // Somebody looks at what the call is for, and lets it pass.
        await pause(random.integer(2_000, 9_000));
        return signal.aborted || (await send(call, textSeed, token));
      }
      return response.headers.get('x-should-retry') === 'false';
    } catch {
      if (!signal.aborted) counts.unreachable++;
      return false;
    }
  };

  /** The calls of one piece of work, one after the other, each at its own distance from the first. */
  const perform = async (calls: DemoCall[]): Promise<void> => {
    const begun = now();
    const textSeed = `${options.seed} ${calls[0]?.at} ${counts.sent}`;
    for (const call of calls) {
      await pause(begun + (call.at - (calls[0]?.at ?? 0)) - now());
      if (signal.aborted || (await send(call, textSeed))) return;
    }
  };

  /** Now and then an agent gets into a loop. Refusals do not stop it at once. */
  const loopNowAndThen = async (): Promise<void> => {
    for (let number = 0; ; number++) {
      await pause(number === 0 ? firstLoopAfter : loopEvery * random.lognormal(1, 0.2));
      let refusals = 0;
      for (const call of loopingRun(`${options.seed} ${number}`, now())) {
        if (signal.aborted) return;
        if (await send(call, `${options.seed} loop ${number}`)) refusals++;
        if (refusals === patience) break;
        await pause(500);
      }
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const moment = now();
      // Quiet hours are quieter, but a demo is never silent.
      const rate = callsPerSecond * (0.4 + 0.6 * activity('office', moment));
      await pause(-Math.log(1 - random.next()) * (1000 / rate) * callsPerWork);
      if (signal.aborted || underWay.size >= mostUnderWay) continue;
      const work = perform(drawWork(random, pickWeighted(random, awake(moment)), now()));
      underWay.add(work);
      void work.finally(() => underWay.delete(work));
    }
    await Promise.all(underWay);
  };
  const running = Promise.all([run(), loopNowAndThen()]).then(() => {});

  return {
    counts: () => ({ ...counts }),
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

/** Average calls in a piece of work, so that the rate that is asked for is one of calls. */
const callsPerWork = averageCalls();

function averageCalls(): number {
  const weights = features.reduce((sum, feature) => sum + feature.weight, 0);
  return (
    features.reduce((sum, { weight, steps }) => {
      const calls = steps === undefined ? 1 : (steps.least + steps.most) / 2;
      return sum + weight * calls;
    }, 0) / weights
  );
}

/** The features at work at this hour; nightly jobs show up by day too, only rarely. */
function awake(moment: number): typeof features {
  return features.map((feature) =>
    feature.hours === 'night' && activity('night', moment) === 0
      ? { ...feature, weight: feature.weight / 6 }
      : feature,
  );
}
