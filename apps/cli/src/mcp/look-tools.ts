import type { OfferedTool } from '@tandem/extend';
import type { Machine } from './machine.ts';

/** read, grep and glob of the root, as the agent itself has them. */
export const lookTools = ({ looking }: Machine): readonly OfferedTool[] =>
  looking.specs.map(({ name, description, parameters }) => ({
    name,
    title: name,
    description,
    parameters,
    effect: 'read',
    run: async (given, { signal }) => {
      const { output, isError } = await looking.look({ name, arguments: given }, signal);
      return { text: output, isError };
    },
  }));
