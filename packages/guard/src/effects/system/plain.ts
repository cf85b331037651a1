import type { Describe, Table } from '../describe.ts';
import { changes, destroys, spawns } from './make.ts';
import { describeBy, forAll, type Spec, tableOf } from './spec.ts';

/** They tell something and change nothing, whatever their words are. */
const telling = `
  ls dir vdir gls exa eza lsd stat gstat du gdu df gdf dust duf ncdu ps pstree pidof free uptime w who whoami users
  id groups logname last lastb lastlog pinky uname arch nproc getconf tty tput clear reset locale stty setterm mesg tabs
  cal ncal bc expr factor seq jot yes sleep usleep basename dirname realpath readlink greadlink pathchk
  whereis whatis apropos printenv env locate mlocate plocate numfmt numsum units tsort wc gwc gecho gprintf
  lsof lspci lsusb lscpu lsmem lsblk lsns lsipc lslocks lsmod lslogins lshw lsattr lsscsi lsinitramfs getfattr getfacl getcap blkid findmnt mountpoint
  vmstat iostat mpstat sar nstat netstat ss sensors inxi screenfetch hostid ipcs modinfo tzselect infocmp toe errno isutf8
  systemd-detect-virt systemd-path systemd-escape systemd-id128 systemd-analyze systemd-cgls systemd-cgtop systemd-delta
  sw_vers system_profiler ioreg vm_stat top htop btop atop iotop glances nvtop nvidia-smi rocm-smi nmon slabtop powertop
  uuidgen uuid mcookie pwgen apg makepasswd tload xdpyinfo xlsclients xwininfo xprop xev glxinfo vainfo vulkaninfo
  mdls mdfind qlmanage hwinfo biosdecode cpuid lsb_release ruptime rwho ddate gcal tokei scc sloccount
  namei cksum sum md5sum gmd5sum sha1sum sha224sum sha256sum gsha256sum sha384sum sha512sum b2sum b3sum shasum md5 sha1 sha256 crc32 rhash xxhsum xxh64sum
  fortune cowsay cowthink figlet toilet lolcat banner zipinfo getopt termbits getkeycodes showkey dumpkeys
  pkg-config pkgconf llvm-config dpkg-architecture showmount rpcinfo nfsstat quota repquota lpq lpstat lpinfo ts`;

/** They read the files that they are given. */
const reading = `
  cat gcat zcat bzcat xzcat lzcat zstdcat lz4cat tac gtac rev zmore bzmore xzmore
  hexdump hd od god hexyl strings cmp zcmp zdiff comm gcomm file gfile nm objdump readelf size addr2line ldd c++filt pahole dwarfdump otool
  mediainfo ffprobe identify pdfinfo pdffonts soxi glow mdless icdiff wdiff dwdiff zipgrep lzgrep lzdiff xzdiff bzdiff
  csvlook csvcut csvgrep csvstat csvjson in2csv numdiff jsonlint jp gron htmlq visidata vd colrm nkf
  desktop-file-validate shellcheck checkbashisms hadolint rpm2cpio debsums ausearch aureport utmpdump spell look`;

