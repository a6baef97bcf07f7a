import { toCall } from './call.js';
import type { CorpusCase } from './corpus.js';
import type { Target } from './target.js';
import { judge, type CostVerdict, type Verdict } from './verdict.js';

export interface Row {
  target: Target;
  verdicts: Verdict[];
}

/** Every case through every package. Nothing is downloaded: all use the prices that they ship. */
export async function compare(
  cases: readonly CorpusCase[],
  targets: readonly Target[],
): Promise<Row[]> {
  const rows = targets.map((target): Row => ({ target, verdicts: [] }));
  const { fetch } = globalThis;
  const { warn } = console;
  globalThis.fetch = () => Promise.reject(new Error('offline'));
  console.warn = () => {};
  try {
    for (const call of cases.map(toCall)) {
      for (const { target, verdicts } of rows) verdicts.push(await judge(target, call));
    }
  } finally {
    globalThis.fetch = fetch;
    console.warn = warn;
  }
  return rows;
}

/** The table of docs/benchmarks.md. */
export function comparisonTable(rows: readonly Row[], cases: readonly CorpusCase[]): string {
  const disputed = new Set(
    cases.filter((entry) => entry.disputed !== undefined).map(({ id }) => id),
  );
  const head = [
    'package',
    'fed with',
    'right tokens',
    'right cost',
    'within 10⁻⁹ $',
    'within 10⁻⁶ $',
    'wrong figure',
    'shown as 0',
    'no figure',
    'crashed',
    'not applicable',
  ];
  const lines = rows.map(({ target, verdicts }) => {
    const count = (...kinds: CostVerdict[]): string =>
      String(verdicts.filter(({ cost }) => kinds.includes(cost)).length);
    const judged = verdicts.filter(({ tokens }) => tokens !== undefined);
    const right = judged.filter(({ tokens }) => tokens).length;
    const exact = verdicts.filter(({ cost }) => cost === 'exact');
    const contested = exact.filter(({ id }) => disputed.has(id)).length;
    const costs = target.readsOnly
      ? ['–', '–', '–', '–', '–', '–', count('crashed'), count('not_applicable')]
      : [
          contested === 0 ? String(exact.length) : `${exact.length} (${contested} disputed)`,
          count('exact', 'float'),
          count('exact', 'float', 'rounded'),
          count('wrong'),
          count('zero'),
          count('none'),
          count('crashed'),
          count('not_applicable'),
        ];
    return [
      `${target.name} ${target.version}`,
      target.fed === 'payload' ? 'payload' : 'our tokens',
      judged.length === 0 ? '–' : `${right} of ${judged.length}`,
      ...costs,
    ];
  });
  return [head, head.map((_, index) => (index < 2 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
