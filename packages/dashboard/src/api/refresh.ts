import type { QueryClient } from '@tanstack/react-query';

/** Queries under this key are refetched together, so that all panels speak of the same moment. */
export const reportKey = 'report';

/** Live calls may come by the thousand; figures follow at most this often (milliseconds). */
export const refreshEvery = 4_000;

let moment = Date.now();

/** The moment that all reports of this refresh are about, in milliseconds since 1970. */
export const reportMoment = (): number => moment;

export function refreshReports(client: QueryClient): void {
  moment = Date.now();
  void client.invalidateQueries({ queryKey: [reportKey] });
}

/**
 * Runs `work` at once, then at most once per `interval`; what is asked for meanwhile happens once at
 * the interval's end.
 */
export function throttle(work: () => void, interval: number, now: () => number = Date.now) {
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const run = () => {
    timer = null;
    last = now();
    work();
  };
  return {
    call: () => {
      if (timer !== null) return;
      const wait = last + interval - now();
      if (wait <= 0) run();
      else timer = setTimeout(run, wait);
    },
    cancel: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
