// Writes what is published as @farthing/sdk to packages/sdk/dist/package: npm run package:sdk
// Needs the compiled packages (npm run build).
import { build } from 'esbuild';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const sdk = fileURLToPath(new URL('../packages/sdk/', import.meta.url));

interface Manifest {
  exports: Record<string, { types: string; default: string }>;
  dependencies: Record<string, string>;
  peerDependencies?: Record<string, string>;
  [field: string]: unknown;
}

/**
 * The package as applications install it: one minified module for each entry and what they share, the
 * types that the entries lead to, no source maps. The journal's writer is part of it, core is not:
 * applications that have more than one package of Farthing share it. Returns the package's directory.
 */
export async function packageSdk(directory: string = join(sdk, 'dist/package')): Promise<string> {
  const manifest = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8')) as Manifest;
  const { '@farthing/journal': _bundled, ...dependencies } = manifest.dependencies;
  const entries = Object.entries(manifest.exports).map(([path, { types, default: module }]) => ({
    path,
    name: path === '.' ? 'index' : path.slice(2),
    types,
    module,
  }));
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  await build({
    absWorkingDir: sdk,
    entryPoints: Object.fromEntries(entries.map(({ name, module }) => [name, module])),
    outdir: directory,
    bundle: true,
    splitting: true,
    chunkNames: 'shared-[hash]',
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    external: [
      ...Object.keys({ ...dependencies, ...manifest.peerDependencies }).flatMap((name) => [
        name,
        `${name}/*`,
      ]),
      'node:*',
    ],
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const file of typesBehind(entries.map(({ types }) => types))) {
    const target = join(directory, 'types', file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, withoutMargins(readFileSync(join(sdk, 'dist', file), 'utf8')));
  }
  const published = {
    ...manifest,
    files: ['*.js', 'types'],
    exports: Object.fromEntries(
      entries.map(({ path, name, types }) => [
        path,
        { types: types.replace('./dist/', './types/'), default: `./${name}.js` },
      ]),
    ),
    dependencies,
    private: undefined,
  };
  writeFileSync(join(directory, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  return directory;
}

/** Declarations as they are, but for what nobody reads: how far lines are moved in, and where the source map is. */
function withoutMargins(declarations: string): string {
  return declarations.replace(/^ +/gm, ' ').replace(/^\/\/# sourceMappingURL=.*\n?/m, '');
}

/** The declarations that these lead to, by their imports. Paths are relative to `dist`. */
function typesBehind(entries: readonly string[]): Set<string> {
  const found = new Set<string>();
  const follow = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    const text = readFileSync(join(sdk, 'dist', file), 'utf8');
    for (const [, path = ''] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g)) {
      follow(normalize(join(dirname(file), `${path}.d.ts`)));
    }
  };
  for (const entry of entries) follow(entry.replace('./dist/', ''));
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(`${await packageSdk()}\n`);
}
