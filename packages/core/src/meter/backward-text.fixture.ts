import type { BackwardJson } from './scan-json-backwards.js';
import { JsonText } from './scan-json.js';

/** JSON as text that can be read from its end; the gateway reads bytes. */
export class BackwardText extends JsonText implements BackwardJson {
  readonly #text: string;

  constructor(text: string) {
    super(text);
    this.#text = text;
  }

  quoteBefore(at: number): number {
    return at < 0 ? -1 : this.#text.lastIndexOf('"', at);
  }
}
