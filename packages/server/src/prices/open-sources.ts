import { PriceBook, type PriceLayer, type PriceSourceStatus } from '@farthing/core';
import { guardPrices, snapshotLayer } from '@farthing/core/prices';
import type { PriceSettings } from '../config/index.js';
import { parseBase } from './base-source.js';
import type { Content } from './content.js';
import { fetchContent } from './fetch-content.js';
import { readCopy, writeCopy } from './last-good-copy.js';
import { locationOf, type Location } from './location.js';
import { parseOwnPrices } from './own-prices.js';
import { parsePriceFile, parsePriceFileApart } from './parse-price-file.js';
import type { PriceDirectory } from './price-directory.js';
import { PriceSource, rulesOf, type PriceLog } from './price-source.js';
import { readFileContent } from './read-file-content.js';
import { readRefreshRequest } from './refresh-request.js';

/** A source together with where it is looked for. */
export interface OpenSource {
  source: PriceSource;
  /** Id under which its content is accepted; the base and own rows need no acceptance. */
  location: Location | null;
  /** The file to watch; URLs are asked now and then instead. */
  path: string | null;
}

export interface SourceContext {
  directory: PriceDirectory;
  settings: PriceSettings;
  log: PriceLog;
  onChange(): void;
  /** What `same_as` may name: the layers of all other sources; null while they are not read yet. */
  others(own: PriceLayer | null): PriceLayer[] | null;
}

/** Half of the rows gone is an accident more often than a wish. */
const largestLoss = 0.5;

/** The refreshed base price list, or the bundled one while there is none. */
export function openBase({ directory, log, onChange }: SourceContext): OpenSource {
  const source = new PriceSource({
    kind: 'base',
    name: directory.base,
    read: () => fileContent(directory.base),
    parse: parseBase,
    whenAbsent: { layer: snapshotLayer() },
    log,
    onChange,
  });
  return { source, location: null, path: directory.base };
}

/** The rows that people have set by command. */
export function openOwn({ directory, log, onChange, others }: SourceContext): OpenSource {
  const source: PriceSource = new PriceSource({
    kind: 'own',
    name: directory.own,
    read: () => fileContent(directory.own),
    parse: (text) => parseOwnPrices(text, bookOf(others(source.layer))),
    whenAbsent: { layer: null },
    log,
    onChange,
  });
  return { source, location: null, path: directory.own };
}

/** A price file that the configuration names by path or URL, with its last good copy in use at once. */
export function openFile(named: string, context: SourceContext): OpenSource {
  const { directory, settings, log, onChange, others } = context;
  const location = locationOf(named, settings.directory);
  const copy = readCopy(directory.copies, location);
  const kind: PriceSourceStatus['kind'] = location.kind;
  const own: { source?: PriceSource } = {};
  const known = () => bookOf(others(own.source?.layer ?? null));
  const source = new PriceSource(
    {
      kind,
      name: location.name,
      read: async (last) => {
        if (kind === 'file') return fileContent(location.target);
        const { timeoutMilliseconds } = settings;
        const fetched = await fetchContent(location.target, {
          timeoutMilliseconds,
          ...(last === null ? {} : { known: last }),
        });
        return fetched ?? 'unchanged';
      },
      parse: (text, edition) => parsePriceFile(text, location, edition, known()),
      parseApart: (text, edition) =>
        parsePriceFileApart(text, location, edition, others(own.source?.layer ?? null) ?? []),
      guard: (before: PriceLayer, after: PriceLayer) =>
        guardPrices(rulesOf(before), rulesOf(after), { largestLoss }),
      isAccepted: (hash) =>
        readRefreshRequest(directory.refresh).accepted.some(
          (acceptance) => acceptance.source === location.id && acceptance.hash === hash,
        ),
      keep: (content: Content, hash: string, loadedAt: string) =>
        writeCopy(directory.copies, location, { ...content, hash, loadedAt }),
      log,
      onChange,
    },
    copy,
  );
  own.source = source;
  return { source, location, path: kind === 'file' ? location.target : null };
}

function bookOf(layers: readonly PriceLayer[] | null): PriceBook | undefined {
  return layers === null ? undefined : new PriceBook(layers);
}

async function fileContent(path: string): Promise<Content | 'absent'> {
  return (await readFileContent(path)) ?? 'absent';
}
