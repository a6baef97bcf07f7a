/** What the form for a new budget holds, as the control plane and farthing.yaml write it. */
export interface BudgetDraft {
  name: string;
  scope: { dimension: string; value: string }[];
  usd: string;
  tokens: string;
  calls: string;
  window: string;
  rolling: boolean;
  /** Percent. */
  soft: string;
  /** Tried before it is refused. */
  downgrade: string;
  truncate: boolean;
  /** What decides in the end. */
  last: string;
  callWarn: string;
  callMax: string;
}

export const emptyDraft: BudgetDraft = {
  name: '',
  scope: [{ dimension: 'feature', value: '' }],
  usd: '',
  tokens: '',
  calls: '',
  window: 'month',
  rolling: false,
  soft: '80',
  downgrade: '',
  truncate: false,
  last: 'block',
  callWarn: '',
  callMax: '',
};

/** A number where it is one, so that the control plane can say what is wrong with what is none. */
function numberOf(text: string): number | string {
  const plain = text.replaceAll(/[ ,_]/g, '');
  return /^\d+$/.test(plain) ? Number(plain) : text.trim();
}

const moneyOf = (text: string) => text.trim().replace(/^\$/, '').replaceAll(',', '');

/** The definition that is sent: fields that were left empty are left out. */
export function definitionOf(draft: BudgetDraft): Record<string, unknown> {
  const { usd, tokens, calls, callWarn, callMax } = draft;
  const scope = Object.fromEntries(
    draft.scope
      .map(({ dimension, value }) => [dimension.trim(), value.trim()] as const)
      .filter(([dimension, value]) => dimension !== '' && value !== ''),
  );
  const limit = {
    ...(usd.trim() === '' ? {} : { usd: moneyOf(usd) }),
    ...(tokens.trim() === '' ? {} : { tokens: numberOf(tokens) }),
    ...(calls.trim() === '' ? {} : { calls: numberOf(calls) }),
  };
  const call = {
    ...(callWarn.trim() === '' ? {} : { warn: moneyOf(callWarn) }),
    ...(callMax.trim() === '' ? {} : { max: moneyOf(callMax) }),
  };
  const models = draft.downgrade
    .split(',')
    .map((model) => model.trim())
    .filter(Boolean);
  const actions = [
    ...(models.length > 0 ? ['downgrade'] : []),
    ...(draft.truncate ? ['truncate'] : []),
    draft.last,
  ];
  const soft = Number(draft.soft);
  const limitless = Object.keys(limit).length === 0 && Object.keys(call).length > 0;
  return {
    name: draft.name.trim(),
    ...(Object.keys(scope).length === 0 ? {} : { scope }),
    ...(limitless ? {} : { limit: onlyUsd(limit) }),
    window: `${draft.rolling && draft.window !== 'total' ? 'rolling ' : ''}${draft.window}`,
    ...(draft.soft.trim() === '' || soft === 80 ? {} : { soft: soft / 100 }),
    ...(Object.keys(call).length === 0 ? {} : { call }),
    actions,
    ...(models.length > 0 ? { downgrade: models } : {}),
  };
}

/** `limit: 15.00` where it is money alone. */
function onlyUsd(limit: Record<string, unknown>): unknown {
  const [first, ...others] = Object.keys(limit);
  return first === undefined || (first === 'usd' && others.length === 0)
    ? (limit['usd'] ?? '')
    : limit;
}

/** The same as it would stand in farthing.yaml. */
export function yamlOf(definition: Record<string, unknown>): string {
  const lines = Object.entries(definition).map(([key, value]) => `${key}: ${flow(value)}`);
  return `budgets:\n${lines.map((line, index) => `  ${index === 0 ? '- ' : '  '}${line}`).join('\n')}\n`;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${scalar(key)}: ${flow(inner)}`)
      .join(', ')} }`;
  return scalar(String(value));
}

/** Quoted where YAML would read it as something else, or not at all. */
function scalar(text: string): string {
  const plain = /^[a-zA-Z0-9_][\w ./-]*$/.test(text) && text.trim() === text;
  return plain && !/^(true|false|yes|no|on|off|null)$/i.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}

/**
 * The control plane's own words by field. Its lines are like ``budget "x": `window` must be …``; a
 * problem that names no field of the form stands under the empty name.
 */
export function problemsByField(message: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of message.split('\n')) {
    const [, field, text] = /^budget(?: "[^"]*"|s\[\d+\]): `([\w.:]+)` (.*)$/.exec(line) ?? [];
    const key = field === undefined ? '' : fieldOf(field);
    const words = text === undefined ? line : `${field} ${text}`;
    found[key] = found[key] === undefined ? words : `${found[key]} ${words}`;
  }
  return found;
}

const fields = ['name', 'scope', 'limit', 'window', 'soft', 'downgrade', 'actions', 'call'];

function fieldOf(path: string): string {
  const [first = '', second] = path.split('.');
  if (first === 'limit' && (second === 'tokens' || second === 'calls')) return second;
  return fields.includes(first) ? first : '';
}
