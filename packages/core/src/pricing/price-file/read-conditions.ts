import { didYouMean } from '../../suggest.js';
import { isFields, type Fields } from '../../usage/fields.js';
import type { PriceConditions, Threshold } from '../price-rows.js';
import { nameField } from './fields.js';
import type { Report } from './problems.js';

type Writable = { -readonly [key in keyof PriceConditions]: PriceConditions[key] };

/** Names of the tier that a row without a tier speaks of. */
const standardTiers = ['standard', 'default'];

/** Fields of a row that limit it to some calls, the condition each is, and the values known for it. */
const conditionFields: Readonly<
  Record<string, readonly [condition: keyof PriceConditions, values?: readonly string[]]>
> = {
  service_tier: [
    'service_tier',
    ['batch', 'flex', 'priority', 'scale', 'reserved', 'provisioned_throughput', ...standardTiers],
  ],
  speed: ['speed', ['fast']],
  inference_geo: ['inference_geo', ['us']],
  endpoint_scope: ['scope', ['regional', 'data_zone']],
  endpoint: ['endpoint', ['vertex']],
  search_tool: ['search_tool', ['preview']],
  search_context_size: ['search_context_size', ['low', 'medium', 'high']],
  size: ['size'],
  quality: ['quality'],
};

export const conditionFieldNames = Object.keys(conditionFields);

/** What must hold for a row to apply; undefined where it applies always. */
export function readConditions(fields: Fields, report: Report): PriceConditions | undefined {
  const when: Writable = {};
  for (const [key, [condition, values]] of Object.entries(conditionFields)) {
    const value = nameField(fields, key, report)?.toLowerCase();
    if (value === undefined) continue;
    if (values !== undefined && !values.includes(value)) {
      const hint = didYouMean(value, values);
      report(
        key,
        `"${value}" is not known: it must be ${values.map((name) => `"${name}"`).join(', ')}.${hint}`,
      );
      continue;
    }
    if (key === 'service_tier' && standardTiers.includes(value)) continue;
    when[condition] = value;
  }
  return Object.keys(when).length === 0 ? undefined : when;
}

const operators = ['gt', 'gte', 'lt', 'lte'] as const;

/** The band of input tokens that a row is for; undefined where it is for all. */
export function readThreshold(fields: Fields, report: Report): Threshold | undefined {
  const stated = fields['threshold'];
  if (stated === undefined || stated === null) return undefined;
  if (!isFields(stated)) {
    report('threshold', 'must be an object, like { op: "gt", tokens: 200000 }');
    return undefined;
  }
  const unknown = Object.keys(stated).find((key) => key !== 'op' && key !== 'tokens');
  if (unknown !== undefined) {
    report(`threshold.${unknown.slice(0, 64)}`, 'is not known: a threshold has "op" and "tokens"');
  }
  const op = operators.find((name) => name === stated['op']);
  if (op === undefined) report('threshold.op', 'must be "gt", "gte", "lt" or "lte"');
  const tokens = stated['tokens'];
  const count = typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens > 0;
  if (!count) report('threshold.tokens', 'must be a whole number of tokens, like 200000');
  return op === undefined || !count ? undefined : { op, tokens };
}
