export {
  openPoster,
  type PostAnswer,
  type Poster,
  type PosterOptions,
  type PosterRequest,
} from './poster.js';
export { sign, signatureHeader } from './sign.js';
