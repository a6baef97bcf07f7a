import { lastTurn } from './last-turn.js';
import type { BackwardJson } from './scan-json-backwards.js';
import { itemsBefore, type ValueRange } from './scan-json.js';

/** A keyed hash of 48 bits, as a number: nobody without the key can test what a run has said. */
export type TurnHash = (text: string) => number;

/** A turn of a run, by fingerprints alone. */
interface KnownTurn {
  said: number;
  raw: number;
  /** Where it stood when it was last seen. */
  start: number;
  /** How many messages stood before it; known once it was seen again elsewhere. */
  before: number | null;
}

/** Those silent longest go first. A run takes some 400 bytes. */
const mostRuns = 10_000;
const mostTurns = 10;

/**
 * Tells how often runs repeat themselves: each new turn of the model is compared with the last ten of its
 * run, digits masked, so that a counter or a time does not hide a loop. Keeps fingerprints, never text.
 */
export class RepeatFinder {
  readonly #hash: TurnHash;
  readonly #runs = new Map<string, KnownTurn[]>();

  constructor(hash: TurnHash) {
    this.#hash = hash;
  }

  /**
   * How many of the run's last ten turns say what the last turn of this conversation says. Undefined where
   * there is none, or it was seen already: attempts and branches go on from one turn, and the examples of a
   * prompt are the same in every call.
   * @param list the messages, inputs or contents
   */
  repeats(run: string, json: BackwardJson, list: ValueRange): number | undefined {
    const turn = lastTurn(json, list);
    if (turn === null) return undefined;
    const turns = this.#turnsOf(run);
    const raw = this.#hash(turn.raw);
    const { start } = turn;
    let before: number | null = null;
    const alike = turns.filter((known) => known.raw === raw);
    if (alike.length > 0) {
      if (alike.some((known) => known.start === start)) return undefined;
      // Its words and ids are known, and it stands elsewhere: moved by what is before it, or said again.
      before = itemsBefore(json, list, start);
      const same = alike.find((known) => known.before === null || known.before === before);
      if (same !== undefined) {
        same.start = start;
        same.before = before;
        return undefined;
      }
    }
    const said = this.#hash(turn.said);
    let count = 0;
    for (const known of turns) if (known.said === said) count++;
    turns.push({ said, raw, start, before });
    if (turns.length > mostTurns) turns.shift();
    return count;
  }

  #turnsOf(run: string): KnownTurn[] {
    const turns = this.#runs.get(run) ?? [];
    // Last in the map is the one that was asked about last.
    this.#runs.delete(run);
    this.#runs.set(run, turns);
    if (this.#runs.size > mostRuns) this.#runs.delete(this.#runs.keys().next().value!);
    return turns;
  }
}
