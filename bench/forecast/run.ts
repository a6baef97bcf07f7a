import { project } from '../../packages/core/src/forecast/project.js';
import { sumOf } from '../../packages/core/src/forecast/series.js';
import { monthEnds, weekEnds, type Case } from './cases.js';
import { score, type Row } from './score.js';
import { readAider, readServegen } from './series.js';

const data = new URL('../../../shared/data/', import.meta.url);
const [servegen, aider] = [readServegen(data), readAider(data)];
if (servegen === null || aider === null) {
  process.stderr.write(
    'bench:forecast needs the data sets in ../shared/data, which are not here.\n',
  );
  process.exit(0);
}

/** Makes the forecast of a case, and puts what it said beside what came. */
function tried({ known, phase, steps, rest, spent, naive }: Case): Row {
  const forecast = project({ values: known, season: 7, phase }, steps);
  const [narrow, wide] = [forecast.interval(80), forecast.interval(95)];
  return {
    actual: spent + rest,
    errors: {
      farthing: Math.abs(forecast.expected() - rest),
      ...Object.fromEntries(
        Object.entries(naive).map(([name, said]) => [name, Math.abs(said - rest)]),
      ),
    },
    within80: rest >= narrow.low - 1e-9 && rest <= narrow.high,
    within95: rest >= wide.low - 1e-9 && rest <= wide.high,
  };
}

function table(title: string, sets: [name: string, cases: Case[]][]): void {
  const methods = ['farthing', ...Object.keys(sets[0]![1][0]!.naive)];
  const head = ['', 'forecasts', ...methods, 'in the 80 %', 'in the 95 %'];
  const lines = sets.map(([name, cases]) => {
    const { count, errors, coverage80, coverage95 } = score(cases.map(tried));
    const cells = methods.map((method) => {
      const { wape, median } = errors[method]!;
      return `${percent(wape)} / ${percent(median)}`;
    });
    return [
      name,
      count.toLocaleString('en-US'),
      ...cells,
      percent(coverage80),
      percent(coverage95),
    ];
  });
  const row = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  process.stdout.write(
    `\n${title}\n\n${row(head)}${row(head.map((_, index) => (index === 0 ? '--' : '--:')))}${lines.map(row).join('')}`,
  );
}

const percent = (share: number) =>
  `${share >= 10 ? Math.round(share * 100).toLocaleString('en-US') : (share * 100).toFixed(share < 0.995 ? 1 : 0)} %`;

process.stdout.write(
  'Error as WAPE / median: sum of errors ÷ sum of what came, and the median of error ÷ what came.\n',
);
table(
  'ServeGen, requests a day: what the next seven days take (to the end of the 14 at most), from 3 to 6 and from 7 to 13 days of history',
  servegen.flatMap(({ model, clients }): [string, Case[]][] => {
    const total = clients[0]!.values.map((_, day) =>
      sumOf(clients.map(({ values }) => values[day]!)),
    );
    const each = (from: number, to: number) =>
      clients.flatMap(({ values }) => weekEnds(values, from, to));
    return [
      [`${model}, all clients, 3–6 days`, weekEnds(total, 3, 7)],
      [`${model}, all clients, 7–13 days`, weekEnds(total, 7, 14)],
      [`${model}, each of ${clients.length}, 3–6 days`, each(3, 7)],
      [`${model}, each of ${clients.length}, 7–13 days`, each(7, 14)],
    ];
  }),
);

const bug = '2025-05';
const months = monthEnds(aider.spend, aider.first, '2024-11', '2025-08');
const without = months.filter(({ month }) => month !== bug && month !== '2025-06');
const onDays = (from: number, to: number) => without.filter(({ day }) => day >= from && day <= to);
table(
  'aider, recorded cost: the month’s end, from every day of November 2024 to August 2025 (2nd to 28th)',
  [
    ['all months', months],
    ['without May (the price bug) and June (May is the month before)', without],
    [
      'May 2025, from the day of the bug on (the 7th)',
      months.filter(({ month, day }) => month === bug && day > 6),
    ],
    ['from the 2nd to the 7th, without May and June', onDays(2, 7)],
    ['from the 8th to the 14th, without May and June', onDays(8, 14)],
    ['from the 15th to the 21st, without May and June', onDays(15, 21)],
    ['from the 22nd to the 28th, without May and June', onDays(22, 28)],
  ],
);
