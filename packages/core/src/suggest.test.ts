import { describe, expect, test } from 'vitest';
import { nearestName } from './suggest.js';

const listed = ['gpt-4', 'gpt-4o', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-5', 'o3', 'claude-sonnet-4-5'];

describe('the model that is suggested for an id', () => {
  test.each([
    ['gtp-5', 'gpt-5'],
    ['gpt-41', 'gpt-4.1'],
    ['gpt-4.l', 'gpt-4.1'],
    ['gpt-40', 'gpt-4o'],
    ['gpt-4.1-minj', 'gpt-4.1-mini'],
    ['claude-sonet-4.5', 'claude-sonnet-4-5'],
  ])('%s is a mistyped %s', (id, model) => expect(nearestName(id, listed)).toBe(model));

  test.each([
    ['gpt-nova', 'another family'],
    ['gpt-6', 'another version'],
    ['gpt-4.11', 'another version'],
    ['gpt-4x', 'another variant of a version'],
    ['gpt-4.1-nano', 'another size'],
    ['x3', 'too short to guess'],
    ['gpt', 'a family without its version'],
    ['', 'nothing'],
  ])('%s stays alone: %s', (id) => expect(nearestName(id, listed)).toBeNull());
});
