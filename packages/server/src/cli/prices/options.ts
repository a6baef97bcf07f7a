import { FarthingError, parseMoment } from '@farthing/core';
import { usageError } from '../output/exit-codes.js';

/** An amount of USD as it is typed behind an option: a plain decimal of 0 or more. */
export function readUsd(option: string, text: string | undefined): string | undefined {
  if (text === undefined || isDecimal(text)) return text?.trim();
  const meant = text.replaceAll(/[$_\s]|usd/gi, '').replace(/^(\d+),(\d+)$/, '$1.$2');
  const instead = isDecimal(meant) ? meant : '2.50';
  throw usageError(
    `${option} takes USD as a plain number of 0 or more, not "${text}". Write ${option} ${instead}.`,
  );
}

/** A share of 1, as it is typed; what is written as percent is told as a share. */
export function readShare(option: string, text: string | undefined): string | undefined {
  if (text === undefined || isDecimal(text)) return text?.trim();
  const percent = /^(\d{1,2})(?:[.,](\d+))?\s*%$/.exec(text.trim());
  const comma = /^0,(\d+)$/.exec(text.trim());
  const instead =
    percent !== null
      ? `0.${percent[1]!.padStart(2, '0')}${percent[2] ?? ''}`.replace(/0+$/, '')
      : `0.${comma?.[1] ?? '15'}`;
  throw usageError(
    `${option} takes a share of 1, not "${text}". Write ${option} ${instead}${percent === null ? '' : ` for ${text.trim()}`}.`,
  );
}

/** A time as reports take it; ISO 8601 comes out. */
export function readTime(option: string, text: string, now: Date): string {
  try {
    return parseMoment(text, now);
  } catch (error) {
    if (!FarthingError.isInstance(error)) throw error;
    throw usageError(`${option}: ${(error as FarthingError).message}`);
  }
}

/**
 * Says what is wrong with a price in terms of the options that it was typed with: whoever types a
 * command has no file with rows and fields.
 */
export function inOptions(error: unknown): unknown {
  if (!FarthingError.isInstance(error)) return error;
  const { code, message } = error as FarthingError;
  if (code !== 'invalid_prices') return error;
  const problems = message.split('\n').slice(1);
  const told = (problems.length === 0 ? [message] : problems).map((line) => {
    const plain = line
      .replace(/^- /, '')
      .replace(/^(?:row 1(?: \(.*?\))?|tools\.[^:\s]+)(?:: | )/, '');
    return optionNames.reduce((text, [field, option]) => text.replaceAll(field, option), plain);
  });
  return new FarthingError(code, told.join('\n'), { cause: error });
}

const optionNames: readonly (readonly [RegExp, string])[] = [
  [/\brates_per_mtok\.cache_write_1h\b/g, '--cache-write-1h'],
  [/\brates_per_mtok\.cache_write\b/g, '--cache-write'],
  [/\brates_per_mtok\.cache_read\b/g, '--cache-read'],
  [/\brates_per_mtok\.(input|output)\b/g, '--$1'],
  [/\brates\.(\w+)/g, '--rate $1'],
  [/\beffective_from\b/g, '--from'],
  [/\beffective_to\b/g, '--to'],
  [/\bservice_tier\b/g, '--tier'],
  [/\bsame_as\b/g, '--same-as'],
  [/"rates_per_mtok"/g, '--input and --output'],
  [/"rates"/g, '--rate'],
  [/"unit" with "rate"/g, '--gpu-hour'],
  [/"discount"|\bdiscount(?= (?:must|has))/g, '--discount'],
  [/"--same-as"/g, '--same-as'],
  [/, in quotes\b/g, ''],
];

function isDecimal(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text.trim());
}
