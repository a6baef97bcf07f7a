import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The Numenta Anomaly Benchmark's data, labels and published results lie beside the repository. */
const nabFolder = resolve(import.meta.dirname, '../../../../shared/data/nab');
export const hasNab = existsSync(nabFolder);

/** One of the benchmark's series, evenly sampled but for gaps. */
export interface Series {
  /** Folder and file, e.g. `realTraffic/speed_6005.csv`. */
  name: string;
  /** Milliseconds since 1970, the clock's zone taken as UTC. */
  times: number[];
  values: number[];
  /** First and last point of each anomaly's window. */
  windows: [from: number, to: number][];
}

const timeOf = (text: string): number => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);

function readWindows(): Record<string, [string, string][]> {
  return JSON.parse(readFileSync(`${nabFolder}/labels/combined_windows.json`, 'utf8')) as Record<
    string,
    [string, string][]
  >;
}

export function seriesNames(): string[] {
  return Object.keys(readWindows()).toSorted();
}

export function readSeries(name: string): Series {
  const [header, ...lines] = readFileSync(`${nabFolder}/data/${name}`, 'utf8')
    .trim()
    .split(/\r?\n/);
  if (header !== 'timestamp,value') throw new Error(`${name} begins with "${header}"`);
  const times: number[] = [];
  const values: number[] = [];
  const placeOf = new Map<number, number>();
  for (const line of lines) {
    const comma = line.indexOf(',');
    const time = timeOf(line.slice(0, comma));
    if (!placeOf.has(time)) placeOf.set(time, times.length);
    times.push(time);
    values.push(Number(line.slice(comma + 1)));
  }
  const place = (text: string): number => {
    const found = placeOf.get(timeOf(text));
    if (found === undefined) throw new Error(`${name} has no point at ${text}`);
    return found;
  };
  const windows = readWindows()[name]!.map(([from, to]): [number, number] => [
    place(from),
    place(to),
  ]);
  return { name, times, values, windows };
}

/** What NAB's scoreboard says of a detector, by profile. */
export type Published = Record<'standard' | 'reward_low_FP_rate' | 'reward_low_FN_rate', number>;

export function readPublished(): Record<string, Published> {
  return JSON.parse(readFileSync(`${nabFolder}/results/final_results.json`, 'utf8')) as Record<
    string,
    Published
  >;
}

/** A detector's score of each point of a series, from a checkout of NAB with its `results` folder. */
export function readScores(results: string, detector: string, name: string): number[] {
  const [folder, file] = name.split('/');
  const path = `${results}/${detector}/${folder}/${detector}_${file}`;
  const [header, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const column = header!.split(',').indexOf('anomaly_score');
  return lines.map((line) => Number(line.split(',')[column]));
}
