import { userInfo } from 'node:os';

/** Who runs this process, for records of who did what. Never empty. */
export function userName(environment: Record<string, string | undefined> = process.env): string {
  const named = environment['SUDO_USER'] ?? '';
  if (named !== '') return named;
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the system's list of users, as containers have them.
    return environment['USER'] ?? `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
