/** SQL: an actor as people call it; `member:…` is a member of the organisation that asks. */
export const actorName = (column: string): string =>
  `coalesce((select m.name from tandem.member m where 'member:' || m.id = ${column}), ${column})`;
