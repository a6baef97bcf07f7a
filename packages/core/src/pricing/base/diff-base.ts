import type { BaseModel } from './base-model.js';

/** One line per difference, made to be read before a refresh is accepted. */
export function diffBase(before: readonly BaseModel[], after: readonly BaseModel[]): string[] {
  const changes: string[] = [];
  const old = new Map(before.map((model) => [nameOf(model), model]));
  for (const model of after) {
    const name = nameOf(model);
    const previous = old.get(name);
    old.delete(name);
    if (previous === undefined) {
      changes.push(`+ ${name}  ${pricesOf(model).join(' | ')}`);
      continue;
    }
    const [was, is] = [pricesOf(previous), pricesOf(model)];
    if (was.join() !== is.join()) {
      changes.push(`~ ${name}`);
      for (const row of was) if (!is.includes(row)) changes.push(`    - ${row}`);
      for (const row of is) if (!was.includes(row)) changes.push(`    + ${row}`);
    }
    const known = new Set(previous.aliases);
    const gained = (model.aliases ?? []).filter((alias) => !known.delete(alias));
    if (gained.length > 0) changes.push(`~ ${name}  new aliases: ${gained.join(', ')}`);
    if (known.size > 0) changes.push(`~ ${name}  lost aliases: ${[...known].join(', ')}`);
  }
  for (const [name, model] of old) changes.push(`- ${name}  ${pricesOf(model).join(' | ')}`);
  return changes;
}

function nameOf({ provider, model }: BaseModel): string {
  return `${provider}/${model}`;
}

function pricesOf({ rows }: BaseModel): string[] {
  return rows.map((row) => {
    const when = [row.from?.slice(0, 10), row.daily && `${row.daily.start}–${row.daily.end}`];
    const bands = (row.above ?? []).map(
      ({ threshold, rates }) => `${threshold.op} ${threshold.tokens}: ${ratesOf(rates)}`,
    );
    return [...when.filter(Boolean), ratesOf(row.rates), ...bands].join('; ');
  });
}

function ratesOf(rates: object): string {
  return Object.entries(rates)
    .map(([unit, rate]) => `${unit} ${rate}`)
    .join(', ');
}
