import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packageSdk } from '../../scripts/package-sdk.js';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../', import.meta.url));

/** An application's folder with core and the SDK as they come from a registry. */
export interface InstalledSdk {
  project: string;
  /** Where the SDK is in it. */
  installed: string;
  remove(): Promise<void>;
}

/** An empty project that installs core and the SDK from their archives, beside a client of its own. */
export async function installSdk(): Promise<InstalledSdk> {
  const project = await mkdtemp(join(tmpdir(), 'farthing-consumer-'));
  const sdk = await packageSdk(join(project, 'built'));
  const archives = await Promise.all(
    [join(repository, 'packages/core'), sdk].map(async (directory) => {
      const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], {
        cwd: directory,
      });
      const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
      return join(project, filename);
    }),
  );
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const flags = ['--offline', '--no-audit', '--no-fund', '--no-package-lock'];
  await run('npm', ['install', ...flags, ...archives], { cwd: project });
  await symlink(join(repository, 'node_modules/openai'), join(project, 'node_modules/openai'));
  return {
    project,
    installed: join(project, 'node_modules/@farthing/sdk'),
    remove: () => rm(project, { recursive: true, force: true }),
  };
}
