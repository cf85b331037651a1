import type { PermissionMode } from '@tandem/protocol';
import type { ToolSpec, Workspace } from '../ports.ts';
import type { Permit } from '../turn/permit.ts';
import { checkArguments } from './check-arguments.ts';
import { readTool } from './read.ts';
import { globTool, grepTool } from './search.ts';
import { failure, type LookTool, type ToolOutcome } from './tool.ts';

const tools: readonly LookTool[] = [readTool, grepTool, globTool];

/** read, grep and glob without a session. */
export type Looking = {
  /** What they are called and take. */
  readonly specs: readonly ToolSpec[];
  /** One call of one of them. A refusal is an outcome. Rejects with the signal's reason, or an AppError of the workspace. */
  readonly look: (
    call: { readonly name: string; readonly arguments: unknown; readonly mode: PermissionMode },
    signal: AbortSignal,
  ) => Promise<ToolOutcome>;
};

type Place = { readonly workspace: () => Promise<Workspace>; readonly permit: Permit };

/** The tools that only look, in one workspace; nothing is read before a call. What would be asked about is refused. */
export const lookIn = (place: Place): Looking => ({
  specs: tools.map(({ spec }) => spec),
  look: lookWith(place),
});

const lookWith =
  ({ workspace: open, permit }: Place): Looking['look'] =>
  async ({ name, arguments: given, mode }, signal) => {
    const tool = tools.find(({ spec }) => spec.name === name);
    if (tool === undefined) return failure(`There is no tool ${name}.`);
    const checked = checkArguments(tool.spec, given);
    if (checked.type === 'bad') return failure(checked.message);
    const { value } = checked;
    const { effect } = tool;
    const workspace = await open();
    const place = { root: workspace.root, verify: undefined, preview: null, events: [] };
    const decided = await permit({ tool: name, effect, arguments: value, mode, ...place }, signal);
    if (decided.decision !== 'allow') return failure(`Not allowed: ${decided.reasons.join('; ')}.`);
    return await tool.run(value, { workspace });
  };
