import type { AskedField } from './asked-field.ts';

/** What is wrong with what was filled in, in words for the person; null: nothing. Empty is left out where it may be. */
export const fieldProblem = (field: AskedField, text: string): string | null => {
  const given = text.trim();
  if (given === '') return field.required ? 'it is needed' : null;
  switch (field.kind) {
    case 'text':
      return null;
    case 'number':
      return Number.isFinite(Number(given)) ? null : 'it is a number';
    case 'integer':
      return Number.isSafeInteger(Number(given)) ? null : 'it is a whole number';
    case 'yes or no':
      return /^(?:y|yes|n|no|true|false)$/i.test(given) ? null : 'it is yes or no';
    case 'choice':
      return optionOf(field, given) === null ? `it is one of ${titlesOf(field)}` : null;
    case 'choices':
      return given.split(',').some((one) => optionOf(field, one) === null)
        ? `it is some of ${titlesOf(field)}, with commas between them`
        : null;
  }
};

/** The value of an option, by its value or its title; null: there is none such. */
export const optionOf = ({ options = [] }: AskedField, typed: string): string | null => {
  const given = typed.trim().toLowerCase();
  const found =
    options.find(({ value }) => value.toLowerCase() === given) ??
    options.find(({ title }) => title.toLowerCase() === given);
  return found?.value ?? null;
};

const titlesOf = ({ options = [] }: AskedField): string => options.map(({ title }) => title).join(', ');
