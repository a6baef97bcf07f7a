import type { Picodollars } from '../money.js';
import type { Cell } from './cell.js';
import { splitCallsChange, type CallsChange } from './calls-change.js';
import type { Atom, Decomposition, Group, Leaf } from './decompose.js';
import type { EffectKind } from './effects.js';
import { gatherBy } from './gather-by.js';
import { unitQuantity, type UnitQuantity } from './unit-quantity.js';

/** What a cause is about. Volume and mix are one cause here: how often a group is called. */
export type CauseKind = Exclude<EffectKind, 'mix'>;

/** Whose part in a cause is how large. */
export interface Contributor {
  provider: string | null;
  model: string | null;
  /** Undefined where the part is that of all templates together. */
  template: string | null | undefined;
  amount: Picodollars;
}

/** One thing that happened, in one group (or to all of them), and what it did to the spend. */
export interface Cause {
  kind: CauseKind;
  /** Undefined: all groups have it in common. */
  group: string | null | undefined;
  amount: Picodollars;
  /** The model that did most of it, where one did. */
  model: { provider: string | null; model: string | null } | null;
  /**
   * The template version that did most of it; null for calls without one. Undefined where none did, or where
   * the group has only that one, which tells nothing.
   */
  template: string | null | undefined;
  quantity: UnitQuantity | null;
  /** Largest first. */
  contributors: Contributor[];
}

/** One of several did it, when it did this much of what all of them did. */
const mostOfIt = 0.6;

/**
 * The effects as causes that a person can act on, the largest first: what happened, where, which model and
 * template did it. The amounts of all causes add up to the difference.
 */
export function findCauses({ groups, atoms }: Decomposition): Cause[] {
  const causes: Cause[] = [];
  const groupOf = new Map(groups.map((group) => [group.name, group]));
  const isCalls = ({ kind }: Atom) => kind === 'volume' || kind === 'mix';
  const ofCalls = gatherBy(atoms.filter(isCalls), ({ key }) => key.group);
  for (const [kind, ofKind] of gatherBy(atoms, (atom) => atom.kind)) {
    if (kind === 'volume' || kind === 'mix') continue;
    for (const [name, own] of gatherBy(ofKind, ({ key }) => key.group)) {
      causes.push(causeOf(kind, groupOf.get(name)!, own, sumOf(own)));
    }
  }
  const amounts = new Map([...ofCalls].map(([name, own]) => [name, sumOf(own)]));
  const { common, own } = splitCallsChange(groups, amounts);
  for (const [name, amount] of own) {
    const group = groupOf.get(name)!;
    causes.push({
      kind: 'volume',
      group: name,
      amount,
      model: null,
      template: undefined,
      quantity: unitQuantity('volume', group.was, group.is),
      contributors: contributorsOf(ofCalls.get(name)!),
    });
  }
  if (common.amount !== 0n) causes.push(commonCause(common));
  return sharedPrices(causes.filter(({ amount }) => amount !== 0n)).toSorted(bySize);
}

export function bySize(a: { amount: Picodollars }, b: { amount: Picodollars }): number {
  const [first, second] = [size(a.amount), size(b.amount)];
  return first < second ? 1 : first > second ? -1 : 0;
}

function causeOf(
  kind: CauseKind,
  group: Group,
  atoms: readonly Atom[],
  amount: Picodollars,
): Cause {
  const contributors = contributorsOf(atoms);
  const leaf = kind === 'routing' ? gainingLeaf(group) : dominantLeaf(group, atoms);
  const quantity =
    kind === 'routing' && leaf !== null
      ? shareQuantity(leaf, group)
      : unitQuantity(kind, (leaf ?? group).was, (leaf ?? group).is);
  return {
    kind,
    group: group.name,
    amount,
    model: leaf === null ? null : { provider: leaf.key.provider, model: leaf.key.model },
    template: kind === 'routing' || hasOneTemplate(group) ? undefined : templateOf(atoms),
    quantity,
    contributors,
  };
}

function commonCause({ ratio, amount }: CallsChange['common']): Cause {
  return {
    kind: 'volume',
    group: undefined,
    amount,
    model: null,
    template: undefined,
    quantity: { unit: 'common_growth', before: 1, after: Number(ratio.toPrecision(6)) },
    contributors: [],
  };
}

