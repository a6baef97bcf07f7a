import { isAbsolute, resolve } from 'node:path';
import { hashOf } from './content.js';

/** Where a file of prices is: a path or a URL. */
export interface Location {
  kind: 'file' | 'url';
  /** Absolute path, or the URL as configured, secrets included. */
  target: string;
  /** Fit to be logged and shown: a URL without user, password and the values of its query. */
  name: string;
  /** Short and stable, for files that belong to it. */
  id: string;
}

/** @param directory what relative paths start from: the folder of farthing.yaml, or the working one. */
export function locationOf(text: string, directory: string): Location {
  if (/^https?:\/\//i.test(text)) {
    return { kind: 'url', target: text, name: shownUrl(text), id: hashOf(text).slice(0, 16) };
  }
  const path = isAbsolute(text) ? text : resolve(directory, text);
  return { kind: 'file', target: path, name: path, id: hashOf(path).slice(0, 16) };
}

export function shownUrl(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.hash = '';
  const query = url.search === '' ? '' : '?…';
  url.search = '';
  return url.href + query;
}
