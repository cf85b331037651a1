import { describe, expect, it } from 'vitest';
import { developParts, developTable } from '../../src/effects/develop/table.ts';
import { remoteParts, remoteTable } from '../../src/effects/remote/table.ts';
import { systemParts, systemTable } from '../../src/effects/system/table.ts';

const namesOf = (table: object): readonly string[] => Object.keys(table);

/** Names that several of the tables have. */
const shared = (tables: readonly object[]): readonly string[] => {
  const names = tables.flatMap(namesOf);
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
};

describe('the tables of programs', () => {
  it.each([
    ['system', systemParts],
    ['develop', developParts],
    ['remote', remoteParts],
  ])('%s describes each program once', (_, parts) => {
    expect(shared(parts)).toEqual([]);
  });

  it('describe no program twice among them', () => {
    // `swift` is a compiler, and for what it does not know the client of OpenStack's storage.
    expect(shared([systemTable, developTable, remoteTable])).toEqual(['swift']);
  });
});