/** A new price of one model is one cause, in however many groups the model is used. */
function sharedPrices(causes: Cause[]): Cause[] {
  const prices = causes.filter(({ kind, model }) => kind === 'price' && model !== null);
  const byModel = gatherBy(prices, ({ model }) => JSON.stringify(model));
  const merged: Cause[] = [];
  const gone = new Set<Cause>();
  for (const same of byModel.values()) {
    const amount = sumOf(same);
    const isOne = same.some((cause) => share(cause.amount, same) >= 0.9);
    if (same.length === 1 || isOne) continue;
    for (const cause of same) gone.add(cause);
    const [largest] = same.toSorted(bySize);
    const contributors = contributorsOf(
      same.flatMap((cause) =>
        cause.contributors.map((part) => ({ amount: part.amount, key: part })),
      ),
    );
    merged.push({ ...largest!, group: undefined, template: undefined, amount, contributors });
  }
  return [...causes.filter((cause) => !gone.has(cause)), ...merged];
}

/** The leaf that took most calls from the others. */
function gainingLeaf(group: Group): Leaf | null {
  const gains = group.leaves.map((leaf) => ({ leaf, gain: shareGain(leaf, group) }));
  const [most] = gains.toSorted((a, b) => b.gain - a.gain);
  return most === undefined || most.gain <= 0 ? null : most.leaf;
}

function shareGain({ was, is }: Leaf, group: Group): number {
  return is.served / group.is.served - was.served / group.was.served;
}

function shareQuantity({ was, is }: Leaf, group: Group): UnitQuantity {
  const shareOf = (cell: Cell, all: Cell) => Number((cell.served / all.served).toPrecision(6));
  return {
    unit: 'share_of_calls',
    before: shareOf(was, group.was),
    after: shareOf(is, group.is),
  };
}

function dominantLeaf({ leaves }: Group, atoms: readonly Atom[]): Leaf | null {
  const leafText = ({ provider, model }: Atom['key']) => JSON.stringify([provider, model]);
  const sums = [...gatherBy(atoms, ({ key }) => leafText(key))].map(([text, own]) => ({
    text,
    amount: sumOf(own),
  }));
  const found = sums.find(({ amount }) => share(amount, sums) >= mostOfIt);
  if (found === undefined) return null;
  return leaves.find(({ key }) => leafText(key) === found.text) ?? null;
}

function hasOneTemplate({ leaves }: Group): boolean {
  return new Set(leaves.flatMap(({ cells }) => cells.map(({ key }) => key.template))).size === 1;
}

function templateOf(atoms: readonly Atom[]): string | null | undefined {
  const byTemplate = [...gatherBy(atoms, ({ key }) => key.template)].map(([template, own]) => ({
    template,
    amount: sumOf(own),
  }));
  return byTemplate.find(({ amount }) => share(amount, byTemplate) >= mostOfIt)?.template;
}

function contributorsOf(
  atoms: readonly {
    amount: Picodollars;
    key: Pick<Atom['key'], 'provider' | 'model' | 'template'>;
  }[],
): Contributor[] {
  const parts = gatherBy(atoms, ({ key }) =>
    JSON.stringify([key.provider, key.model, key.template === undefined, key.template ?? null]),
  );
  return [...parts.values()]
    .map((own): Contributor => {
      const { provider, model, template } = own[0]!.key;
      return { provider, model, template, amount: sumOf(own) };
    })
    .filter(({ amount }) => amount !== 0n)
    .toSorted(bySize);
}

/** Of everything that was added and taken away, the part that is `amount`, without its sign. */
function share(amount: Picodollars, all: readonly { amount: Picodollars }[]): number {
  const whole = all.reduce((sum, each) => sum + size(each.amount), 0n);
  return whole === 0n ? 0 : Number(size(amount)) / Number(whole);
}

function sumOf(parts: readonly { amount: Picodollars }[]): Picodollars {
  return parts.reduce((sum, { amount }) => sum + amount, 0n);
}

function size(amount: Picodollars): Picodollars {
  return amount < 0n ? -amount : amount;
}
