import { didYouMean } from '../../suggest.js';
import { canonicalProvider } from '../../usage/providers.js';
import { longestTrail } from '../model-index.js';
import type { PriceBook } from '../price-book.js';
import type { PriceRule } from '../price-rows.js';
import { modelsOf } from './models-of.js';
import { beginOf, clashes, settingsOf, subjectKey } from './period.js';
import type { Problem } from './problems.js';

/** A rule and the place of the row that it was read from. */
export interface PlacedRule {
  readonly place: string;
  readonly rule: PriceRule;
}

/**
 * Rows that contradict each other. A row without an end gives way to one that begins later; a row
 * that says until when it holds must not be cut short, and two cannot begin at once. By what ids and
 * aliases rows name a model makes no difference.
 */
export function overlaps(placed: readonly PlacedRule[], known?: PriceBook): Problem[] {
  const modelOf = modelsOf(
    placed.map(({ rule }) => rule),
    known,
  );
  const bySetting = new Map<string, PlacedRule[]>();
  for (const entry of placed) {
    const subject = subjectKey(entry.rule, modelOf);
    for (const setting of settingsOf(entry.rule)) {
      const key = `${setting}\n${subject}`;
      const known = bySetting.get(key);
      if (known === undefined) bySetting.set(key, [entry]);
      else known.push(entry);
    }
  }
  const settings = new Map<string, { first: PlacedRule; second: PlacedRule; names: string[] }>();
  for (const [key, rows] of bySetting) {
    const name = key.slice(0, key.indexOf('\n'));
    for (const [first, second] of clashes(rows, ({ rule }) => rule)) {
      const pair = `${first.place}\n${second.place}`;
      const known = settings.get(pair);
      if (known === undefined) settings.set(pair, { first, second, names: [name] });
      else known.names.push(name);
    }
  }
  return [...settings.values()].map(({ first, second, names }) => clash(first, second, names));
}

function clash(first: PlacedRule, second: PlacedRule, names: readonly string[]): Problem {
  const what = names.join(', ');
  const since = second.rule.from === undefined ? 'since ever' : `from ${second.rule.from}`;
  const together = beginOf(first.rule) === beginOf(second.rule);
  const message = together
    ? `and ${first.place} both set ${what} for the same calls ${since}, so that one would silently hide the other: give them dates that follow each other, or keep one`
    : `sets ${what} ${since}, but ${first.place} holds until ${first.rule.to ?? ''}: end that one (effective_to) when this one begins`;
  return { place: second.place, field: '', message };
}

/** Ids that two rows, or a row and a price list, have as different models. */
export function aliasClashes(placed: readonly PlacedRule[], known?: PriceBook): Problem[] {
  const owners = new Map<string, PlacedRule>();
  const problems: Problem[] = [];
  for (const entry of placed) {
    for (const alias of entry.rule.aliases ?? []) {
      const { provider, model } = entry.rule;
      const listed = known?.listedModel(provider, alias);
      if (listed !== undefined && listed !== known?.listedModel(provider, model)) {
        problems.push({ place: entry.place, field: 'aliases', message: isListed(alias, listed) });
        continue;
      }
      const key = `${provider}\n${alias.toLowerCase()}`;
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, entry);
      else if (owner.rule.model.toLowerCase() !== entry.rule.model.toLowerCase()) {
        problems.push({
          place: entry.place,
          field: 'aliases',
          message: `name "${alias}", which ${owner.place} declares to be "${owner.rule.model}"`,
        });
      }
    }
  }
  return problems;
}

function isListed(alias: string, listed: string): string {
  const as = alias.toLowerCase() === listed.toLowerCase() ? '' : `, as another name of "${listed}"`;
  return `name "${alias}", which a price list has${as}: take it out and give "${alias}" a row of its own ("model": "${alias}")`;
}

/**
 * `same_as` that leads nowhere: to itself, round in a circle, or to a model that neither this file nor
 * the known prices have. Without known prices, targets outside the file are not judged.
 */
export function twinProblems(placed: readonly PlacedRule[], known?: PriceBook): Problem[] {
  const twins = new Map<string, PlacedRule>();
  const problems: Problem[] = [];
  for (const entry of placed) {
    if (entry.rule.same_as === undefined) continue;
    const id = idOf(entry.rule.provider, entry.rule.model);
    const earlier = twins.get(id);
    if (earlier !== undefined) {
      problems.push(
        problem(entry, `is declared in ${earlier.place} too: a model is the same as one other`),
      );
    } else twins.set(id, entry);
  }
  const ids = new Set(placed.flatMap(({ rule }) => idsOf(rule)));
  for (const [id, entry] of twins) {
    const { rule } = entry;
    const target = targetsOf(rule).find((name) => ids.has(name));
    const chain = target === undefined ? undefined : chainProblem(id, twins, ids);
    if (target === id) problems.push(problem(entry, 'is the model itself: name the known model'));
    else if (chain !== undefined) problems.push(problem(entry, chain));
    else if (target === undefined && known !== undefined && !isKnown(rule, known)) {
      problems.push(problem(entry, unknownTarget(rule, known)));
    }
  }
  return problems;
}

function problem({ place, rule }: PlacedRule, message: string): Problem {
  return { place, field: 'same_as', message: `"${rule.same_as ?? ''}" ${message}` };
}

function idOf(provider: string, model: string): string {
  return `${provider}\n${model.trim().toLowerCase()}`;
}

function idsOf(rule: PriceRule): string[] {
  if (rule.model.endsWith('*')) return [];
  return [rule.model, ...(rule.aliases ?? [])].map((id) => idOf(rule.provider, id));
}

/** What a target may mean, in the order in which the price book looks for it. */
function targetsOf(rule: PriceRule): string[] {
  const target = rule.same_as ?? '';
  const slash = target.indexOf('/');
  const own = idOf(rule.provider, target);
  if (slash <= 0) return [own];
  return [own, idOf(canonicalProvider(target.slice(0, slash)), target.slice(slash + 1))];
}

/** How a chain of twins ends: at itself, after too many, or at a model that is no twin. */
function chainProblem(
  start: string,
  twins: ReadonlyMap<string, PlacedRule>,
  ids: ReadonlySet<string>,
): string | undefined {
  let id: string | undefined = start;
  for (let steps = 0; steps <= longestTrail; steps++) {
    const next: PlacedRule | undefined = id === undefined ? undefined : twins.get(id);
    if (next === undefined) return undefined;
    id = targetsOf(next.rule).find((name) => ids.has(name));
    if (id === start) return 'leads back to the model itself: name a model that has rates';
  }
  return `leads through more than ${longestTrail} models: name the one that has rates`;
}

function isKnown(rule: PriceRule, known: PriceBook): boolean {
  return targetsOf(rule).some((target) => {
    const [provider = '', model = ''] = target.split('\n');
    return known.lists(provider, model);
  });
}

function unknownTarget({ provider, same_as: target = '' }: PriceRule, known: PriceBook): string {
  const slash = target.indexOf('/');
  const named = slash > 0 ? canonicalProvider(target.slice(0, slash)) : provider;
  const near =
    known.suggest(named, slash > 0 ? target.slice(slash + 1) : target) ??
    known.suggest(provider, target);
  const written =
    near === null ? '' : near.provider === provider ? near.model : `${near.provider}/${near.model}`;
  const hint = near === null ? '' : didYouMean(written, [written]);
  return `is no known model: write the id of a model of ${provider}, or "provider/id".${hint}`;
}
