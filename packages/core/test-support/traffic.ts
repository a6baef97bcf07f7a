import { day, hour, start, uniforms } from './call-stream.js';

/** Calls an hour at a time, milliseconds since 1970. */
export type Rate = (at: number) => number;

/** Office hours: busy by day, next to nothing by night, a fifth at weekends (`start` is a Monday). */
export const officeRate =
  (busy: number): Rate =>
  (at) => {
    const hourOfDay = ((at - start) % day) / hour;
    const weekday = Math.floor((at - start) / day) % 7;
    const byHour = hourOfDay >= 8 && hourOfDay < 19 ? 1 : 0.05;
    return busy * byHour * (weekday >= 5 ? 0.2 : 1);
  };

/** When calls begin that come by chance (Poisson) at a rate, by thinning; the same seed gives the same ones. */
export function arrivals(
  seed: number,
  from: number,
  to: number,
  rate: Rate,
  most: number,
): number[] {
  const next = uniforms(seed);
  const times: number[] = [];
  for (let at = from; ;) {
    at -= (Math.log(next()) * hour) / most;
    if (at >= to) return times;
    if (next() < rate(at) / most) times.push(Math.floor(at));
  }
}
