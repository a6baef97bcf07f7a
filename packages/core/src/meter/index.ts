export { generatedBytes } from './answer-text.js';
export {
  closeEntry,
  interruptedEntry,
  type Ending,
  type Price,
  type PriceFacts,
} from './close-entry.js';
export { errorTypeOf } from './error-type.js';
export {
  estimatedReading,
  hasTokens,
  estimateForEntry,
  isInestimable,
  isWithoutOutput,
  noEstimate,
  readingOfCutAnswer,
  type CutAnswer,
} from './estimated-reading.js';
export { isoTime } from './iso-time.js';
export {
  azureDeployment,
  meteredApi,
  unmetered,
  type ApiFamily,
  type MeteredApi,
} from './metered-api.js';
export { unmeteredReading } from './unmetered-reading.js';
export {
  cachingOf,
  settingMembers,
  statedSettings,
  type StatedSettings,
} from './stated-settings.js';
export { CarriedBytes } from './carried-bytes.js';
export { eventData, EventSplitter, isUsageChunk } from './event-splitter.js';
export {
  countItems,
  isStructure,
  JsonText,
  parseRange,
  scanJsonObject,
  type JsonSource,
  type ScannedObject,
  type ValueRange,
} from './scan-json.js';
export {
  keptOfAnswer,
  largestAnswer,
  readJsonAnswer,
  readParsedAnswer,
  tooLargeAnswer,
  type AnsweredCall,
  type ReadAnswer,
} from './read-json-answer.js';
export type { BackwardJson } from './scan-json-backwards.js';
export { RepeatFinder, type TurnHash } from './repeat-fingerprints.js';
export { FramedEvents, type BytePort } from './framed-events.js';
