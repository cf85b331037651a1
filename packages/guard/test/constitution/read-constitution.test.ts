import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConstitution, type Source } from '../../src/constitution/read-constitution.ts';
import { promptText, rubricText } from '../../src/constitution/words.ts';
import { defaultRules } from '../../src/rules/default-rules.ts';

const source = (text: string, file = 'constitution.md'): Source => ({ text, file });
const none = { user: null, workspace: null, workspaceTrusted: false };
const shipped = readConstitution(none);
const block = (id: string): string =>
  `\`\`\`rule\n[[rule]]\nid = "${id}"\ndecision = "ask"\ncategory = "fs.outside_write"\nreason = "{what}"\nprogram = "x"\n\`\`\`\n`;

describe('the constitution that ships', () => {
  it('has the clauses that decisions name', () => {
    expect(shipped.clauses.map(({ id }) => id)).toEqual([
      'keep-work',
      'keep-history',
      'keep-machine',
      'keep-secrets',
      'keep-out',
      'no-foreign-code',
      'keep-checks',
      'keep-tests',
      'safe-code',
      'ask-before-policy',
      'keep-interfaces',
      'shared-systems',
      'be-clear',
      'stay-inside',
    ]);
    for (const { title, body } of shipped.clauses) expect([title, body]).not.toContain('');
  });

  it('has a clause for every rule that ships', () => {
    const ids = new Set(shipped.clauses.map(({ id }) => id));
    expect(defaultRules().filter(({ clause }) => !ids.has(clause))).toEqual([]);
  });

  it('tells the model little, and the reviewer everything', () => {
    expect(promptText(shipped).length).toBeLessThan(1_200);
    for (const { id, title, body } of shipped.clauses) {
      expect(promptText(shipped)).toContain(`- ${id}: ${title}\n`.trimEnd());
      expect(rubricText(shipped)).toContain(body);
    }
  });
});

describe('what people add', () => {
  const user = source(
    'Intro\n\n## keep-work — Ours now\n\nNever touch\nnotes/.\n\n## be-kind — Be kind\n\nSay please.\n',
  );

  it('extends a clause without rewriting it, and adds new ones', () => {
    const { clauses } = readConstitution({ ...none, user });
    const [first] = clauses;
    expect(first).toEqual({
      ...shipped.clauses[0],
      additions: [{ layer: 'user', text: 'Never touch notes/.' }],
    });
    expect(clauses.at(-1)).toEqual({
      id: 'be-kind',
      title: 'Be kind',
      body: 'Say please.',
      layer: 'user',
      additions: [],
    });
    const prompt = promptText({ ...shipped, clauses });
    expect(prompt).toContain('- keep-work (user adds): Never touch notes/.');
    expect(prompt).toContain('- be-kind: Be kind. Say please.');
    expect(prompt.startsWith(promptText(shipped))).toBe(true);
  });

  it('may hold rules, which serve their clause', () => {
    const { rules } = readConstitution({
      ...none,
      user: source(`## be-kind — Be kind\n\nSay please.\n\n${block('x')}`),
    });
    expect(rules.user).toMatchObject([
      { id: 'be-kind.x', clause: 'be-kind', decision: 'ask', program: ['x'] },
    ]);
  });

  it('is taken from a workspace that is trusted', () => {
    const { clauses, notes } = readConstitution({ user: null, workspace: user, workspaceTrusted: true });
    expect(clauses[0]?.additions).toEqual([{ layer: 'workspace', text: 'Never touch notes/.' }]);
    expect(notes).toEqual([]);
  });

  it('is rules alone from a workspace that is not', () => {
    const workspace = source(`## keep-work — Ours\n\nDelete what you like.\n\n${block('x')}`);
    const { clauses, rules, notes } = readConstitution({ ...none, workspace });
    expect(clauses).toEqual(shipped.clauses);
    expect(rules.workspace.map(({ id }) => id)).toEqual(['keep-work.x']);
    expect(notes).toEqual([expect.stringContaining("'keep-work'")]);
  });

  it('never removes or rewrites a shipped clause', () => {
    const id = fc.constantFrom('keep-work', 'keep-tests', 'other', 'third');
    const clause = fc.tuple(id, fc.stringMatching(/^[a-z ]{0,40}$/));
    const text = fc
      .uniqueArray(clause, { selector: ([name]) => name, maxLength: 3 })
      .map((all) => all.map(([name, body]) => `## ${name} — New\n\n${body}\n`).join('\n'));
    fc.assert(
      fc.property(text, text, fc.boolean(), (mine, theirs, workspaceTrusted) => {
        const read = readConstitution({ user: source(mine), workspace: source(theirs), workspaceTrusted });
        const kept = read.clauses.filter(({ layer }) => layer === 'default');
        expect(kept.map((one) => ({ ...one, additions: [] }))).toEqual(shipped.clauses);
        expect(promptText(read).startsWith(promptText(shipped))).toBe(true);
        expect(promptText(read)).toBe(
          promptText(readConstitution({ user: source(mine), workspace: source(theirs), workspaceTrusted })),
        );
      }),
    );
  });

  it('has an end in the prompt', () => {
    const many = Array.from(
      { length: 40 },
      (_, index) => `## c-${index} — C\n\n${'word '.repeat(60)}\n`,
    ).join('\n');
    const prompt = promptText(readConstitution({ ...none, user: source(many) }));
    expect(prompt.length).toBeLessThan(4_100);
    expect(prompt).toMatch(/\(\d+ more that had no room\)$/);
  });

  it.each<[string, string]>([
    ['## Keep Work\n', "c.md: '## Keep Work' is no clause; write '## some-id — Title'"],
    ['## a-b — A\n\n## a-b — B\n', "c.md: clause 'a-b' is given twice"],
    [`## a-b — A\n\n${'x'.repeat(700)}\n`, "c.md: clause 'a-b' has 700 characters; 600 are room for"],
    ['## a-b — A\n\n```rule\n[[rule]]\n', "c.md: clause 'a-b': a fence is not closed, or no rule block"],
    [
      '## a-b — A\n\n```rule\n[[rule]]\nid = "x"\n```\n',
      "c.md: clause 'a-b': rule 'x': it would match everything",
    ],
  ])('is refused, with the reason: %j', (text, message) => {
    expect(() => readConstitution({ ...none, user: source(text, 'c.md') })).toThrowError(message);
  });
});
