import type { SyntaxNode } from '@tandem/syntax';
import { callTypes } from '@tandem/syntax';
import { calledName, isNumber, isString } from './expression.ts';

/** What a name seems to hold, by how it is used. A hint for ranking, never a reason to be sure. */
export type Shape = 'number' | 'list' | 'string' | 'boolean' | 'function' | 'unknown';

/** The shapes of the names used in a function; the first clear use wins. */
export const guessShape = (owner: SyntaxNode): ReadonlyMap<string, Shape> => {
  const shapes = new Map<string, Shape>();
  for (const node of owner.walk()) {
    if (node.type !== 'identifier' || shapes.has(node.text)) continue;
    const shape = shapeByUse(node);
    if (shape !== 'unknown') shapes.set(node.text, shape);
  }
  return shapes;
};

const shapeByUse = (node: SyntaxNode): Shape => {
  const parent = node.parent;
  if (parent === null) return 'unknown';
  if (callTypes.has(parent.type)) return node.field === 'function' ? 'function' : 'unknown';
  switch (parent.type) {
    case 'subscript':
      return node.field === 'value' ? 'list' : 'number';
    case 'subscript_expression':
      return node.field === 'object' ? 'list' : 'number';
    case 'slice':
    case 'update_expression':
      return 'number';
    case 'for_statement':
    case 'for_in_statement':
    case 'for_in_clause':
      return node.field === 'right' ? 'list' : iterated(parent);
    case 'attribute':
    case 'member_expression':
      return node.field === 'object' ? byMember(parent) : 'unknown';
    case 'assignment':
    case 'variable_declarator':
    case 'augmented_assignment':
    case 'augmented_assignment_expression':
    case 'assignment_expression':
      return node.field === 'left' || node.field === 'name' ? byValue(parent) : 'unknown';
    case 'binary_operator':
    case 'binary_expression':
    case 'comparison_operator':
      return byOperands(parent);
    case 'arguments':
    case 'argument_list':
      return byCall(parent.parent);
    case 'typed_parameter':
    case 'typed_default_parameter':
    case 'required_parameter':
    case 'optional_parameter':
      return byType(parent.child('type')?.text ?? '');
    default:
      return 'unknown';
  }
};

const iterated = (loop: SyntaxNode): Shape => {
  const over = loop.child('right');
  const name = over === null || !callTypes.has(over.type) ? '' : calledName(over);
  return name === 'range' ? 'number' : 'unknown';
};

const byMember = (access: SyntaxNode): Shape => {
  const member = (access.child('property') ?? access.child('attribute'))?.text ?? '';
  if (
    /^(?:append|extend|push|pop|shift|unshift|sort|reverse|map|filter|forEach|reduce|insert|some|every)$/.test(
      member,
    )
  ) {
    return 'list';
  }
  if (
    /^(?:lower|upper|strip|split|startswith|endswith|toLowerCase|toUpperCase|trim|startsWith|endsWith|isdigit|isalpha|charAt|charCodeAt|replace)$/.test(
      member,
    )
  ) {
    return 'string';
  }
  return member === 'length' ? 'list' : 'unknown';
};

const byValue = (holder: SyntaxNode): Shape => {
  const value = holder.child('right') ?? holder.child('value');
  if (value === null) return 'unknown';
  if (isNumber(value)) return 'number';
  if (isString(value)) return 'string';
  if (value.type === 'true' || value.type === 'false') return 'boolean';
  if (/^(?:list|array|list_comprehension|set|dictionary|object|tuple)$/.test(value.type)) return 'list';
  if (/^(?:binary_operator)$/.test(value.type)) return 'number';
  if (!callTypes.has(value.type)) return 'unknown';
  const name = calledName(value);
  if (/^(?:len|int|abs|sum|floor|ceil|round|indexOf|parseInt|Number|ord|count|float)$/.test(name))
    return 'number';
  if (
    /^(?:list|sorted|set|dict|map|filter|split|slice|reversed|concat|keys|values|deque|Map|Set|Array)$/.test(
      name,
    )
  )
    return 'list';
  return /^(?:str|join|String|lower|upper|strip|trim)$/.test(name) ? 'string' : 'unknown';
};

const byOperands = (node: SyntaxNode): Shape => {
  if (node.parts.some((part) => isNumber(part) || (part.type === 'call' && calledName(part) === 'len')))
    return 'number';
  if (node.parts.some(isString)) return 'string';
  const operator = node.child('operator')?.type ?? '';
  return /^[-*/%]/.test(operator) ? 'number' : 'unknown';
};

const byCall = (call: SyntaxNode | null): Shape => {
  const name = call === null ? '' : calledName(call);
  if (/^(?:len|sum|sorted|reversed|enumerate|set|list|any|all|zip)$/.test(name)) return 'list';
  return /^(?:range|abs|chr|floor|ceil|sqrt)$/.test(name) ? 'number' : 'unknown';
};

const byType = (type: string): Shape => {
  const name = type.replace(/^:\s*/, '');
  if (/^(?:number|int|float)$/.test(name)) return 'number';
  if (/^(?:string|str)$/.test(name)) return 'string';
  if (/^(?:boolean|bool)$/.test(name)) return 'boolean';
  return /^(?:readonly\s|list|List|set|Set|dict|Dict|Array|Sequence|Map)|\[\]$/.test(name)
    ? 'list'
    : 'unknown';
};
