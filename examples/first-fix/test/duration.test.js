import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDurations, formatDuration, parseDuration } from '../src/duration.js';

test('reads single and joined units', () => {
  assert.equal(parseDuration('45s'), 45);
  assert.equal(parseDuration('1h 30m'), 5400);
  assert.equal(parseDuration('2d4h'), 187200);
});

test('refuses what is no duration', () => {
  assert.throws(() => parseDuration('soon'), TypeError);
  assert.throws(() => parseDuration('3 weeks'), TypeError);
});

test('writes short durations', () => {
  assert.equal(formatDuration(0), '0s');
  assert.equal(formatDuration(59), '59s');
  assert.equal(formatDuration(600), '10m');
});

test('writes hours and minutes', () => {
  assert.equal(formatDuration(5400), '1h 30m');
  assert.equal(formatDuration(90061), '1d 1h 1m 1s');
});

test('adds durations', () => {
  assert.equal(addDurations('50m', '25m'), '1h 15m');
});
