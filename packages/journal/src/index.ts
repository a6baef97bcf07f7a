export { adoptAbandonedJournals } from './adopt.js';
export type { AppendFile, OpenAppendFile } from './append-file.js';
export { GroupCommit, type GroupCommitOptions } from './group-commit.js';
export { Journal, type JournalOptions } from './journal.js';
export { isAlive, readLock, type LockHolder } from './lock.js';
export {
  journalsDirectory,
  openJournal,
  type OpenedJournal,
  type OpenJournalOptions,
} from './open-journal.js';
export { readLines, type RawLine } from './read-lines.js';
export { parseJournalLine, recoverJournal } from './recover.js';
export { removeExpiredSegments } from './retention.js';
export { RotatingFile, type RotatingFileOptions } from './rotating-file.js';
export { listSegments, segmentPath } from './segment-files.js';
