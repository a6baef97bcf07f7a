import { Option } from 'commander';
import { usageError } from './output/exit-codes.js';

/** `--json` as every command has it. */
export function jsonOption(): Option {
  return new Option('--json', 'print JSON instead of text');
}

/** `--timezone`, for display only. */
export function timezoneOption(): Option {
  return new Option(
    '--timezone <zone>',
    'show times in this IANA time zone, e.g. Europe/Berlin (windows and buckets stay UTC)',
  )
    .default('UTC')
    .argParser((zone: string) => {
      try {
        return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
      } catch {
        throw usageError(
          `"${zone}" is not a time zone. Use an IANA name such as UTC, Europe/Berlin or America/New_York.`,
        );
      }
    });
}

/** Collects the values of an option that may be repeated. */
export function repeatable(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}

/** A whole number of at least `least`. */
export function wholeNumber(name: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw usageError(`--${name} takes a whole number from ${least} to ${most}, not "${text}".`);
  };
}
