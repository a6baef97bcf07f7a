import type { RequestEstimate } from '../../budgets/index.js';
import type { CliOutput } from '../context.js';
import { displayCount, displayMoney, displayPercent } from '../output/display.js';
import { bar, printable, renderTable } from '../output/table.js';

const barLength = 20;

/** Models side by side, the cheapest first, then where the input comes from. */
export function renderEstimate({ models, prompt }: RequestEstimate, output: CliOutput): string {
  const money = (name: 'expected' | 'q95' | 'bound') => ({
    header: { expected: 'expected', q95: '95 % below', bound: 'at most' }[name],
    align: 'right' as const,
    cells: displayMoney(models.map(({ usd }) => usd?.[name] ?? null)),
  });
  const table = renderTable(
    [
      {
        header: 'model',
        align: 'left',
        cells: models.map(({ provider, model }) =>
          printable(provider === null ? model : `${provider}/${model}`),
        ),
      },
      {
        header: 'input',
        align: 'right',
        cells: models.map(({ input }) => displayCount(input.expected)),
      },
      {
        header: 'output',
        align: 'right',
        cells: models.map(({ output: answer }) => displayCount(answer.mean)),
      },
      money('expected'),
      money('q95'),
      money('bound'),
      { header: 'rests on', align: 'left', cells: models.map((model) => basisOf(model)) },
    ],
    output,
  );
  const unpriced = models
    .filter(({ usd }) => usd === null)
    .map(
      ({ provider, model }) =>
        `${printable(provider === null ? model : `${provider}/${model}`)} has no known price per token: "farthing prices show ${printable(model)}" says more.`,
    );
  const notes = unpriced.length === 0 ? '' : `${unpriced.join('\n')}\n`;
  return `${table}${notes}${inputNotes(models)}${prompt === null ? '' : `\n${renderPrompt(prompt, output)}`}`;
}

const inputBases: Readonly<Record<string, string>> = {
  provider: 'counted by the provider',
  tokenizer: 'input counted',
  learned: 'input learned',
  'bytes/4': 'input by bytes ÷ 4',
};

function basisOf({ learned_calls: calls, input, output }: RequestEstimate['models'][number]) {
  const known = inputBases[input.method] ?? input.method;
  const inputBasis =
    input.method === 'tokenizer' && input.estimated ? `${known}, estimated` : known;
  const outputBasis =
    calls === 0
      ? 'output assumed'
      : `output of ${displayCount(calls)} calls (same ${output.basis})`;
  return `${inputBasis}, ${outputBasis}`;
}

/** What is not exact about the input, once for all models of which it is true. */
function inputNotes(models: RequestEstimate['models']): string {
  const byNote = new Map<string, string[]>();
  for (const { model, input } of models) {
    for (const note of input.notes) byNote.set(note, [...(byNote.get(note) ?? []), model]);
  }
  return [...byNote]
    .map(([note, names]) =>
      names.length === models.length
        ? `${printable(note)}\n`
        : `${names.map((name) => printable(name)).join(', ')}: ${printable(note)}\n`,
    )
    .join('');
}

function renderPrompt(
  { sources, lever }: NonNullable<RequestEstimate['prompt']>,
  output: CliOutput,
): string {
  const table = renderTable(
    [
      { header: 'input from', align: 'left', cells: sources.map(({ source }) => source) },
      {
        header: 'tokens',
        align: 'right',
        cells: sources.map(({ tokens }) => displayCount(tokens)),
      },
      { header: 'share', align: 'right', cells: sources.map(({ share }) => displayPercent(share)) },
      ...(output.tty
        ? [
            {
              header: '',
              align: 'left' as const,
              cells: sources.map(({ share }) => bar(share, barLength)),
            },
          ]
        : []),
    ],
    output,
  );
  const advice =
    lever === null ? '' : `Largest lever: ${lever.source}. To save there, ${lever.advice}.\n`;
  return `${table}${advice}`;
}
