const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `15m`, `1h`, `7d` in milliseconds; NaN for anything else. */
export function durationOf(text: string): number {
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  return match === null ? Number.NaN : Number(match[1]) * units[match[2] as keyof typeof units];
}
