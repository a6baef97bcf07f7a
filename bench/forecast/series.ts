import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What a series took by day, with the weekday of the first (0 is Monday). */
export interface DailySpend {
  name: string;
  values: number[];
  weekday: number;
}

const day = 86_400_000;

/** Requests by day of each client of ServeGen's language traces: 14 days, a rate (1/s) every ten minutes. */
export function readServegen(folder: URL): { model: string; clients: DailySpend[] }[] | null {
  if (!existsSync(new URL('servegen/data/language/', folder))) return null;
  return ['m-large', 'm-mid', 'm-small'].map((model) => {
    const directory = new URL(`servegen/data/language/${model}/`, folder);
    const files = readdirSync(directory).filter((name) => name.endsWith('-trace.csv'));
    const clients = files.map((name) => {
      const values = Array.from({ length: 14 }, () => 0);
      for (const line of readFileSync(new URL(name, directory), 'utf8').split('\n')) {
        const [seconds, rate] = line.split(',');
        const index = Math.floor(Number(seconds) / 86_400);
        if (rate !== undefined && index < 14) values[index] = values[index]! + Number(rate) * 600;
      }
      // The traces do not say on which weekday they begin; only the distance of a week matters.
      return { name: name.replace('-trace.csv', ''), values, weekday: 0 };
    });
    return { model, clients };
  });
}

/** What aider's history cost by UTC day, as its client recorded it: with the price bug of $9,990. */
export function readAider(folder: URL): { first: string; spend: DailySpend } | null {
  const file = new URL('aider/message_send_history.jsonl', folder);
  if (!existsSync(file)) return null;
  const byDay = new Map<number, number>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() === '') continue;
    const { time, properties } = JSON.parse(line) as {
      time: number;
      properties: { cost?: number | null };
    };
    const index = Math.floor((time * 1_000) / day);
    byDay.set(index, (byDay.get(index) ?? 0) + (properties.cost ?? 0));
  }
  const [from, to] = [Math.min(...byDay.keys()), Math.max(...byDay.keys())];
  const values = Array.from({ length: to - from + 1 }, (_, index) => byDay.get(from + index) ?? 0);
  const first = new Date(from * day).toISOString().slice(0, 10);
  return { first, spend: { name: 'aider', values, weekday: (from + 3) % 7 } };
}
