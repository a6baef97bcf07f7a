import { parseArgs } from 'node:util';

export interface Options {
  rounds: number;
  /** Seconds of load of one throughput or paced measurement; latency runs take half of it. */
  seconds: number;
  connections: number;
  /** Names of targets and scenarios to keep; empty keeps all. Direct is always kept. */
  only: string[];
  quick: boolean;
}

export const usage = `npm run bench:gateway -- [options]

  --quick            1 round of 1 s: shows that everything runs; its figures mean little
  --only a,b         keep these targets (nginx, undici, portkey, farthing) and
                     scenarios (2kb, 100kb, stream-50, stream-500, paced,
                     2kb-latency, 100kb-latency, stream-50-latency, stream-500-latency)
  --rounds n         how often everything is measured (default 5)
  --seconds n        whole seconds of load of each measurement (default 3)
  --connections n    of the closed-loop load (default 32)
`;

export function readOptions(argv: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const positive = (name: 'rounds' | 'seconds' | 'connections', otherwise: number): number => {
    const text = values[name];
    if (text === undefined) return otherwise;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1) {
      throw new Error(`--${name} takes a whole number from 1 up, not "${text}"`);
    }
    return value;
  };
  return {
    quick: values.quick,
    rounds: positive('rounds', values.quick ? 1 : 5),
    seconds: positive('seconds', values.quick ? 1 : 3),
    connections: positive('connections', 32),
    only: values.only.flatMap((names) => names.split(',')).filter((name) => name !== ''),
  };
}
