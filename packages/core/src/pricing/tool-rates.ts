import type { PriceLayer } from './price-rows.js';
import { compileRate, type CompiledRate } from './rate-card.js';
import type { ToolPrice } from './tool-prices.js';
import { decimalOf } from './decimal.js';

interface DatedRate {
  from: number;
  to: number;
  rate: CompiledRate;
}

/** The prices of the user's own tools, by name and time. Later rows of later layers win. */
export class ToolRates {
  readonly #byName = new Map<string, DatedRate[]>();

  constructor(layers: readonly PriceLayer[]) {
    for (const layer of layers) {
      for (const tool of layer.tools ?? []) {
        const dated = this.#byName.get(tool.name);
        if (dated === undefined) this.#byName.set(tool.name, [compileTool(tool, layer)]);
        else dated.push(compileTool(tool, layer));
      }
    }
  }

  /** The price of one tool at a time (milliseconds since the epoch); undefined when none is known. */
  rate(name: string, at: number): CompiledRate | undefined {
    return this.#byName.get(name)?.findLast(({ from, to }) => at >= from && at < to)?.rate;
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }
}

function compileTool(tool: ToolPrice, layer: PriceLayer): DatedRate {
  const row = {
    book: layer.book,
    provider: 'tools',
    model: tool.name,
    ...(tool.from === undefined ? {} : { effective_from: tool.from }),
  };
  const value = decimalOf(tool.price);
  return {
    from: tool.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(tool.from),
    to: tool.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(tool.to),
    rate: compileRate(value, tool.per, layer.kind, row),
  };
}
