import { expect, it } from 'vitest';
import { told } from './told.ts';

/** A command and what it does. */
const rows: readonly (readonly [string, ...(readonly string[])])[] = [
  ['find . -name x', 'read .'],
  ['find', 'read .'],
  [
    'find src lib -type f -delete',
    'read src',
    'read lib',
    'delete src with all in it',
    'delete lib with all in it',
  ],
  ['find . -name -delete -print', 'read .'],
  ['find . -exec echo -delete ;', 'read .'],
  ['find . -exec rm {} ;', 'read .'],
  ['find . -ok rm {} ;', 'read .', 'spawn rm'],
  ['find . -fprint out', 'read .', 'overwrite out'],
  ['find . -fprintf out %p', 'read .', 'overwrite out'],
  ['find -L / -size +1G -fls out', 'read /', 'overwrite out'],
  ['find . ( -name a -o -name b ) -delete', 'read .', 'delete \uFFFC'],
  ['tar czf a.tgz src', 'read src', 'overwrite a.tgz'],
  ['tar -czf a.tgz -C sub .', 'read sub', 'overwrite a.tgz'],
  ['tar xzf a.tgz', 'read a.tgz', 'overwrite ./*'],
  ['tar -xf a.tgz -C /opt', 'read a.tgz', 'overwrite /opt/*'],
  ['tar -xkf a.tgz', 'read a.tgz', 'create ./*'],
  ['tar tf a.tgz', 'read a.tgz'],
  ['tar --list -f a.tgz', 'read a.tgz'],
  ['tar cf - src', 'read src'],
  ['tar cf a.tar src --remove-files', 'read src', 'overwrite a.tar', 'delete src with all in it'],
  [
    'tar cf a.tar --checkpoint=1 --checkpoint-action=exec=./x src',
    'spawn ./x',
    'read src',
    'overwrite a.tar',
  ],
  ['tar cf a.tar --checkpoint-act=exec=./x src', 'spawn ./x', 'read src', 'overwrite a.tar'],
  ['tar cf a.tar --checkpoint=1 --checkpoint-action=dot src', 'read src', 'overwrite a.tar'],
  ['tar xf a.tar --to-command=./x', 'spawn ./x', 'read a.tar'],
  ['tar xf a.tar -I ./x', 'spawn ./x', 'read a.tar', 'overwrite ./*'],
  ["tar xf a.tar -I 'zstd -d'", 'read a.tar', 'overwrite ./*'],
  ['tar xPf a.tar', 'read a.tar', 'overwrite ./*', 'unclear target'],
  ['tar cf u@host:a.tar src', 'read src', 'send host file'],
  ['tar xf a.tar --rsh-command=./x', 'spawn ./x', 'read a.tar', 'overwrite ./*'],
  ['tar cvf a.tar -T list', 'read list', 'overwrite a.tar'],
  ['zip -r a.zip src', 'edit a.zip', 'read src'],
  ['zip -rm a.zip src', 'edit a.zip', 'read src', 'delete src with all in it'],
  ["zip a.zip b -T -TT './x'", 'spawn ./x', 'edit a.zip', 'read b'],
  ['zip -d a.zip b', 'edit a.zip'],
  ['unzip a.zip', 'read a.zip', 'create ./*'],
  ['unzip -o a.zip -d out', 'read a.zip', 'overwrite out/*'],
  ['unzip -l a.zip', 'read a.zip'],
  ['unzip -p a.zip x', 'read a.zip'],
  ['7z x a.7z -oout', 'read a.7z', 'create out/*'],
  ['7z a a.7z src -sdel', 'edit a.7z', 'read src', 'delete src with all in it'],
  ['7z l a.7z', 'read a.7z'],
  ['gzip a', 'edit a'],
  ['gzip -c a', 'read a'],
  ['gunzip -k a.gz', 'edit a.gz'],
  ['gzip -l a.gz', 'read a.gz'],
  ['zstd -o b a', 'overwrite b', 'edit a'],
  ['cpio -i -F a.cpio', 'read a.cpio', 'create ./*'],
  ['cpio -o -F a.cpio', 'overwrite a.cpio'],
  ['cpio -o --rsh-command=./x -F h:a', 'spawn ./x', 'overwrite h:a'],
  ['rar x a.rar', 'read a.rar', 'overwrite ./*'],
];

for (const [command, ...effects] of rows) {
  it(`finds and packs: ${command}`, () => {
    expect(told(command)).toEqual(effects);
  });
}
