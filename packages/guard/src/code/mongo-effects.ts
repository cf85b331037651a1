import type { Effect } from '../effects/effect.ts';

const destroying =
  /\.\s*(?:dropDatabase|drop|dropIndexes|dropIndex|dropUser|dropRole|dropAllUsersFromDatabase|shutdownServer|renameCollection)\s*\(/;
const everything = /\.\s*(?:deleteMany|remove|updateMany)\s*\(\s*(?:\{\s*\}|\))/;
const accounts = /\.\s*(?:createUser|updateUser|grantRolesToUser|changeUserPassword|createRole)\s*\(/;
const changing =
  /\.\s*(?:insert\w*|update\w*|replaceOne|delete\w*|remove|findOneAnd\w+|findAndModify|bulkWrite|create\w+|save|aggregate\s*\([\s\S]*\$(?:out|merge)|mapReduce|adminCommand|runCommand|eval|fsyncLock)\b/;

/** What an expression for MongoDB's shell would do. */
export const mongoEffects = (text: string): readonly Effect[] => {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/(^|[^:'"])\/\/[^\n]*/g, '$1');
  const members = code.replace(/\[\s*(['"`])(\w+)\1\s*\]/g, '.$2');
  const remote = (change: 'read' | 'update' | 'destroy', what: string): Effect => ({
    type: 'remote',
    system: 'database',
    change,
    what,
  });
  const effects: Effect[] = [];
  if (destroying.test(members) || /\b(?:dropDatabase|shutdown|drop)\s*['"]?\s*:/.test(members))
    effects.push(remote('destroy', 'drops data'));
  if (everything.test(members)) effects.push(remote('destroy', 'changes or deletes every document'));
  if (accounts.test(members))
    effects.push({ type: 'credential', change: 'write', what: 'changes an account of the database' });
  if (
    /\b(?:require|process|child_process|Function|eval|load|run|runProgram|removeFile|cat|writeFile)\s*\(/.test(
      members,
    )
  )
    effects.push({ type: 'opaque', at: 'code', what: 'runs more than queries' });
  if (effects.length > 0) return effects;
  return [
    changing.test(members) ? remote('update', 'changes documents') : remote('read', 'asks the database'),
  ];
};
