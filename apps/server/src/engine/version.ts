/**
 * Of the stages and what they keep. Raised when a run of this program could not be gone on with by the one before it; the
 * stages of every older version stay known, so that an upgrade takes up what is in flight.
 */
export const workflowVersion = 2;
