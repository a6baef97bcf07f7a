import { didYouMean } from '../../suggest.js';
import { isFields, type Fields } from '../../usage/fields.js';
import type { ToolPrice } from '../tool-prices.js';
import { checkCurrency } from './read-row.js';
import { compareDecimals, decimalField, noteField, periodFields, unknownKeys } from './fields.js';
import { beginOf, clashes, compareTimes } from './period.js';
import type { Problem, Report } from './problems.js';
import { highestRate } from './read-rates.js';

const knownFields = [
  'price',
  'per',
  'effective_from',
  'effective_to',
  'currency',
  'source',
  'note',
];
const toolName = /^[\w.:/-]{1,128}$/;

/** Reads `tools:`: a price, or a list of dated ones, by the tool's name. */
export function readTools(value: unknown, source: string, problems: Problem[]): ToolPrice[] {
  if (!isFields(value)) {
    const message = 'must be an object of tools, like { web_lookup: { price: "0.005" } }';
    problems.push({ place: '', field: 'tools', message });
    return [];
  }
  return Object.entries(value).flatMap(([name, stated]) => {
    const place = `tools.${name.slice(0, 64)}`;
    if (!toolName.test(name)) {
      const message = 'is no name of a tool: letters, digits and _ . : / - only';
      problems.push({ place, field: '', message });
      return [];
    }
    const list: readonly unknown[] = Array.isArray(stated) ? stated : [stated];
    const prices = list.map((item, index) => {
      const where = Array.isArray(stated) ? `${place}[${index}]` : place;
      const report: Report = (field, message) => problems.push({ place: where, field, message });
      if (isFields(item)) return { where, price: readTool(name, item, source, report) };
      report('', 'must be an object, like { price: "0.005", per: 1 }');
      return { where, price: undefined };
    });
    const good = prices.flatMap(({ where, price }) => (price ? [{ where, price }] : []));
    for (const [{ where: first }, { where: second }] of clashes(good, ({ price }) => price)) {
      const message = `holds at the same time as ${first}: give them dates that follow each other`;
      problems.push({ place: second, field: '', message });
    }
    return good
      .map(({ price }) => price)
      .toSorted((left, right) => compareTimes(beginOf(left), beginOf(right)));
  });
}

function readTool(
  name: string,
  fields: Fields,
  source: string,
  report: Report,
): ToolPrice | undefined {
  for (const key of unknownKeys(fields, knownFields)) {
    report(key.slice(0, 64), `is not a field of a tool's price.${didYouMean(key, knownFields)}`);
  }
  checkCurrency(fields, report);
  const price = decimalField(fields, 'price', report);
  const stated = fields['per'];
  const per = stated ?? 1;
  const whole = typeof per === 'number' && Number.isSafeInteger(per) && per > 0;
  if (!whole) report('per', 'must be a whole number of uses, 1 or more');
  const period = periodFields(fields, report);
  const where = noteField(fields, 'source', report) ?? source;
  const note = noteField(fields, 'note', report);
  if (price === undefined || !whole) return undefined;
  if (compareDecimals(price, highestRate) > 0) {
    report('price', `is ${price} USD, which cannot be true (the limit is ${highestRate})`);
  }
  return { name, price, per, ...period, source: note === undefined ? where : `${where}: ${note}` };
}
