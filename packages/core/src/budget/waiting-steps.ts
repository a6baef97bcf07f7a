/** Work that may have to wait for a ledger: it yields what it waits for. */
export type Steps<Result> = Generator<Promise<unknown>, Result, unknown>;

/** Runs the work: at once where it never waits. */
export function run<Result>(steps: Steps<Result>): Result | Promise<Result> {
  const first = steps.next();
  return first.done === true ? first.value : finish(steps, first.value);
}

async function finish<Result>(steps: Steps<Result>, pending: Promise<unknown>): Promise<Result> {
  for (;;) {
    const next = steps.next(await pending);
    if (next.done === true) return next.value;
    pending = next.value;
  }
}
