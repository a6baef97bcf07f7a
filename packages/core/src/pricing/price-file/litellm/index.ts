export { isLitellmMap, readLitellmMap } from './read-litellm-map.js';
