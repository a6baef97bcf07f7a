export { base64Bytes, type FileBytes } from './base64-bytes.js';
export { countRequest, type RequestCount } from './count-request.js';
export { imageSize, type ImageSize } from './image-size.js';
export { imageTokens, type Viewer } from './image-tokens.js';
export {
  audioSeconds,
  audioTokens,
  documentTokens,
  likelyPages,
  pdfPages,
} from './media-tokens.js';
export type { CountedFile, FileKind } from './request-files.js';
export {
  bareName,
  tokenizerFamily,
  type Encoding,
  type TokenizerFamily,
} from './tokenizer-family.js';
export { statedModel, statedUsage, type StatedRequest } from './stated-usage.js';
