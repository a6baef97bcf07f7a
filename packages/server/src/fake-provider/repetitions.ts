const remembered = 20_000;

/** Counts how often a question was asked, so that asking again gives another answer; forgets the oldest. */
export class Repetitions {
  #counts = new Map<string, number>();

  next(question: string): number {
    const count = (this.#counts.get(question) ?? 0) + 1;
    this.#counts.delete(question);
    this.#counts.set(question, count);
    if (this.#counts.size > remembered) {
      const oldest = this.#counts.keys().next();
      if (!oldest.done) this.#counts.delete(oldest.value);
    }
    return count;
  }
}
