import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContentBlock } from '@agentclientprotocol/sdk';
import { AppError } from '@tandem/protocol';

export type Said = {
  /** What the person typed, of which a first `/name` may be a command. */
  readonly typed: string;
  /** What came along, as blocks of data under it. */
  readonly data: string;
  /** Of the workspace, relative, that were named. */
  readonly files: readonly string[];
};

/** @param cwd absolute @throws AppError usage for what this agent did not say that it takes */
export const readPrompt = (blocks: readonly ContentBlock[], cwd: string): Said => {
  const typed: string[] = [];
  const data: string[] = [];
  const files = new Set<string>();
  for (const block of blocks) {
    switch (block.type) {
      case 'text':
        typed.push(block.text);
        break;
      case 'resource_link':
        typed.push(` ${nameOf(block.uri, cwd, files)} `);
        break;
      case 'resource': {
        const { resource } = block;
        if (!('text' in resource)) throw new AppError('usage', `${resource.uri} is no text`);
        const name = nameOf(resource.uri, cwd, files);
        typed.push(` ${name} `);
        data.push(`<resource name=${JSON.stringify(name)}>\n${resource.text.trimEnd()}\n</resource>`);
        break;
      }
      case 'image':
      case 'audio':
        throw new AppError('usage', `this agent reads text and files, no ${block.type}`);
    }
  }
  const text = typed.join('');
  if (text.trim() === '') throw new AppError('usage', 'the prompt is empty');
  return { typed: text, data: data.join('\n\n'), files: [...files] };
};

/** The path of a file in the workspace, which is noted; else the address. */
const nameOf = (uri: string, cwd: string, files: Set<string>): string => {
  if (!uri.startsWith('file://') || !URL.canParse(uri)) return uri;
  const absolute = fileURLToPath(uri);
  const path = relative(cwd, absolute);
  if (path === '' || path.startsWith('..') || isAbsolute(path)) return absolute;
  const name = path.replaceAll(sep, '/');
  files.add(name);
  return name;
};
