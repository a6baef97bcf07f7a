import type { CliContext } from '../context.js';
import { findControlPlane, type ControlPlane } from '../books/control-plane.js';
import { usageError } from '../output/exit-codes.js';
import type { PriceDesk } from './desk.js';
import { sourceLine } from './render-price-sources.js';

/**
 * Does something with the prices of the data directory and lets go of them. What is wrong with one of
 * their sources is said first, unless the command says so itself.
 */
export async function withDesk<Result>(
  context: CliContext,
  work: (desk: PriceDesk) => Result | Promise<Result>,
  { quiet = false }: { quiet?: boolean } = {},
): Promise<Result> {
  const desk = await context.openPriceDesk();
  try {
    for (const source of quiet ? [] : desk.status().sources) {
      if (source.problem !== null)
        context.output.note(`Look at your prices: ${sourceLine(source)}`);
    }
    return await work(desk);
  } finally {
    desk.close();
  }
}

/** The control plane that was named by hand: its prices are meant then, not those of this machine. */
export async function namedControlPlane(context: CliContext): Promise<ControlPlane | null> {
  return context.controlUrl === undefined ? null : findControlPlane(context);
}

/** For what works on the files of a data directory. */
export function requireLocal(context: CliContext, command: string): void {
  if (context.controlUrl === undefined) return;
  throw usageError(
    `"farthing prices ${command}" works on a data directory: run it on the machine of the control plane, without --url and FARTHING_URL.`,
  );
}

/** Where the API has a model's prices; without a provider, at whichever has the model. */
export function pricePath(provider: string | undefined, model: string): string {
  if (provider === undefined) return `/api/v1/models/${encodeURIComponent(model)}/prices`;
  return `/api/v1/prices/${encodeURIComponent(provider)}/${encodeURIComponent(model)}`;
}

export function printJson(context: CliContext, value: unknown): void {
  context.output.write(`${JSON.stringify(value, null, 2)}\n`);
}
