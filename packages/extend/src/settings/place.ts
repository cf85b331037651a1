/** Where a person and a workspace keep what they add to the agent. All paths absolute. */
export type Place = {
  /** Of the person. */
  readonly home: string;
  /** Of the person's own settings of this product. */
  readonly config: string;
  /** The top of the workspace's repository; `cwd` where there is none. */
  readonly root: string;
  readonly cwd: string;
};

/** Whose a file is: the workspace's came with somebody's repository. */
export type Owner = 'person' | 'workspace';

/** Folders of a workspace that may hold settings, the outermost first. */
export const workspaceFolders = ({ root, cwd }: Place): readonly string[] =>
  root === cwd ? [root] : [root, cwd];
