import type { Incident } from './incident.js';
import type { IncidentUpdate } from './incident-update.js';
import { usualModes } from './severity.js';
import { callAt, history, noon, outputOf, type CallShape } from './traffic.fixture.js';
import { Watch, type WatchSettings } from './watch.js';

const minute = 60_000;

/** A watch that has seen three days of so many calls an hour of each shape, and the clock that it is told. */
export function watching(
  settings: Partial<WatchSettings> = {},
  shapes: readonly ((index: number) => CallShape)[] = [
    (index) => ({ output: outputOf(index, 400) }),
  ],
  perHour = 20,
) {
  const watch = new Watch({ modes: usualModes, rules: [], ...settings });
  for (const shape of shapes) {
    for (const past of history(3, perHour, shape)) {
      watch.observe(callAt(past.at, past.shape), false, past.at);
    }
  }
  let index = 0;
  let at = noon;
  return {
    watch,
    get now() {
      return at;
    },
    /** Calls every six seconds, until one makes something known, or to the end. */
    call(shape: (index: number) => CallShape, most: number, what?: IncidentUpdate['what']) {
      const updates: IncidentUpdate[] = [];
      for (let count = 1; count <= most; count++) {
        at += 6_000;
        const made = watch.observe(callAt(at, shape(index++)), true, at);
        updates.push(...made.map((each) => ({ ...each, incident: copy(each.incident) })));
        if (what !== undefined && updates.some((each) => each.what === what)) {
          return { updates, calls: count };
        }
      }
      return { updates, calls: most };
    },
    pass(milliseconds: number) {
      const updates: IncidentUpdate[] = [];
      for (const end = at + milliseconds; at < end;) {
        at = Math.min(end, at + 10 * minute);
        updates.push(...watch.tick(at));
      }
      return updates;
    },
  };
}

const copy = (incident: Incident) => JSON.parse(JSON.stringify(incident)) as Incident;
