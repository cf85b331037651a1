import { describe, expect, it } from 'vitest';
import { judgeChange, judgeEdit, judgeFiles, rulesOf } from './judge.ts';

const suite = `describe('sum', () => {
  it('adds', () => {
    expect(sum(1, 2)).toBe(3);
  });

  it('keeps zero', () => {
    expect(sum(0, 0)).toBe(0);
  });
});
`;
const without = (text: string, part: RegExp): string => text.replace(part, '');

describe('removed tests', () => {
  it('asks when a test goes, with its line', () => {
    const decision = judgeEdit(
      'test/sum.test.js',
      suite,
      without(suite, / {2}it\('keeps zero'[\s\S]*?\n {2}\}\);\n/),
    );
    expect(decision.reasons[0]).toMatchObject({
      rule: 'edit.tests-removed',
      path: 'test/sum.test.js',
      line: 6,
      clause: 'keep-tests',
    });
  });

  it.each([
    [
      'test_sum.py',
      'def test_a():\n    assert f() == 1\n\ndef test_b():\n    assert f(2) == 2\n',
      'def test_a():\n    assert f() == 1\n',
    ],
    [
      'sum_test.go',
      'func TestA(t *testing.T) {\n\tt.Fatal("x")\n}\nfunc TestB(t *testing.T) {\n\tt.Fatal("y")\n}\n',
      'func TestA(t *testing.T) {\n\tt.Fatal("x")\n}\n',
    ],
    [
      'src/lib.rs',
      'pub fn f() {}\n#[test]\nfn a() { assert_eq!(f(), 1); }\n#[test]\nfn b() {\n  assert_eq!(f(), 2);\n}\n',
      'pub fn f() {}\n#[test]\nfn a() { assert_eq!(f(), 1); }\n',
    ],
    [
      'src/SumTest.java',
      '@Test\nvoid a() { assertEquals(1, f()); }\n@Test\nvoid b() { assertEquals(2, f()); }\n',
      '@Test\nvoid a() { assertEquals(1, f()); }\n',
    ],
    [
      'spec/sum_spec.rb',
      'it "adds" do\n  expect(f).to eq(1)\nend\nit "keeps" do\n  expect(f).to eq(2)\nend\n',
      'it "adds" do\n  expect(f).to eq(1)\nend\n',
    ],
  ])('asks in %s', (path, before, after) => {
    expect(rulesOf(judgeEdit(path, before, after))).toEqual(['edit.tests-removed']);
  });

  it('asks when a test file is deleted, or loses rows of a table or assertions', () => {
    expect(rulesOf(judgeEdit('test/sum.test.js', suite, null))).toEqual(['edit.tests-removed']);
    expect(
      rulesOf(judgeEdit('test/sum.test.js', suite, without(suite, / {4}expect\(sum\(0, 0\)\).*\n/))),
    ).toContain('edit.assertions-removed');
    const table = 'const rows = [\n  [1, 2],\n  [3, 4],\n  [5, 6],\n  [7, 8],\n];\n';
    expect(rulesOf(judgeEdit('test/rows.js', table, 'const rows = [\n  [1, 2],\n];\n'))).toEqual([
      'edit.test-code-removed',
    ]);
  });

  it('allows renamed, moved, rewritten and added tests', () => {
    expect(judgeEdit('test/sum.test.js', suite, suite.replace('keeps zero', 'leaves zero')).decision).toBe(
      'allow',
    );
    expect(judgeEdit('test/sum.test.js', null, suite).decision).toBe('allow');
    expect(
      judgeFiles([
        { path: 'test/sum.test.js', before: suite, after: null },
        { path: 'test/math/sum.test.js', before: null, after: suite },
      ]).decision,
    ).toBe('allow');
  });

  it('allows a test to go together with what it tests', () => {
    const source =
      'export function sum(a, b) {\n  return a + b;\n}\n\nexport function legacyTotal(list) {\n  return list.length;\n}\n';
    const test = `${suite}\nit('counts', () => {\n  expect(legacyTotal([1])).toBe(1);\n});\n`;
    const decision = judgeFiles([
      {
        path: 'src/sum.js',
        before: source,
        after: source.slice(0, source.indexOf('\nexport function legacyTotal')),
      },
      { path: 'test/sum.test.js', before: test, after: suite },
    ]);
    expect(decision.decision).toBe('allow');
  });
});

