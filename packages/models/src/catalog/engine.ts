import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export type EnginePackage = {
  readonly name: string;
  readonly kind: 'cpu' | 'gpu';
  readonly installed: boolean;
};

export type EngineStatus = {
  /** Of the engine; null when it is not installed. */
  readonly version: string | null;
  /** Those made for this machine. */
  readonly packages: readonly EnginePackage[];
  /** True when at least one of them is there. */
  readonly usable: boolean;
};

type Machine = { readonly platform: string; readonly arch: string };
type InstalledPackage = { readonly version: string; readonly folder: string };
type ReadPackage = (name: string) => InstalledPackage | null;

/** Which binaries of the embedded engine this machine could use, and which are here. Loads none of them. */
export const engineStatus = (
  machine: Machine = process,
  read: ReadPackage = readInstalledPackage,
): EngineStatus => {
  const version = read(enginePackage)?.version ?? null;
  const packages = packagesFor(machine).map(({ name, kind }) => ({
    name,
    kind,
    installed: read(name)?.version === version,
  }));
  return {
    version,
    packages,
    usable: packages.some(({ installed }) => installed),
  };
};

/**
 * What a GPU needs on top, and the argv of npm that gets it. It goes into the engine's own folder: the root package
 * puts empty packages in place of these, because a plain install would pull 700 MB of them, and would refuse the real
 * ones. Empty where there is nothing to add.
 */
export const gpuPackages = (
  machine: Machine = process,
  read: ReadPackage = readInstalledPackage,
): { readonly names: readonly string[]; readonly npm: readonly string[] } => {
  const status = engineStatus(machine, read);
  const missing = status.packages.filter(({ kind, installed }) => kind === 'gpu' && !installed);
  const names = missing.map(({ name }) => name);
  const engine = read(enginePackage);
  if (names.length === 0 || engine?.folder === undefined) return { names, npm: [] };
  const wanted = names.map((name) => `${name}@${engine.version}`);
  const options = [
    '--prefix',
    path.join(engine.folder, 'dist'),
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
  ];
  return { names, npm: ['npm', 'install', ...options, ...wanted] };
};

const enginePackage = 'node-llama-cpp';

type Binary = { readonly name: string; readonly kind: 'cpu' | 'gpu' };
const cpu = (name: string): Binary => ({ name: `@node-llama-cpp/${name}`, kind: 'cpu' });
const gpu = (name: string): Binary => ({ name: `@node-llama-cpp/${name}`, kind: 'gpu' });

const binaries: Readonly<Record<string, readonly Binary[]>> = {
  'linux-x64': [cpu('linux-x64'), gpu('linux-x64-cuda'), gpu('linux-x64-cuda-ext'), gpu('linux-x64-vulkan')],
  'linux-arm64': [cpu('linux-arm64')],
  'linux-arm': [cpu('linux-armv7l')],
  'darwin-arm64': [cpu('mac-arm64-metal')],
  'darwin-x64': [cpu('mac-x64')],
  'win32-x64': [cpu('win-x64'), gpu('win-x64-cuda'), gpu('win-x64-cuda-ext'), gpu('win-x64-vulkan')],
  'win32-arm64': [cpu('win-arm64')],
};

const packagesFor = ({ platform, arch }: Machine): readonly Binary[] => binaries[`${platform}-${arch}`] ?? [];

/** By path, because these packages export no package.json; where the engine's own code would find them. */
const readInstalledPackage: ReadPackage = (name) => {
  const here = lookUp(name, import.meta.url);
  if (here !== null || name === enginePackage) return here;
  const engine = lookUp(enginePackage, import.meta.url);
  return engine === null ? null : lookUp(name, path.join(engine.folder, 'dist', 'index.js'));
};

const lookUp = (name: string, from: string): InstalledPackage | null => {
  for (const nodeModules of createRequire(from).resolve.paths(name) ?? []) {
    const folder = path.join(nodeModules, name);
    const version = readVersion(path.join(folder, 'package.json'));
    if (version !== null) return { version, folder };
  }
  return null;
};

const readVersion = (file: string): string | null => {
  try {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    return name === 'empty-npm-package' ? null : (version ?? null);
  } catch {
    return null;
  }
};
