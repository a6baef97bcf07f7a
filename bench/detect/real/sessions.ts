import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const data = resolve(import.meta.dirname, '../../../../shared/data');
const lmcache = `${data}/lmcache-agent-trace`;
const sweAgent = `${data}/swe-agent/trajectories`;
export const hasSessions = existsSync(lmcache) && existsSync(sweAgent);

/** A model's turn in a session: what it was asked last, and what it said. */
export interface Turn {
  asked: string;
  said: string;
}

/** One session of an agent that worked as it should. */
export interface Session {
  source: 'miniswe' | 'taubench' | 'swe-agent';
  id: string;
  turns: Turn[];
}

/** All sessions with a turn: 20 of mini-swe-agent, 24 of tau-bench, the demonstrations of SWE-agent. */
export function readSessions(): Session[] {
  const sessions: Session[] = [];
  for (const source of ['miniswe', 'taubench'] as const) {
    for (const file of readdirSync(`${lmcache}/${source}`).toSorted()) {
      const lines = readFileSync(`${lmcache}/${source}/${file}`, 'utf8').trim().split('\n');
      const turns = lines
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { input: unknown; output: unknown })
        .map(({ input, output }) => ({ asked: textOf(input), said: textOf(output) }));
      if (turns.length > 0) sessions.push({ source, id: file, turns });
    }
  }
  for (const file of readdirSync(sweAgent, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!file.endsWith('.traj')) continue;
    const { trajectory } = JSON.parse(readFileSync(`${sweAgent}/${file}`, 'utf8')) as {
      trajectory?: { response: string; observation: string }[];
    };
    // One of them has a history of messages and no trajectory.
    if (trajectory === undefined) continue;
    const turns = trajectory.map(({ response }, index) => ({
      asked: index === 0 ? 'The task.' : trajectory[index - 1]!.observation,
      said: response,
    }));
    sessions.push({ source: 'swe-agent', id: file, turns });
  }
  return sessions;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
