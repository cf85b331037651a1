/** Tools that a workspace normally has among its own dependencies: run from there rather than fetched. */
const names = new Set(
  `tsc tsx tsgo ts-node ts-node-esm ts-node-dev tsup tsdown unbuild obuild swc babel esbuild rollup vite vite-node webpack webpack-cli parcel rspack rsbuild
  vitest jest mocha ava tap c8 nyc jasmine karma cypress playwright wdio testcafe cucumber-js uvu qunit
  eslint biome oxlint prettier dprint stylelint markdownlint markdownlint-cli2 remark commitlint lint-staged knip depcheck madge attw publint size-limit bundlesize sherif syncpack
  next nuxt nuxi astro remix svelte-kit svelte-check ng vue-cli-service vue-tsc gatsby expo react-native storybook start-storybook electron electron-builder electron-vite ionic cap nest
  nx turbo lerna gulp grunt rimraf del-cli cpy cpx shx mkdirp ncp copyfiles cross-env cross-env-shell dotenv concurrently npm-run-all npm-run-all2 run-s run-p wait-on start-server-and-test nodemon onchange chokidar
  husky changeset semantic-release release-it standard-version np bumpp patch-package simple-git-hooks lefthook
  prisma knex sequelize sequelize-cli typeorm drizzle-kit mikro-orm migrate-mongo node-pg-migrate db-migrate kysely supabase
  typedoc jsdoc api-extractor graphql-codegen openapi-generator-cli openapi-typescript orval tailwindcss postcss sass less stylus terser uglifyjs svgo mdx vitepress docusaurus
  tree-sitter node-gyp prebuildify node-pre-gyp napi wasm-pack json-server http-server serve live-server
  jsr pkg-pr-new gh-pages vsce ovsx
  cspell zx jiti esno sucrase automd tsc-alias tsc-watch tsd expect-type jscodeshift ts-prune ts-unused-exports license-checker npm-check-updates ncu
  cdk cdktf wrangler vercel netlify firebase serverless sls sst pulumi eas
  ruff black mypy pytest tox nox flake8 isort pylint pre-commit coverage pyright basedpyright bandit pip-audit mkdocs sphinx-build hatch pdm poetry twine`.split(
    /\s+/,
  ),
);

export const isProjectTool = (name: string): boolean => names.has(name);
