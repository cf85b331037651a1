import { describe, expect, it } from 'vitest';
import { parametersInName, strengthOf } from '../../src/provider/strength.ts';

describe('parametersInName', () => {
  it.each([
    ['qwen2.5-coder:1.5b', 1.5],
    ['Qwen/Qwen2.5-Coder-7B-Instruct-1M', 7],
    ['gemma3:270m', 0.27],
    ['qwen3-coder:30b-a3b-q4_K_M', 30],
    ['Mixtral-8x7B-Instruct', 56],
    ['gemma3n:e4b', 4],
    ['7.6B', 7.6],
    ['llama-3.2-1b', 1],
    ['qwen2.5-coder-1.5b-instruct-q4_k_m.gguf', 1.5],
    ['gpt-4.1-mini', undefined],
    ['claude-opus-4-5', undefined],
    ['deepseek-v3', undefined],
  ])('%s: %s', (name, expected) => {
    expect(parametersInName(name)).toBe(expected);
  });
});

it('takes four billion for small, more or unknown for strong', () => {
  expect([0.27, 4, 4.1, undefined].map(strengthOf)).toEqual(['small', 'small', 'strong', 'strong']);
});
