import { execFile } from 'node:child_process';
import { cp, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakeProvider } from '../../packages/server/src/fake-provider/index.js';
import { installSdk, type InstalledSdk } from './installed-sdk.js';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../', import.meta.url));

let sdk: InstalledSdk;
let project: string;
let installed: string;

beforeAll(async () => {
  sdk = await installSdk();
  ({ project, installed } = sdk);
});
afterAll(() => sdk?.remove());

async function sizes(): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const file of await readdir(installed, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    found.set(path.slice(installed.length + 1), (await stat(path)).size);
  }
  return found;
}

test('the example runs on what is published, against a provider', async () => {
  const provider = await startFakeProvider();
  try {
    const example = join(project, 'first-call.mjs');
    await cp(join(repository, 'examples/sdk/first-call.mjs'), example);
    const { stdout } = await run('node', [example], {
      cwd: project,
      env: { ...process.env, OPENAI_BASE_URL: `${provider.url}/v1`, OPENAI_API_KEY: 'sk-example' },
    });
    expect(stdout).toMatch(
      /^gpt-5-mini-\S+ 0\.\d+ \{\s*environment: 'example',\s*feature: 'greeting'/,
    );
  } finally {
    await provider.close();
  }
});

test('every entry loads, and has its types', async () => {
  const { exports } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    exports: Record<string, { types: string; default: string }>;
  };
  // Applications that share budgets in Redis install what that takes by themselves.
  const names = Object.keys(exports)
    .filter((path) => path !== './redis')
    .map((path) => path.replace('.', '@farthing/sdk'));
  const program = `for (const name of ${JSON.stringify(names)}) {
    if (Object.keys(await import(name)).length === 0) throw new Error(name);
  }`;
  await run('node', ['--input-type=module', '--eval', program], { cwd: project });
  const files = await sizes();
  for (const { types } of Object.values(exports)) expect(files.has(types.slice(2))).toBe(true);
});

test('it needs core and nothing else, and stays small', async () => {
  const packages = await readdir(join(project, 'node_modules'));
  expect(packages.filter((name) => !name.startsWith('.')).toSorted()).toEqual([
    '@farthing',
    'openai',
  ]);
  expect((await readdir(join(project, 'node_modules/@farthing'))).toSorted()).toEqual([
    'core',
    'sdk',
  ]);
  const files = await sizes();
  expect([...files.keys()].filter((name) => !/\.(js|d\.ts|json)$/.test(name))).toEqual([]);
  const bytes = (pattern: RegExp) =>
    [...files].reduce((sum, [name, size]) => sum + (pattern.test(name) ? size : 0), 0);
  // What the main entry loads; all entries; their types.
  expect(bytes(/^(index|shared-.*)\.js$/)).toBeLessThan(60_000);
  expect(bytes(/\.js$/)).toBeLessThan(80_000);
  expect(bytes(/\.d\.ts$/)).toBeLessThan(29_000);
});
