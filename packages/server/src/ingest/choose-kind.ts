import { didYouMean, FarthingError } from '@farthing/core';
import type { SourceKind } from './finding.js';
import { readInlineMapping } from './inline-mapping.js';
import { archive } from './kinds/archive.js';
import { claudeCode } from './kinds/claude-code.js';
import { codex } from './kinds/codex.js';
import type { KindContext } from './kinds/kind-context.js';
import { mapped } from './kinds/mapped.js';
import { usageReport } from './kinds/usage-report.js';
import { readMapping, type Mapping } from './mapping.js';
import { findPreset, presetNamed } from './presets/index.js';
import { kindNames, recogniseFile } from './recognise.js';

export interface KindChoice {
  kind?: string | undefined;
  preset?: string | undefined;
  /** A mapping file, or the mapping itself (`model=model_name,…`). */
  mapping?: string | undefined;
}

/**
 * The kind that was named, the user's own mapping, or what the first file shows itself to be. Throws
 * `unknown_kind`, `unknown_preset`, `invalid_mapping`.
 */
export async function chooseKind(
  { kind, preset, mapping }: KindChoice,
  files: readonly string[],
  context: KindContext,
): Promise<{ kind: SourceKind; recognised: boolean }> {
  if (mapping !== undefined) {
    return { kind: mapped(await mappingOf(mapping), context), recognised: false };
  }
  if (preset !== undefined) return { kind: mapped(findPreset(preset), context), recognised: false };
  if (kind !== undefined) return { kind: kindNamed(kind, context), recognised: false };
  return { kind: kindNamed(await recognise(files, context), context), recognised: true };
}

const dataFile = /\.(?:jsonl|ndjson|json|csv|tsv|parquet)$/;
/** A directory can begin with files that say nothing, e.g. empty ones. */
const mostLookedAt = 20;

async function recognise(files: readonly string[], context: KindContext): Promise<string> {
  const likely = files.filter((file) => dataFile.test(file));
  const candidates = likely.length === 0 ? files : likely;
  let failure: unknown = new FarthingError('no_file', 'There is no file to import.');
  for (const [index, file] of candidates.slice(0, mostLookedAt).entries()) {
    try {
      return await recogniseFile(file, context.ports);
    } catch (error) {
      if (index === 0) failure = error;
    }
  }
  throw failure;
}

function mappingOf(text: string): Promise<Mapping> {
  return text.includes('=') ? Promise.resolve(readInlineMapping(text)) : readMapping(text);
}

export function kindNamed(name: string, context: KindContext): SourceKind {
  switch (name) {
    case 'claude-code':
      return claudeCode(context);
    case 'codex':
      return codex(context);
    case 'journals':
    case 'archive':
      return archive(name, context.ports);
    case 'openai-usage':
      return usageReport('openai', context);
    case 'anthropic-usage':
      return usageReport('anthropic', context);
    default: {
      const preset = presetNamed(name);
      if (preset !== undefined) return mapped(preset, context);
      throw new FarthingError(
        'unknown_kind',
        `Unknown kind "${name}".${didYouMean(name, kindNames)} Kinds: ${kindNames.join(', ')}. For another format use --map.`,
      );
    }
  }
}
