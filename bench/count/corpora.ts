import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One request's text, as it would stand in the one message of a chat. In order of time, where there is one. */
export interface Corpus {
  name: string;
  texts: string[];
}

/** Calls that are counted of a data set at most: counting is what takes the time here. */
const most = 1_500;
/** Longer texts than models read are left out; none of the data sets has many. */
const longest = 400_000;

/** Real text: prompts of two agents, and this repository's own files in pieces of some thousand characters. */
export function readCorpora(repository: URL, data: URL): Corpus[] {
  return [
    agent('agent: mini-swe', new URL('lmcache-agent-trace/miniswe/', data)),
    agent('agent: tau-bench', new URL('lmcache-agent-trace/taubench/', data)),
    files('prose (docs/*.md)', new URL('docs/', repository), /\.md$/),
    files('TypeScript (packages)', new URL('packages/', repository), /(?<!\.d)\.tsx?$/),
    files('JSON (openapi, schema)', new URL('docs/', repository), /\.json$/),
  ].filter(({ texts }) => texts.length > 0);
}

function agent(name: string, folder: URL): Corpus {
  if (!existsSync(folder)) return { name, texts: [] };
  const calls = readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) =>
      readFileSync(new URL(file, folder), 'utf8')
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line) as { timestamp: number; input: string }),
    )
    .filter(({ input }) => typeof input === 'string' && input !== '' && input.length < longest)
    .sort((a, b) => a.timestamp - b.timestamp);
  const step = Math.max(1, Math.floor(calls.length / most));
  return {
    name,
    texts: calls.filter((_, index) => index % step === 0).map(({ input }) => input),
  };
}

function files(name: string, folder: URL, wanted: RegExp): Corpus {
  const texts: string[] = [];
  const walk = (directory: string) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name.startsWith('dist')) continue;
      const path = join(directory, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (wanted.test(entry.name)) texts.push(...pieces(readFileSync(path, 'utf8')));
    }
  };
  walk(fileURLToPath(folder));
  return { name, texts: texts.slice(0, most) };
}

/** Of different lengths, since prompts are: 500 to 8,000 characters. */
function pieces(text: string): string[] {
  const found: string[] = [];
  for (let at = 0, index = 0; at < text.length; index++) {
    const length = 500 * (1 + ((index * 7) % 16));
    found.push(text.slice(at, at + length));
    at += length;
  }
  return found;
}
