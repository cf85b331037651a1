/**
 * `npm run bench:merge -- DIR…`: recorded merges of other repositories through the text merge, without a model. Each DIR
 * holds `ID/{base,ours,theirs,resolved}.EXT` and `case.json`. Identical: equal to what people committed, but for blanks.
 */
import { mergeTexts } from '../packages/merge/src/index.ts';
import { type MergeCase, readCases } from './merge/cases.ts';
import { wilson } from './stats.ts';

type Count = { files: number; identical: number; different: number };

const isSame = (one: string, other: string): boolean => blanks(one) === blanks(other);
const blanks = (text: string): string => text.replace(/\s+/g, ' ').trim();

const count = async (cases: readonly MergeCase[]): Promise<Count> => {
  const counted = { files: 0, identical: 0, different: 0 };
  for (const one of cases) {
    const { text, open } = await mergeTexts(one);
    counted.files += 1;
    if (open.length > 0) continue;
    if (isSame(text, one.resolved)) counted.identical += 1;
    else counted.different += 1;
  }
  return counted;
};

const share = (part: number, whole: number): string => {
  const { low, high } = wilson(part, whole);
  const percent = (value: number): string => (100 * value).toFixed(1);
  return `${part} = ${percent(part / Math.max(1, whole))} % (${percent(low)}–${percent(high)})`;
};

const row = (name: string, { files, identical, different }: Count): string =>
  `| ${name} | ${files} | ${share(identical, files)} | ${share(different, files)} | ${files - identical - different} |`;

const directories = process.argv.slice(2);
if (directories.length === 0) {
  process.stderr.write('npm run bench:merge -- DIR…, each a folder of recorded merges\n');
  process.exit(2);
}
const cases = directories.flatMap(readCases);
const total = { files: 0, identical: 0, different: 0 };
console.log('| Repository | Files | Identical | Clean but different | Handed over |\n|---|---|---|---|---|');
for (const repository of new Set(cases.map((one) => one.repository))) {
  const counted = await count(cases.filter((one) => one.repository === repository));
  total.files += counted.files;
  total.identical += counted.identical;
  total.different += counted.different;
  console.log(row(repository, counted));
}
console.log(row('all', total));
