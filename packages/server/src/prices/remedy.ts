import type { CostStatus, Entry, MissingPrice, ModelName, PriceBook } from '@farthing/core';
import { toolUnitPrefix } from '@farthing/core';

interface Gap {
  provider: string | null;
  model: string | null;
  status: CostStatus;
  suggestion: ModelName | null;
  /** Calls that have the gap. */
  entries: readonly Entry[];
  book: PriceBook;
}

/** Names of the tier that a row without a tier is for. */
const ordinaryTiers = new Set(['', 'default', 'standard', 'auto', 'on_demand']);

type Remedy = Pick<MissingPrice, 'snippet' | 'command'>;

/** Stands where a person must write a rate: no reader of prices takes it for one. */
const rate = 'RATE';

/**
 * What to add so that calls like these have a price: for farthing.yaml, and as a command. Nothing where
 * no price would help: calls without usage, or with usage that contradicts itself.
 */
export function remedyFor(gap: Gap): Remedy {
  const { provider, model, status } = gap;
  const tools = toolsOf(gap.entries);
  if (tools.length > 0 && (status === 'partial' || model === null)) return forTools(tools);
  const helps =
    status === 'unknown_model' || status === 'contract_required' || status === 'partial';
  if (!helps || provider === null || model === null) return { snippet: null, command: null };
  const { suggestion } = gap;
  if (status === 'unknown_model' && suggestion !== null) return asTwin(provider, model, suggestion);
  const [tier] = gap.book.knows(provider, model) ? tiersOf(gap.entries) : [];
  const units = status === 'partial' ? unitsOf(gap.entries) : [];
  const lines = [
    'prices:',
    `  - provider: ${scalar(provider)}`,
    `    model: ${scalar(model)}`,
    ...(tier === undefined ? [] : [`    service_tier: ${scalar(tier)}`]),
    units.length > 0
      ? `    rates: { ${units.map((unit) => `${unit}: "${rate}"`).join(', ')} }`
      : `    rates_per_mtok: { input: "${rate}", output: "${rate}" }`,
  ];
  const flags =
    units.length > 0
      ? units.map((unit) => `--rate ${unit}=${rate}`).join(' ')
      : `--input ${rate} --output ${rate}`;
  const tierFlag = tier === undefined ? '' : ` --tier ${word(tier)}`;
  return {
    snippet: lines.join('\n'),
    command: `farthing prices set --provider ${word(provider)} --model ${word(model)}${tierFlag} ${flags}`,
  };
}

function asTwin(provider: string, model: string, suggestion: ModelName): Remedy {
  const twin =
    suggestion.provider === provider
      ? suggestion.model
      : `${suggestion.provider}/${suggestion.model}`;
  return {
    snippet: [
      'prices:',
      `  - provider: ${scalar(provider)}`,
      `    model: ${scalar(model)}`,
      `    same_as: ${scalar(twin)} # only if it is that very model; else, instead of this line:`,
      `    # rates_per_mtok: { input: "${rate}", output: "${rate}" }`,
    ].join('\n'),
    command: [
      `farthing prices set --provider ${word(provider)} --model ${word(model)} --same-as ${word(twin)}`,
      '# or, if it is another model:',
      `farthing prices set --provider ${word(provider)} --model ${word(model)} --input ${rate} --output ${rate}`,
    ].join('\n'),
  };
}

function forTools(tools: readonly string[]): Remedy {
  return {
    snippet: ['tools:', ...tools.map((tool) => `  ${scalar(tool)}: { price: "${rate}" }`)].join(
      '\n',
    ),
    command: tools
      .map((tool) => `farthing prices set --tool ${word(tool)} --price ${rate}`)
      .join('\n'),
  };
}

/** Tools that the calls used and that no rate is known for. */
function toolsOf(entries: readonly Entry[]): string[] {
  return missingUnits(entries).flatMap((unit) =>
    unit.startsWith(toolUnitPrefix) ? [unit.slice(toolUnitPrefix.length)] : [],
  );
}

function unitsOf(entries: readonly Entry[]): string[] {
  return missingUnits(entries).filter((unit) => /^\w+$/.test(unit));
}

/** Units that calls have used and that they have no charge for. */
function missingUnits(entries: readonly Entry[]): string[] {
  const units = entries.flatMap(({ usage, cost }) => {
    const charged = new Set(cost.charges.map(({ kind }) => kind));
    return Object.keys(usage?.units ?? {}).filter(
      (unit) => (usage?.units[unit] ?? 0) > 0 && !charged.has(unit),
    );
  });
  return [...new Set(units)];
}

function tiersOf(entries: readonly Entry[]): string[] {
  const tiers = entries.flatMap(({ usage }) => usage?.modifiers.service_tier?.toLowerCase() ?? []);
  return [...new Set(tiers)].filter((tier) => !ordinaryTiers.has(tier));
}

/** A YAML scalar that means this text, whatever stands in it. */
function scalar(text: string): string {
  return /^[a-z][\w./-]*$/i.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

/** A word of a POSIX shell's command line that means this text. */
function word(text: string): string {
  return /^[\w./:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
