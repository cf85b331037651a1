import { describe, expect, it } from 'vitest';
import { judgeExamples } from '../../src/rules/examples.ts';
import { readRules } from '../../src/rules/read-rules.ts';

const ask = 'decision = "ask"\ncategory = "net.fetch"\nclause = "keep-out"\nreason = "{what}"\n';
const messageOf = (text: string): string => {
  try {
    readRules(text, 'policy.toml');
  } catch (error) {
    return String(error);
  }
  return 'no error';
};

describe('a policy', () => {
  it.each<[string, string]>([
    ['rules = 1', "policy.toml: unknown key 'rules'; a policy holds [[rule]] tables"],
    ['rule = 1', 'policy.toml: rules are written as [[rule]] tables'],
    ['[[rule]]', "policy.toml: rule 1 needs an id of letters, digits, '.', '_' and '-'"],
    [
      `[[rule]]\nid = "a"\n${ask}`,
      "policy.toml: rule 'a': it would match everything; give one of effect, program",
    ],
    [`[[rule]]\nid = "a"\n${ask}program = "x"\ncolour = 1`, "policy.toml: rule 'a': unknown key 'colour'"],
    [
      `[[rule]]\nid = "a"\n${ask}effect = "dig"`,
      "policy.toml: rule 'a': 'effect': 'dig' is none of read, write",
    ],
    [
      `[[rule]]\nid = "a"\n${ask}effect = "delete"\nwhere = { colour = "red" }`,
      "rule 'a': 'where.colour': the effect 'delete' has no such field",
    ],
    [
      `[[rule]]\nid = "a"\n${ask}effect = "delete"\nwhere = { place = "moon" }`,
      "rule 'a': 'where.place': 'moon' is none of workspace",
    ],
    [
      `[[rule]]\nid = "a"\n${ask}effect = "delete"\nwhere = { recursive = "yes" }`,
      "rule 'a': 'where.recursive' takes booleans",
    ],
    [
      `[[rule]]\nid = "a"\n${ask}effect = ["read", "git"]\nwhere = { place = "home" }`,
      "rule 'a': 'where.place': the effect 'git' has no such field",
    ],
    [
      `[[rule]]\nid = "a"\n${ask}program = "x"\nwhere = { place = "home" }`,
      "rule 'a': 'where' goes with 'effect'",
    ],
    [`[[rule]]\nid = "a"\n${ask}program = []`, "rule 'a': 'program' is empty"],
    [
      `[[rule]]\nid = "a"\n${ask}program = "x"\nunless = "tidy"`,
      "rule 'a': 'unless': 'tidy' is none of clean",
    ],
    [`[[rule]]\nid = "a"\n${ask}program = "x"\nfinal = true`, "rule 'a': 'final' goes with decision"],
    [
      '[[rule]]\nid = "a"\ndecision = "allow"\nprogram = "x"\nunless = "clean"',
      "rule 'a': 'unless' does not go with",
    ],
    [
      '[[rule]]\nid = "a"\ndecision = "perhaps"\nprogram = "x"',
      "rule 'a': 'decision': 'perhaps' is none of allow, ask, deny",
    ],
    ['[[rule]]\nid = "a"\ndecision = "ask"\nprogram = "x"', "rule 'a': 'category' is missing"],
    [
      `[[rule]]\nid = "a"\n${ask.replace('{what}', '{who}')}program = "x"`,
      "rule 'a': 'reason': {who} is none of",
    ],
    [
      `[[rule]]\nid = "a"\n${ask}program = "x"\n[[rule]]\nid = "a"\n${ask}program = "y"`,
      "rule 'a': the id is given twice",
    ],
    ['[[rule', 'PolicyError: policy.toml: '],
  ])('is refused, with the reason: %j', (text, message) => {
    expect(messageOf(text)).toContain(message);
  });

  it('holds nothing when it is empty', () => {
    expect(readRules('', 'policy.toml')).toEqual([]);
  });

  it('spells out short field names, and takes one value for a list', () => {
    const [rule] = readRules(
      `[[rule]]\nid = "a"\n${ask}effect = "move"\nwhere = { from.place = "home", "to.known" = [true] }\nargs = ["a", ["b", "c"]]\nprogram = "mv"`,
      'policy.toml',
    );
    expect(rule).toMatchObject({
      effect: ['move'],
      where: { 'from.place': ['home'], 'to.known': [true] },
      program: ['mv'],
      args: [['a'], ['b', 'c']],
    });
    const [short] = readRules(`[[rule]]\nid = "a"\n${ask}effect = "read"\nwhere = { place = "home" }`, 'p');
    expect(short?.where).toEqual({ 'path.place': ['home'] });
  });
});

describe('the examples inside a rule', () => {
  const rules = readRules(
    `[[rule]]\nid = "a"\n${ask}program = "x"\nmatch = ["x 1", "y"]\nnot_match = ["x 2", "z"]`,
    'policy.toml',
  );

  it('fail one by one', () => {
    expect(judgeExamples(rules, (text) => (text.startsWith('x') ? ['user:a'] : []))).toEqual([
      "rule 'a': match: it does not match `y`",
      "rule 'a': not_match: it matches `x 2`",
    ]);
  });
});
