import { outOfScope } from '../context/tag-context.js';
import { backgroundTimer, sayOnce } from '../platform.js';
import { settleAtExit } from '../sinks/at-exit.js';
import { settled, unsettled } from '../sinks/settle.js';
import type { MeteredCall } from './metered-call.js';

/** The longest that a call which has ended waits to be booked. */
const patience = 20;
/** Calls that wait at most, and characters of their requests and answers: beyond that they are booked at once. */
const mostCalls = 100;
const mostCharacters = 4 * 1024 * 1024;

/**
 * Calls that have ended and are to be booked, many at once: what is done for one call after another
 * takes a fraction of what it takes on each call's own way.
 */
export class Bookings {
  readonly #book: (call: MeteredCall) => void;
  readonly #settle = () => this.settle();
  #calls: MeteredCall[] = [];
  #characters = 0;
  #isTimed = false;

  constructor(book: (call: MeteredCall) => void) {
    this.#book = book;
  }

  add(call: MeteredCall): void {
    if (this.#calls.length === 0) unsettled(this.#settle);
    this.#calls.push(call);
    this.#characters += call.size;
    if (this.#calls.length >= mostCalls || this.#characters >= mostCharacters) {
      this.settle();
    } else if (!this.#isTimed) this.#wait();
  }

  /** Books what waits, in the order in which the calls ended. */
  settle(): void {
    settled(this.#settle);
    const calls = this.#calls;
    this.#calls = [];
    this.#characters = 0;
    for (const call of calls) {
      try {
        this.#book(call);
      } catch (error) {
        sayOnce(`a call could not be booked: ${(error as Error).message}`);
      }
    }
  }

  #wait(): void {
    this.#isTimed = true;
    // Booked for many calls at once, this has the scope of none of them.
    outOfScope(() =>
      backgroundTimer(() => {
        this.#isTimed = false;
        this.settle();
      }, patience),
    );
    settleAtExit();
  }
}
