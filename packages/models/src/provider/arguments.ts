import { readLenientJson } from '../text-tools/lenient-json.ts';

/** Arguments as they were streamed, put together. Broken JSON is mended where it can be; text that is none stays text. */
export const parseArguments = (text: string): unknown => {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return readLenientJson(text)?.value ?? text;
  }
};
