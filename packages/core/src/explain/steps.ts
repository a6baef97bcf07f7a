import { formatUsd, type Picodollars } from '../money.js';
import { bySize } from './causes.js';
import type { Atom } from './decompose.js';
import { effectKinds, type EffectKind } from './effects.js';
import { gatherBy } from './gather-by.js';

/** One bar of a waterfall: from where to where one effect takes the spend. */
export interface Step {
  kind: EffectKind;
  /** For people, e.g. `Output length`. */
  label: string;
  amount_usd: string;
  from_usd: string;
  to_usd: string;
  /** The groups that brought it, the largest part first. */
  groups: { group: string | null; amount_usd: string }[];
  /** What the groups that are not listed brought together. */
  other_groups_usd: string;
}

const labels: Readonly<Record<EffectKind, (dimension: string) => string>> = {
  new: (dimension) => `New ${dimension}`,
  gone: (dimension) => `Gone ${dimension}`,
  volume: () => 'Number of calls',
  mix: (dimension) => `Mix of ${dimension}`,
  routing: () => 'Routing to models',
  retries: () => 'Retries',
  input: () => 'Input length',
  output: () => 'Output length',
  cache: () => 'Cache',
  price: () => 'Price',
  unpriced: () => 'Calls without a price',
  other: () => 'Tools, images, fees',
  stated: () => 'Credits and corrections',
};

const mostGroups = 10;

/** The effects that are not nothing, in a fixed order, each beginning where the one before ended. */
export function stepsOf(atoms: readonly Atom[], before: Picodollars, by: string): Step[] {
  const byKind = gatherBy(atoms, ({ kind }) => kind);
  let level = before;
  return effectKinds.flatMap((kind): Step[] => {
    const own = byKind.get(kind) ?? [];
    const amount = own.reduce((sum, atom) => sum + atom.amount, 0n);
    if (amount === 0n) return [];
    const groups = [...gatherBy(own, ({ key }) => key.group)]
      .map(([group, parts]) => ({
        group,
        amount: parts.reduce((sum, atom) => sum + atom.amount, 0n),
      }))
      .filter((part) => part.amount !== 0n)
      .toSorted(bySize);
    const others = groups.slice(mostGroups).reduce((sum, part) => sum + part.amount, 0n);
    const from = level;
    level += amount;
    return [
      {
        kind,
        label: labels[kind](plural(by)),
        amount_usd: formatUsd(amount),
        from_usd: formatUsd(from),
        to_usd: formatUsd(level),
        groups: groups
          .slice(0, mostGroups)
          .map((part) => ({ group: part.group, amount_usd: formatUsd(part.amount) })),
        other_groups_usd: formatUsd(others),
      },
    ];
  });
}

function plural(by: string): string {
  const name = by.replace(/^tag:/, '').replaceAll('_', ' ');
  if (name.endsWith('s')) return name;
  return name.endsWith('h') ? `${name}es` : `${name}s`;
}
