import { tableOf } from '../program.ts';
import { constantText, has, isConstant, marks } from '../value.ts';
import { always, type Check, tainted } from './checks.ts';
import type { CallRule } from './weakness.ts';

const data = 'data that is read this way can run code';
const entities = 'a document can read files or fill memory: use defusedxml';

/** What stands in the text itself is trusted. */
const given: Check = (call) => {
  const [first] = call.args;
  return first === undefined || (isConstant(first) && !has(first, marks.file)) ? null : 'high';
};

const safeLoader = /(?:C?SafeLoader|CBaseLoader|BaseLoader)$/;
const yaml: Check = (call) => {
  const loader = call.named.get('Loader') ?? call.args[1];
  if (loader === undefined) return 'high';
  return safeLoader.test(loader.name ?? constantText(loader) ?? '') ||
    /SafeLoader|JSON_SCHEMA|FAILSAFE|safe/i.test(call.text)
    ? null
    : 'high';
};

const rule = (id: string, message: string, check: Check): CallRule => ({ id, message, check });

/** Readers of data that trust what they read. */
export const parsingRules: ReadonlyMap<string, CallRule> = tableOf<CallRule>(
  [
    'pickle.load pickle.loads pickle.Unpickler cPickle.load cPickle.loads dill.load dill.loads cloudpickle.load cloudpickle.loads marshal.load marshal.loads jsonpickle.decode jsonpickle.unpickler.decode shelve.open pandas.read_pickle pd.read_pickle node-serialize.unserialize v8.deserialize funcster.deepDeserialize',
    rule('unsafe-data', data, given),
  ],
  [
    'torch.load joblib.load',
    rule('unsafe-data', data, (call) =>
      constantText(call.named.get('weights_only')) === 'True'
        ? null
        : call.name === 'torch.load'
          ? 'high'
          : 'low',
    ),
  ],
  [
    'yaml.load yaml.load_all',
    rule('unsafe-data', data, (call) =>
      /Loader|load/.test(call.text) && call.node.source.python
        ? yaml(call)
        : tainted(0)(call) === null
          ? null
          : 'low',
    ),
  ],
  ['yaml.unsafe_load yaml.unsafe_load_all yaml.full_load', rule('unsafe-data', data, always('high'))],
  [
    'xml.etree.ElementTree.parse xml.etree.ElementTree.iterparse xml.etree.ElementTree.fromstring xml.etree.ElementTree.XMLParser xml.etree.cElementTree.parse xml.etree.cElementTree.iterparse xml.etree.cElementTree.fromstring xml.etree.cElementTree.XMLParser ElementTree.parse ET.parse ET.fromstring xml.sax.parse xml.sax.parseString xml.sax.make_parser xml.sax.expatreader.create_parser xml.dom.minidom.parse xml.dom.minidom.parseString xml.dom.pulldom.parse xml.dom.pulldom.parseString xml.dom.expatbuilder.parse xml.dom.expatbuilder.parseString lxml.etree.parse lxml.etree.fromstring lxml.etree.iterparse',
    rule('unsafe-entities', entities, (call) =>
      /XMLParser$|make_parser|create_parser/.test(call.name)
        ? 'low'
        : /resolve_entities\s*=\s*False/.test(call.node.source.text)
          ? null
          : given(call),
    ),
  ],
  [
    'libxmljs.parseXml libxmljs.parseXmlString',
    rule('unsafe-entities', entities, (call) => (/noent\s*:\s*true/.test(call.text) ? 'high' : null)),
  ],
  [
    'xmlrpclib.ServerProxy xmlrpc.client.ServerProxy xmlrpc.server.SimpleXMLRPCServer',
    rule('unsafe-entities', entities, always('low')),
  ],
);
