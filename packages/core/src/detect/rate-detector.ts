/**
 * Finds that calls repeat failed ones more than they used to: a CUSUM of log likelihood ratios, the usual
 * rate against five times that or 30 %, whichever is more (Reynolds and Stoumbos, "A CUSUM chart for
 * monitoring a proportion", 1999).
 */
export class RetryDetector {
  #retries = 0;
  #calls = 0;
  #days = 0;
  #retriesToday = 0;
  #callsToday = 0;
  #sum = 0;
  #count = 0;
  #since = 0;
  #steps: { retry: number; first: number; height: number } | null = null;

  observe(retry: boolean, at: number, judged = true): { since: number; calls: number } | null {
    this.#callsToday += 1;
    if (retry) this.#retriesToday += 1;
    const steps = this.#steps;
    if (steps === null || !judged) return null;
    if (this.#count === 0) this.#since = at;
    this.#sum += retry ? steps.retry : steps.first;
    this.#count += 1;
    if (this.#sum <= 0) {
      this.#sum = 0;
      this.#count = 0;
      return null;
    }
    if (this.#sum <= steps.height) return null;
    const found = { since: this.#since, calls: this.#count };
    this.#sum = 0;
    this.#count = 0;
    return found;
  }

  endDay(setApart: boolean): void {
    if (!setApart) {
      const left = 1 - 1 / 14;
      this.#retries = this.#retries * left + this.#retriesToday;
      this.#calls = this.#calls * left + this.#callsToday;
      this.#days = Math.min(14, this.#days * left + 1);
      this.#steps = this.#calls < 30 ? null : this.#stepsOf();
    }
    this.#retriesToday = 0;
    this.#callsToday = 0;
  }

  #stepsOf() {
    const usual = Math.max((this.#retries + 1) / (this.#calls + 20), 0.01);
    const raised = Math.max(0.3, Math.min(5 * usual, 0.9));
    const perDay = Math.max(this.#calls / this.#days, 1);
    return {
      retry: Math.log(raised / usual),
      first: Math.log((1 - raised) / (1 - usual)),
      height: Math.log(Math.max(perDay * 120, 50)),
    };
  }
}