describe('weakened tests', () => {
  it.each([
    ['edit.test-focused', "it.only('a', () => { expect(f()).toBe(1) })"],
    ['edit.test-focused', "fdescribe('a', () => {})"],
    ['edit.test-skipped', "it.skip('a', () => { expect(f()).toBe(1) })"],
    ['edit.test-skipped', "xit('a', () => { expect(f()).toBe(1) })"],
    ['edit.test-skipped', "test['skip']('a', () => { expect(f()).toBe(1) })"],
    ['edit.test-skipped', "it('will be written')"],
    ['edit.test-commented-out', "// it('a', () => {"],
    ['edit.assertion-constant', "it('a', () => { expect(true).toBe(true) })"],
    ['edit.assertion-idle', "it('a', () => { expect(f()); })"],
    ['edit.assertion-conditional', "it('a', () => { if (ready) { expect(f()).toBe(1) } })"],
    [
      'edit.assertion-conditional',
      "it('a', () => { try { f() } catch (error) { expect(error).toMatch('x') } })",
    ],
    ['edit.assertion-swallowed', "it('a', () => { try { expect(f()).toBe(1) } catch {} })"],
    ['edit.test-without-assertion', "it('a', () => { f().then(() => {}) })"],
  ])('asks for %s: %s', (rule, code) => {
    expect(rulesOf(judgeEdit('src/app.js', '', `${code}\n`))).toContain(rule);
  });

  it.each([
    ['edit.test-skipped', '@pytest.mark.skip(reason="slow")\ndef test_a():\n    assert f() == 1\n'],
    ['edit.test-skipped', 'def test_a():\n    pytest.skip("later")\n    assert f() == 1\n'],
    ['edit.assertion-constant', 'def test_a():\n    assert True\n'],
    [
      'edit.assertion-swallowed',
      'def test_a():\n    try:\n        assert f() == 1\n    except Exception:\n        pass\n',
    ],
  ])('asks for %s in Python: %s', (rule, code) => {
    expect(rulesOf(judgeEdit('tests/test_a.py', '', code))).toContain(rule);
  });

  it.each([
    "it('a', () => { expect(f()).toBe(1) })",
    "it('a', async () => { await expect(f()).rejects.toThrow('x') })",
    "test('a', (t) => { t.is(f(), 1) })",
    "it('a', (done) => { request(app).get('/').expect(200, done) })",
    "it('a', () => { shouldCompile('x') })",
    "test.each([[1, 2]])('a', (left, right) => { expect(left).toBeLessThan(right) })",
    "it('a', () => { try { f(); throw new Error('no') } catch (error) { expect(error).toMatch('x') } })",
    '// the test of this is elsewhere',
    'const only = list.filter(skip)',
  ])('allows %s', (code) => {
    expect(judgeEdit('test/app.test.js', '', `${code}\n`).decision).toBe('allow');
  });

  it.each([
    ['expect(total).toBe(3)', 'expect(total).toBeDefined()'],
    ['assert.strictEqual(total, 3)', 'assert.ok(total)'],
  ])('asks when %s becomes %s, and not the other way', (exact, loose) => {
    const test = (line: string): string => `it('a', () => {\n  const total = f()\n  ${line}\n})\n`;
    expect(rulesOf(judgeEdit('test/a.test.js', test(exact), test(loose)))).toEqual([
      'edit.assertion-loosened',
    ]);
    expect(judgeEdit('test/a.test.js', test(loose), test(exact)).decision).toBe('allow');
  });

  it('asks when recorded results change and the source does not', () => {
    const snapshot = {
      path: 'test/__snapshots__/a.test.js.snap',
      before: 'exports[`a`] = `1`;\n',
      after: 'exports[`a`] = `2`;\n',
    };
    expect(rulesOf(judgeFiles([snapshot]))).toEqual(['edit.snapshot-rewritten']);
    expect(judgeFiles([snapshot, { path: 'src/a.js', before: 'a = 1\n', after: 'a = 2\n' }]).decision).toBe(
      'allow',
    );
  });
});

