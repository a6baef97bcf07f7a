import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readFileContent } from './read-file-content.js';

const directory = mkdtempSync(join(tmpdir(), 'farthing-content-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test.skipIf(process.platform === 'win32')(
  'a named pipe is refused at once, though nobody writes to it',
  async () => {
    const path = join(directory, 'pipe.yaml');
    execFileSync('mkfifo', [path]);
    await expect(readFileContent(path)).rejects.toThrow(/no ordinary file \(a pipe/);
  },
);

test.skipIf(process.platform === 'win32')('a device is no file of prices', async () => {
  await expect(readFileContent('/dev/null')).rejects.toThrow(/no ordinary file/);
});
