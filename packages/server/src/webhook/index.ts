export { openPoster, type PostAnswer, type Poster, type PosterOptions } from './poster.js';
export { sign, signatureHeader } from './sign.js';