describe('tests that only look as if they checked', () => {
  it.each([
    ['edit.assertion-unawaited', "it('a', () => { expect(f()).resolves.toBe(1) })"],
    [
      'edit.assertion-unawaited',
      "it('a', async () => {\n  expect(f()).rejects.toThrow('x')\n  await g()\n})",
    ],
    ['edit.assertion-unawaited', "it('a', () => { assert.rejects(f(), /x/) })"],
    [
      'edit.assertion-unawaited',
      "it('a', () => {\n  f().then((value) => {\n    expect(value).toBe(1)\n  })\n})",
    ],
    ['edit.test-ends-twice', "it('a', async (done) => { expect(await f()).toBe(1); done() })"],
    [
      'edit.test-title-twice',
      "it('a', () => { expect(f()).toBe(1) })\nit('a', () => { expect(g()).toBe(2) })",
    ],
  ])('asks for %s: %s', (rule, code) => {
    expect(rulesOf(judgeEdit('test/app.test.js', '', `${code}\n`))).toContain(rule);
  });

  it.each([
    "it('a', async () => { await expect(f()).resolves.toBe(1) })",
    "it('a', () => expect(f()).resolves.toBe(1))",
    "it('a', () => { return expect(f()).resolves.toBe(1) })",
    "it('a', async () => {\n  await Promise.all([\n    expect(f()).resolves.toBe(1),\n  ])\n})",
    "it('a', () => {\n  return f().then((value) => {\n    expect(value).toBe(1)\n  })\n})",
    "it('a', (done) => {\n  f().then((value) => {\n    expect(value).toBe(1)\n    done()\n  })\n})",
    "it('a', async () => {\n  await f()\n    .then((value) => {\n      expect(value).toBe(1)\n    })\n})",
    "test('a', async (t) => { await t.throwsAsync(f()) })",
    "describe('a', () => { it('x', () => { expect(1 + n).toBe(2) }) })\ndescribe('b', () => { it('x', () => { expect(2 + n).toBe(3) }) })",
    "it('a', () => { expect(f(), 'to be', 3) })",
  ])('allows %s', (code) => {
    expect(rulesOf(judgeEdit('test/app.test.js', '', `${code}\n`))).toEqual([]);
  });

  it('asks for a second function of one name in Python, which hides the first', () => {
    const one = 'def test_a():\n    assert f() == 1\n';
    expect(rulesOf(judgeEdit('tests/test_a.py', one, `${one}\n${one}`))).toEqual(['edit.test-title-twice']);
    const inClass = (name: string): string =>
      `class ${name}:\n    def test_a(self):\n        assert f() == 1\n`;
    expect(judgeEdit('tests/test_a.py', '', `${inClass('A')}\n${inClass('B')}`).decision).toBe('allow');
  });

  it('does not mind what tests of tests are made of', () => {
    expect(
      judgeEdit('test/fixtures/skipped.js', null, "it.skip('a', () => { expect(true).toBe(true) })\n")
        .decision,
    ).toBe('allow');
  });
});

describe('an expected value', () => {
  const test = (value: number): string => `it('adds', () => {\n  expect(sum(1, 2)).toBe(${value})\n})\n`;
  const changed = { path: 'test/sum.test.js', before: test(3), after: test(4) };

  it('that changes alone is asked about where a whole commit is judged', () => {
    expect(rulesOf(judgeChange({ files: [changed], whole: true }))).toEqual(['edit.expected-changed']);
    expect(judgeChange({ files: [changed] }).decision).toBe('allow');
  });

  it('may change with what it tests, and an assertion may be about something else', () => {
    const source = { path: 'src/sum.js', before: 'a = 1\n', after: 'a = 2\n' };
    expect(judgeChange({ files: [changed, source], whole: true }).decision).toBe('allow');
    const other = { ...changed, after: test(3).replace('sum(1, 2)', 'total(1, 2)') };
    expect(judgeChange({ files: [other], whole: true }).decision).toBe('allow');
  });
});