const specs: Readonly<Record<string, Spec>> = {
  date: {
    values: '-d --date -r -f -v',
    attached: '-I',
    reads: '--file',
    when: { '-s --set': changes('config', 'sets the clock') },
  },
  gdate: { values: '-d --date -r -f', when: { '-s --set': changes('config', 'sets the clock') } },
  dmesg: {
    values: '-l -f -n -s --level --facility',
    when: {
      '-C --clear -c --read-clear': destroys('log', 'clears the log of the kernel'),
      '-D --console-off -E --console-on -n --console-level': changes('log', 'changes what the kernel logs'),
    },
  },
  dmidecode: { values: '-t -s -d', writes: '--dump-bin' },
  espeak: {},
  tree: { values: '-L -P -I --filelimit --charset --timefmt --sort', writes: '-o', when: {} },
  bat: {
    operands: 'read',
    values:
      '-l -r -H -m --language --line-range --style --theme --color --paging --highlight-line --map-syntax',
    filters: '--pager',
  },
  batcat: { operands: 'read', values: '-l -r -H', filters: '--pager' },
  pv: { operands: 'read', values: '-s -L -N -i -w -B', writes: '-o --output', when: {} },
  ldconfig: {
    always: [changes('config', 'rebuilds the cache of libraries')],
    preview: '-p -N -v --print-cache',
  },
  hwclock: { when: { '-s -w --hctosys --systohc --set --adjust': changes('config', 'sets the clock') } },
  arp: { when: { '-s -d -f --set --delete': changes('config', 'changes the table of addresses') } },
  ipcrm: { always: [destroys('process', 'removes shared memory or queues')] },
  ipcmk: { always: [changes('process', 'makes shared memory or queues')] },
  smartctl: {
    values: '-d -l -i',
    when: { '-t -s -o -S -X --test --smart --set': changes('disk', 'changes a drive') },
  },
  ethtool: {
    when: {
      '-s -K -C -G -A -L -E -f -p -r -U -N --change --features --flash --change-eeprom --reset': changes(
        'config',
        'changes a network card',
      ),
    },
  },
  pandoc: {
    operands: 'read',
    values: '-f -t -r -w -V -M --from --to --variable --metadata --toc-depth',
    writes: '-o --output',
    reads: '--template -H -B -A --css --bibliography',
    spawns: '-F --filter -L --lua-filter --pdf-engine',
  },
  pdftotext: { operands: 'secondWrite', values: '-f -l -enc -layout', single: true },
  pdftoppm: { operands: 'secondWrite', values: '-f -l -r -scale-to', single: true },
  pdfunite: { operands: 'lastWrite' },
  qpdf: { operands: 'lastWrite', values: '--pages' },
  convert: {
    operands: 'lastWrite',
    values:
      '-resize -quality -density -crop -rotate -gravity -fill -background -geometry -depth -format -size -extent',
    single: true,
  },
  magick: {
    operands: 'lastWrite',
    values:
      '-resize -quality -density -crop -rotate -gravity -fill -background -geometry -depth -format -size -extent',
    single: true,
  },
  composite: { operands: 'lastWrite', single: true },
  montage: { operands: 'lastWrite', values: '-geometry -tile', single: true },
  mogrify: {
    operands: 'edit',
    values: '-resize -quality -format -path -crop -rotate -density',
    single: true,
  },
  ffmpeg: {
    operands: 'write',
    reads: '-i',
    values:
      '-c -c:v -c:a -codec -vf -af -b -b:v -b:a -r -s -t -ss -to -f -map -preset -crf -pix_fmt -filter_complex -vcodec -acodec -loglevel -vframes -frames:v -q:v -ar -ac -an -metadata -framerate -threads',
    single: true,
  },
  sox: { operands: 'lastWrite', values: '-r -b -c -e -t' },
  exiftool: { operands: 'read', writes: '-o', single: true, when: {} },
  sips: {
    operands: 'read',
    values: '-s -g -z -Z --setProperty --getProperty --resampleWidth',
    writes: '-o --out',
  },
  cwebp: { operands: 'read', values: '-q -m -resize', writes: '-o', single: true },
  optipng: { operands: 'edit', values: '-o' },
  jpegoptim: { operands: 'edit', values: '-m' },
  pngquant: { operands: 'edit', values: '--quality', writes: '-o --output' },
  dot: { operands: 'read', values: '-T -K -G -N -E', writes: '-o' },
  indent: { operands: 'edit', writes: '-o' },
  cloc: { operands: 'read', values: '--exclude-dir --include-lang', writes: '--out --report-file' },
  objcopy: { operands: 'lastWrite', values: '-O -I -j -R --add-section --dump-section' },
  strip: { operands: 'edit', values: '-K -N -R', writes: '-o' },
  locate: {},
  xclip: { reads: '-i', values: '-selection -o -d', single: true },
  xsel: {},
  'wl-copy': {},
  'wl-paste': {},
  xrandr: {},
  dialog: {},
  whiptail: {},
  zenity: { values: '--title --text' },
  'notify-send': {},
  logger: {
    reads: '-f --file',
    values: '-t -p -n -P',
    when: { '-n --server': changes('log', 'sends lines to another machine') },
  },
  wall: { always: [changes('process', 'writes to all terminals')] },
  write: { always: [changes('process', 'writes to a terminal')] },
};

const hostnames: Describe = (command) =>
  command.args.some(
    (word) =>
      !/^-[sfdiIAayvh]+$|^--(short|fqdn|long|domain|ip-address|all-ip-addresses|all-fqdns|alias|yp|nis|boot)$/.test(
        word.text,
      ),
  )
    ? [changes('config', 'names the machine')]
    : [];

/** Programs that tell, show and convert: what most commands of an agent are. */
export const plain: Table = {
  getent: (command, context) =>
    /^g?shadow$/.test(command.args.find((word) => !word.text.startsWith('-'))?.text ?? '')
      ? [
          {
            type: 'read',
            path: context.path({ ...command.program, text: '/etc/shadow', known: true }, command),
          },
        ]
      : [],
  'xdg-user-dir': (command) =>
    command.args
      .filter((word) => !/^[A-Z_]*$/.test(word.text))
      .map((word) => spawns(word.text, 'xdg-user-dir runs its word as code')),
  ...forAll(telling, () => []),
  ...forAll(reading, describeBy({ operands: 'read' })),
  ...tableOf(specs),
  hostname: hostnames,
  domainname: hostnames,
  dnsdomainname: hostnames,
};
