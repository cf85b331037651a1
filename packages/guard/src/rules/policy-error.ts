/**
 * A policy file cannot be used; the message names the file, the rule and what to mend. Whoever gets it denies: there is
 * no half-read policy. Not an AppError, because the guard loads without the protocol's schemas.
 */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}
